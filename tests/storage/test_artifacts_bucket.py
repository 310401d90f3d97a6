"""The bucket, as the code configures it for local use."""

import uuid
from dataclasses import replace
from typing import Any

import httpx2
import pytest

from graph.bootstrap import _s3_client, provision
from graph.local.aws import EmbeddedAws
from models.settings import Settings
from tests.storage.depot import Depot

PAGE = "https://registry.example"
EVIL = "https://evil.example"


@pytest.fixture(scope="module")
def settings(embedded_aws: EmbeddedAws) -> Settings:
    names = Settings(table=f"test-{uuid.uuid4()}", bucket=f"test-{uuid.uuid4()}")
    settings = replace(embedded_aws.settings(names), cors_origins=(PAGE,))
    provision(settings)
    return settings


@pytest.fixture(scope="module")
def client(settings: Settings) -> Any:  # noqa: ANN401  # botocore's clients have no types
    return _s3_client(settings)


class TestConfiguration:
    """What is set up."""

    def test_versions_are_kept(self, client: Any, settings: Settings) -> None:  # noqa: ANN401
        assert client.get_bucket_versioning(Bucket=settings.bucket)["Status"] == "Enabled"

    def test_objects_are_encrypted(self, client: Any, settings: Settings) -> None:  # noqa: ANN401
        found = client.get_bucket_encryption(Bucket=settings.bucket)
        (rule,) = found["ServerSideEncryptionConfiguration"]["Rules"]
        assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"

    def test_nothing_can_be_made_public(self, client: Any, settings: Settings) -> None:  # noqa: ANN401
        found = client.get_public_access_block(Bucket=settings.bucket)
        assert found["PublicAccessBlockConfiguration"] == {
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        }

    def test_what_never_was_completed_expires(self, client: Any, settings: Settings) -> None:  # noqa: ANN401
        found = client.get_bucket_lifecycle_configuration(Bucket=settings.bucket)
        rules = {rule["ID"]: rule for rule in found["Rules"]}
        assert {rule["Status"] for rule in rules.values()} == {"Enabled"}
        pending = rules["expire-pending"]
        assert pending["Filter"] == {"Tag": {"Key": "pending", "Value": "1"}}
        assert pending["Expiration"]["Days"] == 2
        abort = rules["abort-unfinished-uploads"]["AbortIncompleteMultipartUpload"]
        assert abort["DaysAfterInitiation"] == 2
        old = rules["expire-noncurrent"]["NoncurrentVersionExpiration"]
        assert old["NoncurrentDays"] == 365

    def test_pages_of_the_configured_origins_may_use_it(
        self,
        client: Any,  # noqa: ANN401
        settings: Settings,
    ) -> None:
        (rule,) = client.get_bucket_cors(Bucket=settings.bucket)["CORSRules"]
        assert rule["AllowedOrigins"] == [PAGE]
        assert set(rule["AllowedMethods"]) == {"GET", "HEAD", "PUT"}


class TestProvision:
    """Doing it again."""

    def test_changes_nothing(self, client: Any, settings: Settings) -> None:  # noqa: ANN401
        client.put_object(Bucket=settings.bucket, Key="kept", Body=b"kept")
        provision(settings)
        assert client.get_object(Bucket=settings.bucket, Key="kept")["Body"].read() == b"kept"

    def test_takes_other_origins(self, client: Any, settings: Settings) -> None:  # noqa: ANN401
        provision(replace(settings, cors_origins=(EVIL,)))
        (rule,) = client.get_bucket_cors(Bucket=settings.bucket)["CORSRules"]
        assert rule["AllowedOrigins"] == [EVIL]
        provision(replace(settings, cors_origins=()))
        with pytest.raises(client.exceptions.ClientError, match="NoSuchCORSConfiguration"):
            client.get_bucket_cors(Bucket=settings.bucket)
        provision(settings)

    def test_works_in_another_region(self, embedded_aws: EmbeddedAws) -> None:
        names = Settings(
            table=f"test-{uuid.uuid4()}", bucket=f"test-{uuid.uuid4()}", region="eu-west-1"
        )
        settings = embedded_aws.settings(names)
        with Depot(settings) as elsewhere:
            artifact = elsewhere.available(elsewhere.user.new_model())
            assert "eu-west-1" in elsewhere.node(artifact["id"])["downloadUrl"]
            assert httpx2.get(elsewhere.node(artifact["id"])["downloadUrl"]).content == b"abc"
