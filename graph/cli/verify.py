"""`ml-evaluator export` and `verify`: a history, recomputed without trust in the service."""

import json
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, NoReturn, cast

import typer

from graph.cli import exits
from graph.cli.connection import Json, Key, connected, failures_told, mistaken
from graph.cli.output import api_value, plain, print_json, print_text
from models.strict_json import read_json

if TYPE_CHECKING:
    from graph.client.export import Receipt, Verification

SUBJECT: Final = "MODEL|EXPORT"
STANDARD_INPUT: Final = "-"
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
    text = json.dumps(document, ensure_ascii=False, allow_nan=False, indent=1)
    if output is None:
        print_text(text)
        return
    with failures_told():
        path = _written(text, Path(output), document["modelId"])
    print_text(plain(str(path)))


def verify(
    subject: Annotated[
        str,
        typer.Argument(
            metavar=SUBJECT,
            help="A model's id, or an exported file; - reads standard input.",
            show_default=False,
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
    model: Annotated[
        str | None,
        typer.Option(help="The id of the model whose history it must be.", show_default=False),
    ] = None,
    as_json: Json = False,
) -> None:
    """Recompute a history's hash chain here; exit with 4 where it was altered."""
    from graph.client.export import NewerFormat, verify_export  # noqa: PLC0415 - slow to import

    receipt = None if expect is None else _receipt(expect)
    if model is not None and not _is_model_id(model):
        raise mistaken(f"{model} is no model's id, which is a UUID", "--model")
    document = _document(subject, url, api_key)
    try:
        found = verify_export(document, receipt=receipt, model_id=model)
    except NewerFormat as error:
        raise mistaken(str(error), SUBJECT) from error
    except (ValueError, RecursionError) as error:
        _refuse(subject, error)
    _tell(found, document, as_json=as_json)
    if not found.intact:
        raise typer.Exit(exits.TAMPERED)


def _written(text: str, output: Path, model_id: str) -> Path:
    """Write an export to a file, or under its model's id into a directory; return where it is."""
    from graph.client import UnexpectedAnswer  # noqa: PLC0415 - slow to import
    from graph.client.files.destination import replacing, target_of  # noqa: PLC0415
    from models.ids import is_model_id  # noqa: PLC0415

    if output.is_dir() and not is_model_id(model_id):
        raise UnexpectedAnswer(f"the service names a model {model_id!r}, which is no UUID")
    target = target_of(output, f"{model_id}.json")
    with replacing(target) as file:
        file.write(_utf8(text + "\n"))
    return target.path


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
    """Return the export that a file has, or that the service gives of a model.

    What looks like a model's id is one: no file of that name may stand in for what the service has.
    """
    if not _is_model_id(subject):
        return _parsed(subject, _content(subject))
    if url is None:
        raise mistaken(
            f"{subject} is a model's id: give --url, or ./{subject} for a file of that name",
            SUBJECT,
        )
    return _exported(subject, url, api_key)


def _exported(model: str, url: str, api_key: str | None) -> dict[str, Any]:
    from graph.client.export import export as read  # noqa: PLC0415 - slow to import

    with connected(url, api_key) as client:
        return read(client, model)


def _is_model_id(text: str) -> bool:
    from models.ids import is_model_id  # noqa: PLC0415 - slow to import

    return is_model_id(text.lower())


def _content(subject: str) -> bytes:
    """Return all bytes of a file, a pipe or standard input."""
    if not subject:
        raise mistaken("give a model's id or a file", SUBJECT)
    try:
        if subject != STANDARD_INPUT:
            return Path(subject).read_bytes()
        if sys.stdin is not None:
            return sys.stdin.buffer.read()
    except OSError as error:
        raise mistaken(
            f"{subject} is no model's id, which is a UUID, and no file that can be read: "
            f"{error.strerror}",
            SUBJECT,
        ) from error
    raise mistaken("standard input is closed", SUBJECT)


def _parsed(subject: str, content: bytes) -> Any:  # noqa: ANN401 - JSON
    try:
        return read_json(content.decode("utf-8-sig"))
    except ValueError as error:
        _refuse(subject, error)


def _refuse(subject: str, error: Exception) -> NoReturn:
    """Tell that a document is damaged, or is no export at all."""
    typer.echo(plain(f"{subject}: {error}"), err=True)
    raise typer.Exit(exits.TAMPERED) from error


def _tell(found: "Verification", document: dict[str, Any], *, as_json: bool) -> None:
    """Tell what was found. The last word of what is told of an intact one is for `--expect`."""
    head, model = document["headHash"], document["modelId"]
    if as_json:
        print_json(_as_the_api_says(found, head, model))
    elif found.intact:
        receipt = f"{found.entries}:{plain(head)}"
        typer.echo(f"model {plain(model)}: intact, {found.entries} entries, head {receipt}")
    else:
        problem = plain(str(found.problem))
        typer.echo(f"broken at version {found.broken_at_version}: {problem}")


def _as_the_api_says(found: "Verification", head: str, model: str) -> object:
    """Return a HistoryVerification, and of which model."""
    from graph.client import HistoryVerification  # noqa: PLC0415 - slow to import

    verification = HistoryVerification(
        intact=found.intact,
        complete=found.intact,  # it stops at the first version that fails, and only there
        entries_checked=found.entries,
        head_hash=head,
        broken_at_version=found.broken_at_version,
        problem=found.problem,
    )
    return {"model": {"uuid": model}, **cast("dict[str, object]", api_value(verification))}
