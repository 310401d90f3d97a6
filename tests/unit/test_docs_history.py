"""docs/HISTORY.md: its example, and its verification that needs none of our code."""

import io
import json
import re
import runpy
from collections.abc import Callable, Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, cast

import pytest
import rfc8785
from moto import mock_aws

from graph.auth import LOCAL
from graph.bootstrap import build_services
from graph.services import Services
from models.artifacts.change import addition
from models.artifacts.record import (
    ArtifactRecord,
    ArtifactStatus,
    Verification,
    VerificationMethod,
    record_sha256,
    record_text,
)
from models.evaluation.change import addition as evaluation_addition
from models.evaluation.details import Details, Measurement, details_text
from models.evaluation.finding import Evidence, Finding, MetricName, MetricStatus
from models.evaluation.text import parse_record
from models.evaluation.text import record_text as evaluation_text
from models.history.chain import DOMAIN_PREFIX
from models.history.diff import change_text, field_texts
from models.history.snapshot import parse_snapshot, snapshot_text
from models.registry.commands import CreateModel, UpdateModel
from models.settings import AwsCredentials, Settings

HISTORY: Final = (Path(__file__).parents[2] / "docs" / "HISTORY.md").read_text()

Run = Callable[..., str]
"""Runs a program of HISTORY.md with what it is given, and returns what it prints."""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")

    def run_program(name: str, *arguments: str, given: str = "") -> str:
        (program,) = re.findall(rf"```python\n(# {name}\n.*?)```", HISTORY, re.DOTALL)
        (tmp_path / name).write_text(program)
        monkeypatch.setattr("sys.argv", [name, *arguments])
        monkeypatch.setattr("sys.stdin", io.StringIO(given))
        runpy.run_path(str(tmp_path / name))
        return capsys.readouterr().out

    return run_program


@pytest.fixture
def services() -> Iterator[Services]:
    with mock_aws():
        services = build_services(Settings(credentials=AwsCredentials("test", "test")))
        services.table.create()
        yield services


@pytest.fixture
def exported(services: Services, run: Run) -> list[dict[str, Any]]:
    """Three versions of a model, as HISTORY.md's program exports them."""
    create = CreateModel(name="模型", source="hf", license="mit", metadata={"n": 10**30, "f": 0.1})
    made = services.registry.create(LOCAL, create)
    for number in range(2):
        change = UpdateModel(id=made.model.id, risk_notes=f'"{number}"\n' * 2_000, reason="é")
        made = services.registry.update(LOCAL, replace(change, reason=f"é{number}"))
    items: list[dict[str, Any]] = json.loads(run("export.py", made.model.id))
    assert [item["entry"]["version"] for item in items] == [1, 2, 3]
    assert items[-1]["entry"]["hash"] == made.model.head_hash
    return items


class TestExample:
    """The history that the page shows."""

    @pytest.fixture
    def example(self) -> list[dict[str, Any]]:
        (text,) = re.findall(r"```json\n(\[\n.*?)```", HISTORY, re.DOTALL)
        items: list[dict[str, Any]] = json.loads(text)
        return items

    def test_the_example_is_intact(self, example: list[dict[str, Any]], run: Run) -> None:
        head = example[-1]["entry"]["hash"]
        assert run("verify.py", given=json.dumps(example)) == f"intact, head {head}\n"

    def test_the_example_has_the_shape_of_an_export(
        self, example: list[dict[str, Any]], exported: list[dict[str, Any]]
    ) -> None:
        assert example[0].keys() == exported[0].keys()
        assert example[0]["entry"].keys() == exported[0]["entry"].keys()

    def test_the_sealed_bytes_are_those_of_the_example(self, example: list[dict[str, Any]]) -> None:
        (sealed,) = re.findall(r'```json\n(\{"action".*?)\n```', HISTORY)
        assert rfc8785.dumps(json.loads(sealed)) == sealed.encode()
        digest = sha256(DOMAIN_PREFIX + sealed.encode()).hexdigest()
        assert digest == example[1]["entry"]["hash"]
        assert set(json.loads(sealed)) <= set(re.findall(r"^\| `(\w+)` \|", HISTORY, re.MULTILINE))


class TestFiles:
    """What the page shows of a file."""

    @pytest.fixture
    def record(self) -> ArtifactRecord:
        fields = json.loads(shown('{"id":[^\n]*"addedInVersion":[^\n]*'))
        method, verified_at = fields["verificationMethod"], fields["verifiedAt"]
        return ArtifactRecord(
            id=fields["id"],
            model_id=fields["modelId"],
            filename=fields["filename"],
            content_type=fields["contentType"],
            size_bytes=fields["sizeBytes"],
            sha256=fields["sha256"],
            status=ArtifactStatus.AVAILABLE,
            created_at=fields["createdAt"],
            created_by=fields["createdBy"],
            object_version=fields["objectVersion"],
            verification=Verification(VerificationMethod(method), verified_at),
            added_in_version=fields["addedInVersion"],
        )

    def test_the_record_is_written_as_the_page_says(self, record: ArtifactRecord) -> None:
        text = record_text(record)
        assert text == shown('{"id":[^\n]*"addedInVersion":[^\n]*')
        assert set(json.loads(text)) <= set(re.findall(r"`(\w+)`", self.section()))

    def test_an_entry_says_of_it_what_the_page_says(self, record: ArtifactRecord) -> None:
        changes = shown(r'\[{"field":"artifacts"[^\n]*')
        assert changes == f"[{addition(record)}]"
        assert json.loads(changes)[0]["after"]["recordSha256"] == record_sha256(record)

    def section(self) -> str:
        return HISTORY.partition("## Files")[2].partition("\n## ")[0]


class TestEvaluations:
    """What the page shows of an evaluation."""

    SECTION: Final = HISTORY.partition("## Evaluations")[2].partition("\n## ")[0]

    @pytest.fixture
    def text(self) -> str:
        return shown('{"id":[^\n]*"detailsSha256":[^\n]*')

    def test_the_record_is_written_as_the_page_says(self, text: str) -> None:
        assert evaluation_text(parse_record(text)) == text
        rows = " ".join(re.findall(r"^\| (`.*?) \|", self.SECTION, re.MULTILINE))
        assert re.findall(r"`(\w+)`", rows) == list(json.loads(text))

    def test_an_entry_says_of_it_what_the_page_says(self, text: str) -> None:
        changes = shown(r'\[{"field":"netScore"[^\n]*')
        record = parse_record(text)
        assert record.result is not None
        score = change_text("netScore", "null", json.dumps(record.result.net.score))
        assert changes == f"[{score},{evaluation_addition(record)}]"

    def test_the_details_are_written_as_the_page_says(self) -> None:
        found = Finding(MetricStatus.MEASURED, 1.0, (Evidence("s", None, 1.0, "n"),))
        details = Details((Measurement(MetricName.SIZE, 0.1, found, 2),), None)
        fields = json.loads(details_text(details))
        assert list(fields) == ["metrics", "sizeScore"]
        (metric,) = fields["metrics"]
        sentence = " ".join(self.SECTION.partition("The **details** are")[2].split())
        told = re.findall(r"`(\w+)`", sentence.partition(". The **report**")[0])
        assert told == ["details", *metric, *metric["evidence"][0]]

    def test_a_snapshot_has_its_optional_fields_where_the_page_says(self) -> None:
        text = shown('{"id":[^\n]*"latestEvaluationId":[^\n]*')
        assert snapshot_text(parse_snapshot(text)) == text
        names = list(json.loads(text))
        assert names[names.index("updatedAt") :] == [
            "updatedAt",
            "latestEvaluationId",
            "sourceAliases",
            "metadata",
        ]


class TestFields:
    def test_stand_in_an_entry_in_the_order_that_the_page_gives(self) -> None:
        snapshot = json.loads(shown('{"id":[^\n]*"latestEvaluationId":[^\n]*'))
        record = parse_snapshot(json.dumps(snapshot, ensure_ascii=False))
        section = HISTORY.partition("in the order")[2].partition("Each object")[0]
        told = re.findall(r"`(\w+)`", section.replace("`null`", ""))
        assert told == list(field_texts(record))


class TestExport:
    """Histories that the service wrote, and that somebody altered."""

    def test_an_export_is_intact(self, exported: list[dict[str, Any]], run: Run) -> None:
        assert run("verify.py", given=json.dumps(exported)).startswith("intact, head ")

    @pytest.mark.parametrize(
        "field", ["action", "changedBy", "authenticatedAs", "reason", "changes", "timestamp"]
    )
    def test_an_altered_byte_of_an_entry_is_found(
        self, field: str, exported: list[dict[str, Any]], run: Run
    ) -> None:
        exported[1]["entry"][field] = altered(exported[1]["entry"][field])
        with pytest.raises(SystemExit, match="broken at version 2"):
            run("verify.py", given=json.dumps(exported))

    def test_an_altered_byte_of_a_snapshot_is_found(
        self, exported: list[dict[str, Any]], run: Run
    ) -> None:
        exported[2]["snapshot"] = altered(exported[2]["snapshot"])
        with pytest.raises(SystemExit, match="broken at version 3"):
            run("verify.py", given=json.dumps(exported))

    @pytest.mark.parametrize("given", ["[]", '{"history": []}'])
    def test_a_history_without_an_entry_is_none(self, given: str, run: Run) -> None:
        with pytest.raises(SystemExit, match="broken at version 1"):
            run("verify.py", given=given)

    def test_a_missing_version_is_found(self, exported: list[dict[str, Any]], run: Run) -> None:
        del exported[1]
        with pytest.raises(SystemExit, match="broken at version 2"):
            run("verify.py", given=json.dumps(exported))


def shown(pattern: str) -> str:
    """Return the only block of JSON of the page that is one line like this."""
    (text,) = re.findall(rf"```json\n({pattern})\n```", HISTORY)
    return cast("str", text)


def altered(text: str) -> str:
    middle = len(text) // 2
    return text[:middle] + chr(ord(text[middle]) ^ 1) + text[middle + 1 :]
