""".github/workflows: rules that zizmor, actionlint and the schema do not hold."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

ROOT: Final = Path(__file__).parents[2]
WORKFLOWS: Final = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
PINNED: Final = re.compile(r"[\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
OURS: Final = re.compile(r"\$/\.github/workflows/[a-z]+\.yml")
SECRETS: Final = frozenset({"EVALUATOR_GITHUB_TOKEN", "EVALUATOR_HF_TOKEN"})
"""With which the worker reads the Hub and GitHub. No other is known."""
HANDED_ON: Final = {name: f"${{{{ secrets.{name} }}}}" for name in SECRETS}
RUN_MAX_LINES: Final = 6
"""What is longer is a script, which has tests."""

Node = dict[str, Any]


def read(name: str) -> Node:
    """Parse a workflow. YAML 1.1 takes its key `on` for true."""
    parsed: Node = yaml.safe_load((ROOT / ".github" / "workflows" / name).read_text())
    parsed["on"] = parsed.pop(True, None)  # type: ignore[call-overload]
    return parsed


def jobs() -> Iterator[tuple[str, str, Node]]:
    for path in WORKFLOWS:
        for name, job in read(path.name)["jobs"].items():
            yield path.name, name, job


def steps() -> Iterator[Node]:
    for _, _, job in jobs():
        yield from job.get("steps", [])


def step(name: str) -> Node:
    """Return the step of deploy.yml that has this name or id."""
    all_steps: list[Node] = read("deploy.yml")["jobs"]["deploy-to-aws"]["steps"]
    return next(one for one in all_steps if name in {one["name"], one.get("id")})


def before(job: str) -> set[str]:
    """Return all jobs of cd.yml that must have passed before `job` starts."""
    needs: list[str] = read("cd.yml")["jobs"][job].get("needs", [])
    return set(needs).union(*map(before, needs))


class TestEveryWorkflow:
    @pytest.fixture(params=WORKFLOWS, ids=lambda path: path.name)
    def text(self, request: pytest.FixtureRequest) -> str:
        path: Path = request.param
        return path.read_text()

    def test_pins_what_it_uses(self, text: str) -> None:
        for used in re.findall(r"uses: (.+)", text):
            assert PINNED.fullmatch(used) or OURS.fullmatch(used), used

    def test_has_no_permissions_of_its_own(self, text: str) -> None:
        assert yaml.safe_load(text)["permissions"] == {}

    def test_has_a_concurrency_group(self, text: str) -> None:
        concurrency = yaml.safe_load(text)["concurrency"]
        assert "${{" in concurrency["group"]
        assert "cancel-in-progress" in concurrency

    def test_knows_no_secrets_but_two(self, text: str) -> None:
        named = re.findall(r"\$\{\{ secrets\.(\w+) \}\}", text)
        assert {*named} <= SECRETS
        other = re.sub(
            r"\$\{\{ secrets\.\w+ \}\}|^ +secrets:(?= #|$)", "", text, flags=re.MULTILINE
        )
        assert "secrets" not in other  # none is inherited, and none is reached in another way
        assert not re.search(r"aws-(access-key-id|secret-access-key|session-token)", text)


class TestEveryJob:
    @pytest.fixture(params=jobs(), ids=lambda job: f"{job[0]}-{job[1]}")
    def job(self, request: pytest.FixtureRequest) -> Node:
        node: Node = request.param[2]
        return node

    def test_has_its_own_permissions(self, job: Node) -> None:
        assert job["permissions"].items() <= {"contents": "read", "id-token": "write"}.items()

    def test_has_a_time_limit(self, job: Node) -> None:
        assert "uses" in job or 0 < job["timeout-minutes"] <= 60

    def test_gets_tokens_only_in_an_environment(self, job: Node) -> None:
        if "id-token" in job["permissions"]:
            assert "environment" in job or job["uses"] == "$/.github/workflows/deploy.yml"

    def test_ends_its_steps_before_its_own_limit(self, job: Node) -> None:
        limits = [
            one["timeout-minutes"] for one in job.get("steps", []) if "timeout-minutes" in one
        ]
        assert sum(limits) < job.get("timeout-minutes", 1)


class TestEveryStep:
    def test_one_digest_an_action(self) -> None:
        used = {one["uses"] for one in steps() if "uses" in one}
        assert len(used) == len({use.split("@")[0] for use in used})

    def test_no_expression_in_a_command(self) -> None:
        assert not [one["run"] for one in steps() if "${{" in one.get("run", "")]

    def test_no_long_command(self) -> None:
        for one in steps():
            assert len(one.get("run", "").splitlines()) <= RUN_MAX_LINES, one["name"]

    def test_checkouts_keep_no_credentials(self) -> None:
        checkouts = [one for one in steps() if one.get("uses", "").startswith("actions/checkout@")]
        assert checkouts
        assert all(one["with"]["persist-credentials"] is False for one in checkouts)

    def test_scripts_are_there_and_used(self) -> None:
        scripts = ROOT / ".github" / "scripts"
        run = {
            name
            for one in steps()
            for name in re.findall(r"\.github/scripts/([\w.-]+)", one.get("run", ""))
        }
        called = {
            name
            for path in scripts.glob("*.sh")
            for name in re.findall(r"/([a-z-]+\.sh)\"", path.read_text())
        }
        assert run | called == {path.name for path in scripts.iterdir()}


class TestStages:
    def test_names(self) -> None:
        names = list(read("cd.yml")["jobs"])
        assert names[:3] == ["lint-and-test", "build-and-publish", "deploy-to-aws"]

    def test_main_and_tags_are_checked_as_changes_are(self) -> None:
        checked = read("cd.yml")["jobs"]["lint-and-test"]
        assert checked["uses"] == "$/.github/workflows/ci.yml"
        steps = read("ci.yml")["jobs"]["lint-and-test"]["steps"]
        assert [step["run"] for step in steps if "run" in step] == [".ci/run"]

    def test_nothing_goes_out_unchecked(self) -> None:
        for name in read("cd.yml")["jobs"].keys() - {"lint-and-test", "build-and-publish"}:
            assert {"lint-and-test", "build-and-publish"} <= before(name), name

    def test_no_status_is_overruled(self) -> None:
        for name, job in read("cd.yml")["jobs"].items():
            assert not re.search(r"always|failure|cancelled", str(job.get("if"))), name

    def test_production_follows_the_smoke_tests_of_staging(self) -> None:
        production = read("cd.yml")["jobs"]["deploy-to-aws-production"]
        assert "deploy-to-aws" in production["needs"]
        assert production["if"] == (
            "github.ref_type == 'tag' && needs.deploy-to-aws.outputs.smoke-tests == 'success'"
        )
        outputs = read("deploy.yml")["jobs"]["deploy-to-aws"]["outputs"]
        assert outputs == {"smoke-tests": "${{ steps.smoke.outcome }}"}

    def test_both_stages_deploy_what_was_built_alike(self) -> None:
        staging, production = (
            read("cd.yml")["jobs"][name] for name in ("deploy-to-aws", "deploy-to-aws-production")
        )
        digests = "${{ needs.build-and-publish.outputs.digests }}"
        assert staging["uses"] == production["uses"] == "$/.github/workflows/deploy.yml"
        assert staging["with"] == {"stage": "staging", "digests": digests, "read-only": False}
        assert production["with"] == {"stage": "production", "digests": digests, "read-only": True}

    def test_both_stages_are_handed_the_secrets_of_their_environments(self) -> None:
        """A called workflow sees none that it is not handed: not even its own environment's."""
        asked_for = read("deploy.yml")["on"]["workflow_call"]["secrets"]
        assert {name: one["required"] for name, one in asked_for.items()} == dict.fromkeys(
            SECRETS, False
        )
        handed = {
            name: job["secrets"] for name, job in read("cd.yml")["jobs"].items() if "secrets" in job
        }
        assert handed == {"deploy-to-aws": HANDED_ON, "deploy-to-aws-production": HANDED_ON}

    def test_publishes_only_where_switched_on(self) -> None:
        publish = read("cd.yml")["jobs"]["publish-to-pypi"]
        assert publish["if"] == "github.ref_type == 'tag' && vars.PUBLISH_TO_PYPI == 'true'"
        assert publish["permissions"] == {"id-token": "write"}
        assert "deploy-to-aws" in publish["needs"]

    def test_only_main_and_version_tags_deploy(self) -> None:
        assert read("cd.yml")["on"] == {"push": {"branches": ["main"], "tags": ["v*.*.*"]}}
        assert list(read("deploy.yml")["on"]) == ["workflow_call"]


class TestDeployment:
    STEPS: Final[list[Node]] = read("deploy.yml")["jobs"]["deploy-to-aws"]["steps"]

    def test_order(self) -> None:
        ids = [one["id"] for one in self.STEPS if "id" in one]
        assert ids == ["started", "credentials", "before", "deploy", "key", "smoke", "roll-back"]

    def test_skips_where_no_role_is_configured(self) -> None:
        first, *others = self.STEPS
        assert first["if"] == "${{ !vars.AWS_ROLE_ARN }}"
        assert "::notice" in first["run"]
        for one in others[1:]:  # but for the one that notes the time
            condition = one["if"]
            assert condition == "vars.AWS_ROLE_ARN" or condition.startswith("always() && steps.")

    def test_verifies_before_it_has_credentials(self) -> None:
        names = [one["name"] for one in self.STEPS]
        verified, assumed, installed = (
            names.index(name)
            for name in (
                "Are they those that were built?",
                "Assume the role in AWS",
                "Install",
            )
        )
        assert installed < verified < assumed

    def test_assumes_a_role(self) -> None:
        assert step("credentials")["with"]["role-to-assume"] == "${{ vars.AWS_ROLE_ARN }}"

    def test_always_revokes_the_key_last_used(self) -> None:
        revoke = step("Revoke the smoke tests' key")
        assert revoke["if"] == "always() && steps.key.outputs.id"
        using = [one for one in self.STEPS if "smoke-tests.sh" in one.get("run", "")]
        assert max(map(self.STEPS.index, using)) < self.STEPS.index(revoke)

    def test_rolls_back_what_did_not_pass(self) -> None:
        assert step("roll-back")["if"] == (
            "always() && steps.before.outcome == 'success'"
            " && steps.deploy.outcome != 'skipped' && steps.smoke.outcome != 'success'"
        )

    def test_always_posts_metrics_last(self) -> None:
        last = self.STEPS[-1]
        assert "post-metrics.sh" in last["run"]
        assert last["if"] == "always() && steps.credentials.outcome == 'success'"
        assert last["env"]["STATUS"] == "${{ job.status }}"

    def test_hands_secrets_to_the_deployment_alone(self) -> None:
        assert step("deploy")["env"] == HANDED_ON
        job = read("deploy.yml")["jobs"]["deploy-to-aws"]
        assert [one["name"] for one in job["steps"] if "secrets" in str(one)] == ["Deploy"]
        assert "secrets" not in str({name: job[name] for name in job.keys() - {"steps"}})

    def test_variables_that_may_be_empty_are_dropped(self) -> None:
        script = (ROOT / ".github" / "scripts" / "osls.sh").read_text()
        [dropped] = re.findall(r"for name in (.+); do", script)
        assert set(dropped.split()) == self.env() - {"STAGE", "READ_ONLY", "AWS_REGION"}

    def test_passes_on_what_serverless_yml_reads(self) -> None:
        read_there = set(
            re.findall(r"\$\{env:(\w+)", (ROOT / "serverless.yml").read_text()),
        )
        assert read_there - {"AWS_EMULATED"} == self.env() - {"STAGE", "READ_ONLY"}

    @staticmethod
    def env() -> set[str]:
        """Return all variables that the deployment's step gets."""
        return {*read("deploy.yml")["jobs"]["deploy-to-aws"]["env"], *step("deploy")["env"]}


class TestDependabot:
    def test_waits_a_week_and_groups(self) -> None:
        updates = yaml.safe_load((ROOT / ".github" / "dependabot.yml").read_text())["updates"]
        assert [one["package-ecosystem"] for one in updates] == ["github-actions", "pip", "npm"]
        for one in updates:
            assert one["schedule"] == {"interval": "weekly"}
            assert one["cooldown"]["default-days"] >= 7
            assert one["groups"]
