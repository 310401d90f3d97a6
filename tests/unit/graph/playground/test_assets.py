"""The assets are fetched once for a lock, whole or not at all, and a failure is a sentence."""

import json
import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from graph.playground.assets import FETCHED, MARKER, PACKAGE, Assets, ensure_assets, find_assets
from graph.playground.npm import Npm

from .fake_npm import FailingNpm, InstallingNpm


def only(*npms: Npm) -> Callable[[], Sequence[Npm]]:
    return lambda: npms


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    return tmp_path / "state" / "playground"


class TestEnsureAssets:
    """What a start does with the directory."""

    def test_puts_the_files_flat_into_the_directory(self, directory: Path) -> None:
        assert ensure_assets(directory, only(InstallingNpm())) == Assets(directory)
        assert {path.name for path in directory.iterdir()} == {*FETCHED, MARKER}
        assert (directory / "react.js").read_text(encoding="utf-8") == "react.js of install 1"

    def test_needs_no_npm_the_next_time(self, directory: Path) -> None:
        ensure_assets(directory, only(InstallingNpm()))
        assert ensure_assets(directory, only()) == Assets(directory)

    def test_fetches_anew_for_another_lock(self, directory: Path) -> None:
        npm = InstallingNpm()
        ensure_assets(directory, only(npm))
        (directory / MARKER).write_text("0" * 64, encoding="ascii")
        assert ensure_assets(directory, only(npm)) == Assets(directory)
        assert (directory / "react.js").read_text(encoding="utf-8") == "react.js of install 2"

    def test_fetches_anew_where_a_file_is_gone(self, directory: Path) -> None:
        npm = InstallingNpm()
        ensure_assets(directory, only(npm))
        (directory / "graphiql.css").unlink()
        assert ensure_assets(directory, only(npm)) == Assets(directory)
        assert len(npm.calls) == 2

    def test_fetches_anew_where_the_marker_is_no_text(self, directory: Path) -> None:
        npm = InstallingNpm()
        ensure_assets(directory, only(npm))
        (directory / MARKER).write_bytes(b"\xff\xfe")
        assert ensure_assets(directory, only(npm)).problem is None

    def test_leaves_other_files_alone(self, directory: Path) -> None:
        directory.mkdir(parents=True)
        (directory / "mine.txt").write_text("mine", encoding="utf-8")
        ensure_assets(directory, only(InstallingNpm()))
        assert (directory / "mine.txt").read_text(encoding="utf-8") == "mine"

    def test_tries_the_next_npm(self, directory: Path) -> None:
        npms = only(FailingNpm("SELF_SIGNED_CERT_IN_CHAIN"), InstallingNpm())
        assert ensure_assets(directory, npms) == Assets(directory)


class TestEnsureAssetsFails:
    """What the user is told, and what stays behind."""

    def test_without_npm(self, directory: Path) -> None:
        assert ensure_assets(directory, only()).problem == (
            "GraphiQL's files are missing, and so is npm to fetch them with: "
            "run `pip install 'ml-model-evaluator[local]'`, then start again."
        )

    def test_without_network(self, directory: Path) -> None:
        assert ensure_assets(directory, only(FailingNpm("EAI_AGAIN"))).problem == (
            "GraphiQL's files are missing because npm could not get them from its registry "
            "(EAI_AGAIN): check the network and npm's `registry` setting, then start again."
        )

    def test_on_other_contents_than_the_lock_pins(self, directory: Path) -> None:
        problem = ensure_assets(directory, only(FailingNpm("EINTEGRITY"))).problem
        assert problem is not None
        assert "something else than what package-lock.json pins" in problem

    def test_where_the_directory_cannot_be_made(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        directory = tmp_path / "file" / "playground"
        assert ensure_assets(directory, only(InstallingNpm())).problem == (
            f"GraphiQL's files could not be put into {directory} (Not a directory): "
            "make it writable, then start again."
        )

    def test_and_leaves_nothing_behind(self, directory: Path) -> None:
        ensure_assets(directory, only(FailingNpm("ENOTFOUND")))
        assert list(directory.iterdir()) == []

    def test_and_keeps_what_was_there(self, directory: Path) -> None:
        ensure_assets(directory, only(InstallingNpm()))
        (directory / MARKER).write_text("0" * 64, encoding="ascii")
        ensure_assets(directory, only(FailingNpm("ENOTFOUND")))
        assert (directory / "react.js").read_text(encoding="utf-8") == "react.js of install 1"


class TestInterruption:
    """A start that ended between two files."""

    def test_half_of_the_files_do_not_count(self, directory: Path) -> None:
        interrupted = ensure_assets(directory, only(InstallingNpm(without="graphiql.css")))
        assert interrupted.problem is not None
        assert find_assets(directory).problem is not None
        assert not [path for path in directory.iterdir() if path.name not in FETCHED]

    def test_half_of_an_update_does_not_count(self, directory: Path) -> None:
        ensure_assets(directory, only(InstallingNpm()))
        (directory / MARKER).write_text("0" * 64, encoding="ascii")
        ensure_assets(directory, only(InstallingNpm(without="explorer.css")))
        assert find_assets(directory).problem is not None

    def test_the_next_start_removes_what_a_killed_one_left(self, directory: Path) -> None:
        killed, running = directory / ".fetch-killed", directory / ".fetch-running"
        killed.mkdir(parents=True)
        (killed / "package.json").touch()
        running.mkdir()
        os.utime(killed, (0, 0))
        ensure_assets(directory, only(InstallingNpm()))
        assert not killed.exists()
        assert running.exists()

    def test_the_next_start_mends_it(self, directory: Path) -> None:
        ensure_assets(directory, only(InstallingNpm(without="graphiql.css")))
        assert ensure_assets(directory, only(InstallingNpm())) == Assets(directory)


class TestFindAssets:
    """Looking without fetching."""

    def test_found(self, directory: Path) -> None:
        ensure_assets(directory, only(InstallingNpm()))
        assert find_assets(directory) == Assets(directory)

    def test_not_there(self, directory: Path) -> None:
        problem = find_assets(directory).problem
        assert problem is not None
        assert problem.startswith("GraphiQL's files were not packaged with this deployment: ")
        assert not directory.exists()


class TestLock:
    """What package-lock.json promises."""

    def test_pins_every_package_by_its_hash_and_none_by_an_address(self) -> None:
        text = (PACKAGE / "package-lock.json").read_text(encoding="utf-8")
        _, *packages = json.loads(text)["packages"].values()
        assert all(package["integrity"].startswith("sha512-") for package in packages)
        assert "resolved" not in text
        assert "://" not in text

    def test_installs_little_more_than_what_is_served(self) -> None:
        lock = json.loads((PACKAGE / "package-lock.json").read_bytes())
        assert len(lock["packages"]) <= 10

    def test_versions_are_exact(self) -> None:
        manifest = json.loads((PACKAGE / "package.json").read_bytes())
        assert manifest["private"] is True
        assert all(version[0].isdigit() for version in manifest["dependencies"].values())
