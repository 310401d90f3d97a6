"""The REST routes, with the real authenticator before them."""

from typing import Any, Final

import pytest

from models.access.record import new_token
from models.ids import new_id
from models.principal import Role
from tests.api.access.gate import Gate
from tests.api.access.guest import bearer, bearer_of
from tests.api.access.overheard import leaks, overheard
from tests.api.client import Api
from tests.api.doors import Door
from tests.api.rest.job import MODEL, Job, data, refused

READ: Final[dict[str, Any]] = {"method": "GET", "path": "/models"}


@pytest.fixture
def job(client: Door, api: Api) -> Job:  # noqa: ARG001  # fresh for each test
    return Job(client)


class TestKeys:
    """API keys of jobs."""

    @pytest.mark.parametrize("role", [Role.WRITER, Role.ADMIN])
    def test_of_writers_change(self, job: Job, gate: Gate, role: Role) -> None:
        key = gate.new_key(role)
        made = data(job.body("POST", "/models", MODEL, {"x-api-key": key.token}), 201)
        assert made["change_entry"]["authenticated_as"] == f"key:{key.key.id}"

    def test_of_readers_read(self, job: Job, gate: Gate) -> None:
        shown = bearer(gate.new_key(Role.READER).token)
        assert data(job.send(**READ, headers=shown))["models"] == []
        reply = job.body("POST", "/models", MODEL, shown)
        assert refused(reply) == (403, "FORBIDDEN", None)

    def test_that_nobody_made_let_nobody_in(self, job: Job) -> None:
        reply = job.send(**READ, headers=bearer(new_token(new_id())))
        assert refused(reply) == (401, "UNAUTHENTICATED", None)
        assert 'error="invalid_token"' in reply.headers["www-authenticate"]

    def test_two_at_once_let_nobody_in(self, job: Job, gate: Gate) -> None:
        token = gate.new_key().token
        reply = job.send(**READ, headers={**bearer(token), "x-api-key": token})
        assert refused(reply)[0] == 401


class TestPeople:
    """Tokens of an issuer."""

    def test_may_not_act_for_somebody_else(self, job: Job, gate: Gate) -> None:
        shown = bearer_of(gate.issuer, "WRITER", subject="ada")
        made = data(job.body("POST", "/models", MODEL, shown), 201)
        assert made["change_entry"]["changed_by"] == "user:ada"
        reply = job.body("POST", "/models", MODEL | {"changed_by": "user:bob"}, shown)
        assert refused(reply) == (403, "FORBIDDEN", "changed_by")


class TestSecrets:
    """What is answered and logged."""

    def test_hold_no_credential(self, job: Job, gate: Gate) -> None:
        good, bad = gate.new_key(Role.READER).token, new_token(new_id())
        with overheard() as lines:
            replies = [
                job.body("POST", path, {**MODEL, "license": 1}, bearer(token))
                for token in (good, bad)
                for path in ("/models", "/models/restore", "/evaluate")
            ]
        told = [reply.body.decode() + str(reply.headers) for reply in replies]
        assert lines
        assert leaks([*lines, *told], {good, bad}) == []
