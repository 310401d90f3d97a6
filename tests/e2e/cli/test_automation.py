"""docs/AUTOMATION.md: its job, whose steps are run as they stand."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from graph.client import Client
from graph.local.server import LocalServer
from tests.e2e.cli.conftest import COMMAND

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "AUTOMATION.md").read_text(encoding="utf-8")
WORKFLOWS = "".join(
    path.read_text(encoding="utf-8") for path in (ROOT / ".github" / "workflows").glob("*.yml")
)
(JOB_TEXT,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
JOB: dict[str, Any] = yaml.safe_load(JOB_TEXT)["jobs"]["review"]


class Runner:
    """Runs steps as GitHub does: each in a shell of its own, with what those before have set."""

    def __init__(self, place: Path, url: str) -> None:
        self.place = place
        (place / "bin").mkdir()
        pip = place / "bin" / "pip"
        pip.write_text('#!/bin/sh\necho "$@" >> pip.log\n')  # the package is installed already
        pip.chmod(0o755)
        self._variables = place / "github-env"
        self._variables.touch()
        self._environ = {
            **os.environ,
            "GITHUB_ENV": str(self._variables),
            "GITHUB_REPOSITORY": "acme/models",
            "GITHUB_RUN_ID": "7",
            "PAGE": JOB["env"]["PAGE"],
            "ML_EVALUATOR_URL": url,
            "PATH": os.pathsep.join(
                [str(place / "bin"), str(Path(COMMAND).parent), os.environ["PATH"]]
            ),
        }

    def run(self, step: dict[str, Any]) -> subprocess.CompletedProcess[str]:
        """Run a step."""
        lines = self._variables.read_text().splitlines()
        variables = dict(line.split("=", 1) for line in lines)
        return subprocess.run(  # noqa: S603  # the page's own commands
            ["/bin/bash", "-e", "-c", step["run"]],
            capture_output=True,
            check=False,
            cwd=self.place,
            env=self._environ | variables,
            text=True,
        )


@pytest.fixture
def runner(server: LocalServer, tmp_path: Path) -> Runner:
    (tmp_path / "weights").mkdir()
    (tmp_path / "weights" / "model.safetensors").write_bytes(os.urandom(100_000))
    return Runner(tmp_path, server.url)


STEPS = [step for step in JOB["steps"] if "run" in step]


class TestJob:
    def test_every_step_succeeds_and_the_history_tells(
        self, runner: Runner, client: Client
    ) -> None:
        for step in STEPS:
            done = runner.run(step)
            assert done.returncode == 0, (step["name"], done)
        document = json.loads((runner.place / "history.json").read_text())
        actions = [item["entry"]["action"] for item in document["history"]]
        assert actions == ["CREATE", "EVALUATE", "ARTIFACT_ADD"]
        assert document["history"][1]["entry"]["reason"] == "acme/models, run 7"
        assert (runner.place / "pip.log").read_text() == "install ml-model-evaluator[cli]\n"
        for step in STEPS:
            assert runner.run(step).returncode == 0
        again = [entry.action for entry in client.changes(document["modelId"])]
        assert again == ["EVALUATE", "ARTIFACT_ADD", "EVALUATE", "CREATE"]

    def test_a_gate_stops_it(self, runner: Runner) -> None:
        (evaluate,) = (step for step in STEPS if "evaluate" in step["run"])
        stricter = evaluate["run"].replace("0.5", "0.999")
        assert stricter != evaluate["run"]
        assert runner.run({"run": stricter}).returncode == 3

    def test_its_actions_are_pinned_as_our_own_are(self) -> None:
        used = re.findall(r"uses: (\S+ # \S+)", JOB_TEXT)
        assert len(used) == JOB_TEXT.count("uses:")
        assert [one for one in used if one not in WORKFLOWS] == []

    def test_it_is_a_workflow(self, tmp_path: Path) -> None:
        (path := tmp_path / "model.yml").write_text(JOB_TEXT)
        schema = "vendor.github-workflows"
        subprocess.run(  # noqa: S603  # ours
            [
                *(Path(sys.executable).with_name("check-jsonschema"), "--builtin-schema"),
                *(schema, path),
            ],
            check=True,
        )
