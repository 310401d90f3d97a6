"""No secret, token or signed URL is ever in a log or an error: everything logged is searched."""

import logging
import re
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests  # moto answers its requests to S3
from moto import mock_aws

from graph.auth import Authenticate
from graph.bootstrap import build_authenticator, provision
from graph.local.hub import StandInHub
from graph.local.hub.faults import HangUp, InvalidJson, Status
from graph.services import Services
from models.access.commands import CreateApiKey
from models.access.record import new_token
from models.ids import new_id
from models.principal import Role
from models.settings import AwsCredentials, Settings
from tests.api.access.gate import OPERATOR
from tests.api.access.guest import VIEWER, Guest, bearer
from tests.api.access.overheard import Listening, leaks, overheard
from tests.api.access.test_api_keys import CREATE_KEY, LIST_KEYS, REVOKE_KEY
from tests.api.client import Answer, Api
from tests.api.documents import CREATE
from tests.api.doors import Door
from tests.api.evaluation.bench import Bench
from tests.api.evaluation.documents import EVALUATE, REPORT
from tests.api.evaluation.hub_shelf import URL
from tests.api.evaluation.troubles import GITHUB_PATH, MODEL_PATH
from tests.api.issuer import AUDIENCE, Issuer, rsa_key, served
from tests.api.stored import Stored
from tests.storage.depot import COMPLETE, CREATE_UPLOAD
from tests.storage.depot import NODE as ARTIFACT

AWS_SECRET = "AwsSecretOfNobody/0123456789"  # noqa: S105
HUB_TOKEN = "hf_OfNobody0123456789"  # noqa: S105
GITHUB_TOKEN = "ghp_OfNobody0123456789"  # noqa: S105
EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"


@dataclass(slots=True)
class Deployment:
    """A registry with a worker, an issuer over HTTP, and all that must stay secret."""

    bench: Bench
    issuer: Issuer
    authenticate: Authenticate
    secrets: set[str] = field(default_factory=set)

    def new_key(self) -> str:
        """Make an admin's key."""
        command = CreateApiKey(name="of the tests", role=Role.ADMIN)
        return self.kept(self.bench.services.keys.create(OPERATOR, command).token)

    def new_token(self, **fields: Any) -> str:  # noqa: ANN401  # the issuer's own
        """Let the issuer give a token."""
        return self.kept(self.issuer.token(**fields))

    def kept(self, secret: str) -> str:
        """Remember a secret, and the part of it that proves something."""
        proof = secret[-43:] if secret.startswith("mle_") else secret.rpartition(".")[2]
        self.secrets |= {secret, proof}
        return secret


@pytest.fixture(scope="module")
def doorkeeper(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    directory = tmp_path_factory.mktemp("hub")
    with mock_aws(), served(Issuer()) as issuer, StandInHub(directory) as hub:
        settings = Settings(
            credentials=AwsCredentials("AKIAOFNOBODY", AWS_SECRET),
            hub_endpoint=hub.url,
            hub_token=HUB_TOKEN,
            github_api_url=hub.github_url,
            github_token=GITHUB_TOKEN,
            oidc_issuer=issuer.url,
            oidc_audience=AUDIENCE,
        )
        provision(settings)
        Stored().stop_stream()
        with closing(Bench(settings, hub, directory)) as bench:
            authenticate = build_authenticator(settings, bench.services)
            yield Deployment(bench, issuer, authenticate)


@pytest.fixture(scope="module")
def services(doorkeeper: Deployment) -> Services:
    return doorkeeper.bench.services


@pytest.fixture
def deployment(doorkeeper: Deployment, stored: Stored) -> Deployment:  # noqa: ARG001  # empty
    doorkeeper.bench.reset()
    doorkeeper.secrets = {AWS_SECRET, HUB_TOKEN, GITHUB_TOKEN}
    return doorkeeper


class TestSearch:
    """The search itself."""

    def test_hears_all_that_is_logged_and_finds_secrets_in_it(self) -> None:
        with overheard() as lines:
            logging.getLogger("graph.test").debug("token %s", "hunter2")
            logging.getLogger("some.library").warning("GET /a?X-Amz-Signature=abc")
            try:
                int("hunter3")
            except ValueError:
                logging.getLogger("graph.test").exception("failed")
        assert len(leaks(lines, {"hunter2"})) == 4
        assert leaks(lines, {"hunter3"})

    @pytest.mark.parametrize(
        "text",
        [
            *(
                f"key {new_token(new_id())}",
                f"got {Issuer().token()}.",
                "Authorization: Bearer abcdefgh",
            ),
            "https://b.s3.amazonaws.com/k?X-Amz-Algorithm=AWS4-HMAC-SHA256",
        ],
        ids=["key", "token", "header", "url"],
    )
    def test_knows_what_secrets_look_like(self, text: str) -> None:
        assert leaks([text], set()) == [text]
        assert leaks(["the credentials are invalid"], set()) == []

    def test_would_hear_botocore_were_it_not_kept_quiet(self, deployment: Deployment) -> None:
        with overheard() as lines:
            deployment.new_key()
            assert leaks(lines, deployment.secrets) == []
            logging.getLogger("botocore").setLevel(logging.DEBUG)
            deployment.new_key()
        assert leaks(lines, set())


class TestSession:
    """A session with everything that is secret, in which everything goes wrong."""

    def test_leaves_no_secret_in_logs_or_errors(
        self, client: Door, deployment: Deployment, capfd: pytest.CaptureFixture[str]
    ) -> None:
        door = Listening(client)
        with overheard() as lines:
            Session(Api(door), deployment).run()
        written = capfd.readouterr()
        assert len(door.errors) > 30
        assert any('"level": "ERROR"' in line and "Traceback" in line for line in lines)
        assert any('"audit"' in line for line in lines)
        assert len(deployment.secrets) > 30
        assert leaks(lines, deployment.secrets) == []
        assert leaks([written.out, written.err], deployment.secrets) == []
        assert leaks(door.errors, deployment.secrets) == []


class Session:
    """What callers do."""

    def __init__(self, api: Api, deployment: Deployment) -> None:
        self._api = api
        self._deployment = deployment
        self._admin = Guest(api, bearer(deployment.new_key()))
        self._person = Guest(api, bearer(deployment.new_token()))

    def run(self) -> None:
        """Do everything."""
        for part in (
            *(self._keys, self._refusals, self._files, self._evaluations, self._mistakes),
            *(self._no_bucket, self._no_issuer, self._broken_key, self._no_table),
        ):
            part()

    def _keys(self) -> None:
        made = self._admin.execute(CREATE_KEY, input={"name": "n", "role": "WRITER"})
        job = Guest(self._api, {"x-api-key": self._deployment.kept(made["createApiKey"]["secret"])})
        job.execute(VIEWER)
        job.post(LIST_KEYS)
        self._admin.execute(LIST_KEYS)
        self._admin.execute(REVOKE_KEY, input={"id": made["createApiKey"]["apiKey"]["id"]})
        self._admin.post(CREATE_KEY, input={"name": "", "role": "READER"})
        self._admin.post(REVOKE_KEY, input={"id": "x"})

    def _refusals(self) -> None:
        new, key = self._deployment.new_token, self._deployment.new_key()
        forged = replace(rsa_key("forged"), id="key-1")
        tokens = [
            *(new(exp=1), new(nbf=2**40), new(aud="a"), new(iss="a"), new(sub=7), new(roles=7)),
            *(new(key=forged), new(header={"alg": "none"}), new(header={"kid": "unknown"})),
            *(new(header={"kid": ["a"]}), new() + "x", self._deployment.kept("garbage-of-nobody")),
            *(self._deployment.kept(new_token(new_id())), key[:-43] + "A" * 43),
        ]
        for token in tokens:
            for headers in (bearer(token), {"x-api-key": token}, {"authorization": token}):
                Guest(self._api, headers).post(CREATE, input={})
        Guest(self._api, bearer(key) | {"x-api-key": key}).post(VIEWER)
        Guest(self._api, {"authorization": f"Bearer {key}, Bearer {key}"}).post(VIEWER)
        Guest(self._api, {"authorization": f"Basic {key}"}).post(VIEWER)

    def _files(self) -> None:
        given = {"filename": "a", "sizeBytes": 0, "sha256": EMPTY_SHA256}
        payload = self._person.execute(CREATE_UPLOAD, input=given | {"modelId": self._new_model()})[
            "createArtifactUpload"
        ]
        (part,) = payload["upload"]["parts"]
        self._keep_url(part["url"])
        complete = {"id": payload["artifact"]["id"]}
        self._person.post(COMPLETE, input=complete)
        requests.put(
            part["url"],
            headers={header["name"]: header["value"] for header in part["headers"]},
            timeout=10,
        )
        self._person.post(COMPLETE, input=complete)
        shown = self._person.execute(ARTIFACT, id=complete["id"])["node"]
        if shown["downloadUrl"]:
            self._keep_url(shown["downloadUrl"])

    def _evaluations(self) -> None:
        bench = self._deployment.bench
        evaluation = self._evaluated(URL)
        report = self._person.execute(REPORT, id=evaluation["id"])["node"]["reportUrl"]
        self._keep_url(report)
        for fault in (Status(401), Status(403), Status(404), HangUp(), InvalidJson()):
            for path in (MODEL_PATH, GITHUB_PATH):
                bench.hub.fail(path, fault)
                self._evaluated(URL)
                bench.hub._planned.clear()
        self._evaluated(f"{URL}-that-is-not-there")

    def _mistakes(self) -> None:
        for body in ("", "no JSON", "[]", '{"query": 7}', '{"query": "{"}', '{"query": "{ a }"}'):
            self._api.post_body(body, bearer(self._deployment.new_token()))
        self._person.post(CREATE, input={"name": 7})
        self._person.post(CREATE, input=self._model() | {"changedBy": "bob"})
        self._person.post(CREATE, input=self._model() | {"name": ""})
        self._person.post("{ models(first: 1000) { nodes { id } } }")
        self._person.post('{ models(after: "x") { nodes { id } } }')

    def _no_bucket(self) -> None:
        given = {"filename": "b", "sizeBytes": 1, "sha256": EMPTY_SHA256}
        announced = self._person.execute(
            CREATE_UPLOAD, input=given | {"modelId": self._new_model()}
        )["createArtifactUpload"]
        settings = self._deployment.bench.settings
        s3 = boto3.resource("s3", settings.region).Bucket(settings.bucket)
        s3.object_versions.delete()
        s3.objects.all().delete()
        s3.delete()
        self._person.post(COMPLETE, input={"id": announced["artifact"]["id"]})
        self._evaluated(URL)
        provision(settings)

    def _no_issuer(self) -> None:
        self._deployment.issuer.is_up = False
        authenticator: Any = self._deployment.authenticate
        authenticator._tokens._keys._read_at = None
        authenticator._tokens._keys._asked_at = None
        self._person.post(VIEWER)
        self._deployment.issuer.is_up = True
        authenticator._tokens._keys._asked_at = None
        self._person.execute(VIEWER)

    def _broken_key(self) -> None:
        key = self._deployment.new_key()
        table = boto3.resource("dynamodb", "us-east-1").Table(self._deployment.bench.settings.table)
        for name, value in (("role", "KING"), ("created_at", 7), ("token_sha256", "none")):
            for item in table.scan()["Items"]:
                if item["PK"] == "APIKEY":
                    table.put_item(Item=item | {name: value})
            self._deployment.bench.services.keyring._known.clear()
            Guest(self._api, bearer(key)).post(VIEWER)
            Guest(self._api, bearer(self._deployment.new_token(roles=["ADMIN"]))).post(LIST_KEYS)

    def _no_table(self) -> None:
        table = boto3.resource("dynamodb", "us-east-1").Table(self._deployment.bench.settings.table)
        table.delete()
        for credential in (new_token(new_id()), self._deployment.new_token()):
            guest = Guest(self._api, bearer(self._deployment.kept(credential)))
            guest.post("{ models { nodes { id } } }")
            guest.post(CREATE, input=self._model())
        self._deployment.bench.services.table.create()
        Stored().stop_stream()

    def _evaluated(self, url: str) -> Answer:
        given = {"url": url, "waitSeconds": 0}
        payload: Answer = self._person.execute(EVALUATE, input=given)["evaluateModel"]
        self._deployment.bench.work()
        evaluation: Answer = payload["evaluation"]
        return evaluation

    def _new_model(self) -> str:
        made = self._person.execute(CREATE, input=self._model())
        model_id: str = made["createModel"]["model"]["id"]
        return model_id

    @staticmethod
    def _model() -> dict[str, str]:
        return {"name": "n", "source": "s", "license": "mit"}

    def _keep_url(self, url: str) -> None:
        (signature,) = re.findall(r"X-Amz-Signature=([0-9a-f]{64})", url)
        self._deployment.kept(signature)


class TestSettings:
    """What is configured, printed."""

    def test_shows_no_secret(self) -> None:
        settings = Settings(
            credentials=AwsCredentials("AKIAOFNOBODY", AWS_SECRET),
            hub_token=HUB_TOKEN,
            github_token=GITHUB_TOKEN,
            license_policy_path=Path("policy.toml"),
        )
        assert leaks([repr(settings), str(settings)], {AWS_SECRET, HUB_TOKEN, GITHUB_TOKEN}) == []
