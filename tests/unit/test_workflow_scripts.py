""".github/scripts: what the workflows run, tried with programs that note how they were called."""

import hashlib
import json
import os
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, Final

import pytest

ROOT: Final = Path(__file__).parents[2]
SCRIPTS: Final = ROOT / ".github" / "scripts"

PROGRAM: Final = '''#!{python}
"""Stand in for a program: note the call, and answer as the test said."""
import json, os, sys
from pathlib import Path

here, name = Path({home!r}), Path(__file__).name
with (here / "calls").open("a") as calls:
    call = {{"program": name, "arguments": sys.argv[1:], "env": dict(os.environ)}}
    calls.write(json.dumps(call) + "\\n")
answers = json.loads((here / "answers").read_text())
told = " ".join([name, *sys.argv[1:]])
answer = next((answers[start] for start in answers if told.startswith(start)), {{}})
sys.stderr.write(answer.get("stderr", ""))
if "json" in answer:  # as the AWS CLI prints what --query leaves of it
    import jmespath
    found = jmespath.search(sys.argv[sys.argv.index("--query") + 1], answer["json"])
    print("None" if found is None else found)
sys.stdout.write(answer.get("stdout", ""))
sys.exit(answer.get("code", 0))
'''

LIVE: Final = "aws cloudformation get-template"
OUTPUTS: Final = "aws cloudformation describe-stacks"
BEFORE: Final = "1700000000000"
SECRET: Final = "mle_0123_secret"  # noqa: S105 - nobody's


def template(timestamp: str | None) -> dict[str, Any]:
    """Make what CloudFormation says of a stack that osls deployed, or only just made."""
    path = f"serverless/ml-model-evaluator/staging/{timestamp}-2023-11-14T22:13:20.000Z"
    bucket = {"ServerlessDeploymentBucket": {"Type": "AWS::S3::Bucket", "Properties": {}}}
    functions = {
        f"{name}LambdaFunction": {"Properties": {"Code": {"S3Key": f"{path}/{name}.zip"}}}
        for name in ("Api", "Worker")
    }
    return {"json": {"TemplateBody": {"Resources": bucket | (functions if timestamp else {})}}}


class Bench:
    """A checkout in which only the programs that scripts call exist, and all of them are ours."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.output = home / "output"
        for program in ("bin/aws", "bin/npm", "bin/python3"):
            self._stand_in(home / program)
        for program in ("ml-evaluator", "pip", "python"):
            self._stand_in(home / ".venv" / "bin" / program)
        self._stand_in(home / "node_modules/.bin/osls")
        self.answers: dict[str, dict[str, Any]] = {
            OUTPUTS: {"json": {"Stacks": [{"Outputs": [
                {"OutputKey": "TableName", "OutputValue": "the-table"},
                {"OutputKey": "ApiUrl", "OutputValue": "https://api.example"},
            ]}]}},
            LIVE: template(BEFORE),
            "ml-evaluator keys create": {
                "stdout": f"{SECRET}\n",
                "stderr": "a2V5OjE  WRITER  smoke-test\nThe secret is shown this once:\n",
            },
        }  # fmt: skip

    def _stand_in(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PROGRAM.format(python=sys.executable, home=str(self.home)))
        path.chmod(0o755)

    def run(
        self, script: str, *arguments: str, **environment: str
    ) -> "subprocess.CompletedProcess[str]":
        (self.home / "answers").write_text(json.dumps(self.answers))
        standard = {
            "PATH": f"{self.home / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "GITHUB_OUTPUT": str(self.output),
            "RUNNER_TEMP": str(self.home),
            "STAGE": "staging",
            "READ_ONLY": "false",
        }
        return subprocess.run(  # noqa: S603  # our own scripts
            [str(SCRIPTS / script), *arguments],
            cwd=self.home,
            env=standard | environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def calls(self, program: str) -> list[dict[str, Any]]:
        noted = self.home / "calls"
        lines = noted.read_text().splitlines() if noted.exists() else []
        return [call for call in map(json.loads, lines) if call["program"] == program]

    @property
    def outputs(self) -> str:
        return self.output.read_text() if self.output.exists() else ""


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(tmp_path)


class TestInstall:
    ASKING: Final = ("ACTIONS_ID_TOKEN_REQUEST_URL", "ACTIONS_ID_TOKEN_REQUEST_TOKEN")
    """What a token is asked for with that AWS trusts; in the environment of every step."""

    def test_only_what_the_lock_files_name(self, bench: Bench) -> None:
        assert bench.run("install.sh").returncode == 0
        [locked, ours] = [call["arguments"] for call in bench.calls("pip")]
        assert locked[1:] == ["--quiet", "--require-hashes", "-r", "requirements-dev.lock"]
        assert {"--no-deps", "--no-build-isolation"} < {*ours}
        assert [call["arguments"][0] for call in bench.calls("npm")] == ["ci"]

    @pytest.mark.parametrize("given", [{}, dict.fromkeys(ASKING, "x")], ids=["without", "with"])
    def test_without_the_means_to_ask_for_a_token(
        self, bench: Bench, given: dict[str, str]
    ) -> None:
        assert bench.run("install.sh", KEPT="y", **given).returncode == 0
        calls = [call for name in ("python3", "pip", "npm") for call in bench.calls(name)]
        assert len(calls) == 4
        for call in calls:
            assert not {*self.ASKING} & call["env"].keys()
            assert call["env"]["KEPT"] == "y"

    def test_npm_runs_no_script_of_a_package(self) -> None:
        assert "ignore-scripts=true" in (ROOT / ".npmrc").read_text().splitlines()

    def test_fails(self, bench: Bench) -> None:
        bench.answers["pip install"] = {"code": 1}
        assert bench.run("install.sh").returncode == 1
        assert not bench.calls("npm")


class TestLiveDeployment:
    """What a failing deployment is rolled back to."""

    def test_of_the_template(self, bench: Bench) -> None:
        assert bench.run("live-deployment.sh", "staging").stdout == f"{BEFORE}\n"
        assert "ml-model-evaluator-staging" in bench.calls("aws")[0]["arguments"]

    def test_no_stack(self, bench: Bench) -> None:
        bench.answers[LIVE] = {"code": 254, "stderr": "Stack with id x does not exist"}
        ran = bench.run("live-deployment.sh", "staging")
        assert (ran.returncode, ran.stdout) == (0, "")

    def test_only_the_bucket(self, bench: Bench) -> None:
        bench.answers[LIVE] = template(None)
        ran = bench.run("live-deployment.sh", "staging")
        assert (ran.returncode, ran.stdout) == (0, "")

    def test_not_allowed(self, bench: Bench) -> None:
        bench.answers[LIVE] = {"code": 254, "stderr": "AccessDenied: no"}
        ran = bench.run("live-deployment.sh", "staging")
        assert (ran.returncode, ran.stderr) == (1, "AccessDenied: no")

    def test_another_path(self, bench: Bench) -> None:
        elsewhere = {"Api": {"Properties": {"Code": {"S3Key": "elsewhere/api.zip"}}}}
        bench.answers[LIVE] = {"json": {"TemplateBody": {"Resources": elsewhere}}}
        ran = bench.run("live-deployment.sh", "staging")
        assert (ran.returncode, ran.stdout) == (1, "")


class TestRollBack:
    def test_to_what_was_live_before(self, bench: Bench) -> None:
        bench.answers[LIVE] = template("1800000000000")
        assert bench.run("roll-back.sh", "staging", BEFORE).returncode == 0
        [call] = bench.calls("osls")
        assert call["arguments"] == ["rollback", "--stage", "staging", "--timestamp", BEFORE]
        assert bench.outputs == "done=true\n"

    def test_none_before(self, bench: Bench) -> None:
        ran = bench.run("roll-back.sh", "staging", "")
        assert ran.returncode == 1
        assert "first deployment" in ran.stdout
        assert not bench.calls("osls")

    @pytest.mark.parametrize("before", [BEFORE, ""])
    def test_nothing_changed(self, bench: Bench, before: str) -> None:
        bench.answers[LIVE] = template(before or None)
        ran = bench.run("roll-back.sh", "staging", before)
        assert ran.returncode == 0
        assert "Nothing to roll back" in ran.stdout
        assert not bench.calls("osls")
        assert bench.outputs == ""

    @pytest.mark.parametrize("before", [BEFORE, ""])
    def test_not_known_what_is_live(self, bench: Bench, before: str) -> None:
        bench.answers[LIVE] = {"code": 254, "stderr": "AccessDenied: no"}
        ran = bench.run("roll-back.sh", "staging", before)
        assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", "AccessDenied: no")

    def test_fails(self, bench: Bench) -> None:
        bench.answers |= {LIVE: template("1800000000000"), "osls rollback": {"code": 1}}
        assert bench.run("roll-back.sh", "staging", BEFORE).returncode == 1
        assert bench.outputs == ""


class TestOsls:
    def test_drops_empty_variables(self, bench: Bench) -> None:
        told = {"CORS_ORIGINS": "https://shop.example", "OIDC_ISSUER": "", "ALARM_EMAIL": ""}
        told["EVALUATOR_HF_TOKEN"] = ""
        assert bench.run("osls.sh", "deploy", "--stage", "staging", **told).returncode == 0
        [call] = bench.calls("osls")
        assert call["arguments"] == ["deploy", "--stage", "staging"]
        assert call["env"]["CORS_ORIGINS"] == "https://shop.example"
        assert not {"OIDC_ISSUER", "ALARM_EMAIL", "EVALUATOR_HF_TOKEN"} & call["env"].keys()

    def test_fails(self, bench: Bench) -> None:
        bench.answers["osls"] = {"code": 3}
        assert bench.run("osls.sh", "deploy").returncode == 3


class TestPostMetrics:
    @pytest.mark.parametrize(
        ("status", "success"), [("success", 1), ("failure", 0), ("cancelled", 0)]
    )
    def test_success_and_duration(self, bench: Bench, status: str, success: int) -> None:
        started = str(int(time.time()) - 100)
        assert bench.run("post-metrics.sh", "staging", status, started).returncode == 0
        arguments = bench.calls("aws")[0]["arguments"]
        assert arguments[:4] == ["cloudwatch", "put-metric-data", "--namespace", "ML-Evaluator"]
        told, took = json.loads(arguments[arguments.index("--metric-data") + 1])
        dimensions = [
            {"Name": "Service", "Value": "ml-model-evaluator"},
            {"Name": "Stage", "Value": "staging"},
        ]
        assert told == {
            "MetricName": "Success", "Dimensions": dimensions, "Value": success, "Unit": "Count",
        }  # fmt: skip
        assert 100 <= took.pop("Value") < 400
        assert took == {"MetricName": "Duration", "Dimensions": dimensions, "Unit": "Seconds"}


class TestSmokeKey:
    def test_create(self, bench: Bench) -> None:
        ran = bench.run("smoke-key.sh", "create")
        assert ran.stdout == f"::add-mask::{SECRET}\n"
        assert SECRET not in ran.stderr + bench.outputs
        assert bench.outputs == "id=a2V5OjE\n"
        kept = bench.home / "smoke-key"
        assert kept.read_text() == f"{SECRET}\n"
        assert stat.S_IMODE(kept.stat().st_mode) == 0o600
        [call] = bench.calls("ml-evaluator")
        assert call["env"]["DYNAMODB_TABLE"] == "the-table"
        assert " ".join(call["arguments"]) == (
            "keys create --role writer --name smoke-test --expires-in-days 1"
        )

    @pytest.mark.parametrize("read_only", ["true", ""])
    def test_read_only(self, bench: Bench, read_only: str) -> None:
        assert bench.run("smoke-key.sh", "create", READ_ONLY=read_only).returncode == 0
        assert "reader" in bench.calls("ml-evaluator")[0]["arguments"]

    def test_revoke(self, bench: Bench) -> None:
        bench.run("smoke-key.sh", "create")
        assert bench.run("smoke-key.sh", "revoke", "a2V5OjE").returncode == 0
        call = bench.calls("ml-evaluator")[-1]
        assert call["arguments"] == ["keys", "revoke", "a2V5OjE"]
        assert call["env"]["DYNAMODB_TABLE"] == "the-table"
        assert not (bench.home / "smoke-key").exists()

    def test_without_a_table(self, bench: Bench) -> None:
        bench.answers[OUTPUTS] = {"json": {"Stacks": [{"Outputs": []}]}}
        ran = bench.run("smoke-key.sh", "create")
        assert ran.returncode == 1
        assert "has no output TableName" in ran.stderr
        assert not bench.calls("ml-evaluator")

    def test_that_cannot_be_made(self, bench: Bench) -> None:
        bench.answers["ml-evaluator keys create"] = {"code": 1, "stderr": "The table is not there."}
        ran = bench.run("smoke-key.sh", "create")
        assert ran.returncode == 1
        assert "The table is not there." in ran.stderr
        assert bench.outputs == ""


class TestSmokeTests:
    @pytest.fixture(autouse=True)
    def key(self, bench: Bench) -> None:
        bench.run("smoke-key.sh", "create")

    @pytest.mark.parametrize(
        ("read_only", "options"),
        [("false", []), ("true", ["--read-only"]), ("", ["--read-only"])],
    )
    def test_command(self, bench: Bench, read_only: str, options: list[str]) -> None:
        ran = bench.run("smoke-tests.sh", READ_ONLY=read_only)
        assert (ran.returncode, ran.stdout, ran.stderr) == (0, "", "")
        [call] = bench.calls("python")
        assert call["arguments"] == ["-m", "tests.e2e.smoke", *options, "https://api.example"]
        assert call["env"]["ML_EVALUATOR_API_KEY"] == SECRET

    def test_fail(self, bench: Bench) -> None:
        bench.answers["python -m tests.e2e.smoke"] = {"code": 1}
        assert bench.run("smoke-tests.sh").returncode == 1


class TestPackages:
    """From the job that builds them to the one that deploys them."""

    CONTENT: Final = {"api.zip": b"the API", "worker.zip": b"the worker, which is longer"}

    @pytest.fixture
    def digests(self, bench: Bench) -> str:
        (bench.home / "dist").mkdir()
        lines = []
        for name, content in self.CONTENT.items():
            (bench.home / "dist" / name).write_bytes(content)
            digest = hashlib.sha256(content).hexdigest()
            lines.append(f"{digest}  {len(content)}  dist/{name}")
        return "\n".join(lines)

    def test_hand_on_their_digests(self, bench: Bench, digests: str) -> None:
        bench.answers["python .ci/package.py --out dist"] = {"stdout": f"{digests}\n"}
        assert bench.run("package.sh").returncode == 0
        assert bench.outputs == f"digests<<END_OF_DIGESTS\n{digests}\nEND_OF_DIGESTS\n"

    def test_that_cannot_be_built(self, bench: Bench) -> None:
        bench.answers["python .ci/package.py --out dist"] = {"code": 1}
        assert bench.run("package.sh").returncode == 1

    def test_as_built(self, bench: Bench, digests: str) -> None:
        assert bench.run("verify-packages.sh", DIGESTS=digests).returncode == 0

    def test_told_in_another_order(self, bench: Bench, digests: str) -> None:
        told = "\n".join(reversed(digests.splitlines()))
        assert bench.run("verify-packages.sh", DIGESTS=told).returncode == 0

    def test_altered(self, bench: Bench, digests: str) -> None:
        (bench.home / "dist" / "api.zip").write_bytes(b"the APJ")
        ran = bench.run("verify-packages.sh", DIGESTS=digests)
        assert ran.returncode == 1
        assert "not what was built" in ran.stdout

    def test_missing(self, bench: Bench, digests: str) -> None:
        (bench.home / "dist" / "worker.zip").unlink()
        assert bench.run("verify-packages.sh", DIGESTS=digests).returncode == 1

    def test_one_too_many(self, bench: Bench, digests: str) -> None:
        (bench.home / "dist" / "third.zip").write_bytes(b"")
        assert bench.run("verify-packages.sh", DIGESTS=digests).returncode == 1

    def test_no_digests(self, bench: Bench) -> None:
        (bench.home / "dist").mkdir()
        assert bench.run("verify-packages.sh", DIGESTS="").returncode == 1


class TestVersion:
    @pytest.fixture(autouse=True)
    def project(self, bench: Bench) -> None:
        text = '[project]\nname = "x"\nversion = "1.2.3"\n\n[tool.mypy]\npython_version = "3.11"\n'
        (bench.home / "pyproject.toml").write_text(text)

    def test_of_the_tag(self, bench: Bench) -> None:
        assert bench.run("check-version.sh", "v1.2.3").returncode == 0

    @pytest.mark.parametrize("tag", ["v1.2.4", "1.2.3", "v1.2.3-rc1", "v1x2x3"])
    def test_another(self, bench: Bench, tag: str) -> None:
        ran = bench.run("check-version.sh", tag)
        assert ran.returncode == 1
        assert f"The tag is {tag}, but pyproject.toml says 1.2.3." in ran.stdout

    def test_this_project_has_one(self, bench: Bench) -> None:
        text = (ROOT / "pyproject.toml").read_text()
        (bench.home / "pyproject.toml").write_text(text)
        assert "pyproject.toml says 0." in bench.run("check-version.sh", "none").stdout


@pytest.mark.parametrize("script", sorted(SCRIPTS.glob("*.sh")), ids=lambda path: path.name)
class TestEveryScript:
    def test_stops_at_the_first_failure(self, script: Path) -> None:
        lines = script.read_text().splitlines()
        assert lines[0] == "#!/usr/bin/env bash"
        assert next(line for line in lines if not line.startswith("#")) == "set -euo pipefail"

    def test_can_be_run(self, script: Path) -> None:
        assert os.access(script, os.X_OK)
