"""The evaluations of a model, page by page."""

from graph.context import Info
from graph.types.connection import Connection, PageInfo
from graph.types.evaluation import Evaluation
from models.listing.cursor import decode_cursor, encode_cursor
from models.listing.query import page_size
from models.records import ModelRecord


def list_evaluations(
    info: Info, model: ModelRecord, version: int | None, first: int | None, after: str | None
) -> Connection[Evaluation]:
    """Read a page of a model's evaluations, now or as of a version."""
    scope = f"evaluations:{model.id}:{version}"
    size = page_size(first, None)
    position = decode_cursor(scope, after, "after") if after is not None else None
    reader = info.context.services.evaluation_reader
    page = reader.of_model(model.id, size, version=version, after=position)
    info.context.loaders.models.expect([model.id])
    info.context.loaders.evaluations.expect(record.id for record in page.items)
    return Connection(
        nodes=[Evaluation.of(record, version) for record in page.items],
        page_info=PageInfo(
            has_next_page=page.has_more,
            has_previous_page=position is not None,
            start_cursor=encode_cursor(scope, page.positions[0]) if page.positions else None,
            end_cursor=encode_cursor(scope, page.reached) if page.reached else None,
        ),
        cursor_of=lambda index: encode_cursor(scope, page.positions[index]),
    )
