"""The files of a model, page by page."""

from graph.context import Info
from graph.types.artifact import Artifact
from graph.types.connection import Connection, PageInfo
from models.artifacts.reader import ArtifactPage, Wanted
from models.listing.cursor import decode_cursor, encode_cursor
from models.listing.query import page_size
from models.records import ModelRecord


def list_artifacts(
    info: Info, model: ModelRecord, wanted: Wanted, first: int | None, after: str | None
) -> Connection[Artifact]:
    """Read a page of a model's files."""
    scope = _scope(model, wanted)
    size = page_size(first, None)
    position = decode_cursor(scope, after, "after") if after is not None else None
    page = info.context.services.artifacts.artifacts(model.id, size, wanted, after=position)
    return show_artifacts(model, wanted, page, has_previous_page=position is not None)


def show_artifacts(
    model: ModelRecord, wanted: Wanted, page: ArtifactPage, *, has_previous_page: bool = False
) -> Connection[Artifact]:
    """Show a page of a model's files."""
    scope = _scope(model, wanted)
    return Connection(
        nodes=[Artifact.of(artifact, wanted.version) for artifact in page.items],
        page_info=PageInfo(
            has_next_page=page.has_more,
            has_previous_page=has_previous_page,
            start_cursor=encode_cursor(scope, page.positions[0]) if page.positions else None,
            end_cursor=encode_cursor(scope, page.reached) if page.reached else None,
        ),
        cursor_of=lambda index: encode_cursor(scope, page.positions[index]),
    )


def _scope(model: ModelRecord, wanted: Wanted) -> str:
    return f"artifacts:{model.id}:{wanted.version}:{','.join(sorted(wanted.statuses))}"
