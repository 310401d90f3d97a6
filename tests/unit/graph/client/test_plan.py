"""How files are cut, and where they may go."""

import errno
import os
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.client import ClientError, FileChanged, UnexpectedAnswer
from graph.client.files.destination import Target, replacing, target_of
from graph.client.files.plan import PART_DEFAULT_BYTES, part_size_for
from graph.client.files.source import Digests, Source
from models.artifacts.parts import (
    FILE_MAX_BYTES,
    PART_MAX_BYTES,
    PART_MIN_BYTES,
    PARTS_MAX,
    SINGLE_PUT_MAX_BYTES,
    part_count,
)
from tests.storage.depot import in_parts, sha256


class TestPlan:
    """part_size_for."""

    @given(
        size=st.integers(0, FILE_MAX_BYTES),
        wanted=st.none() | st.integers(PART_MIN_BYTES, PART_MAX_BYTES),
    )
    def test_every_plan_is_within_the_limits(self, size: int, wanted: int | None) -> None:
        part_size = part_size_for(size, wanted)
        if part_size is None:
            assert size <= min(wanted or PART_DEFAULT_BYTES, SINGLE_PUT_MAX_BYTES)
        else:
            assert PART_MIN_BYTES <= part_size <= PART_MAX_BYTES
            assert 1 < part_count(size, part_size) <= PARTS_MAX
            assert part_size >= (wanted or PART_DEFAULT_BYTES)

    @pytest.mark.parametrize("wanted", [0, PART_MIN_BYTES - 1, PART_MAX_BYTES + 1])
    def test_a_part_of_another_size_is_refused(self, wanted: int) -> None:
        with pytest.raises(ValueError, match="part_size must be"):
            part_size_for(1, wanted)

    def test_a_file_that_is_too_large_is_refused(self) -> None:
        with pytest.raises(ValueError, match="may have"):
            part_size_for(FILE_MAX_BYTES + 1, None)


class TestDigests:
    """Hashing in one pass."""

    @pytest.mark.parametrize("extra", [-1, 0, 1, PART_MIN_BYTES])
    def test_whole_and_parts(self, tmp_path: Path, extra: int) -> None:
        content = bytes(range(256)) * (PART_MIN_BYTES // 256) + b"x" * max(extra, 0)
        content = content[: PART_MIN_BYTES + extra]
        (path := tmp_path / "f").write_bytes(content)
        with Source(path, PART_MIN_BYTES) as source:
            found = source.digests
        if extra <= 0:
            assert found == Digests(len(content), sha256(content))
        else:
            parts = in_parts(content)["partSha256"]
            assert found.sha256 == sha256(content)
            assert list(found.part_sha256) == parts

    def test_a_file_that_shrinks_is_found(self, tmp_path: Path) -> None:
        (path := tmp_path / "f").write_bytes(b"abc")
        with Source(path, None) as source:
            path.write_bytes(b"a")
            with pytest.raises(FileChanged):
                list(source.pieces(0, 3))

    def test_a_pipe_is_never_opened(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        os.mkfifo(path := tmp_path / "pipe")
        monkeypatch.setattr(os, "open", lambda *_: pytest.fail("it was opened"))
        with pytest.raises(ValueError, match="pipe is no regular file"):
            Source(path, None)

    def test_a_pipe_that_takes_the_files_place_is_not_waited_for(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (path := tmp_path / "f").write_bytes(b"abc")
        opened, descriptors = os.open, []

        def replaced(name: Path, flags: int) -> int:
            path.unlink()
            os.mkfifo(path)
            assert flags & os.O_NONBLOCK  # without, this test would wait for ever
            descriptors.append(opened(name, flags))
            return descriptors[0]

        monkeypatch.setattr(os, "open", replaced)
        with pytest.raises(ValueError, match="f is no regular file"):
            Source(path, None)
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(descriptors[0])


class TestNames:
    """target_of."""

    @pytest.mark.parametrize("name", ["", ".", "..", "a/b", "/etc/passwd", "a\\b", "a\0b"])
    def test_a_path_is_refused(self, name: str, tmp_path: Path) -> None:
        with pytest.raises(UnexpectedAnswer):
            target_of(tmp_path, name)

    @pytest.mark.parametrize("name", [".bashrc", "a\n", "a\u202eb", "\x1b[2J"])
    def test_what_hides_or_deceives_is_refused(self, name: str, tmp_path: Path) -> None:
        with pytest.raises(ClientError, match="give -o NAME") as raised:
            target_of(tmp_path, name)
        assert str(raised.value).isprintable()

    @given(st.text(max_size=20))
    def test_nothing_leaves_the_directory(self, name: str) -> None:
        directory = Path(__file__).parent
        try:
            target = target_of(directory, name)
        except ClientError:
            return
        assert target.path.parent == directory

    def test_a_path_of_the_callers_own_is_taken(self, tmp_path: Path) -> None:
        assert target_of(tmp_path / "mine", "../theirs") == Target(tmp_path / "mine")


class TestReplacing:
    """A name that was the service's choice."""

    def test_takes_no_place_that_was_taken_meanwhile(self, tmp_path: Path) -> None:
        target = target_of(tmp_path, "f")
        with pytest.raises(ClientError, match="other bytes: give -o NAME"):  # noqa: SIM117, PT012
            with replacing(target) as output:
                output.write(b"theirs")
                target.path.write_bytes(b"ours")
        assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("f", b"ours")]

    def test_leaves_the_same_bytes_that_came_meanwhile(self, tmp_path: Path) -> None:
        target = target_of(tmp_path, "f")
        with replacing(target) as output:
            output.write(b"same")
            target.path.write_bytes(b"same")
        assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("f", b"same")]

    @pytest.mark.parametrize("is_there", [True, False])
    def test_goes_without_links(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool
    ) -> None:
        def refuse(*_: object) -> None:
            raise OSError(errno.EPERM, "Operation not permitted")

        monkeypatch.setattr(Path, "hardlink_to", refuse)
        target = target_of(tmp_path, "f")
        with suppress(ClientError), replacing(target) as output:
            output.write(b"new")
            if is_there:
                target.path.write_bytes(b"ours")
        content = b"ours" if is_there else b"new"
        assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("f", content)]
