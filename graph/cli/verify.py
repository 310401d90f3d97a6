"""`ml-evaluator export` and `verify`: a history, recomputed without trust in the service."""

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn

import typer

from graph.cli import exits
from graph.cli.connection import Json, Key, connected, failures_told, mistaken
from graph.cli.json_input import read_json
from graph.cli.output import plain, print_json, print_text

if TYPE_CHECKING:
    from graph.client.export import Receipt, Verification

SUBJECT: Final = "MODEL|EXPORT"
_RECEIPT: Final = re.compile(r"([1-9][0-9]{0,8}):([0-9a-f]{64})")
OptionalUrl = Annotated[
    str | None,
    typer.Option(
        "--url",
        envvar="ML_EVALUATOR_URL",
        help="Where the service answers; not needed for a file.",
        show_default=False,
    ),
]


def export(
    model: Annotated[
        str, typer.Argument(metavar="MODEL", help="The model's id.", show_default=False)
    ],
    url: Annotated[
        str, typer.Option("--url", envvar="ML_EVALUATOR_URL", help="Where the service answers.")
    ],
    api_key: Key = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="PATH",
            help="A file, or a directory for <model's id>.json; standard output unless given.",
        ),
    ] = None,
) -> None:
    """Write all that is needed to verify a model's history, as JSON."""
    if output == "":  # which a Path would take for the directory where we are
        raise mistaken("give a file or a directory", "--output")
    document = _exported(model, url, api_key)
    text = json.dumps(document, ensure_ascii=False, indent=1)
    if output is None:
        print_text(text)
        return
    with failures_told():
        path = _written(text, Path(output), f"{document['modelId']}.json")
    print_text(plain(str(path)))


def verify(
    subject: Annotated[
        str,
        typer.Argument(
            metavar=SUBJECT, help="A model's id, or an exported file.", show_default=False
        ),
    ],
    *,
    url: OptionalUrl = None,
    api_key: Key = None,
    expect: Annotated[
        str | None,
        typer.Option(
            metavar="VERSION:HASH",
            help="What an earlier run said of the head: that version must still have this hash.",
            show_default=False,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Recompute a history's hash chain here; exit with 4 where it was altered."""
    from graph.client.export import NewerFormat, verify_export  # noqa: PLC0415 - slow to import

    receipt = None if expect is None else _receipt(expect)
    document = _document(subject, url, api_key)
    try:
        found = verify_export(document, receipt=receipt)
    except NewerFormat as error:
        raise mistaken(str(error), SUBJECT) from error
    except (ValueError, RecursionError) as error:
        _refuse(subject, error)
    _tell(found, document, as_json=as_json)
    if not found.intact:
        raise typer.Exit(exits.TAMPERED)


def _written(text: str, output: Path, name: str) -> Path:
    """Write an export to a file, or under a name into a directory, and return where it is."""
    from graph.client.files.destination import replacing, target_of  # noqa: PLC0415

    target = target_of(output, name)
    with replacing(target) as file:
        file.write(_utf8(text + "\n"))
    return target


def _utf8(text: str) -> bytes:
    """Encode a JSON text: half a surrogate pair, which UTF-8 lacks, as an escape."""
    return re.sub("[\ud800-\udfff]", lambda half: f"\\u{ord(half[0]):04x}", text).encode()


def _receipt(text: str) -> "Receipt":
    from graph.client.export import Receipt  # noqa: PLC0415 - slow to import

    parts = _RECEIPT.fullmatch(text)
    if parts is None:
        raise mistaken(
            f"{text} is not VERSION:HASH, a version of 1 or more and 64 digits of lower-case hex",
            "--expect",
        )
    return Receipt(int(parts[1]), parts[2])


def _document(subject: str, url: str | None, api_key: str | None) -> Any:  # noqa: ANN401 - JSON
    """Return the export that a file has, or that the service gives of a model."""
    path = Path(subject)
    if _is_file(path):
        return _read(path)
    if url is None:
        raise mistaken(f"{subject} is no file, and for a model give --url", SUBJECT)
    return _exported(subject, url, api_key)


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # too long a name, say: a model's id then, and no good one
        return False


def _exported(model: str, url: str, api_key: str | None) -> dict[str, Any]:
    from graph.client.export import export as read  # noqa: PLC0415 - slow to import

    with connected(url, api_key) as client:
        return read(client, model)


def _read(path: Path) -> Any:  # noqa: ANN401 - JSON
    try:
        return read_json(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise mistaken(f"{path}: {error}", SUBJECT) from error
    except (ValueError, RecursionError) as error:
        _refuse(str(path), error)


def _refuse(subject: str, error: Exception) -> NoReturn:
    """Tell that a document is damaged, or is no export at all."""
    typer.echo(plain(f"{subject}: {error}"), err=True)
    raise typer.Exit(exits.TAMPERED) from error


def _tell(found: "Verification", document: dict[str, Any], *, as_json: bool) -> None:
    """Tell what was found. What is told of an intact head is what `--expect` takes."""
    head = document["headHash"]
    if as_json:
        print_json(_as_the_api_says(found, head))
    elif found.intact:
        typer.echo(f"intact, {found.entries} entries, head {found.entries}:{plain(head)}")
    else:
        problem = plain(str(found.problem))
        typer.echo(f"broken at version {found.broken_at_version}: {problem}")


def _as_the_api_says(found: "Verification", head: str) -> object:
    from graph.client import HistoryVerification  # noqa: PLC0415 - slow to import

    return HistoryVerification(
        intact=found.intact,
        complete=found.intact,  # it stops at the first version that fails, and only there
        entries_checked=found.entries,
        head_hash=head,
        broken_at_version=found.broken_at_version,
        problem=found.problem,
    )
