"""Exports of real histories, by our verification and by the one that docs/HISTORY.md prints."""

import io
import json
import re
import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import boto3
import httpx2
import pytest

from graph.client import Client, EvaluationFailed, NotFound, UnexpectedAnswer
from graph.client.export import Receipt, export, reader, verify_export
from graph.client.files.announcement import File, artifact_for
from graph.client.files.source import Source
from graph.local.server import LocalServer

HISTORY = (Path(__file__).parents[3] / "docs" / "HISTORY.md").read_text()
PAGE = "https://huggingface.co/northwind/harbor-tides-small"

Verify = Callable[[Any], str]


@pytest.fixture(scope="module")
def server() -> Iterator[LocalServer]:
    with LocalServer(demo=True) as running:
        yield running


@pytest.fixture
def verify(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Any) -> Verify:  # noqa: ANN401
    """The page's own program, which knows none of our code."""
    (program,) = re.findall(r"```python\n(# verify.py\n.*?)```", HISTORY, re.DOTALL)
    (tmp_path / "verify.py").write_text(program)

    def run(document: Any) -> str:  # noqa: ANN401  # JSON
        monkeypatch.setattr("sys.stdin", io.StringIO(json.dumps(document)))
        try:
            runpy.run_path(str(tmp_path / "verify.py"))
        except SystemExit as ended:
            return str(ended.code)
        told: str = capsys.readouterr().out
        return told.strip()

    return run


@pytest.fixture
def document(client: Client, tmp_path: Path) -> dict[str, Any]:
    """A history with everything: large values, files, an evaluation, any metadata."""
    metadata: dict[str, Any] = {
        "n": 10**30,
        "f": 0.1,
        "one": 1.0,
        "z": None,
        "a": {"é": ["\u2028"]},
    }
    made = client.create_model(
        name='模型 "x"', source="s", license="mit", metadata=metadata, reason="é\n"
    ).model
    client.update_model(made.id, metadata_patch={"large": ["…" * 5_000]}, risk_notes="ü" * 9_000)
    client.update_model(made.id, metadata={}, source_url=f"https://example.com/{made.id}", name="n")
    (path := tmp_path / "f ä.bin").write_bytes(b"abc")
    artifact = client.push(path, made.id)
    client.delete_artifact(artifact.id)
    client.evaluate(PAGE, model_id=made.id)
    client.delete_model(made.id)
    client.restore_model(made.id)
    return export(client, made.id)


class TestExport:
    """A document that verifies without the service."""

    def test_holds(self, client: Client, document: dict[str, Any], verify: Verify) -> None:
        restored = json.loads(json.dumps(document))
        found = verify_export(restored)
        assert (found.intact, found.problem, found.entries) == (True, None, 8)
        head = client.verify_history(document["modelId"])
        assert head.intact
        assert document["headHash"] == head.head_hash
        assert verify(document["history"]) == f"intact, head {head.head_hash}"
        assert verify(document) == f"intact, head {head.head_hash}"
        actions = [item["entry"]["action"] for item in document["history"]]
        assert actions == [
            *("CREATE", "UPDATE", "UPDATE", "ARTIFACT_ADD", "ARTIFACT_DELETE", "EVALUATE"),
            *("DELETE", "RESTORE"),
        ]

    def test_of_an_evaluated_model(self, client: Client, verify: Verify) -> None:
        model_id = client.evaluate(PAGE).model_id
        assert model_id is not None
        document = export(client, model_id)
        assert verify_export(document).intact
        assert verify(document["history"]).startswith("intact")

    def test_pages_make_no_difference(
        self, client: Client, document: dict[str, Any], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(reader, "PAGE_ITEMS", 3)
        again = export(client, document["modelId"])
        assert again | {"exportedAt": ""} == document | {"exportedAt": ""}

    def test_both_verifications_find_the_same(
        self, document: dict[str, Any], verify: Verify
    ) -> None:
        for index, item in enumerate(document["history"]):
            broken = json.loads(json.dumps(document))
            broken["history"][index]["snapshot"] = item["snapshot"] + " "
            assert verify(broken["history"]) == f"broken at version {index + 1}"
            assert verify_export(broken).broken_at_version == index + 1

    def test_both_verifications_find_that_nothing_is_there(
        self, document: dict[str, Any], verify: Verify
    ) -> None:
        empty = document | {"history": [], "records": []}
        assert verify(empty) == "broken at version 1"
        assert verify_export(empty).broken_at_version == 1

    def test_has_the_record_of_every_file_and_evaluation(self, document: dict[str, Any]) -> None:
        records = [json.loads(text) for text in document["records"]]
        kinds = [{*record} & {"filename", "netScore"} for record in records]
        assert sorted(kinds, key=sorted) == [
            {"filename"},
            {"netScore"},
        ]

    @pytest.mark.parametrize(("field", "version"), [("filename", 4), ("coverage", 6)])
    @pytest.mark.parametrize("spoil", [lambda text: [f"{text} "], lambda _: []])
    def test_a_record_that_was_altered_or_is_missing_is_found(
        self,
        document: dict[str, Any],
        field: str,
        version: int,
        spoil: Callable[[str], list[str]],
    ) -> None:
        records = [
            text
            for one in document["records"]
            for text in (spoil(one) if field in json.loads(one) else [one])
        ]
        found = verify_export(document | {"records": records})
        assert found.broken_at_version == version
        assert "missing, or was altered" in (found.problem or "")

    def test_a_record_that_no_entry_names_is_found(self, document: dict[str, Any]) -> None:
        found = verify_export(document | {"records": [*document["records"], "{}"]})
        assert found.broken_at_version == 8
        assert found.problem == "there is a record that no entry names"

    def test_records_are_sorted_and_there_once(self, document: dict[str, Any]) -> None:
        records = document["records"]
        for other in (records[::-1], [*records, records[-1]]):
            found = verify_export(document | {"records": other})
            assert found.broken_at_version == 8
            assert "not sorted" in (found.problem or "")

    def test_what_no_entry_names_has_no_record(self, client: Client, tmp_path: Path) -> None:
        (path := tmp_path / "f").write_bytes(b"abc")
        model_id = client.create_model(name="n", source="s", license="mit").model.id
        with Source(path, None) as source:
            pending = artifact_for(client._api, File(path, model_id, "f"), source.digests)
        assert pending.status == "PENDING"
        with pytest.raises(EvaluationFailed) as raised:
            client.evaluate("https://huggingface.co/nobody/nothing")
        text = "query ($id: ID!) { node(id: $id) { ... on %s { recordText } } }"
        for kind, node_id in (
            ("Artifact", pending.id),
            ("Evaluation", raised.value.evaluation.id),
        ):
            assert client._api.query(text % kind, id=node_id) == {"node": {"recordText": None}}
        artifact = client.push(path, model_id)
        record = client._api.query(text % "Artifact", id=artifact.id)["node"]["recordText"]
        assert json.loads(record)["sha256"] == artifact.sha256

    def test_a_receipt_is_compared(self, document: dict[str, Any]) -> None:
        kept = document["history"][2]["entry"]["hash"]
        assert verify_export(document, receipt=Receipt(3, kept)).intact
        assert verify_export(document, receipt=Receipt(4, kept)).broken_at_version == 4
        assert verify_export(document, receipt=Receipt(9, kept)).broken_at_version == 9

    def test_a_model_that_is_not_there(self, client: Client) -> None:
        with pytest.raises(NotFound):
            export(client, "01a208e0-8d43-7394-83c0-437ffe007901")

    def test_another_models_history_is_unexpected(self, server: LocalServer) -> None:
        class Hostile(httpx2.HTTPTransport):
            """Asks the service for another model than the client, from its `first` request on."""

            def __init__(self, first: int) -> None:
                super().__init__()
                self.left = first

            def handle_request(self, request: httpx2.Request) -> httpx2.Response:
                self.left -= 1
                if self.left < 0:
                    content = request.content.replace(wanted.encode(), other.encode())
                    request = httpx2.Request(
                        request.method, request.url, headers=request.headers, content=content
                    )
                return super().handle_request(request)

        with Client(server.url) as honest:
            wanted, other = (
                honest.create_model(name=name, source="s", license="mit").model.id
                for name in ("wanted", "other")
            )
        for first in range(4):  # the model, its entries, its files, its evaluations
            with (
                Client(server.url, transport=Hostile(first)) as client,
                pytest.raises(UnexpectedAnswer, match=f"{wanted} was asked for, not {other}"),
            ):
                export(client, wanted)


def test_a_history_that_was_altered_in_the_table_is_found(
    server: LocalServer, client: Client, document: dict[str, Any]
) -> None:
    table = boto3.resource(
        "dynamodb",
        endpoint_url=server.aws_url,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106  # the emulator's
    ).Table("ml-model-evaluator")
    entry = document["history"][2]["entry"]
    key = {"PK": f"MODEL#{document['modelId']}", "SK": f"CHANGE#{entry['timestamp']}"}
    table.update_item(
        Key=key,
        UpdateExpression="SET reason = :altered",
        ExpressionAttributeValues={":altered": "another reason"},
    )
    assert client.verify_history(document["modelId"]).broken_at_version == 3
    found = verify_export(export(client, document["modelId"]))
    assert (found.broken_at_version, found.problem) == (3, "the entry was altered")
    assert found.entries == 2
