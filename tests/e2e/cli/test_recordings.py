"""docs/CLI.md: its recordings are what its commands show, and its table of exit codes is true."""

import re
from typing import Any

import pytest
from typer.main import get_command

from graph.cli import exits
from graph.cli.app import app
from tests.e2e.cli.recording import BLOCK, PAGE, recorded
from tests.unit.docs_masks import Masks

TEXT = PAGE.read_text(encoding="utf-8")
HASH = re.compile(r"\b[0-9a-f]{64}\b")
NODE = re.compile(r"\bYXJ0aWZhY3Q6[\w-]+")


def masked(text: str, masks: Masks) -> str:
    """Return what is the same in every run; ids have one length, so columns stay where they are."""
    return NODE.sub("artifact", HASH.sub("hash", masks.masked(text)))


def test_every_recording_is_what_is_shown_now() -> None:
    page, run = Masks(), Masks()
    found = list(recorded(TEXT))
    assert len(found) == len(re.findall(r"^\$ ", "".join(BLOCK.findall(TEXT)), re.MULTILINE))
    for step, shown in found:
        assert masked(shown, run) == masked(step.shown, page), step.command


def test_exit_codes_are_those_of_the_code() -> None:
    told = re.findall(r"^\| (\d+) \|", TEXT, re.MULTILINE)
    codes = [value for name, value in vars(exits).items() if name.isupper()]
    assert [int(code) for code in told] == [0, *codes]


def commands(command: Any, *names: str) -> list[str]:  # noqa: ANN401  # Click's
    """Return every command by its whole name."""
    if not hasattr(command, "commands"):
        return [" ".join(names)]
    found = (commands(below, *names, name) for name, below in command.commands.items())
    return [name for below in found for name in below]


@pytest.mark.parametrize("name", commands(get_command(app)))
def test_every_command_is_told_of(name: str) -> None:
    assert f"ml-evaluator {name}" in TEXT or name.startswith("keys ")
