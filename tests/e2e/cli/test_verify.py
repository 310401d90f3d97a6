"""`ml-evaluator export` and `verify`: a history that needs no trust in the service."""

import json
import os
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from graph.cli.verify import _utf8
from graph.client import Client
from graph.client.values.verification import VERIFICATION_FIELDS
from tests.e2e.cli.conftest import COMMAND, Command

OTHER_HASH = "0" * 64


@pytest.fixture
def exported(command: Command, client: Client, model_id: str, tmp_path: Path) -> Path:
    client.update_model(model_id, license="Apache-2.0", reason="asked for")
    client.update_model(model_id, name="quay")
    path = tmp_path / "history.json"
    assert command.lines("export", model_id, "-o", str(path)) == [[str(path)]]
    return path


def head_of(exported: Path) -> str:
    head: str = json.loads(exported.read_text())["headHash"]
    return head


def shell(command: Command, line: str) -> subprocess.CompletedProcess[str]:
    """Run a line of the shell, `$RUN` in it being the command; a pipe ends as its first part."""
    return subprocess.run(  # noqa: S603  # a test's own line
        ["/bin/bash", "-c", f"{line}; exit ${{PIPESTATUS[0]}}"],
        capture_output=True,
        check=False,
        env=command.environ | {"RUN": COMMAND},
        text=True,
        timeout=60,
    )


@pytest.fixture
def offline(command: Command) -> Command:
    """The command, where there is no service."""
    del command.environ["ML_EVALUATOR_URL"]
    return command


class TestVerify:
    def test_an_export_needs_no_service(self, exported: Path, offline: Command) -> None:
        ((said,),) = offline.lines("verify", str(exported))
        assert said == f"intact, 3 entries, head 3:{head_of(exported)}"

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
        assert said.startswith("intact, 1 entries, head 1:")

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


class TestExpect:
    """`--expect`: what was kept of an earlier run."""

    def test_takes_what_verify_said_before(
        self, command: Command, client: Client, model_id: str
    ) -> None:
        ((said,),) = command.lines("verify", model_id)
        kept = said.split()[-1]
        client.update_model(model_id, name="quay")
        ((later,),) = command.lines("verify", model_id, "--expect", kept)
        assert later.startswith("intact, 2 entries, head 2:")

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
        service = client.verify_history(json.loads(exported.read_text())["modelId"])
        assert list(said) == VERIFICATION_FIELDS.split()
        assert said == {
            "intact": service.intact,
            "complete": service.complete,
            "entriesChecked": service.entries_checked,
            "headHash": service.head_hash,
            "brokenAtVersion": service.broken_at_version,
            "problem": service.problem,
        }

    def test_names_where_it_does_not_hold(self, exported: Path, offline: Command) -> None:
        head = head_of(exported)
        exported.write_text(exported.read_text().replace("asked for", "taken"))
        done = offline.run("verify", str(exported), "--json")
        assert done.returncode == 4
        assert json.loads(done.stdout) == {
            "intact": False,
            "complete": False,
            "entriesChecked": 1,
            "headHash": head,
            "brokenAtVersion": 2,
            "problem": "the entry was altered",
        }


class TestExport:
    def test_goes_to_standard_output(self, command: Command, model_id: str) -> None:
        document = json.loads(command.run("export", model_id).stdout)
        assert (document["modelId"], len(document["history"])) == (model_id, 1)

    def test_of_nothing_leaves_what_is_there(self, command: Command, tmp_path: Path) -> None:
        (path := tmp_path / "x.json").write_text("before")
        assert "NOT_FOUND" in command.refused("export", "nope", "-o", str(path), code=1)
        assert path.read_text() == "before"

    def test_to_where_nothing_can_be_written_is_told(
        self, command: Command, model_id: str, tmp_path: Path
    ) -> None:
        path = tmp_path / "none" / "x.json"
        assert "No such file" in command.refused("export", model_id, "-o", str(path), code=1)

    @pytest.mark.parametrize("given", [".", "{place}", "{place}/"])
    def test_goes_into_a_directory_under_the_models_id(
        self, command: Command, model_id: str, tmp_path: Path, given: str
    ) -> None:
        output = given.format(place=tmp_path)
        done = command.run("export", model_id, "-o", output, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        (path,) = tmp_path.iterdir()
        assert path.name == f"{model_id}.json"
        assert done.stdout == f"{Path(output) / path.name}\n"
        assert json.loads(path.read_text())["modelId"] == model_id

    def test_to_no_name_is_a_mistake(self, command: Command, model_id: str, tmp_path: Path) -> None:
        done = command.run("export", model_id, "-o", "", cwd=tmp_path)
        assert done.returncode == 2
        assert "--output" in done.stderr
        assert not [*tmp_path.iterdir()]

    @pytest.mark.parametrize("kind", ["pipe", "link", "dangling link"])
    def test_replaces_nothing_but_files(
        self, command: Command, model_id: str, tmp_path: Path, kind: str
    ) -> None:
        (kept := tmp_path / "kept").write_text("before")
        path = tmp_path / "x.json"
        make: dict[str, Callable[[], object]] = {
            "pipe": lambda: os.mkfifo(path),
            "link": lambda: path.symlink_to(kept),
            "dangling link": lambda: path.symlink_to(tmp_path / "nothing"),
        }
        make[kind]()
        before = path.lstat().st_ino
        told = command.refused("export", model_id, "-o", str(path), code=1)
        assert told == f"{path} is there and is no regular file: give another destination\n"
        assert path.lstat().st_ino == before
        assert kept.read_text() == "before"
        assert {one.name for one in tmp_path.iterdir()} == {"kept", "x.json"}

    def test_a_file_that_is_replaced_keeps_its_mode(self, command: Command, exported: Path) -> None:
        model_id, before = json.loads(exported.read_text())["modelId"], exported.stat()
        exported.chmod(0o640)
        command.lines("export", model_id, "-o", str(exported))
        after = exported.stat()
        assert after.st_mode & 0o777 == 0o640
        assert after.st_ino != before.st_ino  # put there whole, and never written over
        assert [*exported.parent.iterdir()] == [exported]

    def test_what_no_encoding_has_is_written_as_an_escape(self) -> None:
        text = json.dumps("é\ud800\udfff", ensure_ascii=False)
        assert _utf8(text).decode() == '"é\\ud800\\udfff"'

    def test_follows_no_link_that_waits_beside_the_file(
        self, command: Command, model_id: str, tmp_path: Path
    ) -> None:
        (kept := tmp_path / "kept").write_text("before")
        (tmp_path / ".x.json.part").symlink_to(kept)
        command.lines("export", model_id, "-o", str(tmp_path / "x.json"))
        assert kept.read_text() == "before"


class TestOutput:
    """Where standard output takes nothing more."""

    @pytest.mark.parametrize(
        "command_line", ["export {model}", "verify {model}", "verify {model} --json"]
    )
    def test_a_full_device_is_told_in_a_line(
        self, command: Command, model_id: str, command_line: str
    ) -> None:
        done = shell(command, f"$RUN {command_line.format(model=model_id)} > /dev/full")
        assert done.returncode == 1
        (told,) = done.stderr.splitlines()
        assert "No space left" in told

    def test_where_an_export_was_written_is_there_though_it_cannot_be_said(
        self, command: Command, model_id: str, tmp_path: Path
    ) -> None:
        path = tmp_path / "x.json"
        done = shell(command, f"$RUN export {model_id} -o {shlex.quote(str(path))} > /dev/full")
        assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
        assert json.loads(path.read_text())["modelId"] == model_id

    def test_a_pipe_that_is_closed_is_no_reason_to_complain(
        self, command: Command, client: Client, model_id: str
    ) -> None:
        for number in range(10):  # more than a pipe holds
            client.update_model(model_id, risk_notes=f"{number}" * 9_000)
        done = shell(command, f"$RUN export {model_id} | head -1")
        assert (done.stdout, done.stderr) == ("{\n", "")
        done = shell(command, f"$RUN verify {model_id} | true")
        assert done.stderr == ""
