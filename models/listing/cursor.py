"""Cursors: opaque, and bound to the list that made them.

A cursor is a position, behind a checksum over the position and the list's scope. The checksum
keeps honest clients from mixing lists up; it guards nothing, since a position holds no secret.
"""

import base64
import binascii
import hashlib

from models.errors import InvalidArgument

_PREFIX = b"ml-model-evaluator/cursor/v1\n"
_CHECKSUM_BYTES = 9
"""A multiple of three, so that no base64 padding stands between checksum and position."""


def encode_cursor(scope: str, position: str) -> str:
    """Return the cursor of `position` in the list that `scope` names."""
    raw = position.encode()
    return base64.urlsafe_b64encode(_checksum(scope, raw) + raw).decode().rstrip("=")


def decode_cursor(scope: str, cursor: str, argument: str) -> str:
    """Return the position that `cursor` holds.

    Raises:
        InvalidArgument: it is none of this list's cursors; names `argument` as the field.
    """
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        position = raw[_CHECKSUM_BYTES:].decode()
    except (binascii.Error, ValueError):
        position = ""
    # One position, one cursor: base64 decoders skip what they do not know.
    if not position or encode_cursor(scope, position) != cursor:
        raise InvalidArgument(
            f"{argument} is not a cursor of this list, with this filter and order", argument
        )
    return position


def _checksum(scope: str, raw: bytes) -> bytes:
    scope_digest = hashlib.sha256(scope.encode()).digest()
    return hashlib.sha256(_PREFIX + scope_digest + raw).digest()[:_CHECKSUM_BYTES]
