"""What DynamoDB answers to reads, taken as it is written: items stay DynamoDB's JSON.

botocore walks an answer value by value along the service's description, only to give the same
values back; that takes most of the time of reading a page. What it would change are binary values,
which are base64 on the wire, and members that are null or that it does not know. So an answer that
may hold a binary value goes botocore's way, and so does whatever is no answer to a read: errors,
and what is written.

It relies on botocore's JSON parser having `_handle_json_body(raw_body, shape)`, where a body is
read: a test holds both to the same answers. DynamoDB's CRC-32 is compared with the body as it came,
by botocore.
"""

import json
from contextlib import suppress
from typing import Any

from botocore.config import Config
from botocore.model import StructureShape
from botocore.parsers import JSONParser, ResponseParser, ResponseParserFactory
from botocore.session import Session

_ANSWERS = frozenset({"GetItemOutput", "QueryOutput", "BatchGetItemOutput", "ScanOutput"})
"""Shapes of the answers to reads, by botocore's names."""
_BINARY_TYPES = (b'"B"', b'"BS"')
"""Stand in every body with a binary value: inside a JSON string, quotes are escaped."""


class ItemsParser(JSONParser):
    """Parses answers of DynamoDB; those to reads without looking into their items."""

    def _handle_json_body(self, raw_body: bytes, shape: StructureShape) -> Any:  # noqa: ANN401  # botocore's
        if shape.name in _ANSWERS and not any(one in raw_body for one in _BINARY_TYPES):
            # What was cut off on its way is no JSON: botocore asks again, for its checksum.
            with suppress(ValueError):
                found = json.loads(raw_body)
                if isinstance(found, dict):
                    return {one: found[one] for one in shape.members if found.get(one) is not None}
        return super()._handle_json_body(raw_body, shape)  # type: ignore[misc]  # its stub has no such


class _Factory(ResponseParserFactory):
    def __init__(self) -> None:
        super().__init__()
        self._items_parser = ItemsParser()

    def create_parser(self, protocol_name: str) -> ResponseParser:
        if protocol_name == "json":
            return self._items_parser
        return super().create_parser(protocol_name)


def attach(session: Session) -> None:
    """Let the DynamoDB clients that a session makes from now on parse answers so.

    They name themselves by the session's own text, too, which is put together once; botocore's
    newer one names what each request makes use of, and is put together twice a request.
    """
    session.set_default_client_config(Config(user_agent=session.user_agent()))
    session.register_component("response_parser_factory", _Factory())
