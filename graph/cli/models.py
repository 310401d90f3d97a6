"""`ml-evaluator models`: what is registered, and its history."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from graph.cli.connection import ChangedBy, Json, Key, Reason, Url, connected, mistaken
from graph.cli.listing import ModelId, history, list_models
from graph.cli.output import print_facts, print_json, print_rows
from models.strict_json import read_json

if TYPE_CHECKING:
    from graph.client import Model, Outcome

models = typer.Typer(name="models", help="Read and change models.", no_args_is_help=True)

models.command("list")(list_models)
models.command()(history)

ExpectedVersion = Annotated[
    int | None, typer.Option(help="Change nothing unless the model is at this version.", min=1)
]
Metadata = Annotated[
    str | None, typer.Option(help="A JSON object, or @FILE with one.", metavar="JSON")
]


@models.command()
def show(
    model: ModelId,
    url: Url,
    api_key: Key = None,
    version: Annotated[int | None, typer.Option(help="As of this version.", min=1)] = None,
    as_of: Annotated[
        str | None, typer.Option(help="As of this instant, such as 2026-01-31T12:00:00Z.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Show a model, now or as it was."""
    with connected(url, api_key) as client:
        found = client.model(model, version=version, as_of=as_of)
    _show(found, as_json=as_json)


@models.command()
def create(  # noqa: PLR0913 - all by name
    name: Annotated[str, typer.Argument(help="What people call it.", show_default=False)],
    *,
    url: Url,
    source: Annotated[str, typer.Option(help="Where it comes from, such as huggingface.")],
    license: Annotated[str, typer.Option(help="As it is declared.")],  # noqa: A002
    api_key: Key = None,
    source_url: Annotated[
        str | None, typer.Option(help="Its page, which no other model has.")
    ] = None,
    metadata: Metadata = None,
    risk_notes: Annotated[str | None, typer.Option(help="What to mind.")] = None,
    reason: Reason = None,
    changed_by: ChangedBy = None,
    as_json: Json = False,
) -> None:
    """Register a model."""
    given: dict[str, Any] = {"metadata": _metadata(metadata)} if metadata is not None else {}
    if risk_notes is not None:
        given["risk_notes"] = risk_notes
    with connected(url, api_key) as client:
        made = client.create_model(
            name=name,
            source=source,
            license=license,
            source_url=source_url,
            reason=reason,
            changed_by=changed_by,
            **given,
        )
    _show_outcome(made, as_json=as_json)


@models.command()
def update(  # noqa: PLR0913 - all by name
    model: ModelId,
    *,
    url: Url,
    api_key: Key = None,
    name: Annotated[str | None, typer.Option(help="Its new name.")] = None,
    source: Annotated[str | None, typer.Option(help="Its new source.")] = None,
    license: Annotated[str | None, typer.Option(help="Its new license.")] = None,  # noqa: A002
    source_url: Annotated[str | None, typer.Option(help="Its new page; '' for none.")] = None,
    metadata: Metadata = None,
    metadata_patch: Annotated[
        str | None,
        typer.Option(
            help="JSON Merge Patch, or @FILE with one: null removes a key.", metavar="JSON"
        ),
    ] = None,
    risk_notes: Annotated[str | None, typer.Option(help="What to mind.")] = None,
    expected_version: ExpectedVersion = None,
    reason: Reason = None,
    changed_by: ChangedBy = None,
    as_json: Json = False,
) -> None:
    """Change the fields that are given."""
    texts = {"name": name, "source": source, "license": license, "risk_notes": risk_notes}
    given: dict[str, Any] = {field: text for field, text in texts.items() if text is not None}
    if source_url is not None:
        given["source_url"] = source_url or None
    if metadata is not None:
        given["metadata"] = _metadata(metadata)
    if metadata_patch is not None:
        given["metadata_patch"] = _metadata(metadata_patch, "--metadata-patch")
    with connected(url, api_key) as client:
        changed = client.update_model(
            model,
            expected_version=expected_version,
            reason=reason,
            changed_by=changed_by,
            **given,
        )
    _show_outcome(changed, as_json=as_json)


@models.command()
def delete(
    model: ModelId,
    url: Url,
    api_key: Key = None,
    expected_version: ExpectedVersion = None,
    reason: Reason = None,
    changed_by: ChangedBy = None,
    as_json: Json = False,
) -> None:
    """Mark a model deleted. It stays readable, with its whole history."""
    with connected(url, api_key) as client:
        changed = client.delete_model(
            model, expected_version=expected_version, reason=reason, changed_by=changed_by
        )
    _show_outcome(changed, as_json=as_json)


@models.command()
def restore(
    model: ModelId,
    url: Url,
    api_key: Key = None,
    expected_version: ExpectedVersion = None,
    reason: Reason = None,
    changed_by: ChangedBy = None,
    as_json: Json = False,
) -> None:
    """Bring a deleted model back."""
    with connected(url, api_key) as client:
        changed = client.restore_model(
            model, expected_version=expected_version, reason=reason, changed_by=changed_by
        )
    _show_outcome(changed, as_json=as_json)


@models.command()
def diff(
    model: ModelId,
    from_version: Annotated[int, typer.Argument(metavar="FROM", min=1, show_default=False)],
    to_version: Annotated[int, typer.Argument(metavar="TO", min=1, show_default=False)],
    url: Url,
    api_key: Key = None,
    as_json: Json = False,
) -> None:
    """Show what differs between two versions, field by field."""
    with connected(url, api_key) as client:
        found = client.diff(model, from_version, to_version)
    if as_json:
        print_json(found)
    else:
        rows = ((one.field, one.before, one.after) for one in found)
        print_rows(("FIELD", f"VERSION {from_version}", f"VERSION {to_version}"), rows)


def _show(model: "Model", *, as_json: bool, more: Iterable[tuple[str, object]] = ()) -> None:
    if as_json:
        print_json(model)
        return
    decision = model.license_decision
    print_facts(
        [
            ("id", model.id),
            ("name", model.name),
            ("version", model.version),
            ("state", model.state),
            ("source", model.source),
            ("page", model.source_url),
            ("license", f"{model.license} ({decision.verdict})"),
            ("net score", model.net_score),
            ("created", model.created_at),
            ("updated", model.updated_at),
            ("risk notes", model.risk_notes),
            ("metadata", model.metadata),
            *more,
        ]
    )


def _show_outcome(outcome: "Outcome", *, as_json: bool) -> None:
    if as_json:
        print_json(outcome)
        return
    changed = outcome.entry.fields_changed if outcome.entry else "nothing"
    _show(outcome.model, as_json=False, more=[("changed", changed)])


def _metadata(text: str, option: str = "--metadata") -> dict[str, Any]:
    """Read a JSON object, or a file with one."""
    try:
        content = Path(text[1:]).read_text(encoding="utf-8-sig") if text.startswith("@") else text
        value = read_json(content)
    except OSError as error:
        raise mistaken(f"{text[1:]}: {error.strerror}", option) from error
    except ValueError as error:
        raise mistaken(f"this is no JSON: {error}", option) from error
    if not isinstance(value, dict):
        raise mistaken("this is no JSON object", option)
    return value
