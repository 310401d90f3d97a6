"""`ml-evaluator push` and `pull`, ended by a signal halfway, as S3 sees it."""

import hashlib
import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.client import Client
from graph.local.server import LocalServer
from tests.e2e.cli.conftest import COMMAND, Command
from tests.e2e.watched_s3 import WatchedS3

PART = 5 * 1024 * 1024
PARTS = 8
CONTENT = os.urandom((PARTS - 1) * PART + 1)


@pytest.fixture(scope="module")
def watched() -> WatchedS3:
    return WatchedS3()


@pytest.fixture(scope="module")
def server(watched: WatchedS3) -> Iterator[LocalServer]:
    with watched.in_place(), LocalServer() as running:
        yield running


@pytest.fixture
def s3(watched: WatchedS3) -> WatchedS3:
    watched.forget()
    return watched


@pytest.fixture
def content(tmp_path: Path) -> Path:
    (path := tmp_path / "weights.bin").write_bytes(CONTENT)
    return path


def started(command: Command, *arguments: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(  # noqa: S603  # our own command
        [COMMAND, *arguments],
        env=command.environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


class TestPush:
    @pytest.fixture
    def arguments(self, content: Path, model_id: str) -> list[str]:
        return ["push", str(content), "--model", model_id, "--part-size-mib", "5"]

    def test_killed_twice_sends_no_part_again_that_s3_has(
        self,
        command: Command,
        client: Client,
        s3: WatchedS3,
        model_id: str,
        arguments: list[str],
    ) -> None:
        for stored in (2, 4):
            before = {*s3.taken}
            s3.sent.clear()
            with s3.cut_after(2) as hold, started(command, *arguments) as cut:
                hold.await_reached()
                cut.kill()
                assert cut.wait() == -signal.SIGKILL
            assert before.isdisjoint(s3.sent)
            assert len(s3.taken) == stored
        before = {*s3.taken}
        s3.sent.clear()
        ((artifact_id, *_, status),) = command.lines(*arguments)
        assert sorted([*before, *s3.sent]) == [*range(1, PARTS + 1)]
        assert sorted(s3.taken) == [*range(1, PARTS + 1)]
        (artifact,) = client.artifacts(model_id)
        assert (artifact.id, artifact.status) == (artifact_id, status) == (artifact_id, "AVAILABLE")
        assert artifact.sha256 == hashlib.sha256(CONTENT).hexdigest()

    def test_again_sends_nothing(
        self, command: Command, s3: WatchedS3, arguments: list[str]
    ) -> None:
        first = command.lines(*arguments)
        assert sorted(s3.sent) == [*range(1, PARTS + 1)]
        s3.forget()
        assert command.lines(*arguments) == first
        assert s3.sent == []

    @pytest.mark.parametrize("size", [3, len(CONTENT)], ids=["one piece", "parts"])
    def test_of_a_file_that_is_written_to_meanwhile_is_refused(
        self,
        command: Command,
        client: Client,
        s3: WatchedS3,
        model_id: str,
        arguments: list[str],
        content: Path,
        size: int,
    ) -> None:
        content.write_bytes(CONTENT[:size])
        s3.when_sent = lambda: os.utime(content, ns=(0, 0))
        said = command.refused(*arguments, code=1)
        assert "was altered while it was being sent: push it again" in said
        assert list(client.artifacts(model_id)) == []


class TestPull:
    @pytest.mark.parametrize(
        ("number", "code"),
        [(signal.SIGTERM, 143), (signal.SIGINT, 130), (signal.SIGHUP, 129)],
        ids=["TERM", "INT", "HUP"],
    )
    @pytest.mark.parametrize("before", [None, b"before"], ids=["new", "there"])
    def test_ended_halfway_leaves_what_was_there(
        self,
        command: Command,
        client: Client,
        s3: WatchedS3,
        model_id: str,
        tmp_path: Path,
        number: signal.Signals,
        code: int,
        before: bytes | None,
    ) -> None:
        (tmp_path / "sent").write_bytes(os.urandom(1_000_000))
        artifact = client.push(tmp_path / "sent", model_id)
        (place := tmp_path / "place").mkdir()
        if before is not None:
            (place / "again").write_bytes(before)
        arguments = ["pull", artifact.id, "-o", str(place / "again")]
        with s3.stalled_downloads() as hold, started(command, *arguments) as ended:
            hold.await_reached()
            assert any(one.name.endswith(".part") for one in place.iterdir())
            ended.send_signal(number)
            said = ended.communicate(timeout=30)
        assert ended.returncode == code
        assert "Traceback" not in said[1]
        left = {one.name: one.read_bytes() for one in place.iterdir()}
        assert left == ({} if before is None else {"again": before})
