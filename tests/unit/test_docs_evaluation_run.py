"""docs/EVALUATION.md: how an evaluation runs, its report, its settings, and the demo."""

import base64
import json
import re
import runpy
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

import boto3
import pytest

from graph.bootstrap import license_policy
from graph.local.hub import DEMO_DATA
from models.errors import UserErrorCode
from models.evaluation.finding import MetricName
from models.evaluation.page import Page, parse_page
from models.evaluation.times import Times
from models.license.decision import Verdict
from models.license.policy import LicensePolicy
from models.settings import DEFAULT_BUCKET, DEFAULT_TABLE, Settings
from models.timestamps import now
from tests.unit.docs_bench import Bench, bench

PAGE: Final = (Path(__file__).parents[2] / "docs" / "EVALUATION.md").read_text()
HARBOR: Final = "https://huggingface.co/northwind/harbor-tides-small"

Evaluated = dict[str, Any]
"""What evaluateModel answers."""


def section(heading: str) -> str:
    """Return what stands under a heading, up to the next one of its level or above."""
    after = PAGE.partition(f"\n{heading}\n")[2]
    assert after, heading
    level = len(heading.partition(" ")[0])
    return re.split(rf"^#{{1,{level}}} ", after, maxsplit=1, flags=re.MULTILINE)[0]


def first_cells(text: str) -> list[str]:
    """Return the names in the first column of the tables."""
    cells = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    return [name for cell in cells for name in re.findall(r"`([^`]+)`", cell)]


@pytest.fixture(scope="module")
def running() -> Iterator[Bench]:
    with bench(now) as made:
        yield made


@pytest.fixture(scope="module")
def evaluated(running: Bench) -> Evaluated:
    """The evaluation of a model that has everything."""
    answer = running.ask(f"""mutation {{ evaluateModel(input: {{url: "{HARBOR}"}}) {{
      evaluation {{ id }}
      model {{ name source sourceUrl license metadata }}
      changeEntry {{ changes {{ field after }} }}
    }} }}""")
    found: Evaluated = answer["data"]["evaluateModel"]
    return found


@pytest.fixture(scope="module")
def report_key(evaluated: Evaluated) -> str:
    node_id = base64.urlsafe_b64decode(evaluated["evaluation"]["id"] + "==").decode()
    return f"evaluations/{node_id.partition(':')[2]}.json"


class TestHowItRuns:
    def test_every_time_is_right(self) -> None:
        rows = dict(re.findall(r"^\| `(\w+_\w+)` \| ([\d,]+) \|", PAGE, re.MULTILINE))
        times = {one.name: f"{getattr(Times(), one.name):,.0f}" for one in fields(Times)}
        assert {name: rows[name] for name in times} == times

    def test_every_code_of_a_failure_is_explained(self) -> None:
        codes = {*first_cells(section("### How an evaluation ends"))} - {"failure.code"}
        of_inputs = {
            UserErrorCode.INVALID_INPUT,
            UserErrorCode.ALREADY_EXISTS,
            UserErrorCode.IDEMPOTENCY_CONFLICT,
            UserErrorCode.CHECKSUM_MISMATCH,
            UserErrorCode.UPLOAD_INCOMPLETE,
        }
        assert codes == {*UserErrorCode} - of_inputs

    def test_a_model_is_registered_as_the_page_says(self, evaluated: Evaluated) -> None:
        told = section("### Registered models and renames")
        model = evaluated["model"]
        assert {*model} <= {*first_cells(told)}
        (row,) = re.findall(r"^\| `metadata` \| (.*?), as far", told, re.MULTILINE)
        assert re.findall(r"`(\w+)`", row) == list(model["metadata"])
        assert (model["name"], model["source"]) == ("northwind/harbor-tides-small", "hf")


class TestSettings:
    @pytest.mark.parametrize(
        "name", ["HF_ENDPOINT", "HF_TOKEN", "GITHUB_API_URL", "GITHUB_TOKEN", "LICENSE_POLICY"]
    )
    def test_a_setting_is_read_and_explained(self, name: str) -> None:
        assert name in first_cells(section("## What is contacted"))
        assert Settings.from_env({name: "https://example.com"}) != Settings()

    @pytest.mark.parametrize("default", [Settings().hub_endpoint, Settings().github_api_url])
    def test_a_default_is_right(self, default: str) -> None:
        assert f"| `{default}` |" in section("## What is contacted")


class TestPages:
    """What the section on what is contacted says of `url`."""

    @pytest.mark.parametrize(
        ("url", "revision"),
        [
            ("https://huggingface.co/a/b", None),
            ("http://www.huggingface.co/a/b/", None),
            ("https://hf.co/a/b/tree/v1", "v1"),
            ("https://huggingface.co/a/b/blob/v1/config.json", "v1"),
            ("hf://a/b", None),
            ("hf://a/b@v1", "v1"),
            ("https://huggingface.co/a/b/tree/feature/x", "feature"),
        ],
    )
    def test_a_spelling_of_a_page_is_taken(self, url: str, revision: str | None) -> None:
        assert parse_page(url) == Page("a/b", revision)

    @pytest.mark.parametrize(
        "url",
        [
            "https://huggingface.co/datasets/a/b",
            "https://huggingface.co/spaces/a/b",
            "https://example.com/a/b",
            "https://127.0.0.1/a/b",
            "https://huggingface.co:443/a/b",
            "https://user:secret@huggingface.co/a/b",
            "https://huggingface.co/a%2Fb",
            "https://huggingface.co/a/b/tree/feature%2Fx",
            "https://huggingface.co/a\\b",
        ],
    )
    def test_anything_else_is_refused(self, url: str) -> None:
        assert isinstance(parse_page(url), str)


class TestReport:
    """The file in the bucket."""

    def test_has_the_fields_that_the_page_names(self, report_key: str) -> None:
        stored = boto3.client("s3", "us-east-1").get_object(Bucket=DEFAULT_BUCKET, Key=report_key)
        report = json.loads(stored["Body"].read())
        told = section("## The report")
        assert first_cells(told) == list(report)
        assert f"`{report['format']}`" in told
        for name in ("license", "inputs"):
            (row,) = re.findall(rf"^\| `{name}` \| (.*) \|$", told, re.MULTILINE)
            assert {*report[name]} == {*re.findall(r"`(\w+)`", row)}
        (row,) = re.findall(r"^\| `metrics` \| (.*) \|$", told, re.MULTILINE)
        assert {*report["metrics"][0]} == {*re.findall(r"`(\w+)`", row)}

    def run(self, node_id: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        (program,) = re.findall(r"```python\n(# check_report.py\n.*?)```", PAGE, re.DOTALL)
        (tmp_path / "check_report.py").write_text(program)
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        monkeypatch.setattr("sys.argv", ["check_report.py", node_id])
        runpy.run_path(str(tmp_path / "check_report.py"))

    def test_is_found_intact_by_the_program_of_the_page(
        self,
        evaluated: Evaluated,
        monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        self.run(evaluated["evaluation"]["id"], monkeypatch, tmp_path)
        said = evaluated["changeEntry"]["changes"][-1]["after"]["recordSha256"]
        assert capsys.readouterr().out == f"report and details are intact, record {said}\n"

    def test_altered_details_are_found_by_it(
        self,
        running: Bench,
        evaluated: Evaluated,
        report_key: str,
        monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
    ) -> None:
        client: Any = running.services.table._connection.connection.client
        key = {"PK": f"EVALUATION#{Path(report_key).stem}", "SK": "EVALUATION"}
        raw_key = {name: {"S": value} for name, value in key.items()}
        before = client.get_item(TableName=DEFAULT_TABLE, Key=raw_key)["Item"]
        altered = before["details"]["S"].replace("0.2", "0.3", 1)
        client.put_item(TableName=DEFAULT_TABLE, Item={**before, "details": {"S": altered}})
        with pytest.raises(SystemExit, match="the details were altered"):
            self.run(evaluated["evaluation"]["id"], monkeypatch, tmp_path)
        client.put_item(TableName=DEFAULT_TABLE, Item=before)


class TestPolicy:
    @pytest.fixture
    def policy(self, tmp_path: Path) -> LicensePolicy:
        (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
        path = tmp_path / "policy.toml"
        path.write_text(example)
        return LicensePolicy.load(path)

    @pytest.mark.parametrize(
        ("declared", "verdict"),
        [
            ("mit", Verdict.ALLOWED),
            ("LicenseRef-acme-internal", Verdict.ALLOWED),
            ("GPL-3.0-or-later", Verdict.REVIEW),
            ("MIT WITH Classpath-exception-2.0", Verdict.ALLOWED),
            ("MIT WITH GCC-exception-3.1", Verdict.REVIEW),
            ("cc-by-nc-4.0", Verdict.DENIED),
            ("ISC", Verdict.REVIEW),
            ("llama3.1", Verdict.UNKNOWN),
        ],
    )
    def test_the_example_judges_as_the_page_says(
        self, declared: str, verdict: Verdict, policy: LicensePolicy
    ) -> None:
        assert policy.decide(declared).verdict == verdict

    def test_what_is_no_policy_is_not_used_in_part(self, tmp_path: Path) -> None:
        path = tmp_path / "policy.toml"
        path.write_text('[[rules]]\nverdict = "maybe"\nreason = "r"\nlicenses = ["MIT"]\n')
        with pytest.raises(ValueError, match="Rule 1 of the license policy needs a verdict"):
            license_policy(Settings(license_policy_path=path))()


class TestDemo:
    def test_every_model_of_it_is_there(self) -> None:
        names = [
            json.loads(path.read_text())["id"] for path in (DEMO_DATA / "models").glob("*.json")
        ]
        assert sorted(first_cells(section("## Try it offline"))) == sorted(names)

    @pytest.mark.parametrize(
        ("query", "shown"),
        re.findall(r"```graphql\n(.*?)```\n\n```json\n(.*?)```", PAGE, re.DOTALL),
    )
    def test_a_request_is_answered_as_the_page_says(
        self, query: str, shown: str, running: Bench
    ) -> None:
        answer = running.ask(query)
        del answer["extensions"]
        assert answer == json.loads(shown)
        metrics = answer["data"]["evaluateModel"]["evaluation"]["metrics"]
        assert [metric["name"] for metric in metrics] == [*MetricName]
