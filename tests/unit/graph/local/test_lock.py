"""One server for one data directory."""

import os
from pathlib import Path

import pytest

from graph.local.errors import LocalError
from graph.local.lock import DirectoryLock


class TestDirectoryLock:
    """Holding a directory."""

    def test_the_directory_is_made_for_its_owner_only(self, tmp_path: Path) -> None:
        directory = tmp_path / "deep" / "state"
        with DirectoryLock(directory):
            assert directory.stat().st_mode & 0o777 == 0o700

    def test_a_second_holder_is_told_who_the_first_is(self, tmp_path: Path) -> None:
        with (
            DirectoryLock(tmp_path),
            pytest.raises(LocalError, match=rf"in use by another server \(process {os.getpid()}\)"),
            DirectoryLock(tmp_path),
        ):
            raise AssertionError("held twice")

    def test_it_can_be_held_again_afterwards(self, tmp_path: Path) -> None:
        with DirectoryLock(tmp_path):
            pass
        with DirectoryLock(tmp_path):
            pass

    def test_a_file_in_its_place_is_refused_in_words(self, tmp_path: Path) -> None:
        file = tmp_path / "file"
        file.touch()
        with pytest.raises(LocalError, match="--state-dir"), DirectoryLock(file):
            raise AssertionError("held a file")
