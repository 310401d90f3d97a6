"""The API on ministack with its bucket, and a client of S3 that has nothing but the links."""

import hashlib
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any, Self

import httpx2
import pytest
from botocore.httpsession import URLLib3Session
from starlette.testclient import TestClient

from graph.app import create_app
from graph.auth import local_admin
from graph.bootstrap import build_services, provision
from models.artifacts.arrival import artifact_ref
from models.artifacts.parts import PART_MIN_BYTES
from models.entities.artifact import artifact_key
from models.entities.item import Key
from models.ids import ArtifactRef, parse_node_id
from models.settings import Settings
from models.timestamps import Clock, now
from tests.api.client import Answer, Api
from tests.api.doors import AppDoor
from tests.api.registry import User
from tests.storage.house import Raw, raw_key

ARTIFACT_FIELDS = """
fragment ArtifactFields on Artifact {
  id filename contentType sizeBytes sha256 status rejection createdAt createdBy addedInVersion
  verification { method sha256 verifiedAt }
}
"""
UPLOAD_FIELDS = """
fragment UploadFields on ArtifactUpload {
  multipart expiresAt
  parts { partNumber offset sizeBytes uploaded url headers { name value } }
}
"""
CREATE_UPLOAD = f"""mutation ($input: CreateArtifactUploadInput!) {{
  createArtifactUpload(input: $input) {{
    artifact {{ ...ArtifactFields }} upload {{ ...UploadFields }}
    userErrors {{ code message field }}
  }}
}}{ARTIFACT_FIELDS}{UPLOAD_FIELDS}"""


def _change(mutation: str, input_type: str) -> str:
    return f"""mutation ($input: {input_type}!) {{
      {mutation}(input: $input) {{
        artifact {{ ...ArtifactFields }}
        changeEntry {{ action version reason changedBy fieldsChanged changes {{ before after }} }}
        userErrors {{ code message field }}
      }}
    }}{ARTIFACT_FIELDS}"""


COMPLETE = _change("completeArtifactUpload", "CompleteArtifactUploadInput")
DELETE = _change("deleteArtifact", "DeleteArtifactInput")
NODE = f"""query ($id: ID!) {{
  node(id: $id) {{
    ... on Artifact {{ ...ArtifactFields downloadUrl model {{ id version }} }}
  }}
}}{ARTIFACT_FIELDS}"""
UPLOAD = f"""query ($id: ID!) {{
  node(id: $id) {{ ... on Artifact {{ status upload {{ ...UploadFields }} }} }}
}}{UPLOAD_FIELDS}"""
VERIFICATION = """query ($id: ID!) {
  model(id: $id) { historyVerification { intact complete brokenAtVersion problem } }
}"""
HISTORY = (
    "query ($id: ID!) { model(id: $id) { version changeHistory { nodes { version action } } } }"
)

PART_BYTES = PART_MIN_BYTES
SEVERAL_PARTS = bytes(range(256)) * (2 * PART_BYTES // 256) + b"end"
"""What comes in three parts, all different in their place alone: the last one is short."""


class Depot:
    """A client of the API and of S3.

    Args:
        settings: of the emulator; the table and the bucket are made.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock = now,
    ) -> None:
        self.settings = settings
        provision(settings)
        self.services = build_services(settings, clock)
        self._running = ExitStack()

    def __enter__(self) -> Self:
        app = create_app(self.services, authenticate=local_admin)
        client = self._running.enter_context(TestClient(app, raise_server_exceptions=False))
        self.api = Api(AppDoor(client))
        self.user = User(self.api)
        return self

    def __exit__(self, *_: object) -> None:
        self._running.close()

    def announce(self, model_id: str, content: bytes, **fields: object) -> Answer:
        """Send createArtifactUpload, and return its payload."""
        given = {
            "modelId": model_id,
            "filename": "model.bin",
            "sizeBytes": len(content),
            "sha256": sha256(content),
        }
        answer = self.api.execute(CREATE_UPLOAD, input=given | fields)
        payload: Answer = answer["createArtifactUpload"]
        return payload

    def announced(self, model_id: str, content: bytes, **fields: object) -> Answer:
        """Announce a file that must be taken."""
        payload = self.announce(model_id, content, **fields)
        assert payload["userErrors"] == []
        return payload

    def sent(self, model_id: str, content: bytes, **fields: object) -> str:
        """Announce a file and send all of it, and return its id."""
        payload = self.announced(model_id, content, **fields)
        for part in payload["upload"]["parts"]:
            assert put(part, slice_of(content, part)).status_code == 200
        artifact_id: str = payload["artifact"]["id"]
        return artifact_id

    def available(self, model_id: str, content: bytes = b"abc", **fields: object) -> Answer:
        """Bring a file into the registry, and return it."""
        payload = self.complete(self.sent(model_id, content, **fields))
        assert payload["userErrors"] == []
        artifact: Answer = payload["artifact"]
        return artifact

    def complete(self, artifact_id: str, **fields: object) -> Answer:
        """Send completeArtifactUpload, and return its payload."""
        answer = self.api.execute(COMPLETE, input={"artifactId": artifact_id} | fields)
        payload: Answer = answer["completeArtifactUpload"]
        return payload

    def hash(self, artifact_id: str) -> None:
        """Do what the hasher does with a file that the stream tells it of."""
        self.services.hasher.run(artifact_ref(artifact_id))

    def delete(self, artifact_id: str, **fields: object) -> Answer:
        """Send deleteArtifact, and return its payload."""
        answer = self.api.execute(DELETE, input={"artifactId": artifact_id} | fields)
        payload: Answer = answer["deleteArtifact"]
        return payload

    def node(self, artifact_id: str) -> Answer:
        """Return a file, with a link to it."""
        node: Answer = self.api.execute(NODE, id=artifact_id)["node"]
        return node

    def status(self, artifact_id: str) -> str:
        """Return how far a file has come."""
        status: str = self.node(artifact_id)["status"]
        return status

    def upload(self, artifact_id: str) -> Answer | None:
        """Return fresh links to go on with an upload."""
        upload: Answer | None = self.api.execute(UPLOAD, id=artifact_id)["node"]["upload"]
        return upload

    def actions(self, model_id: str) -> list[str]:
        """Return what was done to a model, oldest first, its versions being without gap."""
        model = self.api.execute(HISTORY, id=model_id)["model"]
        entries = model["changeHistory"]["nodes"][::-1]
        assert [entry["version"] for entry in entries] == list(range(1, model["version"] + 1))
        return [entry["action"] for entry in entries]

    def verification(self, model_id: str) -> Answer:
        """Verify a model's history."""
        answer = self.api.execute(VERIFICATION, id=model_id)["model"]
        verification: Answer = answer["historyVerification"]
        return verification

    @contextmanager
    def tampered(self, artifact_id: str, **attributes: Any) -> Iterator[None]:  # noqa: ANN401  # DynamoDB's
        """Put other attributes into a file's item, None for none, and put it back."""
        client: Any = self.services.table._connection.connection.client
        key = key_of(artifact_id)
        found: Raw = client.get_item(TableName=self.settings.table, Key=raw_key(key))["Item"]
        altered = {name: value for name, value in (found | attributes).items() if value}
        client.put_item(TableName=self.settings.table, Item=altered)
        try:
            yield
        finally:
            client.put_item(TableName=self.settings.table, Item=found)


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def in_parts(content: bytes, part_bytes: int = PART_BYTES) -> dict[str, object]:
    """Return what announces a file in parts."""
    parts = [content[at : at + part_bytes] for at in range(0, len(content), part_bytes)]
    return {"partSizeBytes": part_bytes, "partSha256": [sha256(part) for part in parts]}


def slice_of(content: bytes, part: Answer) -> bytes:
    """Return the bytes of a part."""
    start = part["offset"]
    return content[start : start + part["sizeBytes"]]


def headers_of(part: Answer) -> dict[str, str]:
    """Return the headers that a part's link wants."""
    return {header["name"]: header["value"] for header in part["headers"]}


def put(part: Answer, content: bytes, **headers: str | None) -> httpx2.Response:
    """Send bytes to S3 with a part's headers, of which some are replaced, or left out for None.

    httpx2 sends no Content-Type of its own, where urllib would call the body a form.
    """
    replaced = {name.replace("_", "-"): value for name, value in headers.items()}
    sent = {name: value for name, value in (headers_of(part) | replaced).items() if value}
    return httpx2.put(part["url"], content=content, headers=sent)


def key_of(artifact_id: str) -> Key:
    ref = parse_node_id(artifact_id)
    assert isinstance(ref, ArtifactRef)
    return artifact_key(ref.model_id, ref.artifact_id)


def codes(payload: Answer) -> list[str]:
    """Return the codes of a refusal, of which a payload holds nothing else."""
    assert payload["artifact"] is None
    assert payload.get("changeEntry") is None
    assert payload.get("upload") is None
    return [error["code"] for error in payload["userErrors"]]


@contextmanager
def requests_counted() -> Iterator[list[str]]:
    """Collect where botocore sends requests, whichever client it is."""
    sent: list[str] = []
    send = URLLib3Session.send

    def counting(session: Any, request: Any) -> Any:  # noqa: ANN401  # botocore has no types
        sent.append((request.headers.get("X-Amz-Target") or b"s3").decode())
        return send(session, request)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(URLLib3Session, "send", counting)
        yield sent
