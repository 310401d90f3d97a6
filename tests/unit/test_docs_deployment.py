"""docs/AWS_DEPLOYMENT.md and docs/DEPLOYMENT_QUICKSTART.md: what they say of serverless.yml.

That the quick start's commands do what it shows, `python -m tests.e2e.rehearsal` tells.
"""

import json
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Final

import pytest
import yaml

from models.evaluation.record import EVALUATIONS_PREFIX
from models.evaluation.times import Times
from tests.e2e.rehearsal.page import LAST, masked, steps
from tests.e2e.rehearsal.page import PAGE as QUICK_START
from tests.unit.docs_stack import PAGE, RESOURCES, ROOT, STACK, Json, rows, section

RETAINED: Final = "RetainExceptOnCreate"
PACKAGE: Final = (ROOT / ".ci" / "package.py").read_text()


def as_told(value: object) -> str:
    """Return a value as the page has it."""
    return str(value).lower() if isinstance(value, bool) else str(value) or "none"


class TestResources:
    def test_every_one_is_there(self) -> None:
        told = [name for name, _ in rows("## What is made", 2)]
        assert told == [*RESOURCES]

    def test_what_stays_is_said_to_stay(self) -> None:
        told = {name for name, what in rows("## What is made", 2) if "stays when" in what}
        assert told == {
            name for name, one in RESOURCES.items() if one.get("DeletionPolicy") == RETAINED
        }

    def test_dead_letters_are_kept_for_so_long(self) -> None:
        days = RESOURCES["DeadLetters"]["Properties"]["MessageRetentionPeriod"] / 86_400
        assert f"keeps for {days:.0f} days" in section("## What is made")

    def test_old_objects_are_kept_for_so_long(self) -> None:
        days = self._rule("expire-noncurrent")["NoncurrentVersionExpiration"]["NoncurrentDays"]
        assert f"an overwritten or deleted one {days} days" in section("## Backup and restore")

    def test_what_was_never_completed_is_kept_for_so_long(self) -> None:
        rule = self._rule("expire-pending")
        days, more = rule["ExpirationInDays"], rule["NoncurrentVersionExpiration"]["NoncurrentDays"]
        assert more == 1
        told = section("## Backup and restore").replace("\n", " ")
        assert f"expires after {days} days, and its bytes are gone a day later" in told

    @staticmethod
    def _rule(name: str) -> Json:
        rules: list[Json] = RESOURCES["Bucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
        (found,) = (rule for rule in rules if rule["Id"] == name)
        return found


class TestParameters:
    TOLD: Final = {name: cells for name, *cells in rows("## Parameters", 5)}
    DEFAULT: Final[Json] = STACK["params"]["default"]

    def test_every_one_is_there(self) -> None:
        assert [*self.TOLD] == [*self.DEFAULT]

    @pytest.mark.parametrize("name", DEFAULT)
    def test_has_its_variable_and_its_default(self, name: str) -> None:
        value = self.DEFAULT[name]
        from_environment = re.fullmatch(r"\$\{env:(\w+), '(.*)'\}", str(value))
        variable, default = from_environment.groups() if from_environment else ("", value)
        assert self.TOLD[name][:2] == [variable, as_told(default)]

    @pytest.mark.parametrize("name", DEFAULT)
    def test_has_its_value_in_production(self, name: str) -> None:
        value = STACK["params"]["production"].get(name)
        from_environment = re.fullmatch(r"\$\{env:\w+, '(.*)'\}", str(value))
        default = from_environment[1] if from_environment else value
        assert self.TOLD[name][2] == ("" if default is None else as_told(default))

    def test_every_stage_with_its_own_is_told_of(self) -> None:
        assert {*STACK["params"]} == {"default", "production"}

    def test_log_retention_is_told_where_backups_are(self) -> None:
        days = self.DEFAULT["logRetentionDays"]
        longer = STACK["params"]["production"]["logRetentionDays"]
        assert f"| {days} days, in production {longer} |" in section("## Backup and restore")
        lines = section("## Logs and dashboard").replace("\n", " ")
        assert f"`staging` go with its logs, after {days} days" in lines
        assert f"`production` stay for {longer}, two years" in lines

    def test_every_environment_variable_is_there_with_where_it_is_from(self) -> None:
        told = {name: (of, source) for name, of, source in rows("## Parameters", 3)}
        common = STACK["provider"]["environment"]
        expected = {name: ("all", self._source(value)) for name, value in common.items()}
        for function, one in STACK["functions"].items():
            for name, value in one.get("environment", {}).items():
                expected[name] = (function, self._source(value))
        assert {name: (of, source.strip("`")) for name, (of, source) in told.items()} == expected

    @staticmethod
    def _source(value: str) -> str:
        if value == "${sls:stage}":
            return "the stage"
        return value.removeprefix("${param:").removesuffix("}")


class TestPackage:
    def test_the_limits_are_those_of_the_code(self) -> None:
        limits = re.search(r'MAX_BYTES = \{"api": (\w+), "worker": (\w+)\}', PACKAGE)
        assert limits
        told = " and ".join(f"{int(limit):,}" for limit in limits.groups())
        assert f"fails over {told} bytes" in section("## The package").replace("\n", " ")

    def test_the_machine_can_be_given_as_is_told(self) -> None:
        assert "PACKAGE_MACHINE" in section("## The package")
        assert 'os.environ.get("PACKAGE_MACHINE", MACHINE)' in PACKAGE


class TestRoles:
    @pytest.mark.parametrize("function", STACK["functions"])
    def test_every_action_is_there(self, function: str) -> None:
        told = {
            action
            for action, of, _, _ in rows("## What the functions may do", 4)
            if of == "all" or function in of.split(", ")
        }
        assert told == self._allowed(f"{function.title()}Role")

    def test_reports_have_their_place(self) -> None:
        assert f"| worker | `{EVALUATIONS_PREFIX}` | reports |" in PAGE

    @staticmethod
    def _allowed(role: str) -> set[str]:
        (policy,) = RESOURCES[role]["Properties"]["Policies"]
        actions = [one["Action"] for one in policy["PolicyDocument"]["Statement"]]
        return {
            one for action in actions for one in ([action] if isinstance(action, str) else action)
        }


class TestAlarms:
    ALARMS: Final = [
        name for name, one in RESOURCES.items() if one["Type"] == "AWS::CloudWatch::Alarm"
    ]

    def test_every_one_is_there_with_what_to_do(self) -> None:
        told = list(rows("## Alarms", 3))
        assert [name for name, _, _ in told] == self.ALARMS
        assert all(todo for _, _, todo in told)

    def test_the_thresholds_are_those_of_the_template(self) -> None:
        told = {name: when for name, when, _ in rows("## Alarms", 3)}
        latency = RESOURCES["ApiLatencyAlarm"]["Properties"]
        seconds = latency["Threshold"] / 1000
        minutes = latency["Period"] * latency["EvaluationPeriods"] // 60
        statistic = latency["ExtendedStatistic"]
        assert told["ApiLatencyAlarm"] == f"{statistic} over {seconds:.0f} s, for {minutes} minutes"
        lag = RESOURCES["WorkerLagAlarm"]["Properties"]["Threshold"] // 60_000
        assert told["WorkerLagAlarm"] == f"a job waited for over {lag} minutes"
        lag = RESOURCES["HasherLagAlarm"]["Properties"]["Threshold"] // 60_000
        assert told["HasherLagAlarm"] == f"a file waited for over {lag} minutes"
        longest = STACK["functions"]["hasher"]["timeout"] // 60
        assert f"took over {longest} minutes" in told["HasherErrorsAlarm"]

    def test_attempts_and_age_are_those_of_the_mapping(self) -> None:
        stream = STACK["functions"]["worker"]["events"][0]["stream"]
        attempts, age = stream["maximumRetryAttempts"], stream["maximumRecordAgeInSeconds"]
        assert age == Times().deadline_seconds
        letters = section("### Dead letters")
        assert f"after {attempts} more attempts, or when it is {age // 60} minutes old" in letters
        hashing = STACK["functions"]["hasher"]["events"][0]["stream"]
        hours, again = hashing["maximumRecordAgeInSeconds"] // 3600, hashing["maximumRetryAttempts"]
        assert f"the hasher's after {again} more attempts, or {hours} hours" in letters
        assert f"The file is tried again, up to {again} times" in section("## Alarms")
        assert f"up to {attempts} times, halved each time" in section("## Alarms")


class TestImport:
    """The program that writes the template to import with."""

    def test_adds_what_stayed_to_what_is_made_first(self, tmp_path: Path) -> None:
        made = tmp_path / ".serverless"
        made.mkdir()
        stayed = self._what_stays()
        core: Json = {"Resources": {"Packages": {}}, "Outputs": {"Name": {}}}
        whole = {
            "Resources": {name: {"Kept": name} for name in stayed} | {"Other": {}},
            "Parameters": {"P": {}},
            "Conditions": {"C": {}},
            "Outputs": {"Url": {}},
        }
        for name, content in (("create", core), ("update", whole)):
            path = made / f"cloudformation-template-{name}-stack.json"
            path.write_text(json.dumps(content))
        program = textwrap.dedent(re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[0])
        subprocess.run([sys.executable, "-c", program], cwd=tmp_path, check=True)  # noqa: S603  # the page's
        written = json.loads((tmp_path / "import.json").read_text())
        assert written["Resources"].keys() == {"Packages", *stayed}
        assert written["Outputs"] == core["Outputs"]  # an import takes no new ones
        assert {written[part] == whole[part] for part in ("Parameters", "Conditions")} == {True}

    def test_names_all_that_stays(self) -> None:
        imported = re.findall(r'"LogicalResourceId": "(\w+)"', section("## After a removal"))
        assert {*imported} == self._what_stays()

    @staticmethod
    def _what_stays() -> set[str]:
        everything = RESOURCES | STACK["resources"]["extensions"]
        return {name for name, one in everything.items() if one.get("DeletionPolicy") == RETAINED}


class TestContinuousDeployment:
    WORKFLOW: Final[Json] = yaml.safe_load(
        (ROOT / ".github" / "workflows" / "deploy.yml").read_text()
    )
    JOB: Final[Json] = WORKFLOW["jobs"]["deploy-to-aws"]

    def test_every_variable_is_there(self) -> None:
        passed_on = {name for name, value in self.JOB["env"].items() if "vars." in value}
        assert self._told("variable") == {"AWS_ROLE_ARN", *passed_on}

    def test_every_secret_is_there(self) -> None:
        (deploy,) = (step for step in self.JOB["steps"] if step.get("id") == "deploy")
        assert self._told("secret") == {*deploy["env"]}

    @staticmethod
    def _told(heading: str) -> set[str]:
        table = section("### What to set up").partition(f"| {heading} | meaning |")[2]
        names = re.findall(r"^ *\| (`.*?) \|", table.partition("\n\n")[0], re.MULTILINE)
        return {name for cell in names for name in re.findall(r"`(\w+)`", cell)}

    def test_so_many_deployments_are_kept(self) -> None:
        kept = STACK["provider"]["deploymentBucket"]["maxPreviousDeploymentArtifacts"]
        assert f"what is kept (the newest {kept} deployments)" in section("## Upgrades")

    def test_a_roll_back_brings_settings_because_they_are_defaults(self) -> None:
        assert "stackParameters" not in STACK["provider"]  # which osls would send with any template
        parameters = STACK["resources"]["Parameters"].values()
        assert all(re.fullmatch(r"\$\{param:\w+\}", one["Default"]) for one in parameters)


class TestQuickStart:
    def test_tells_how_many_functions_must_be_free(self) -> None:
        variable, reserved = re.findall(
            r"\$\{env:(\w+), '(\d+)'\}", STACK["params"]["default"]["workerConcurrency"]
        )[0]
        page = QUICK_START.read_text().replace("\n", " ")
        assert f"Worker and hasher reserve {reserved} each." in page
        assert f"says less than {100 + 2 * int(reserved)}, `export {variable}=0`" in page

    def test_deploys_and_removes_the_default_stage(self) -> None:
        commands = [step.commands for step in steps()]
        stage = STACK["provider"]["stage"]
        for command in ("deploy", "remove"):
            assert f"node_modules/.bin/osls {command} --stage {stage}\n" in commands

    def test_removes_last(self) -> None:
        headings = [step.heading for step in steps()]
        assert headings.count(LAST) == 1
        assert headings[-1] == LAST

    def test_reads_outputs_that_the_stack_has(self) -> None:
        read = re.findall(r"s/\^ \*(\w+): //p", "".join(step.commands for step in steps()))
        assert {*read} == {"ApiUrl", "TableName"}
        assert {*read} <= {*STACK["resources"]["Outputs"]}

    def test_installs_from_a_lock_that_is_there(self) -> None:
        commands = "".join(step.commands for step in steps())
        (lock,) = re.findall(r"-r (\S+)", commands)
        assert (ROOT / lock).is_file()

    def test_shows_an_output_where_there_is_one(self) -> None:
        silent = [step.heading for step in steps() if step.expected is None]
        assert silent == ["Get the code"]


class TestMasks:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("Service deployed (11s)", "Service deployed (9s)"),
            ("api (13 MB)", "api (14 MB)"),
            ("git version 2.39.5", "git version 2.50"),
            ("staging (us-east-1)", "staging (eu-central-1)"),
            ("at https://a.example/x\n", "at http://127.0.0.1:80/y"),
            ("table-111122223333", "table-000000000000"),
            ('{"dynamodb":{"requests":1}}', '{"dynamodb":{"requests":2}}'),
        ],
    )
    def test_hide_what_varies(self, one: str, other: str) -> None:
        assert masked(one) == masked(other)

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ('"status":"ok"', '"status":"unavailable"'),
            ("ok  health  0.02 s", "FAILED  health"),
            ('"version":1', '"version":2'),
            ('["ADMIN"]', '["READER"]'),
        ],
    )
    def test_hide_nothing_else(self, one: str, other: str) -> None:
        assert masked(one) != masked(other)
