"""What the routes make of HTTP: methods, media types, bodies, query strings, statuses."""

import logging

import pytest

from graph.context import Context
from graph.errors import ErrorCode
from graph.params import BODY_MAX_BYTES
from graph.rest.statuses import STATUSES
from models.access.keyring import InvalidCredentials
from models.errors import Throttled, UserErrorCode
from models.principal import Principal, Role
from models.registry.reader import Reader
from tests.api.conftest import Caller
from tests.api.doors import Call
from tests.api.rest.job import MODEL, NOBODY, Job, data, refused

ROUTES = [
    ("POST", "/models"),
    ("GET", "/models"),
    ("PUT", "/models"),
    ("DELETE", "/models"),
    ("POST", "/models/restore"),
    ("POST", "/evaluate"),
    ("GET", "/evaluate"),
]
CHANGES = [(method, path) for method, path in ROUTES if method != "GET"]
READER = Principal("key:reader", frozenset({Role.READER}), may_attribute=True)
BODIES = {
    ("POST", "/models"): MODEL,
    ("POST", "/evaluate"): {"url": "https://huggingface.co/a/b"},
}
SECRET = "the password is hunter2"  # noqa: S105  # nobody's


def sent(job: Job, method: str, path: str) -> tuple[int, str, str | None]:
    """Send what makes sense to a route, and return how it is refused."""
    if method == "GET":
        return refused(job.get(path, id=NOBODY))
    return refused(job.body(method, path, BODIES.get((method, path), {"id": NOBODY})))


class TestMethods:
    """Methods that a path has no route for."""

    @pytest.mark.parametrize(
        ("path", "allowed"),
        [
            ("/models", "DELETE, GET, POST, PUT"),
            ("/models/restore", "POST"),
            ("/evaluate", "GET, POST"),
        ],
    )
    @pytest.mark.parametrize("method", ["PATCH", "OPTIONS", "TRACE"])
    def test_are_refused(self, job: Job, method: str, path: str, allowed: str) -> None:
        reply = job.send(method, path)
        assert refused(reply) == (405, "BAD_USER_INPUT", None)
        assert reply.headers["allow"] == allowed

    def test_head_is_one_of_them(self, job: Job) -> None:
        reply = job.send("HEAD", "/models/restore")
        assert (reply.status, reply.headers["allow"]) == (405, "POST")

    @pytest.mark.parametrize("path", ["/models/", "/models/x", "/evaluate/", "/Models"])
    def test_other_paths_are_not_found(self, client: Job, path: str) -> None:
        assert client.send(Call("GET", path)).status == 404  # type: ignore[call-arg,arg-type]


class TestMediaTypes:
    """Content-Type and Accept."""

    @pytest.mark.parametrize(("method", "path"), CHANGES)
    @pytest.mark.parametrize("media_type", ["", "text/plain", "application/x-www-form-urlencoded"])
    def test_of_a_body_must_be_json(
        self, job: Job, method: str, path: str, media_type: str
    ) -> None:
        reply = job.text(method, path, "{}", {"content-type": media_type})
        assert refused(reply) == (415, "BAD_USER_INPUT", None)

    def test_of_a_body_may_name_its_charset(self, job: Job) -> None:
        headers = {"content-type": "Application/JSON; charset=utf-8"}
        assert job.body("POST", "/models", MODEL, headers).status == 201

    @pytest.mark.parametrize("accept", ["text/html", "application/graphql-response+json", "x"])
    def test_that_are_not_offered_are_refused(self, job: Job, accept: str) -> None:
        reply = job.send("GET", "/models", headers={"accept": accept})
        assert refused(reply) == (406, "BAD_USER_INPUT", None)

    @pytest.mark.parametrize("accept", ["", "*/*", "application/*", "text/html, */*;q=0.1"])
    def test_that_include_json_are_taken(self, job: Job, accept: str) -> None:
        assert job.send("GET", "/models", headers={"accept": accept}).status == 200


class TestBodies:
    """What is no JSON object, or too much of one."""

    @pytest.mark.parametrize(("method", "path"), CHANGES)
    @pytest.mark.parametrize(
        "body",
        [
            b"{",
            b"\xff",
            b"null",
            b"1",
            b"[]",
            b'"x"',
            b"[" * 100_000,
            b'{"m":' * 100_000,
            b"{'name': 1}",
        ],
        ids=lambda body: repr(body[:12]),
    )
    def test_that_are_no_json_object_are_refused(
        self, job: Job, method: str, path: str, body: bytes
    ) -> None:
        assert refused(job.text(method, path, body)) == (400, "BAD_USER_INPUT", None)

    def test_that_are_missing_are_refused(self, job: Job) -> None:
        assert refused(job.text("POST", "/models", b"")) == (400, "BAD_USER_INPUT", None)
        assert refused(job.send("POST", "/models"))[0] == 415

    @pytest.mark.parametrize(("method", "path"), CHANGES)
    def test_over_1_mib_are_refused(self, job: Job, method: str, path: str) -> None:
        reply = job.text(method, path, b"{}".ljust(BODY_MAX_BYTES + 1))
        assert refused(reply) == (413, "BAD_USER_INPUT", None)

    def test_that_name_something_twice_are_refused(self, job: Job) -> None:
        for text, name in (
            ('{"name": "a", "source": "s", "license": "l", "name": "b"}', "name"),
            ('{"name": "a", "source": "s", "license": "l", "metadata": {"x": 1, "x": 1}}', "x"),
        ):
            assert refused(job.text("POST", "/models", text)) == (400, "BAD_USER_INPUT", name)

    def test_with_too_many_values_are_refused(self, job: Job) -> None:
        for given in (
            {"metadata": [0] * 100_001},
            {"metadata": [0] * 33_001},
            {f"k{number}": 0 for number in range(12_001)},
        ):
            assert job.post(**given).status == 400

    def test_with_half_characters_are_answered(self, job: Job) -> None:
        for text in ('{"\\ud800": 1}', '{"name": "\\ud800", "source": "s", "license": "l"}'):
            assert job.text("POST", "/models", text).status == 400

    def test_values_of_a_wrong_type_are_not_echoed(self, job: Job) -> None:
        reply = job.post(**(MODEL | {"license": {"secret": SECRET}}))
        assert (reply.status, b"hunter2" in reply.body) == (400, False)

    def test_as_wide_as_metadata_may_be_are_taken(self, job: Job) -> None:
        metadata = {f"k{number}": "大" for number in range(4_000)}
        assert job.made(metadata=metadata)["metadata"] == metadata


class TestQueryStrings:
    """What stands after the question mark."""

    @pytest.mark.parametrize(("method", "path"), [("GET", "/models"), ("GET", "/evaluate")])
    def test_that_name_something_twice_are_refused(self, job: Job, method: str, path: str) -> None:
        for twice in ("id=a&id=a", "id=a&id=b"):
            reply = job.send(method, path, query_string=twice)
            assert refused(reply) == (400, "BAD_USER_INPUT", "id")

    @pytest.mark.parametrize("path", ["/models", "/evaluate"])
    def test_with_unknown_names_are_refused(self, job: Job, path: str) -> None:
        reply = job.get(path, id=NOBODY, more=1)
        assert refused(reply) == (400, "BAD_USER_INPUT", "more")

    def test_with_long_names_are_not_echoed_whole(self, job: Job) -> None:
        name = "n" * 5_000
        replies = [
            job.send("GET", "/models", query_string=f"{name}=1"),
            job.send("GET", "/models", query_string=f"{name}=1&{name}=1"),
            job.post(**MODEL, **{name: 1}),
            job.text("POST", "/models", f'{{"{name}": 1, "{name}": 1}}'),
        ]
        for reply in replies:
            assert refused(reply) == (400, "BAD_USER_INPUT", "n" * 100)
            assert len(reply.body) < 500

    @pytest.mark.parametrize("text", ["%", "%FF", "id=%ED%A0%80", "=", "&&", "id"])
    def test_that_are_odd_are_answered(self, job: Job, text: str) -> None:
        assert job.send("GET", "/models", query_string=text).status in {200, 400, 404}


class TestAccess:
    """Who may do what."""

    @pytest.mark.parametrize(("method", "path"), ROUTES)
    def test_nobody_is_let_in(self, job: Job, caller: Caller, method: str, path: str) -> None:
        caller.principal = None
        assert sent(job, method, path) == (401, "UNAUTHENTICATED", None)

    def test_the_challenge_is_graphqls(self, job: Job, caller: Caller) -> None:
        caller.principal = None
        assert job.get().headers["www-authenticate"] == "Bearer"
        caller.failure = InvalidCredentials()
        reply = job.get()
        assert refused(reply) == (401, "UNAUTHENTICATED", None)
        assert 'error="invalid_token"' in reply.headers["www-authenticate"]

    @pytest.mark.parametrize(("method", "path"), CHANGES)
    def test_a_reader_may_not_write(self, job: Job, caller: Caller, method: str, path: str) -> None:
        caller.principal = READER
        assert sent(job, method, path) == (403, "FORBIDDEN", None)

    def test_a_reader_may_read(self, job: Job, caller: Caller) -> None:
        model_id = job.new_id()
        caller.principal = READER
        assert data(job.get(id=model_id))["id"] == model_id
        assert len(data(job.get())["models"]) == 1

    def test_credentials_come_before_parameters(self, job: Job, caller: Caller) -> None:
        caller.principal = None
        assert refused(job.get(more=1))[0] == 401


class TestFailures:
    """What goes wrong on our side."""

    @pytest.fixture
    def explode(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def explode(*_: object, **__: object) -> None:
            raise RuntimeError(SECRET)

        monkeypatch.setattr(Reader, "model_with_changes", explode)

    @pytest.mark.usefixtures("explode")
    def test_in_a_resolver_is_masked_and_logged(
        self, job: Job, caplog: pytest.LogCaptureFixture
    ) -> None:
        reply = job.get(id=NOBODY)
        assert refused(reply) == (500, "INTERNAL_SERVER_ERROR", None)
        assert reply.headers["x-request-id"] in reply.json["error"]["message"]
        assert b"hunter2" not in reply.body
        assert SECRET in caplog.text

    def test_in_authentication_is_masked(self, job: Job, caller: Caller) -> None:
        caller.failure = RuntimeError(SECRET)
        reply = job.get()
        assert refused(reply) == (500, "INTERNAL_SERVER_ERROR", None)
        assert b"hunter2" not in reply.body

    def test_an_overloaded_storage_says_when_to_come_back(
        self, job: Job, caller: Caller, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def throttle(*_: object, **__: object) -> None:
            raise Throttled("slow down")

        with monkeypatch.context() as patch:
            patch.setattr(Reader, "model_with_changes", throttle)
            replies = [job.get(id=NOBODY)]
        caller.failure = Throttled("slow down")
        replies.append(job.get())
        for reply in replies:
            assert refused(reply) == (503, "THROTTLED", None)
            assert reply.headers["retry-after"] == "2"

    def test_an_answer_that_is_too_large_is_refused(
        self, job: Job, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        model_id = job.new_id()
        monkeypatch.setattr("graph.rest.view.RESPONSE_MAX_BYTES", 200)
        assert refused(job.get(id=model_id)) == (400, "RESPONSE_TOO_LARGE", None)

    def test_many_large_models_are_refused_before_they_are_answered(self, job: Job) -> None:
        for _ in range(90):
            job.made(metadata="x" * 60_000)
        assert refused(job.get(limit=100)) == (400, "RESPONSE_TOO_LARGE", None)
        assert len(data(job.get(limit=50))["models"]) == 50

    @pytest.mark.parametrize("code", [*ErrorCode, *UserErrorCode])
    def test_every_code_has_a_status(self, code: str) -> None:
        assert 400 <= STATUSES[code] < 600

    def test_no_other_code_has_one(self) -> None:
        assert {*STATUSES} == {*ErrorCode, *UserErrorCode}


class TestSameExecution:
    """What a route shares with /graphql."""

    def test_the_line_of_the_request(
        self, job: Job, caplog: pytest.LogCaptureFixture, caller: Caller
    ) -> None:
        assert caller.principal
        caplog.set_level(logging.INFO)
        job.get(id=NOBODY)
        (fields,) = (
            vars(record)["fields"] for record in caplog.records if hasattr(record, "fields")
        )
        assert (fields["method"], fields["path"], fields["status"]) == ("GET", "/models", 404)
        assert (fields["operationName"], fields["principal"]) == ("ReadModel", "local")
        assert fields["errors"] == ["NOT_FOUND"]
        assert (fields["cost"]["complexity"], fields["cost"]["requests"]) == (21, 1)

    def test_the_limits(self, job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("graph.limits.MAX_NODES", 20)
        assert refused(job.get(id=NOBODY)) == (400, "QUERY_TOO_COMPLEX", None)

    def test_the_context(self, job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
        seen: list[str | None] = []
        built = Context.__init__

        def init(self: Context, **given: object) -> None:
            seen.append(str(given["operation_name"]))
            built(self, **given)  # type: ignore[arg-type]  # as they came

        monkeypatch.setattr(Context, "__init__", init)
        job.get()
        assert seen == ["ListModels"]
