"""`ml-evaluator models`."""

import json
import subprocess
from pathlib import Path

import pytest

from graph.client import Client
from tests.e2e.cli.conftest import COMMAND, Command

PAGE = "https://huggingface.co/northwind/harbor-tides-small"


class TestChanges:
    def test_create_shows_the_model(self, command: Command) -> None:
        made = command.json(
            *("models", "create", "harbor", "--source", "huggingface", "--license", "MIT"),
            *("--metadata", '{"someKey": [1, 1.0]}', "--risk-notes", "none", "--reason", "first"),
        )
        assert made["model"]["metadata"] == {"someKey": [1, 1.0]}
        assert made["model"]["licenseDecision"]["verdict"] == "ALLOWED"
        assert (made["changeEntry"]["version"], made["changeEntry"]["reason"]) == (1, "first")

    def test_metadata_can_come_from_a_file(self, command: Command, tmp_path: Path) -> None:
        (file := tmp_path / "m.json").write_text('{"a": 1}')
        made = command.json(
            *("models", "create", "m", "--source", "s", "--license", "MIT"),
            *("--metadata", f"@{file}"),
        )
        assert made["model"]["metadata"] == {"a": 1}

    def test_update_changes_what_is_given(self, command: Command, model_id: str) -> None:
        changed = command.json(
            *("models", "update", model_id, "--license", "Apache-2.0", "--changed-by", "reviewer"),
            *("--metadata-patch", '{"b": 2}', "--expected-version", "1"),
        )
        assert changed["changeEntry"]["fieldsChanged"] == ["license", "metadata"]
        assert changed["changeEntry"]["changedBy"] == "reviewer"
        assert changed["model"]["name"] == "harbor"

    def test_a_page_can_be_given_and_cleared(self, command: Command, model_id: str) -> None:
        page = f"https://example.com/{model_id}"
        given = command.json("models", "update", model_id, "--source-url", page)
        assert given["model"]["sourceUrl"] == page
        cleared = command.json("models", "update", model_id, "--source-url", "")
        assert cleared["model"]["sourceUrl"] is None

    def test_delete_and_restore(self, command: Command, model_id: str) -> None:
        assert command.json("models", "delete", model_id)["model"]["state"] == "DELETED"
        shown = command.lines("models", "restore", model_id, "--reason", "again")
        assert ["state", "ACTIVE"] in shown
        assert ["changed", "state"] in shown

    def test_a_change_of_nothing_says_so(self, command: Command, model_id: str) -> None:
        shown = command.lines("models", "update", model_id, "--name", "harbor")
        assert ["changed", "nothing"] in shown


class TestReading:
    def test_list_filters_and_orders(self, command: Command, client: Client) -> None:
        source = "list-filters"
        for name in ("b", "a", "c"):
            client.create_model(name=name, source=source, license="mit")
        gone = client.create_model(name="d", source=source, license="mit").model.id
        client.delete_model(gone)
        names = command.lines(
            "models", "list", "--source", source, "--order", "name", "--ascending"
        )
        assert [row[1] for row in names] == ["a", "b", "c"]
        two = command.json("models", "list", "--source", source, "--order", "name", "--limit", "2")
        assert [model["name"] for model in two] == ["c", "b"]
        every = command.lines("models", "list", "--source", source, "--state", "all")
        assert sorted(row[1] for row in every) == ["a", "b", "c", "d"]
        (deleted,) = command.lines("models", "list", "--source", source, "--state", "deleted")
        assert deleted[1] == "d"

    def test_list_filters_by_name_and_time(self, command: Command, client: Client) -> None:
        source = "list-times"
        made = [
            client.create_model(name=name, source=source, license="mit").model
            for name in ("Tern-base", "tern-large", "base")
        ]
        changed = client.update_model(made[0].id, license="isc").model

        def names(*options: str) -> list[str]:
            rows = command.lines("models", "list", "--source", source, *options)
            return sorted(row[1] for row in rows)

        assert names("--name", "tern") == ["Tern-base", "tern-large"]
        assert names("--name-contains", "BASE") == ["Tern-base", "base"]
        assert names("--created-after", made[0].created_at) == ["base", "tern-large"]
        assert names("--created-before", made[1].created_at) == ["Tern-base"]
        assert names("--updated-after", made[2].updated_at) == ["Tern-base"]
        assert names("--updated-before", changed.updated_at) == ["base", "tern-large"]
        assert names("--license", "ISC") == ["Tern-base"]

    def test_list_filters_by_score(self, command: Command) -> None:
        (found,) = command.json("evaluate", PAGE)
        score, model = found["netScore"], found["model"]["uuid"]
        enough = command.lines("models", "list", "--min-score", f"{score}")
        assert [row[0] for row in enough] == [model]
        assert command.lines("models", "list", "--min-score", f"{score + 0.01:.4f}") == []

    def test_a_limit_and_all_are_two_things(self, command: Command, model_id: str) -> None:
        for words in (["list"], ["history", model_id]):
            said = command.refused("models", *words, "--limit", "3", "--all", code=2)
            assert "--limit" in said

    def test_the_past_is_shown(self, command: Command, client: Client, model_id: str) -> None:
        client.update_model(model_id, license="Apache-2.0")
        then = command.json("models", "show", model_id, "--version", "1")
        assert (then["license"], then["id"]) == ("mit", f"{model_id}@1")
        history = command.lines("models", "history", model_id)
        assert [row[:2] for row in history] == [["2", "UPDATE"], ["1", "CREATE"]]
        oldest = command.json("models", "history", model_id, "--oldest-first", "--limit", "1")
        assert [entry["action"] for entry in oldest] == ["CREATE"]
        before = command.json("models", "show", model_id, "--as-of", oldest[0]["timestamp"])
        assert before["version"] == 1
        assert command.lines("models", "diff", model_id, "1", "2") == [
            ["license", "mit", "Apache-2.0"]
        ]


class TestRefusals:
    """What is wrong is said on standard error, without a traceback."""

    def test_of_the_service_have_code_field_and_request_id(
        self, command: Command, model_id: str
    ) -> None:
        said = command.refused("models", "delete", model_id, "--expected-version", "7", code=1)
        first, second = said.splitlines()
        assert first.startswith("VERSION_CONFLICT: ")
        assert first.endswith("(expectedVersion)")
        assert second.startswith("request id: ")

    def test_every_reason_is_told(self, command: Command) -> None:
        said = command.refused(
            *("models", "create", "", "--source", "", "--license", "MIT"), code=1
        )
        assert said.count("INVALID_INPUT") == 2

    def test_of_a_model_that_is_not_there(self, command: Command) -> None:
        assert "NOT_FOUND" in command.refused("models", "show", "nope", code=1)

    @pytest.mark.parametrize("empty", ["", " "])
    def test_of_an_empty_id(self, command: Command, empty: str) -> None:
        for words in (["show"], ["history"], ["delete"], ["update", "--name", "x"]):
            said = command.refused("models", *words, empty, code=2)
            assert "give the model's id" in said

    @pytest.mark.parametrize("text", ["{", "[]", "1", "@/nowhere"])
    def test_of_metadata_that_is_none(self, command: Command, model_id: str, text: str) -> None:
        said = command.refused("models", "update", model_id, "--metadata", text, code=2)
        assert "--metadata" in said

    def test_of_a_service_that_is_not_there(self, command: Command) -> None:
        said = command.refused("models", "list", "--url", "http://127.0.0.1:1", code=1)
        assert "cannot be reached" in said
        assert len(said.splitlines()) == 1

    def test_of_an_address_that_is_none(self, command: Command) -> None:
        assert "--url" in command.refused("models", "list", "--url", "nowhere", code=2)

    def test_of_a_missing_address(self, command: Command) -> None:
        del command.environ["ML_EVALUATOR_URL"]
        assert "ML_EVALUATOR_URL" in command.refused("models", "list", code=2)

    def test_of_credentials_in_plain_sight(self, command: Command) -> None:
        said = command.refused(
            *("models", "list", "--url", "http://svc.example", "--api-key", "mle_secret"), code=2
        )
        assert "mle_secret" not in said

    def test_of_a_key_that_is_none(self, command: Command) -> None:
        command.environ["ML_EVALUATOR_API_KEY"] = "mle secret"
        said = command.refused("models", "list", code=2)
        assert "--api-key" in said
        assert "--url" not in said
        assert "mle secret" not in said


def test_help_loads_nothing_that_is_slow() -> None:
    probe = (
        "import json, sys; from graph.cli.app import app; import typer.testing;"
        "typer.testing.CliRunner().invoke(app, ['--help']);"
        "slow = ('strawberry', 'boto3', 'botocore', 'httpx2', 'pynamodb', 'graphql', 'starlette');"
        "print(json.dumps([name for name in slow if name in sys.modules]))"
    )
    done = subprocess.run(  # noqa: S603  # our own probe
        [str(Path(COMMAND).with_name("python")), "-c", probe],
        capture_output=True,
        check=True,
        text=True,
    )
    assert json.loads(done.stdout) == []


def test_shells_can_complete_it(command: Command) -> None:
    environ = {
        **command.environ,
        "_ML_EVALUATOR_COMPLETE": "complete_bash",
        "COMP_WORDS": "ml-evaluator models h",
        "COMP_CWORD": "2",
    }
    done = subprocess.run(  # noqa: S603  # our own command
        [COMMAND], capture_output=True, check=False, env=environ, text=True
    )
    assert "history" in done.stdout.split()
