"""What a client sees where something unexpected happens: nothing of it, but where to find it."""

import logging
from typing import Any

import pytest
from botocore.client import BaseClient
from botocore.exceptions import ClientError

from models import retry
from models.errors import Throttled
from models.registry.reader import Reader
from models.registry.writer import Writer
from tests.api.client import Api, checked, code
from tests.api.conftest import Caller
from tests.api.documents import CREATE, MODEL
from tests.api.doors import Reply
from tests.api.registry import User
from tests.api.stored import Stored

SECRET = "the password is hunter2"  # noqa: S105  # nobody's
NO_MODEL = "00000000-0000-7000-8000-000000000000"
VALID = {"name": "n", "source": "s", "license": "l"}


def explode(*_: object, **__: object) -> None:
    raise RuntimeError(SECRET)


def masked(reply: Reply, caplog: pytest.LogCaptureFixture) -> dict[str, Any]:
    """Return the error of a reply that hides what the log tells."""
    (error,) = checked(reply).json["errors"]
    request_id = reply.headers["x-request-id"]
    assert code(error) == "INTERNAL_SERVER_ERROR"
    assert error["extensions"]["requestId"] == request_id
    assert request_id in error["message"]
    assert b"hunter2" not in reply.body
    assert b"Traceback" not in reply.body
    (record,) = (record for record in caplog.records if record.levelno == logging.ERROR)
    assert request_id in record.getMessage()
    assert SECRET in caplog.text
    assert "in explode" in caplog.text or "in authenticate" in caplog.text
    found: dict[str, Any] = error
    return found


class TestUnexpectedException:
    """A defect of ours."""

    def test_in_a_query_is_masked_and_logged(
        self, api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(Reader, "model", explode)
        reply = api.post(
            "query ($id: ID!) { viewer { subject } model(id: $id) { id } }", {"id": ""}
        )
        error = masked(reply, caplog)
        assert reply.status == 200
        assert error["path"] == ["model"]
        assert reply.json["data"] == {"viewer": {"subject": "local"}, "model": None}

    def test_in_a_mutation_is_masked_and_logged(
        self, api: Api, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
    ) -> None:
        monkeypatch.setattr(Writer, "create", explode)
        reply = api.post(CREATE, {"input": VALID})
        assert masked(reply, caplog)["path"] == ["createModel"]
        assert reply.json["data"] is None

    def test_before_the_query_is_masked_and_logged(
        self, api: Api, caller: Caller, caplog: pytest.LogCaptureFixture
    ) -> None:
        caller.failure = RuntimeError(SECRET)
        reply = api.post("{ viewer { subject } }")
        masked(reply, caplog)
        assert reply.status == 500
        assert "data" not in reply.json

    def test_of_a_missing_snapshot_is_masked(
        self, api: Api, user: User, stored: Stored, caplog: pytest.LogCaptureFixture
    ) -> None:
        model_id = user.new_model()
        stored.delete(f"MODEL#{model_id}", "STATE#0000000001")
        query = "query ($id: ID!) { model(id: $id) { changeHistory { nodes { model { id } } } } }"
        error = api.error(query, id=model_id)
        assert code(error) == "INTERNAL_SERVER_ERROR"
        assert model_id not in error["message"]
        assert "snapshot of version 1" in caplog.text


class TestThrottledTable:
    """DynamoDB refuses because of its load."""

    @pytest.mark.parametrize(
        "reason", ["ProvisionedThroughputExceededException", "ThrottlingException"]
    )
    def test_is_told(self, api: Api, monkeypatch: pytest.MonkeyPatch, reason: str) -> None:
        def refuse(_: BaseClient, operation: str, __: object) -> None:
            raise ClientError({"Error": {"Code": reason, "Message": "too much"}}, operation)

        monkeypatch.setattr(BaseClient, "_make_api_call", refuse)
        monkeypatch.setattr(retry, "MAX_ATTEMPTS", 2)
        for document, variables in (
            (MODEL, {"id": NO_MODEL}),
            ("{ models { nodes { id } } }", {}),
            (f'{{ node(id: "{NO_MODEL}") {{ id }} }}', {}),
            (CREATE, {"input": VALID}),
        ):
            assert code(api.error(document, **variables)) == "THROTTLED"

    def test_is_told_before_the_query_too(self, api: Api, caller: Caller) -> None:
        caller.failure = Throttled("DynamoDB is throttling this table")
        assert code(api.error("{ viewer { subject } }")) == "THROTTLED"
