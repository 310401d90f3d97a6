"""ApiKey: a credential of an automation job, without its secret."""

from typing import Self

import strawberry

from graph.context import Info
from graph.types.connection import Connection, PageInfo
from graph.types.enums import Role
from graph.types.node import Node
from models.access.record import ApiKeyRecord
from models.ids import api_key_node_id
from models.listing.cursor import decode_cursor, encode_cursor
from models.listing.query import page_size
from models.timestamps import Timestamp

_SCOPE = "apikeys"


@strawberry.type(
    description=(
        "A credential of an automation job. The secret is shown once, and only its hash is stored"
    )
)
class ApiKey(Node):
    """A key."""

    name: str = strawberry.field(description="What people call it")
    role: Role = strawberry.field(description="The highest role that it has")
    created_at: Timestamp = strawberry.field(description="When it was made")
    created_by: str = strawberry.field(description="Who made it")
    expires_at: Timestamp | None = strawberry.field(
        description="From then on it is refused; null for never"
    )
    revoked_at: Timestamp | None = strawberry.field(
        description="When it was revoked; null where it was not"
    )
    revoked_by: str | None = strawberry.field(description="Who revoked it; null where nobody did")
    subject: str = strawberry.field(description="The principal that it authenticates")

    @classmethod
    def of(cls, record: ApiKeyRecord) -> Self:
        """Show a key."""
        return cls(
            id=strawberry.ID(api_key_node_id(record.id)),
            name=record.name,
            role=record.role,
            created_at=record.created_at,
            created_by=record.created_by,
            expires_at=record.expires_at,
            revoked_at=record.revoked_at,
            revoked_by=record.revoked_by,
            subject=record.subject,
        )


def list_api_keys(info: Info, first: int | None, after: str | None) -> Connection[ApiKey]:
    """Read a page of the keys."""
    position = decode_cursor(_SCOPE, after, "after") if after is not None else None
    page = info.context.services.keys.page(page_size(first, None), position)
    return Connection(
        nodes=[ApiKey.of(record) for record in page.items],
        page_info=PageInfo(
            has_next_page=page.has_more,
            has_previous_page=position is not None,
            start_cursor=encode_cursor(_SCOPE, page.positions[0]) if page.positions else None,
            end_cursor=encode_cursor(_SCOPE, page.reached) if page.reached else None,
        ),
        cursor_of=lambda index: encode_cursor(_SCOPE, page.positions[index]),
    )
