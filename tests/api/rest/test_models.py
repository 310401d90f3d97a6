"""The routes of models: what they do, and what they refuse to."""

from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from graph.app import create_app
from graph.auth import local_admin
from graph.services import Services
from models.principal import Principal, Role
from tests.api.client import Api
from tests.api.conftest import Caller
from tests.api.documents import HISTORY
from tests.api.documents import MODEL as MODEL_DOCUMENT
from tests.api.rest.job import MODEL, NOBODY, Job, data, faults, refused

HISTORY_FIELDS = {
    "version",
    "action",
    "timestamp",
    "changed_by",
    "authenticated_as",
    "reason",
    "fields_changed",
    "hash",
}
MODEL_FIELDS = {
    "id",
    "uuid",
    "name",
    "source",
    "source_url",
    "source_aliases",
    "license",
    "state",
    "version",
    "created_at",
    "updated_at",
    "net_score",
    "metadata",
    "risk_notes",
}
URL = "https://huggingface.co/google-bert/bert-base-uncased"


class TestASession:
    """What a job does with one model, from the beginning."""

    def test_of_a_job(self, job: Job) -> None:
        model_id = job.made()["id"]
        changed = data(job.put(id=model_id, license="MIT", changed_by="reviewer"))
        assert (changed["license"], changed["version"]) == ("MIT", 2)
        newest, first = data(job.get(id=model_id))["change_history"]
        assert newest.keys() == HISTORY_FIELDS
        assert (newest["version"], newest["action"]) == (2, "UPDATE")
        assert (newest["changed_by"], newest["authenticated_as"]) == ("reviewer", "local")
        assert newest["fields_changed"] == ["license"]
        assert (first["version"], first["action"], first["changed_by"]) == (1, "CREATE", "local")
        assert newest["timestamp"] > first["timestamp"]
        data(job.delete(id=model_id))
        assert data(job.get())["models"] == []
        assert data(job.post("/models/restore", id=model_id))["state"] == "ACTIVE"


class TestCreate:
    """POST /models."""

    def test_answers_the_model_and_its_entry(self, job: Job) -> None:
        made = job.made(metadata={"camelCase": {"snake_case": 1}}, reason="why")
        assert made.keys() == MODEL_FIELDS | {"change_entry"}
        assert made["change_entry"].keys() == HISTORY_FIELDS
        assert (made["change_entry"]["action"], made["change_entry"]["reason"]) == ("CREATE", "why")
        assert made["metadata"] == {"camelCase": {"snake_case": 1}}

    def test_names_fields_in_snake_case(self, job: Job) -> None:
        made = job.made(source_url=URL, risk_notes="some")
        assert (made["source_url"], made["risk_notes"]) == (URL, "some")
        assert {"source_url", "risk_notes"} <= {*made["change_entry"]["fields_changed"]}

    def test_tells_every_fault(self, job: Job) -> None:
        reply = job.post(name="", source="hf", license="mit", source_url="ftp://x", metadata=None)
        assert reply.status == 400
        assert faults(reply) == [("INVALID_INPUT", "name"), ("INVALID_INPUT", "source_url")]
        assert reply.json["errors"][1]["message"].startswith("source_url ")

    @pytest.mark.parametrize("name", ["name", "source", "license"])
    def test_needs_what_a_model_must_have(self, job: Job, name: str) -> None:
        given = {key: value for key, value in MODEL.items() if key != name}
        assert refused(job.post(**given)) == (400, "BAD_USER_INPUT", name)
        assert refused(job.post(**(MODEL | {name: None}))) == (400, "BAD_USER_INPUT", name)

    def test_of_a_claimed_page_is_a_conflict(self, job: Job) -> None:
        job.made(source_url=URL)
        reply = job.post(**(MODEL | {"source_url": f"{URL}/"}))
        assert refused(reply) == (409, "ALREADY_EXISTS", "source_url")


class TestRead:
    """GET /models?id=."""

    def test_answers_what_graphql_answers(self, job: Job, api: Api) -> None:
        model_id = job.new_id(metadata={"aB": None}, source_url=URL)
        data(job.put(id=model_id, risk_notes="x", reason="y"))
        ours = data(job.get(id=model_id))
        theirs = api.execute(MODEL_DOCUMENT, id=model_id)["model"]
        entries = api.execute(HISTORY, id=model_id)["model"]["changeHistory"]["nodes"]
        assert {name.replace("_", "") for name in ours} > {name.lower() for name in theirs}
        assert {name: ours[_snake(name)] for name in theirs} == theirs
        for entry, shown in zip(entries, ours["change_history"], strict=True):
            told = {_snake(name): value for name, value in entry.items()}
            told["fields_changed"] = [_snake(name) for name in told["fields_changed"]]
            assert shown == {name: told[name] for name in shown}

    def test_of_the_past(self, job: Job) -> None:
        made = job.made()
        data(job.put(id=made["id"], license="MIT"))
        past = data(job.get(id=made["id"], version=1))
        assert (past["license"], past["version"]) == ("apache-2.0", 1)
        assert past["uuid"] == made["id"]
        assert len(past["change_history"]) == 1
        assert data(job.get(id=made["id"], as_of=made["updated_at"])) == past

    def test_shows_the_newest_20_changes(self, job: Job) -> None:
        model_id = job.new_id()
        for number in range(21):
            data(job.put(id=model_id, name=f"name {number}"))
        versions = [entry["version"] for entry in data(job.get(id=model_id))["change_history"]]
        assert versions == list(range(22, 2, -1))

    @pytest.mark.parametrize("given", [{"id": NOBODY}, {"id": ""}, {"id": "x\0"}])
    def test_of_no_model_is_not_found(self, job: Job, given: dict[str, str]) -> None:
        assert refused(job.get(**given)) == (404, "NOT_FOUND", "id")

    def test_of_no_version_is_not_found(self, job: Job) -> None:
        assert refused(job.get(id=job.new_id(), version=2)) == (404, "NOT_FOUND", "id")

    @pytest.mark.parametrize(
        ("given", "wrong"),
        [
            ({"version": 0}, "version"),
            ({"version": "x"}, "version"),
            ({"version": ""}, "version"),
            ({"version": 2**31}, "version"),
            ({"version": "1_0"}, "version"),
            ({"version": " 1"}, "version"),
            ({"version": "9" * 5_000}, "version"),
            ({"as_of": "yesterday"}, "as_of"),
            ({"version": 1, "as_of": "2026-11-23T10:15:30Z"}, "as_of"),
            ({"asOf": "2026-11-23T10:15:30Z"}, "asOf"),
            ({"source": "hf"}, "source"),
        ],
    )
    def test_refuses_what_makes_no_sense(
        self, job: Job, given: dict[str, object], wrong: str
    ) -> None:
        reply = job.get(id=NOBODY, **given)
        assert refused(reply) == (400, "BAD_USER_INPUT", wrong)


class TestList:
    """GET /models."""

    def test_filters(self, job: Job) -> None:
        first = job.new_id(name="Alpha", source="hf", license="mit")
        second = job.new_id(name="alphabet", source="github", license="apache-2.0")
        third = job.new_id(name="beta", source="hf", license="apache-2.0")
        data(job.delete(id=third))
        for given, expected in (
            ({}, [second, first]),
            ({"source": "hf"}, [first]),
            ({"license": "Apache-2.0"}, [second]),
            ({"state": "DELETED"}, [third]),
            ({"state": "ACTIVE,DELETED"}, [third, second, first]),
            ({"name_prefix": "alphab"}, [second]),
            ({"name_contains": "PHA"}, [second, first]),
            ({"min_net_score": "0.5"}, []),
            ({"created_after": "2100-01-01T00:00:00Z"}, []),
            ({"updated_before": "2100-01-01T00:00:00Z", "source": "github"}, [second]),
        ):
            listed = data(job.get(**given))
            assert listed.keys() == {"models", "next_after", "has_more"}
            assert [model["id"] for model in listed["models"]] == expected, given
            assert all(model.keys() == MODEL_FIELDS for model in listed["models"])

    def test_goes_page_by_page(self, job: Job) -> None:
        made = [job.new_id() for _ in range(5)]
        found: list[str] = []
        given: dict[str, object] = {"limit": 2}
        for _ in range(3):
            page = data(job.get(**given))
            found += [model["id"] for model in page["models"]]
            given = {"limit": 2, "after": page["next_after"]}
        assert (page["has_more"], page["next_after"]) == (False, None)
        assert found == made[::-1]

    @pytest.mark.parametrize(
        ("given", "wrong"),
        [
            ({"limit": 0}, "limit"),
            ({"limit": 101}, "limit"),
            ({"limit": "ten"}, "limit"),
            ({"first": 1}, "first"),
            ({"after": "x"}, "after"),
            ({"state": "GONE"}, "state"),
            ({"state": ""}, "state"),
            ({"min_net_score": "nan"}, "min_net_score"),
            ({"min_net_score": "inf"}, "min_net_score"),
            ({"created_after": "2026"}, "created_after"),
            ({"name_prefix": "\0"}, "name_prefix"),
            ({"version": 1}, "version"),
        ],
    )
    def test_refuses_what_makes_no_sense(
        self, job: Job, given: dict[str, object], wrong: str
    ) -> None:
        reply = job.get(**given)
        assert refused(reply) == (400, "BAD_USER_INPUT", wrong)
        assert wrong in reply.json["error"]["message"]


class TestUpdate:
    """PUT /models."""

    def test_changes_nothing_where_nothing_is_new(self, job: Job) -> None:
        model_id = job.new_id()
        same = data(job.put(id=model_id, license="apache-2.0"))
        assert (same["version"], same["change_entry"]) == (1, None)

    def test_tells_null_from_nothing(self, job: Job) -> None:
        model_id = job.new_id(source_url=URL)
        assert data(job.put(id=model_id, name="other"))["source_url"] == URL
        assert data(job.put(id=model_id, source_url=None))["source_url"] is None
        assert refused(job.put(id=model_id, name=None)) == (400, "INVALID_INPUT", "name")

    def test_patches_metadata(self, job: Job) -> None:
        model_id = job.new_id(metadata={"aB": 1, "c_d": 2})
        changed = data(job.put(id=model_id, metadata_patch={"c_d": None, "eF": {"g_h": 3}}))
        assert changed["metadata"] == {"aB": 1, "eF": {"g_h": 3}}

    def test_at_another_version_is_a_conflict(self, job: Job) -> None:
        model_id = job.new_id()
        data(job.put(id=model_id, expected_version=1, license="MIT"))
        reply = job.put(id=model_id, expected_version=1, license="BSD")
        assert refused(reply) == (409, "VERSION_CONFLICT", "expected_version")

    def test_of_no_model_is_not_found(self, job: Job) -> None:
        assert refused(job.put(id=NOBODY, license="MIT")) == (404, "NOT_FOUND", "id")

    def test_of_a_deleted_model_is_refused(self, job: Job) -> None:
        model_id = job.new_id()
        data(job.delete(id=model_id))
        assert refused(job.put(id=model_id, license="MIT"))[:2] == (422, "INVALID_STATE")

    @pytest.mark.parametrize(
        ("given", "wrong"),
        [
            ({"id": 1}, "id"),
            ({"id": None}, "id"),
            ({"license": 1}, "license"),
            ({"license": ["MIT"]}, "license"),
            ({"license": {"a": 1}}, "license"),
            ({"license": True}, "license"),
            ({"expected_version": "1"}, "expected_version"),
            ({"expected_version": 1.5}, "expected_version"),
            ({"expected_version": True}, "expected_version"),
            ({"expected_version": 2**31}, "expected_version"),
            ({"expected_version": float("nan")}, "expected_version"),
            ({"expected_version": float("inf")}, "expected_version"),
            ({"expectedVersion": 1}, "expectedVersion"),
            ({"licence": "MIT"}, "licence"),
            ({"": 1}, ""),
            ({"revision": "x"}, "revision"),
        ],
    )
    def test_refuses_what_makes_no_sense(
        self, job: Job, given: dict[str, object], wrong: str
    ) -> None:
        reply = job.put(**{"id": NOBODY, **given})
        assert refused(reply) == (400, "BAD_USER_INPUT", wrong)

    def test_tells_every_wrong_type_and_name(self, job: Job) -> None:
        reply = job.put(name=1, license=2, more=3)
        assert reply.status == 400
        assert sorted(field or "" for _, field in faults(reply)) == [
            "id",
            "license",
            "more",
            "name",
        ]

    def test_takes_no_query_string(self, job: Job) -> None:
        reply = job.send(
            "PUT",
            "/models",
            query_string="id=x",
            headers={"content-type": "application/json"},
            body=b'{"id": "x", "license": "MIT"}',
        )
        assert refused(reply) == (400, "BAD_USER_INPUT", "id")

    @pytest.mark.parametrize("metadata", ["NaN", "[Infinity]", '{"a": 1e400}'])
    def test_refuses_numbers_that_are_none(self, job: Job, metadata: str) -> None:
        reply = job.text("PUT", "/models", f'{{"id": "{NOBODY}", "metadata": {metadata}}}')
        assert refused(reply) == (400, "INVALID_INPUT", "metadata")


class TestDelete:
    """DELETE /models."""

    def test_takes_the_id_in_the_query_string(self, job: Job) -> None:
        model_id = job.new_id()
        gone = data(job.delete(id=model_id, expected_version=1, reason="old"))
        assert (gone["state"], gone["change_entry"]["action"]) == ("DELETED", "DELETE")
        assert gone["change_entry"]["reason"] == "old"
        assert data(job.get(id=model_id))["state"] == "DELETED"

    def test_takes_the_id_in_a_body(self, job: Job) -> None:
        gone = data(job.body("DELETE", "/models", {"id": job.new_id(), "changed_by": "ann"}))
        assert (gone["state"], gone["change_entry"]["changed_by"]) == ("DELETED", "ann")

    def test_takes_both_if_they_are_the_same(self, job: Job) -> None:
        made = job.new_id()
        body = f'{{"id": "{made}"}}'.encode()
        headers = {"content-type": "application/json"}
        call = {"query_string": f"id={made}", "headers": headers, "body": body}
        assert data(job.send("DELETE", "/models", **call))["state"] == "DELETED"
        call["query_string"] = f"id={NOBODY}"
        assert refused(job.send("DELETE", "/models", **call)) == (400, "BAD_USER_INPUT", "id")

    def test_needs_an_id(self, job: Job) -> None:
        for reply in (job.delete(), job.body("DELETE", "/models", {})):
            assert refused(reply) == (400, "BAD_USER_INPUT", "id")

    def test_of_a_deleted_model_is_refused(self, job: Job) -> None:
        model_id = job.new_id()
        data(job.delete(id=model_id))
        assert refused(job.delete(id=model_id))[:2] == (422, "INVALID_STATE")

    def test_of_a_body_that_is_no_json_is_refused(self, job: Job) -> None:
        assert refused(job.send("DELETE", "/models", body=b"id=1"))[0] == 415


class TestRestore:
    """POST /models/restore."""

    def test_makes_it_active_again(self, job: Job) -> None:
        model_id = job.new_id()
        data(job.delete(id=model_id))
        restored = data(job.post("/models/restore", id=model_id))
        assert (restored["state"], restored["version"]) == ("ACTIVE", 3)
        assert restored["change_entry"]["action"] == "RESTORE"

    def test_of_an_active_model_is_refused(self, job: Job) -> None:
        assert refused(job.post("/models/restore", id=job.new_id()))[:2] == (422, "INVALID_STATE")

    def test_of_no_model_is_not_found(self, job: Job) -> None:
        assert refused(job.post("/models/restore", id=NOBODY)) == (404, "NOT_FOUND", "id")


class TestIdempotency:
    """Idempotency-Key, and idempotency_key."""

    def test_makes_a_resend_harmless(self, job: Job) -> None:
        headers = {"idempotency-key": "once"}
        first, again = (job.body("POST", "/models", MODEL, headers) for _ in range(2))
        assert data(first, 201) == data(again, 201)
        assert data(job.post(**MODEL, idempotency_key="once"), 201) == data(first, 201)
        assert len(data(job.get())["models"]) == 1

    def test_with_another_input_is_a_conflict(self, job: Job) -> None:
        headers = {"idempotency-key": "once"}
        data(job.body("POST", "/models", MODEL, headers), 201)
        reply = job.body("POST", "/models", MODEL | {"name": "other"}, headers)
        assert refused(reply) == (409, "IDEMPOTENCY_CONFLICT", "idempotency_key")

    def test_may_be_given_in_one_way(self, job: Job) -> None:
        headers = {"idempotency-key": "a"}
        reply = job.body("POST", "/models", MODEL | {"idempotency_key": "b"}, headers)
        assert refused(reply) == (400, "BAD_USER_INPUT", "idempotency_key")
        reply = job.body("POST", "/models", MODEL | {"idempotency_key": "a"}, headers)
        assert reply.status == 201

    def test_of_a_read_is_ignored(self, job: Job) -> None:
        model_id = job.new_id()
        for given in ({}, {"id": model_id}):
            query = urlencode(given)
            headers = {"idempotency-key": "once"}
            assert job.send("GET", "/models", query_string=query, headers=headers).status == 200

    def test_may_be_given_once(self, services: Services) -> None:
        app = create_app(services, authenticate=local_admin)
        with TestClient(app, base_url="http://localhost") as client:
            headers = [("idempotency-key", "a"), ("idempotency-key", "a")]
            answer = client.post("/models", json=MODEL, headers=headers)
        assert answer.status_code == 400
        assert answer.json()["error"]["field"] == "idempotency_key"
        assert "once" in answer.json()["error"]["message"]

    @pytest.mark.parametrize("key", ["", "x" * 256])
    def test_must_be_a_key(self, job: Job, key: str) -> None:
        reply = job.body("POST", "/models", MODEL, {"idempotency-key": key})
        assert refused(reply) == (400, "INVALID_INPUT", "idempotency_key")

    def test_goes_with_every_change(self, job: Job) -> None:
        model_id, headers = job.new_id(), {"idempotency-key": "once"}
        for method, path, given in (
            ("PUT", "/models", {"id": model_id, "license": "MIT"}),
            ("DELETE", "/models", {"id": model_id}),
            ("POST", "/models/restore", {"id": model_id}),
        ):
            first, again = (data(job.body(method, path, given, headers)) for _ in range(2))
            assert first == again
        assert data(job.get(id=model_id))["version"] == 4


class TestAttribution:
    """changed_by."""

    def test_of_a_person_is_their_own(self, job: Job, caller: Caller) -> None:
        caller.principal = Principal("user:ann", frozenset(Role), may_attribute=False)
        reply = job.post(**MODEL, changed_by="user:bob")
        assert refused(reply) == (403, "FORBIDDEN", "changed_by")
        assert job.made(changed_by="user:ann")["change_entry"]["changed_by"] == "user:ann"


def _snake(name: str) -> str:
    return "".join(f"_{one.lower()}" if one.isupper() else one for one in name)
