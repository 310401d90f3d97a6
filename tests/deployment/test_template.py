"""The stack: the same table and bucket as elsewhere, and what tells when something goes wrong."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import boto3
import pytest
from moto import mock_aws

from models.artifacts.completion import HASHING_MAX_SECONDS
from models.artifacts.record import ArtifactStatus
from models.entities import ArtifactItem
from models.entities.api_key import api_key_key
from models.entities.artifact import artifact_key
from models.entities.change import change_key
from models.entities.evaluation import evaluation_key, model_evaluation_key, under_way_key
from models.entities.idempotency import idempotency_key
from models.entities.item import Key
from models.entities.model import model_key
from models.entities.snapshot import snapshot_key
from models.entities.source_claim import source_claim_key
from models.entities.upload import upload_key
from models.evaluation.record import Request
from models.evaluation.times import Times
from models.history.chain import Attribution
from models.settings import Settings
from models.storage.bucket import configure_bucket
from models.table import Table
from tests.api.evaluation.test_worker_handler import record
from tests.deployment.template import Json, Template, text_of
from tests.unit.graph.test_hashing import ASKED, record_of

ID = "01890000-0000-7000-8000-000000000000"
URL = "https://huggingface.co/acme/tiny"
INSTANT = "2026-01-01T00:00:00.000000Z"
NOT_SET = {
    "AWS_REGION": "Lambda sets it",
    "AWS_ENDPOINT_URL": "AWS answers at its own endpoints",
    "LICENSE_POLICY": "the package holds the policy, so that a commit is all that decides",
}
"""Settings that a deployment leaves as they are, and why."""
WORKER_ONLY = {"HF_ENDPOINT", "HF_TOKEN", "GITHUB_API_URL", "GITHUB_TOKEN"}
BOTH = {"STAGE", "LOG_LEVEL", "LOG_SAMPLE_RATE", "DYNAMODB_TABLE", "S3_BUCKET"}


@pytest.fixture(scope="session")
def moto_table() -> Iterator[Json]:
    """Return the table as PynamoDB creates it, and its time to live."""
    with mock_aws():
        settings = Settings(table="test-template")
        Table(settings).create()
        client = boto3.client("dynamodb", region_name=settings.region)
        ttl = client.describe_time_to_live(TableName=settings.table)["TimeToLiveDescription"]
        yield client.describe_table(TableName=settings.table)["Table"] | {"Ttl": ttl}


class Told:
    """A client that only notes with what it was called."""

    def __init__(self) -> None:
        self.calls: dict[str, Json] = {}

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # any operation
        return lambda **arguments: self.calls.__setitem__(name, arguments)


@pytest.fixture(scope="session")
def local_bucket() -> dict[str, Json]:
    """Return how `models.storage.bucket` configures a bucket, by operation."""
    told = Told()
    configure_bucket(told, "bucket", ["https://app.example.com"])
    return told.calls


def indexes(raw: list[Json]) -> dict[str, Json]:
    return {
        index["IndexName"]: {
            "keys": index["KeySchema"],
            "type": index["Projection"]["ProjectionType"],
            "attributes": sorted(index["Projection"]["NonKeyAttributes"]),
        }
        for index in raw
    }


def attributes(raw: list[Json]) -> dict[str, str]:
    return {attribute["AttributeName"]: attribute["AttributeType"] for attribute in raw}


class TestTable:
    def test_has_the_keys_that_the_code_creates(self, template: Template, moto_table: Json) -> None:
        table = template["Table"]
        assert table["KeySchema"] == moto_table["KeySchema"]
        assert attributes(table["AttributeDefinitions"]) == attributes(
            moto_table["AttributeDefinitions"]
        )

    def test_has_its_indexes_and_what_they_project(
        self, template: Template, moto_table: Json
    ) -> None:
        ours = indexes(template["Table"]["GlobalSecondaryIndexes"])
        assert ours == indexes(moto_table["GlobalSecondaryIndexes"])
        assert len(ours) == 6

    def test_has_its_stream_time_to_live_and_billing(
        self, template: Template, moto_table: Json
    ) -> None:
        table, stream = template["Table"], moto_table["StreamSpecification"]
        assert table["StreamSpecification"]["StreamViewType"] == stream["StreamViewType"]
        assert table["BillingMode"] == moto_table["BillingModeSummary"]["BillingMode"]
        assert table["TimeToLiveSpecification"]["Enabled"] is True
        ttl = moto_table["Ttl"]["AttributeName"]
        assert table["TimeToLiveSpecification"]["AttributeName"] == ttl

    def test_can_be_restored_and_not_be_deleted(self, template: Template) -> None:
        table = template["Table"]
        recovery = table["PointInTimeRecoverySpecification"]
        assert recovery == {"PointInTimeRecoveryEnabled": True}
        assert table["DeletionProtectionEnabled"] is True
        assert "SSESpecification" not in table  # DynamoDB's own key: encrypted, and free


class TestBucket:
    def test_is_versioned_encrypted_and_private(
        self, template: Template, local_bucket: dict[str, Json]
    ) -> None:
        bucket, local = template["Bucket"], local_bucket
        (ours,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        encryption = local["put_bucket_encryption"]["ServerSideEncryptionConfiguration"]
        (theirs,) = encryption["Rules"]
        versioning = local["put_bucket_versioning"]["VersioningConfiguration"]
        block = local["put_public_access_block"]["PublicAccessBlockConfiguration"]
        assert bucket["VersioningConfiguration"] == versioning
        assert bucket["PublicAccessBlockConfiguration"] == block
        assert ours["ServerSideEncryptionByDefault"] == theirs["ApplyServerSideEncryptionByDefault"]

    def test_forgets_what_nobody_needs_any_more(
        self, template: Template, local_bucket: dict[str, Json]
    ) -> None:
        local = local_bucket["put_bucket_lifecycle_configuration"]["LifecycleConfiguration"]
        ours = [s3_rule(rule) for rule in template["Bucket"]["LifecycleConfiguration"]["Rules"]]
        assert ours == local["Rules"]

    def test_takes_files_from_the_same_pages(
        self, template: Template, local_bucket: dict[str, Json]
    ) -> None:
        condition, ours, otherwise = template["Bucket"]["CorsConfiguration"]["Fn::If"]
        (theirs,) = local_bucket["put_bucket_cors"]["CORSConfiguration"]["CORSRules"]
        (rule,) = ours["CorsRules"]
        assert (condition, otherwise) == ("HasOrigins", {"Ref": "AWS::NoValue"})
        assert rule["AllowedOrigins"] == {"Ref": "CorsOrigins"}
        assert rule["AllowedMethods"] == theirs["AllowedMethods"]
        assert rule["AllowedHeaders"] == theirs["AllowedHeaders"]
        assert rule["ExposedHeaders"] == theirs["ExposeHeaders"]
        assert rule["MaxAge"] == theirs["MaxAgeSeconds"]

    def test_refuses_plain_http(self, template: Template) -> None:
        (statement,) = template["BucketPolicy"]["PolicyDocument"]["Statement"]
        assert (statement["Effect"], statement["Principal"]) == ("Deny", "*")
        assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}


def s3_rule(rule: Json) -> Json:
    """Return a lifecycle rule of CloudFormation as S3's own API has it."""
    translated: Json = {"ID": rule["Id"], "Status": rule["Status"], "Filter": {"Prefix": ""}}
    if "TagFilters" in rule:
        (tag,) = rule["TagFilters"]
        translated["Filter"] = {"Tag": tag}
    if "ExpirationInDays" in rule:
        translated["Expiration"] = {"Days": rule["ExpirationInDays"]}
    kept = ("AbortIncompleteMultipartUpload", "NoncurrentVersionExpiration")
    return translated | {name: rule[name] for name in kept if name in rule}


class TestKept:
    @pytest.mark.parametrize(
        "name", ["Table", "Bucket", "ApiLogGroup", "WorkerLogGroup", "HasherLogGroup"]
    )
    def test_data_and_audit_lines_outlive_the_stack(self, template: Template, name: str) -> None:
        resource = template.resources[name]
        # A first deployment that fails takes back what it made, and can be tried again.
        assert resource["DeletionPolicy"] == "RetainExceptOnCreate"
        assert resource["UpdateReplacePolicy"] == "Retain"

    def test_logs_end_after_a_time_that_the_stage_chooses(
        self, template: Template, stage: str
    ) -> None:
        groups = template.of_type("AWS::Logs::LogGroup")
        days = {group["RetentionInDays"] for group in groups.values()}
        assert len(groups) == 4
        assert days == {{"staging": 30, "production": 731}[stage]}


class TestNames:
    @pytest.mark.parametrize(
        ("resource", "name"), [("Table", "TableName"), ("Bucket", "BucketName")]
    )
    def test_carry_stage_and_account(
        self, template: Template, stage: str, resource: str, name: str
    ) -> None:
        expected = f"ml-model-evaluator-{stage}-${{AWS::AccountId}}"
        assert text_of(template[resource][name]) == expected

    def test_every_other_name_carries_the_stage(self, template: Template, stage: str) -> None:
        """So that stages fit into one account side by side."""
        names = [
            text_of(value)
            for resource in template.resources.values()
            for key, value in resource["Properties"].items()
            if re.fullmatch(r"(Alarm|Dashboard|Function|LogGroup|Queue|Topic)?Name", key)
            and not {"Ref", "Fn::GetAtt"} & dict(value if isinstance(value, dict) else {}).keys()
        ]
        assert len(names) >= 9
        assert [name for name in names if stage not in name] == []


class Read(dict[str, str]):
    """An environment that notes which names are looked up."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:  # noqa: ANN401  # a dict's own
        self.names.add(key)
        return super().get(key, default)


class TestFunctions:
    def test_set_every_setting_that_the_code_reads(self, template: Template) -> None:
        environment = Read()
        Settings.from_env(environment)
        api, worker = template.variables("api"), template.variables("worker")
        assert environment.names - NOT_SET.keys() == api.keys() | worker.keys()
        assert not NOT_SET.keys() & (api.keys() | worker.keys())

    def test_give_each_its_own(self, template: Template) -> None:
        """Above all no token to the function that clients talk with."""
        assert template.variables("worker").keys() == BOTH | WORKER_ONLY
        assert not template.variables("api").keys() & WORKER_ONLY
        assert template.variables("hasher").keys() == BOTH

    @pytest.mark.parametrize("function", ["api", "worker", "hasher"])
    def test_set_what_the_code_accepts(self, template: Template, stage: str, function: str) -> None:
        variables = {k: text_of(v) for k, v in template.variables(function).items()}
        settings = Settings.from_env(variables)
        assert (settings.stage, settings.table, settings.bucket) == (stage, "${Table}", "${Bucket}")

    def test_show_nothing_to_explorers_in_production(self, template: Template, stage: str) -> None:
        settings = Settings.from_env({k: text_of(v) for k, v in template.variables("api").items()})
        is_open = stage == "staging"
        assert (settings.introspection, settings.playground) == (is_open, is_open)

    def test_run_on_lambdas_newest_python_and_arm64(self, template: Template) -> None:
        functions = template.of_type("AWS::Lambda::Function").values()
        assert [function["Runtime"] for function in functions] == ["python3.13"] * 3
        assert [function["Architectures"] for function in functions] == [["arm64"]] * 3

    def test_the_api_answers_before_the_gateway_gives_up(self, template: Template) -> None:
        gateway_ms = template["HttpApiIntegrationApi"]["TimeoutInMillis"]
        assert template["ApiLambdaFunction"]["Timeout"] < gateway_ms / 1_000

    def test_the_worker_has_time_for_an_attempt_and_another(self, template: Template) -> None:
        timeout = template["WorkerLambdaFunction"]["Timeout"]
        assert timeout > max(60, Times().lease_seconds + Times().reading_seconds)

    def test_the_hasher_has_the_time_after_which_hashing_is_taken_for_lost(
        self, template: Template
    ) -> None:
        assert template["HasherLambdaFunction"]["Timeout"] == HASHING_MAX_SECONDS


def matches(pattern: Mapping[str, Any], event: Mapping[str, Any]) -> bool:
    """Tell whether Lambda's event filter lets an event through: equality, prefix, existence."""
    for name, wanted in pattern.items():
        found = event.get(name)
        if isinstance(wanted, dict):
            if not isinstance(found, dict) or not matches(wanted, found):
                return False
        elif not any(is_let_through(one, found) for one in wanted):
            return False
    return True


def is_let_through(wanted: object, found: object) -> bool:
    match wanted:
        case {"prefix": str(prefix)}:
            return str(found).startswith(prefix)
        case {"exists": bool(exists)}:
            return (found is not None) is exists
    return found == wanted


REQUEST = Request(URL, "acme/tiny", None, None, Attribution("user:ann", "user:ann", None), "1")
OTHER_KEYS = [
    model_key(ID),
    snapshot_key(ID, 1),
    change_key(ID, INSTANT),
    source_claim_key(URL),
    idempotency_key("user:ann", "createModel", "EVALUATION#1"),
    api_key_key(ID),
    artifact_key(ID, ID),
    upload_key(ID, ID),
    model_evaluation_key(ID, ID),
    under_way_key(REQUEST),
]


def mapping_of(template: Template, function: str) -> Json:
    """Return how a function is told of what the stream tells."""
    (mapping,) = (
        mapping
        for mapping in template.of_type("AWS::Lambda::EventSourceMapping").values()
        if f"{function.title()}LambdaFunction" in json.dumps(mapping["FunctionName"])
    )
    return mapping


def pattern_of(mapping: Json) -> Json:
    """Return the only filter of a mapping."""
    (only,) = mapping["FilterCriteria"]["Filters"]
    pattern: Json = json.loads(only["Pattern"])
    return pattern


class TestWorkersStream:
    @pytest.fixture
    def mapping(self, template: Template) -> Json:
        return mapping_of(template, "worker")

    @pytest.fixture
    def pattern(self, mapping: Json) -> Json:
        return pattern_of(mapping)

    def test_lets_a_new_job_through(self, pattern: Json) -> None:
        key = evaluation_key(ID)
        assert matches(pattern, record(key.pk, key.sk))

    @pytest.mark.parametrize("key", OTHER_KEYS, ids=lambda key: key.sk[:12])
    def test_lets_no_other_item_through(self, pattern: Json, key: Key) -> None:
        assert not matches(pattern, record(key.pk, key.sk))

    @pytest.mark.parametrize("name", ["MODIFY", "REMOVE"])
    def test_lets_no_other_change_through(self, pattern: Json, name: str) -> None:
        key = evaluation_key(ID)
        assert not matches(pattern, record(key.pk, key.sk, name=name))

    def test_gives_up_what_is_past_its_deadline_and_keeps_it_as_a_dead_letter(
        self, mapping: Json
    ) -> None:
        assert mapping["MaximumRecordAgeInSeconds"] == Times().deadline_seconds
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        assert mapping["BisectBatchOnFunctionError"] is True
        destination = mapping["DestinationConfig"]["OnFailure"]["Destination"]
        assert text_of(destination) == "${DeadLetters.Arn}"


class TestHashersStream:
    @pytest.fixture
    def mapping(self, template: Template) -> Json:
        return mapping_of(template, "hasher")

    @pytest.fixture
    def pattern(self, mapping: Json) -> Json:
        return pattern_of(mapping)

    @pytest.mark.parametrize("name", ["INSERT", "MODIFY"])
    def test_lets_a_file_through_that_is_to_be_hashed(self, pattern: Json, name: str) -> None:
        assert matches(pattern, record_of(ArtifactItem.of(ASKED), name))

    @pytest.mark.parametrize("status", sorted(set(ArtifactStatus) - {ArtifactStatus.VERIFYING}))
    def test_lets_no_file_through_of_another_status(
        self, pattern: Json, status: ArtifactStatus
    ) -> None:
        assert not matches(pattern, record_of(ArtifactItem.of(replace(ASKED, status=status))))

    def test_lets_no_file_through_that_a_request_hashes(self, pattern: Json) -> None:
        assert not matches(pattern, record_of(ArtifactItem.of(replace(ASKED, hashing=None))))

    @pytest.mark.parametrize("key", [*OTHER_KEYS, evaluation_key(ID)], ids=lambda key: key.sk[:12])
    def test_lets_no_other_item_through(self, pattern: Json, key: Key) -> None:
        assert not matches(pattern, record(key.pk, key.sk))

    def test_gives_it_one_file_at_a_time_and_keeps_what_is_given_up(self, mapping: Json) -> None:
        assert mapping["BatchSize"] == 1
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        destination = mapping["DestinationConfig"]["OnFailure"]["Destination"]
        assert text_of(destination) == "${DeadLetters.Arn}"
