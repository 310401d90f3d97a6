"""DynamoDB as far as a client sees it, without its work: what moto once answered, played back."""

from typing import Any
from zlib import crc32

from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from moto.core.botocore_stubber import BotocoreStubber, MockRawResponse
from moto.core.models import botocore_stubber

_Answer = tuple[int, dict[str, str], bytes]


class Recording:
    """Answers each request with what moto answers to the first one that is the same to the byte.

    It stands where botocore hands a signed request to its HTTP session, so that everything but the
    socket is measured: serialising, signing, parsing, and whatever is made of it.
    """

    def __init__(self, moto: BotocoreStubber = botocore_stubber) -> None:
        self._moto = moto
        self._answers: dict[tuple[object, object], _Answer] = {}

    def attach(self, client: Any) -> None:  # noqa: ANN401  # botocore's clients have no public type
        """Answer a DynamoDB client, which moto answers no more: botocore would ask both."""
        self._moto.enabled = False
        client.meta.events.register("before-send.dynamodb", self._answer)

    def _answer(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        asked = request.headers["X-Amz-Target"], request.body
        answer = self._answers.get(asked)
        if answer is None:
            answer = self._answers[asked] = self._record(request)
        status, headers, body = answer
        as_sent: Any = headers
        raw: Any = MockRawResponse(body)
        return AWSResponse(request.url, status, as_sent, raw)

    def _record(self, request: AWSPreparedRequest) -> _Answer:
        answered = self._moto.process_request(request)
        assert answered is not None, request.url
        status, _, text = answered
        assert status == 200, text
        body = text.encode() if isinstance(text, str) else text
        # What DynamoDB sends; botocore compares the checksum with the body.
        headers = {
            "content-type": "application/x-amz-json-1.0",
            "content-length": str(len(body)),
            "x-amzn-requestid": "Q8LHEGUEFQ4DHH0EQ8LHEGUEFQVV4KQNSO5AEMVJF66Q9ASUAAJG",
            "x-amz-crc32": str(crc32(body)),
        }
        return status, headers, body
