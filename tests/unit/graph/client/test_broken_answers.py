"""Services that answer something else than was asked for: each ends as a ClientError."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.client import Client, ClientError, NotFound, UnexpectedAnswer, Unreachable
from graph.client.bounded import ANSWER_MAX_BYTES, PATIENCE
from graph.client.client import TIMEOUT_SECONDS
from graph.client.export import export
from graph.client.files.links import UploadEnded, UploadLinks
from tests.unit.graph.client.scripted import Script, client_of, data

Asks = Callable[[Client], object]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3) | st.just("AVAILABLE"),
    lambda children: (
        st.lists(children, max_size=2)
        | st.dictionaries(
            st.sampled_from(
                [
                    *("model", "node", "nodes", "pageInfo", "hasNextPage", "endCursor", "id"),
                    *("status", "artifacts", "evaluations", "changeHistory", "version", "upload"),
                    *("userErrors", "code", "message", "field", "viewer", "models", "uuid"),
                ]
            ),
            children,
            max_size=4,
        )
    ),
    max_leaves=8,
)
METHODS: dict[str, Asks] = {
    "api_keys": lambda client: list(client.api_keys()),
    "artifact": lambda client: client.artifact("a"),
    "artifacts": lambda client: list(client.artifacts("m")),
    "changes": lambda client: list(client.changes("m")),
    "changes, oldest first": lambda client: list(client.changes("m", oldest_first=True)),
    "create_api_key": lambda client: client.create_api_key(name="n", role="READER"),
    "create_model": lambda client: client.create_model(name="n", source="s", license="mit"),
    "delete_artifact": lambda client: client.delete_artifact("a"),
    "diff": lambda client: client.diff("m", 1, 2),
    "evaluate": lambda client: client.evaluate("u"),
    "evaluate_many": lambda client: list(client.evaluate_many(["u"])),
    "evaluation": lambda client: client.evaluation("e"),
    "evaluations": lambda client: list(client.evaluations("m")),
    "export": lambda client: export(client, "m"),
    "license_check": lambda client: client.license_check("mit"),
    "links": lambda client: UploadLinks(client._api, "a", 3),
    "model": lambda client: client.model("m"),
    "models": lambda client: list(client.models()),
    "pull": lambda client: client.pull("a", Path("/nowhere/f")),
    "push": lambda client: client.push(__file__, "m"),
    "verify_history": lambda client: client.verify_history("m"),
    "viewer": lambda client: client.viewer(),
}
VERIFIED = {
    "intact": True,
    "complete": False,
    "entriesChecked": 0,
    "headHash": "h",
    "brokenAtVersion": None,
    "problem": None,
}
PART = {
    "partNumber": 1,
    "offset": 0,
    "sizeBytes": 3,
    "url": "https://s3.example/?X-Amz-S=1",
    "headers": [],
}


def ask(asks: Asks, *answers: bytes) -> None:
    with client_of(Script(*answers)) as client:
        asks(client)


@pytest.mark.parametrize("method", METHODS)
class TestWhatever:
    """Each method, whatever is answered."""

    @given(answer=JSON)
    def test_any_value_under_any_name(self, method: str, answer: object) -> None:
        names = ("model", "node", "nodes", "viewer", "models", "apiKeys", "before", "after")
        with suppress(ClientError, UploadEnded):  # or it makes sense
            ask(METHODS[method], data(**dict.fromkeys(names, answer)))

    @pytest.mark.parametrize(
        "answer", [{}, {"model": {}}, {"x": []}, {"x": {}}, {"x": {"userErrors": 1}}]
    )
    def test_too_little(self, method: str, answer: dict[str, Any]) -> None:
        with pytest.raises((ClientError, UploadEnded)):
            ask(METHODS[method], data(**answer))


class TestParts:
    """One part of an answer that is not as it should be."""

    @pytest.mark.parametrize(
        ("method", "answer"),
        [
            ("models", {"models": {"nodes": [], "pageInfo": {}}}),
            ("models", {"models": {"nodes": [], "pageInfo": {"hasNextPage": 1}}}),
            ("evaluation", {"nodes": []}),
            ("evaluation", {"nodes": [{}, {}]}),
            ("evaluate_many", {"evaluateModels": {"evaluations": ["a"], "userErrors": []}}),
            ("artifacts", {"model": {"artifacts": {"nodes": [{"model": "m"}], "pageInfo": {}}}}),
            ("create_model", {"createModel": {"userErrors": [{"code": [], "message": "m"}]}}),
            ("create_model", {"createModel": {"userErrors": [1]}}),
            ("viewer", {"viewer": {"subject": 1, "roles": []}}),
            ("viewer", {"viewer": {"subject": "s", "roles": [1]}}),
        ],
    )
    def test_is_unexpected(self, method: str, answer: dict[str, Any]) -> None:
        with pytest.raises(UnexpectedAnswer):
            ask(METHODS[method], data(**answer))

    @pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 100_000, b"\xff", b"1", b"NaN"])
    def test_of_health(self, body: bytes) -> None:
        with pytest.raises(UnexpectedAnswer):
            ask(lambda client: client.health(), body)
        with pytest.raises(UnexpectedAnswer):
            ask(lambda client: client.viewer(), body)

    @pytest.mark.parametrize(
        "altered",
        [
            {"offset": 2**70},
            {"offset": -1},
            {"offset": 1},
            {"sizeBytes": 2**70},
            {"sizeBytes": -3},
            {"sizeBytes": True},
            {"partNumber": 2},
            {"partNumber": "1"},
            {"headers": [{"name": "a\n", "value": "b"}]},
            {"headers": [{"name": "a", "value": "é"}]},
            {"headers": ["a"]},
            {"uploaded": "yes"},
            {"url": 1},
        ],
    )
    def test_of_an_upload(self, altered: dict[str, Any]) -> None:
        right = data(node={"upload": {"parts": [PART]}})
        ask(METHODS["links"], right)
        with pytest.raises(UnexpectedAnswer):
            ask(METHODS["links"], data(node={"upload": {"parts": [PART | altered]}}))

    def test_of_links_that_were_replaced(self) -> None:
        others = [PART | {"sizeBytes": 1}, PART | {"partNumber": 2, "offset": 1, "sizeBytes": 2}]
        answers = (data(node={"upload": {"parts": parts}}) for parts in ([PART], others))
        with client_of(Script(*answers)) as client:
            links = UploadLinks(client._api, "a", 3)
            with pytest.raises(UnexpectedAnswer):
                links.fresh(links.parts[0])


class TestEndless:
    """What would never come to an end."""

    @pytest.mark.parametrize("cursors", [[None], ["a", "a"], ["a", "b", "a"]])
    def test_cursors(self, cursors: list[str | None]) -> None:
        pages = [
            data(models={"nodes": [], "pageInfo": {"hasNextPage": True, "endCursor": cursor}})
            for cursor in cursors
        ]
        with pytest.raises(UnexpectedAnswer):
            ask(METHODS["models"], *pages)

    @pytest.mark.parametrize("checked", [0, -1])
    def test_a_verification_without_progress(self, checked: int) -> None:
        found = VERIFIED | {"entriesChecked": checked}
        with pytest.raises(UnexpectedAnswer, match="no progress"):
            ask(METHODS["verify_history"], data(model={"historyVerification": found}))

    def test_an_evaluation_that_is_not_there(self) -> None:
        with pytest.raises(NotFound, match="no evaluation e"):
            ask(lambda client: list(client.as_they_end(["e"])), data(nodes=[None]))

    def test_an_evaluation_that_does_not_end(self) -> None:
        queued = {
            "id": "e",
            "status": "QUEUED",
            "createdAt": "2026-11-23T09:15:00.000000Z",
            "deadline": "2026-11-23T09:45:00.000000Z",
        }
        script = Script(data(nodes=[queued]))
        with client_of(script) as client, pytest.raises(ClientError, match="deadline"):
            list(client.as_they_end(["e"]))
        assert len(script.requests) > 1_800 / 10

    def test_an_evaluation_that_is_answered_under_another_id(self) -> None:
        other = {"id": "other", "status": "SUCCEEDED"}
        with pytest.raises(UnexpectedAnswer):
            ask(lambda client: list(client.as_they_end(["e"])), data(nodes=[other]))

    @pytest.mark.parametrize("status", ["SUCCEEDED", "FAILED", "QUEUED"])
    def test_the_status_of_another_evaluation(self, status: str) -> None:
        node = {"id": "other", "status": status, "createdAt": "", "deadline": ""}
        with pytest.raises(UnexpectedAnswer, match="e was asked for, not other"):
            ask(lambda client: list(client.as_they_end(["e"])), data(nodes=[node]))

    def test_a_body(self) -> None:
        script = Script(lambda: httpx2.Response(200, content=bytes(ANSWER_MAX_BYTES + 1)))
        with client_of(script) as client, pytest.raises(UnexpectedAnswer, match="more than"):
            client.viewer()

    def test_a_body_that_drips(self) -> None:
        dripped = 0

        class Drip(httpx2.SyncByteStream):
            def __iter__(self) -> Any:  # noqa: ANN401  # without an end
                nonlocal dripped
                while True:
                    dripped += 1
                    yield b" "

        script = Script(lambda: httpx2.Response(200, stream=Drip()))
        with client_of(script) as client, pytest.raises(Unreachable, match="too long"):
            client.viewer()
        assert dripped <= TIMEOUT_SECONDS * PATIENCE + 2  # a second for each


class TestOneText:
    """A text where several are asked for."""

    @pytest.mark.parametrize("method", ["evaluate_many", "queue_evaluations", "as_they_end"])
    def test_is_refused(self, method: str) -> None:
        script = Script(b"")
        with client_of(script) as client, pytest.raises(TypeError, match="several"):
            getattr(client, method)("https://huggingface.co/a/b")
        assert script.requests == []
