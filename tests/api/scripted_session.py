"""A scripted session: 50 requests of which 10 fail, full of what must stay secret."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import pytest

from models.registry.reader import Reader
from tests.api.access.gate import Gate
from tests.api.access.guest import bearer, bearer_of
from tests.api.access.test_api_keys import CREATE_KEY, LIST_KEYS
from tests.api.client import JSON_BODY
from tests.api.documents import CREATE, MODEL
from tests.api.doors import Call, Door, Reply
from tests.storage.depot import CREATE_UPLOAD

EMPTY_SHA256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
HIDDEN = "words-that-nobody-may-read"
"""In every variable, header, comment and query string that a client may fill."""
AWS_SECRET = "AwsSecretOfNobody/0123456789"  # noqa: S105


@dataclass(slots=True)
class Session:
    """Requests, their answers, and what was written meanwhile.

    Attributes:
        codes: those that each request is to be counted under.
    """

    door: Door
    codes: list[tuple[str, ...]] = field(default_factory=list)
    replies: list[Reply] = field(default_factory=list)

    def send(self, call: Call, *codes: str) -> Any:  # noqa: ANN401  # JSON can be anything
        """Send a request, which must have these errors."""
        reply = self.door.send(call)
        self.codes.append(codes)
        self.replies.append(reply)
        return reply.json

    def post(
        self,
        headers: dict[str, str],
        query: str,
        /,
        *codes: str,
        name: str | None = None,
        **variables: object,
    ) -> Any:  # noqa: ANN401  # JSON can be anything
        """Send a GraphQL request, which must have these errors."""
        body = {
            "query": f"# {HIDDEN}\n{query}",
            "variables": variables | {"unused": HIDDEN},
            "operationName": name,
        }
        sent = JSON_BODY | {"x-other": HIDDEN, "cookie": f"a={HIDDEN}"} | headers
        answer = self.send(Call("POST", headers=sent, body=json.dumps(body).encode()), *codes)
        found = [error["extensions"]["code"] for error in answer.get("errors", [])]
        assert found == [*codes]
        return answer.get("data")

    @property
    def dynamodb_requests(self) -> int:
        """What the answers say that they took."""
        costs = (reply.json.get("extensions", {}).get("cost") for reply in self.replies)
        return sum(cost["dynamodb"]["requests"] for cost in costs if cost)


@contextmanager
def broken_reader() -> Iterator[None]:
    """Let reading a model fail, in words that are nobody's secret."""

    def explode(*_: object, **__: object) -> None:
        raise RuntimeError("a defect")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Reader, "model", explode)
        yield


def run_script(session: Session, gate: Gate) -> set[str]:
    """Send 50 requests of which 10 fail, and return what must stay secret."""
    key = gate.new_key().token
    admin, ada = bearer(key), bearer_of(gate.issuer, "WRITER")
    reader, expired = bearer_of(gate.issuer, "READER"), bearer(gate.issuer.token(exp=1))
    secrets = {
        HIDDEN,
        AWS_SECRET,
        key,
        key[-43:],
        *(token["authorization"][7:] for token in (ada, reader)),
    }
    secrets |= {expired["authorization"][7:], "garbage-of-nobody"}
    given = {"name": "n", "source": "s", "license": "l", "metadata": {"note": HIDDEN}}
    made = [session.post(admin, CREATE, input=given)["createModel"] for _ in range(10)]
    ids = [payload["model"]["id"] for payload in made]
    for _ in range(2):  # refused with userErrors, which are data
        assert session.post(ada, CREATE, input=given | {"name": ""})["createModel"]["userErrors"]
    for model_id in ids:
        assert session.post(ada, MODEL, id=model_id)["model"]
    for _ in range(5):
        session.post(reader, "query Viewer { viewer { subject } }", name="Viewer")
    for _ in range(3):
        new = session.post(admin, CREATE_KEY, input={"name": HIDDEN, "role": "READER"})
        secrets |= {new["createApiKey"]["secret"], new["createApiKey"]["secret"][-43:]}
    for _ in range(2):
        file = {"modelId": ids[0], "filename": HIDDEN, "sizeBytes": 0, "sha256": EMPTY_SHA256}
        upload = session.post(ada, CREATE_UPLOAD, input=file)["createArtifactUpload"]["upload"]
        secrets.add(upload["parts"][0]["url"].rpartition("=")[2])
    for _ in range(5):
        session.post(admin, "query List { models { nodes { id } } } query B { viewer { subject } }",
                     name="List")  # fmt: skip
    for _ in range(2):
        session.send(Call("GET", "/health", urlencode({"token": HIDDEN})))
    query = urlencode({"query": "{ viewer { subject } }", "other": HIDDEN})
    session.send(Call("GET", query_string=query, headers=ada))
    assert len(session.replies) == 40
    viewer = "{ viewer { subject } }"
    session.post({}, viewer, "UNAUTHENTICATED")
    session.post(expired, viewer, "UNAUTHENTICATED")
    session.post({"x-api-key": "garbage-of-nobody"}, viewer, "UNAUTHENTICATED")
    session.post(reader, LIST_KEYS, "FORBIDDEN")
    session.post(ada, "{ viewer { ", "GRAPHQL_PARSE_FAILED")
    session.post(ada, "{ nothing viewer { nothing } }", *["GRAPHQL_VALIDATION_FAILED"] * 2)
    session.post(ada, MODEL, "BAD_USER_INPUT")
    many = " ".join(f"a{number}: viewer {{ subject }}" for number in range(100))
    session.post(ada, f"{{ {many} }}", "QUERY_TOO_COMPLEX")
    session.send(Call("GET", "/elsewhere", urlencode({"token": HIDDEN})), "HTTP_404")
    with broken_reader():
        session.post(ada, MODEL, "INTERNAL_SERVER_ERROR", id=ids[0])
    assert len(session.replies) == 50
    return secrets
