"""`ml-evaluator verify`: a history that needs no trust in the service."""

import json
import shlex
from pathlib import Path

import pytest

from graph.client import Client
from graph.client.values.verification import VERIFICATION_FIELDS
from tests.e2e.cli.conftest import Command

OTHER_HASH = "0" * 64
OTHER_MODEL = "01a208e0-8d43-7394-83c0-437ffe007901"


def part_of(exported: Path, name: str) -> str:
    part: str = json.loads(exported.read_text())[name]
    return part


class TestVerify:
    def test_an_export_needs_no_service(self, exported: Path, offline: Command) -> None:
        ((said,),) = offline.lines("verify", str(exported))
        model_id, head = part_of(exported, "modelId"), part_of(exported, "headHash")
        assert said == f"model {model_id}: intact, 3 entries, head 3:{head}"

    @pytest.mark.parametrize(
        ("altered", "version"), [("Apache-2.0", 2), ("asked for", 2), ("quay", 3), ("CREATE", 1)]
    )
    def test_names_the_version_where_one_character_was_changed(
        self, exported: Path, offline: Command, altered: str, version: int
    ) -> None:
        text = exported.read_text()
        at = text.index(altered, text.index('"history"'))
        exported.write_text(f"{text[:at]}X{text[at + 1 :]}")
        done = offline.run("verify", str(exported))
        assert done.returncode == 4
        assert done.stdout.startswith(f"broken at version {version}: ")
        assert done.stderr == ""

    def test_a_model_is_read_and_recomputed_here(self, command: Command, model_id: str) -> None:
        ((said,),) = command.lines("verify", model_id)
        assert said.startswith(f"model {model_id}: intact, 1 entries, head 1:")

    @pytest.mark.parametrize(
        "content",
        [b"", b"{", b"[]", b"{}", b"[" * 100_000, b"\xff", b'{"format":1,"format":2}', b"NaN"],
        ids=lambda content: repr(content[:20]),
    )
    def test_what_is_no_export_is_not_what_it_must_be(
        self, offline: Command, tmp_path: Path, content: bytes
    ) -> None:
        (path := tmp_path / "x.json").write_bytes(content)
        done = offline.run("verify", str(path))
        assert (done.returncode, done.stdout) == (4, "")
        (told,) = done.stderr.splitlines()
        assert told.startswith(f"{path}: ")

    @pytest.mark.parametrize(
        "altered", [{"format": "x"}, {"formatVersion": 0}, {"records": None}, {"note": "trust me"}]
    )
    def test_an_export_that_was_damaged_is_not_what_it_must_be(
        self, exported: Path, offline: Command, altered: dict[str, object]
    ) -> None:
        exported.write_text(json.dumps(json.loads(exported.read_text()) | altered))
        assert "export" in offline.refused("verify", str(exported), code=4)

    def test_a_newer_format_asks_for_an_update(self, exported: Path, offline: Command) -> None:
        document = json.loads(exported.read_text())
        exported.write_text(json.dumps(document | {"formatVersion": 2}))
        told = offline.refused("verify", str(exported), code=2)
        assert "format version 2" in told
        assert "update" in told

    def test_a_model_needs_a_service(self, offline: Command, model_id: str) -> None:
        assert "--url" in offline.refused("verify", model_id, code=2)


class TestSubject:
    """What is taken for a model, and what for a file."""

    def test_a_file_that_is_called_like_a_model_does_not_stand_in_for_it(
        self, exported: Path, command: Command, client: Client
    ) -> None:
        other = client.create_model(name="other", source="internal", license="mit").model.id
        exported.rename(exported.with_name(other))
        done = command.run("verify", other, cwd=exported.parent)
        assert done.stdout.startswith(f"model {other}: intact, 1 entries, head 1:")
        done = command.run("verify", f"./{other}", cwd=exported.parent)
        assert ": intact, 3 entries, head 3:" in done.stdout
        del command.environ["ML_EVALUATOR_URL"]
        for subject in (other, other.upper()):
            done = command.run("verify", subject, cwd=exported.parent)
            assert done.returncode == 2
            assert f"./{subject}" in done.stderr

    @pytest.mark.parametrize(
        "line",
        [
            *("$RUN verify - < {file}", "$RUN verify /dev/stdin < {file}"),
            *("$RUN verify <(cat {file})", "$RUN verify - --model {model} < <(cat {file})"),
        ],
    )
    def test_a_pipe_is_as_good_as_a_file(self, exported: Path, offline: Command, line: str) -> None:
        model_id = part_of(exported, "modelId")
        done = offline.shell(line.format(file=shlex.quote(str(exported)), model=model_id))
        assert (done.returncode, done.stderr) == (0, "")
        assert done.stdout.startswith(f"model {model_id}: intact, 3 entries")

    def test_standard_input_that_is_no_export_is_told(self, offline: Command) -> None:
        done = offline.shell("$RUN verify - < /dev/null")
        assert (done.returncode, done.stdout) == (4, "")
        assert done.stderr.startswith("-: ")

    def test_standard_input_that_is_closed_is_a_mistake(self, offline: Command) -> None:
        done = offline.shell("$RUN verify - <&-")
        assert (done.returncode, done.stdout) == (2, "")
        assert "closed" in done.stderr

    @pytest.mark.parametrize(
        ("subject", "problem"),
        [
            ("", "give a model's id or a file"),
            (".", "Is a directory"),
            ("histroy.json", "No such file"),
            ("x" * 5_000, "File name too long"),
        ],
        ids=lambda text: repr(text[:20]),
    )
    def test_what_is_neither_is_a_mistake(
        self, command: Command, subject: str, problem: str
    ) -> None:
        told = command.refused("verify", subject, code=2)
        words = " ".join(told.replace("│", " ").split())
        assert "MODEL|EXPORT" in words
        assert problem in words


class TestModel:
    """`--model`: whose history it must be."""

    def test_its_own_is_intact(self, exported: Path, offline: Command) -> None:
        model_id = part_of(exported, "modelId")
        for given in (model_id, model_id.upper()):
            offline.lines("verify", str(exported), "--model", given)

    def test_another_models_is_not_what_it_must_be(self, exported: Path, offline: Command) -> None:
        model_id = part_of(exported, "modelId")
        done = offline.run("verify", str(exported), "--model", OTHER_MODEL)
        problem = f"the history is that of model {model_id}, and not of {OTHER_MODEL}"
        assert (done.returncode, done.stdout) == (4, f"broken at version 1: {problem}\n")

    @pytest.mark.parametrize("given", ["", "harbor", OTHER_MODEL[:-1]])
    def test_what_is_no_id_is_a_mistake(self, exported: Path, offline: Command, given: str) -> None:
        assert "--model" in offline.refused("verify", str(exported), "--model", given, code=2)


class TestExpect:
    """`--expect`: what was kept of an earlier run."""

    def test_takes_what_verify_said_before(
        self, command: Command, client: Client, model_id: str
    ) -> None:
        ((said,),) = command.lines("verify", model_id)
        kept = said.split()[-1]
        client.update_model(model_id, name="quay")
        ((later,),) = command.lines("verify", model_id, "--expect", kept)
        assert ": intact, 2 entries, head 2:" in later

    @pytest.mark.parametrize("version", [1, 2, 3])
    def test_another_history_is_found_at_its_version(
        self, exported: Path, offline: Command, version: int
    ) -> None:
        done = offline.run("verify", str(exported), "--expect", f"{version}:{OTHER_HASH}")
        problem = "the entry's hash is not the one in the receipt"
        assert (done.returncode, done.stdout) == (4, f"broken at version {version}: {problem}\n")

    def test_a_history_that_was_cut_short_is_found(self, exported: Path, offline: Command) -> None:
        document = json.loads(exported.read_text())
        kept = f"3:{document['headHash']}"
        document["history"].pop()
        last = document["history"][-1]
        document |= {"headHash": last["entry"]["hash"], "current": last["snapshot"]}
        exported.write_text(json.dumps(document))
        assert offline.run("verify", str(exported)).returncode == 0
        done = offline.run("verify", str(exported), "--expect", kept)
        assert done.returncode == 4
        assert done.stdout == "broken at version 3: the entry of version 3 is missing\n"

    @pytest.mark.parametrize(
        "receipt",
        [
            *("", "1", OTHER_HASH, f"0:{OTHER_HASH}", f"-1:{OTHER_HASH}", f"1:{OTHER_HASH}0"),
            *(
                "1:abc",
                f"x:{OTHER_HASH}",
                f"1:{'A' * 64}",
                f"1:{OTHER_HASH}\n",
                f"\N{ARABIC-INDIC DIGIT ONE}:{OTHER_HASH}",
            ),
            f"{'9' * 5_000}:{OTHER_HASH}",
        ],
        ids=lambda receipt: repr(receipt[:12]),
    )
    def test_what_is_no_receipt_is_a_mistake(
        self, exported: Path, offline: Command, receipt: str
    ) -> None:
        told = offline.refused("verify", str(exported), f"--expect={receipt}", code=2)
        assert "--expect" in told
        assert "VERSION:HASH" in told


class TestJson:
    """`verify --json`: what the API says of a history, under its names."""

    def test_says_what_the_service_says(
        self, exported: Path, offline: Command, client: Client
    ) -> None:
        said = offline.json("verify", str(exported))
        model_id = part_of(exported, "modelId")
        service = client.verify_history(model_id)
        assert list(said) == ["model", *VERIFICATION_FIELDS.split()]
        assert said == {
            "model": {"uuid": model_id},
            "intact": service.intact,
            "complete": service.complete,
            "entriesChecked": service.entries_checked,
            "headHash": service.head_hash,
            "brokenAtVersion": service.broken_at_version,
            "problem": service.problem,
        }

    def test_names_where_it_does_not_hold(self, exported: Path, offline: Command) -> None:
        head, model_id = part_of(exported, "headHash"), part_of(exported, "modelId")
        exported.write_text(exported.read_text().replace("asked for", "taken"))
        done = offline.run("verify", str(exported), "--json")
        assert done.returncode == 4
        assert json.loads(done.stdout) == {
            "model": {"uuid": model_id},
            "intact": False,
            "complete": False,
            "entriesChecked": 1,
            "headHash": head,
            "brokenAtVersion": 2,
            "problem": "the entry was altered",
        }
