"""Answers of DynamoDB, taken as they are written."""

import io
import json
from base64 import b64encode
from collections.abc import Iterator
from typing import Any
from zlib import crc32

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from botocore.parsers import JSONParser
from botocore.session import Session, get_session
from hypothesis import given
from hypothesis import strategies as st

from models import wire
from models.wire import ItemsParser

READS = ["GetItem", "Query", "BatchGetItem", "Scan"]
OPERATIONS = [*READS, "TransactWriteItems", "PutItem", "DescribeTable"]
SERVICE = get_session().get_service_model("dynamodb")
HEADERS = {"x-amzn-requestid": "R", "Content-Type": "application/x-amz-json-1.0"}

Body = dict[str, Any]

numbers = st.integers().map(str) | st.floats(allow_nan=False, allow_infinity=False).map(str)
binaries = st.binary(max_size=8).map(lambda value: b64encode(value).decode())
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8) | st.sampled_from(
    ["B", "BS", '"B"', '{"B":"eA=="}', "\\", ""]
)
plain_values = st.one_of(
    texts.map(lambda value: {"S": value}),
    numbers.map(lambda value: {"N": value}),
    st.booleans().map(lambda value: {"BOOL": value}),
    st.just({"NULL": True}),
    st.lists(texts, min_size=1, max_size=3).map(lambda value: {"SS": value}),
    st.lists(numbers, min_size=1, max_size=3).map(lambda value: {"NS": value}),
)
binary_values = binaries.map(lambda value: {"B": value}) | st.lists(
    binaries, min_size=1, max_size=3
).map(lambda value: {"BS": value})


def nested(leaves: st.SearchStrategy[Body]) -> st.SearchStrategy[Body]:
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=3).map(lambda value: {"L": value})
            | st.dictionaries(texts, inner, max_size=3).map(lambda value: {"M": value})
        ),
        max_leaves=6,
    )


def items_of(leaves: st.SearchStrategy[Body]) -> st.SearchStrategy[Body]:
    return st.dictionaries(texts, nested(leaves), max_size=5)


items = items_of(plain_values) | items_of(plain_values | binary_values)


@st.composite
def answers(draw: st.DrawFn) -> tuple[str, Body]:
    """Draw a read and an answer to it; some members are null, or none that botocore knows."""
    operation = draw(st.sampled_from(READS))
    found = draw(st.lists(items, max_size=3))
    key = draw(st.none() | items)
    capacity = draw(st.none() | st.just({"TableName": "t", "CapacityUnits": 0.5}))
    others: Body = {"ConsumedCapacity": capacity, "Unheard": {"of": [1]}}
    if operation == "GetItem":
        return operation, others | {"Item": found[0] if found else None}
    if operation == "BatchGetItem":
        left = draw(st.sampled_from([None, {}, {"t": {"Keys": [key or {}]}}]))
        others["ConsumedCapacity"] = [capacity] if capacity else None
        return operation, others | {"Responses": {"t": found}, "UnprocessedKeys": left}
    counts = {"Count": len(found), "ScannedCount": 9}
    return operation, others | counts | {"Items": found, "LastEvaluatedKey": key}


def parsed(parser: JSONParser, operation: str, body: bytes, status: int = 200) -> Any:  # noqa: ANN401
    response = {"body": body, "headers": HTTPHeaders.from_dict(HEADERS), "status_code": status}
    given: Any = parser
    return given.parse(response, SERVICE.operation_model(operation).output_shape)


class TestItemsParser:
    """What a client gets."""

    @given(answers(), st.booleans())
    def test_is_what_botocore_gives(self, answer: tuple[str, Body], as_ascii: bool) -> None:
        operation, content = answer
        body = json.dumps(content, ensure_ascii=as_ascii).encode()
        assert parsed(ItemsParser(), operation, body) == parsed(JSONParser(), operation, body)

    @pytest.mark.parametrize("operation", OPERATIONS)
    @pytest.mark.parametrize("body", [b"", b"{}", b'{"ConsumedCapacity": null}'])
    def test_of_an_answer_without_content_is_botocores(self, operation: str, body: bytes) -> None:
        assert parsed(ItemsParser(), operation, body) == parsed(JSONParser(), operation, body)

    @pytest.mark.parametrize("operation", OPERATIONS)
    @pytest.mark.parametrize("status", [400, 413, 500, 503])
    @pytest.mark.parametrize(
        "body",
        [
            b'{"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": "m"}',
            b'{"__type": "a#TransactionCanceledException", "CancellationReasons": [{"Code": "x"}]}',
            b"<html>",
            b"",
        ],
    )
    def test_of_an_error_is_botocores(self, operation: str, status: int, body: bytes) -> None:
        ours, theirs = (
            parsed(parser, operation, body, status) for parser in (ItemsParser(), JSONParser())
        )
        assert ours == theirs
        assert "Error" in ours

    @pytest.mark.parametrize("operation", READS)
    def test_is_got_without_a_look_into_items(
        self, monkeypatch: pytest.MonkeyPatch, operation: str
    ) -> None:
        monkeypatch.delattr("botocore.parsers.ResponseParser._parse_shape")
        answer = parsed(ItemsParser(), operation, b'{"ConsumedCapacity": {"CapacityUnits": 1.0}}')
        assert answer["ConsumedCapacity"] == {"CapacityUnits": 1.0}


class Wire:
    """Gives answers in DynamoDB's place.

    Attributes:
        agents: how each request named its sender.
    """

    def __init__(self, *given: tuple[bytes, int]) -> None:
        self._answers = list(given)
        self.agents: list[str] = []

    def __call__(self, request: Any, **_: object) -> AWSResponse:  # noqa: ANN401  # untyped
        self.agents.append(request.headers["User-Agent"].decode())
        body, checksum = self._answers.pop(0)
        headers: Any = HTTPHeaders.from_dict(HEADERS | {"x-amz-crc32": str(checksum)})
        raw: Any = _Raw(body)
        return AWSResponse(request.url, 200, headers, raw)


class _Raw(io.BytesIO):
    def stream(self, **_: object) -> Iterator[bytes]:
        yield self.read()


@pytest.fixture
def session() -> Session:
    session = get_session()
    session.set_credentials("a", "b")
    wire.attach(session)
    return session


def client_of(session: Session, answers: Wire) -> Any:  # noqa: ANN401  # untyped
    config = Config(retries={"mode": "standard"})
    client: Any = session.create_client("dynamodb", "us-east-1", config=config)
    client.meta.events.register("before-send.dynamodb", answers)
    return client


class TestAttach:
    """A client of a session that was told."""

    BODY = b'{"Items": [{"a": {"S": "x"}}], "Count": 1}'

    def test_gets_items_as_they_are_written(self, session: Session) -> None:
        client = client_of(session, Wire((self.BODY, crc32(self.BODY))))
        parser = client._endpoint._response_parser_factory.create_parser("json")
        assert isinstance(parser, ItemsParser)
        answer = client.query(TableName="t")
        assert answer["Items"] == [{"a": {"S": "x"}}]
        assert answer["ResponseMetadata"]["RequestId"] == "R"

    @pytest.mark.parametrize("broken", [b'{"Items": [{"a": {"S": "y"}}]}', BODY[:-1]])
    def test_asks_again_for_what_came_with_another_checksum(
        self, session: Session, monkeypatch: pytest.MonkeyPatch, broken: bytes
    ) -> None:
        monkeypatch.setattr("time.sleep", lambda _: None)
        answers = Wire((broken, 1), (self.BODY, crc32(self.BODY)))
        assert client_of(session, answers).query(TableName="t")["Items"] == [{"a": {"S": "x"}}]
        assert len(answers.agents) == 2

    def test_names_itself_by_the_sessions_text(self, session: Session) -> None:
        answers = Wire((self.BODY, crc32(self.BODY)))
        client_of(session, answers).query(TableName="t")
        assert answers.agents == [session.user_agent()]
        assert answers.agents[0].startswith("Botocore/")
