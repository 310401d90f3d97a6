"""What commands print: tables for people at a terminal, plain lines in a pipe, JSON where asked."""

import dataclasses
import json
import os
import shutil
import sys
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any

import typer

if TYPE_CHECKING:
    from rich.console import Console

Cell = object


def print_rows(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Print a table; in a pipe a line for each row, its cells separated by tabs, as they come."""
    if not sys.stdout.isatty():
        for row in rows:
            typer.echo("\t".join(map(plain, row)))
        return
    _print_table(columns, [[plain(cell) for cell in row] for row in rows])


def _print_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print a table, wider than the terminal if need be: an id must stay whole to be copied."""
    from rich.cells import cell_len  # noqa: PLC0415 - slow to import
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=None, pad_edge=False, header_style="bold", show_header=any(columns))
    least = 0
    for number, name in enumerate(columns):
        words = [word for row in rows for word in row[number].split()]
        longest = max(map(cell_len, [name, *words]))
        table.add_column(name, min_width=longest, overflow="fold")
        least += longest + 2
    for row in rows:
        table.add_row(*map(Text, row))
    terminal = shutil.get_terminal_size()
    console(width=max(terminal.columns, least), height=terminal.lines).print(table)


def console(**options: Any) -> "Console":  # noqa: ANN401 - Rich's own
    """Return what draws on a terminal: in no style at all where NO_COLOR is set."""
    from rich.console import Console  # noqa: PLC0415 - slow to import

    return Console(color_system=None if colors_are_unwanted() else "auto", **options)


def colors_are_unwanted() -> bool:
    """Tell whether NO_COLOR is set: https://no-color.org."""
    return bool(os.environ.get("NO_COLOR"))


def print_facts(facts: Iterable[tuple[str, Cell]]) -> None:
    """Print names with their values, a line for each."""
    print_rows(("", ""), facts)


def print_json(value: object) -> None:
    """Print a value under the API's own names.

    Raises:
        ValueError: it has NaN or an infinity, for which JSON has no notation.
    """
    print_text(json.dumps(api_value(value), ensure_ascii=False, allow_nan=False, indent=2))


def print_text(text: str) -> None:
    """Print a JSON text: what a terminal would obey, and what the encoding lacks, as escapes.

    In JSON all such characters stand inside of strings, so that the value stays the same.
    """
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    shown = "".join(
        sign if sign == "\n" or sign.isprintable() else json.dumps(sign)[1:-1] for sign in text
    )
    try:
        shown.encode(encoding)
    except UnicodeEncodeError:
        shown = "".join(sign if sign.isascii() else json.dumps(sign)[1:-1] for sign in shown)
    typer.echo(shown)


def api_value(value: object) -> object:
    """Return a value of the client as JSON has it, its fields under the API's names."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return _api_object(value)
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, dict):
        return value  # metadata: its keys are its owner's
    if isinstance(value, list | tuple):
        return [api_value(one) for one in value]
    return value


def api_path(field: "dataclasses.Field[Any]") -> str:
    """Return where the API has a field of the client's: `licenseDecision`, or `model.uuid`."""
    first, *rest = field.name.split("_")
    name = first + "".join(word.capitalize() for word in rest)
    return str(field.metadata.get("api", name))


def _api_object(value: Any) -> dict[str, object]:  # noqa: ANN401 - any dataclass
    """Return a value as an object; an object inside of it of which nothing is known is null."""
    made: dict[str, object] = {}
    inner: dict[str, dict[str, object]] = {}
    for field in dataclasses.fields(value):
        outer, _, name = api_path(field).rpartition(".")
        if outer:
            made[outer] = inner.setdefault(outer, {})
        (inner[outer] if outer else made)[name] = api_value(getattr(value, field.name))
    for outer, members in inner.items():
        if all(member is None for member in members.values()):
            made[outer] = None
    return made


def plain(value: Cell) -> str:
    """Write a value on one line, with nothing that a terminal would obey.

    Control characters, which could move the cursor or change what is shown, are written as escapes,
    and so are those that turn the direction of text.
    """
    if value is None:
        return "-"
    text = value if isinstance(value, str) else _written(value)
    return "".join(
        character if character.isprintable() else character.encode("unicode_escape").decode()
        for character in text
    )


def _written(value: Cell) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple) and all(isinstance(one, str) for one in value):
        return ", ".join(value)
    return json.dumps(api_value(value), ensure_ascii=False)


def progress_is_shown() -> bool:
    """Tell whether somebody looks at standard error, on what can show a bar."""
    return sys.stderr is not None and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"
