"""`ml-evaluator evaluate` and `license-check`: scores, records, and gates with their exit codes."""

import json
from pathlib import Path

import pytest

from graph.client import Client
from tests.e2e.cli.conftest import Command

GOOD = "https://huggingface.co/acme-research/lumen-diffusion-v2"
NONE = "https://huggingface.co/northwind/none"
METRICS = [
    *("ramp_up_time", "bus_factor", "performance_claims", "license", "size_score"),
    *(
        "dataset_and_code_score",
        "dataset_quality",
        "code_quality",
        "artifact_safety",
        "reproducibility",
    ),
]


class TestEvaluate:
    def test_prints_a_line_for_each_page_in_order(self, command: Command) -> None:
        done = command.run("evaluate", NONE, GOOD, NONE)
        rows = [line.split("\t") for line in done.stdout.splitlines()]
        assert [row[:2] for row in rows] == [
            [NONE, "FAILED (UPSTREAM_NOT_FOUND)"],
            [GOOD, "SUCCEEDED"],
            [NONE, "FAILED (UPSTREAM_NOT_FOUND)"],
        ]
        assert done.returncode == 3
        assert done.stderr.count("UPSTREAM_NOT_FOUND") == 2

    def test_json_has_all_of_it(self, command: Command) -> None:
        (found,) = command.json("evaluate", GOOD)
        assert found["status"] == "SUCCEEDED"
        assert found["metrics"][0]["evidence"][0]["source"]
        assert found["licenseDecision"]["verdict"] == "REVIEW"
        assert found["model"]["uuid"]

    def test_is_attributed_and_has_its_reason(self, command: Command, client: Client) -> None:
        (found,) = command.json("evaluate", GOOD, "--changed-by", "reviewer", "--reason", "why")
        newest = next(client.changes(found["model"]["uuid"]))
        assert (newest.changed_by, newest.reason) == ("reviewer", "why")

    def test_records_are_those_of_the_original_tool(self, command: Command) -> None:
        done = command.run("evaluate", GOOD, NONE, "--ndjson")
        good, none = map(json.loads, done.stdout.splitlines())
        latencies = [f"{name}_latency" for name in METRICS]
        head = ["name", "category", "net_score", "net_score_latency"]
        pairs = [name for pair in zip(METRICS, latencies, strict=True) for name in pair]
        assert [*good] == [*head, *pairs]
        assert (good["name"], good["category"]) == ("lumen-diffusion-v2", "MODEL")
        assert good["size_score"].keys() == {
            *("raspberry_pi", "jetson_nano", "desktop_pc", "aws_server")
        }
        assert all(isinstance(good[name], int) for name in ["net_score_latency", *latencies])
        assert [*none] == [*good]
        assert {none[name] for name in ["net_score", *METRICS, *latencies]} == {None}

    def test_pages_can_come_from_a_file_or_standard_input(
        self, command: Command, tmp_path: Path
    ) -> None:
        (file := tmp_path / "pages.txt").write_text(f"# ours\n\n{GOOD}\n")
        assert len(command.json("evaluate", "-f", str(file))) == 1
        done = command.run("evaluate", "--file", "-", "--ndjson", input=f"{GOOD}\n{GOOD}\n")
        assert len(done.stdout.splitlines()) == 2

    def test_a_byte_order_mark_is_no_part_of_a_page(self, command: Command, tmp_path: Path) -> None:
        (file := tmp_path / "pages.txt").write_text(f"\ufeff{GOOD}\r\n", encoding="utf-8")
        assert len(command.json("evaluate", "-f", str(file))) == 1

    def test_json_and_records_are_two_things(self, command: Command) -> None:
        assert "--ndjson" in command.refused("evaluate", GOOD, "--json", "--ndjson", code=2)

    def test_no_page_at_all_is_a_mistake(self, command: Command, tmp_path: Path) -> None:
        assert "PAGE" in command.refused("evaluate", code=2)
        assert "--file" in command.refused("evaluate", "-f", str(tmp_path / "none"), code=2)

    def test_a_page_that_is_none_is_refused(self, command: Command) -> None:
        done = command.run("evaluate", "https://example.com/x")
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr.startswith(
            "https://example.com/x: INVALID_INPUT: must be a model's page"
        )

    def test_a_page_that_is_none_stops_no_other_and_its_line_is_told(
        self, command: Command, tmp_path: Path
    ) -> None:
        (file := tmp_path / "pages.txt").write_text(f"# ours\n\n{GOOD}\ntypo\n#\nhf://typo/too/x\n")
        done = command.run("evaluate", "-f", str(file), "--min-score", "0.999")
        assert [line.split("\t")[:2] for line in done.stdout.splitlines()] == [[GOOD, "SUCCEEDED"]]
        first, second, gate = done.stderr.splitlines()
        assert first.startswith(f"{file}:4: typo: INVALID_INPUT: ")
        assert second.startswith(f"{file}:6: hf://typo/too/x: INVALID_INPUT: ")
        assert "0.999 is required" in gate
        assert done.returncode == 1

    def test_what_is_not_about_a_page_is_told_as_ever(self, command: Command) -> None:
        said = command.refused("evaluate", GOOD, "typo", "--reason", "x" * 10_001, code=1)
        assert "(reason)" in said


class TestGates:
    @pytest.mark.parametrize("gate", ["--min-score", "--min-floor"])
    @pytest.mark.parametrize(("more", "code"), [(-0.01, 0), (0.01, 3)])
    def test_a_score_is_compared(self, command: Command, gate: str, more: float, code: int) -> None:
        (found,) = command.json("evaluate", GOOD)
        score = found["netScore" if gate == "--min-score" else "netScoreFloor"]
        done = command.run("evaluate", GOOD, gate, f"{score + more:.4f}")
        assert done.returncode == code
        assert done.stderr.startswith(f"{GOOD}: the ") is (code == 3)
        assert bool(done.stderr) is (code == 3)

    @pytest.mark.parametrize(("required", "code"), [("allowed", 3), ("review", 0)])
    def test_a_models_license_is_judged(self, command: Command, required: str, code: int) -> None:
        done = command.run("evaluate", GOOD, "--require-license", required)
        assert done.returncode == code
        assert ("openrail++ is REVIEW" in done.stderr) is (code == 3)

    @pytest.mark.parametrize(
        ("name", "required", "code"),
        [
            ("MIT", "allowed", 0),
            ("GPL-3.0-only", "allowed", 3),
            ("GPL-3.0-only", "review", 0),
            ("nobody-knows-it", "review", 3),
            ("MIT AND", "allowed", 3),
        ],
    )
    def test_a_license_is_judged(
        self,
        command: Command,
        name: str,
        required: str,
        code: int,
    ) -> None:
        done = command.run("license-check", name, "--require", required)
        assert done.returncode == code
        assert f"license\t{name}" in done.stdout
        assert bool(done.stderr) is (code != 0)
