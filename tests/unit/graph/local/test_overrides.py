"""Names and types of downloads, which ministack leaves out where a URL names a version."""

import asyncio
from urllib.parse import urlencode

import pytest
from starlette.types import Message, Receive, Scope, Send

from graph.local.overrides import ResponseOverrides

DISPOSITION = "attachment; filename=\"_.bin\"; filename*=UTF-8''%C3%BC.bin"
SIGNED = {
    "response-content-disposition": DISPOSITION,
    "response-content-type": "text/plain; charset=utf-8",
    "versionId": "v1",
    "X-Amz-Signature": "00",
}
STORED = {b"content-type": b"application/octet-stream", b"etag": b'"e"'}


def headers_of(
    query: dict[str, str], *, method: str = "GET", status: int = 200, kind: str = "http"
) -> dict[bytes, bytes]:
    """Return the headers with which a request is answered in the end."""
    sent: list[Message] = []

    async def ministack(_scope: Scope, _receive: Receive, send: Send) -> None:
        headers = list(STORED.items())
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": b"content"})

    async def receive() -> Message:
        raise AssertionError("a download has no body")

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {"type": kind, "query_string": urlencode(query).encode()}
    if kind == "http":
        scope["method"] = method
    asyncio.run(ResponseOverrides(ministack)(scope, receive, send))
    start, body = sent
    assert body["body"] == b"content"
    return dict(start["headers"])


def without(name: str) -> dict[str, str]:
    return {key: value for key, value in SIGNED.items() if key != name}


class TestDownload:
    """A presigned URL of a version."""

    @pytest.mark.parametrize("status", [200, 206])
    def test_is_named_and_typed_as_the_url_says(self, status: int) -> None:
        assert headers_of(SIGNED, status=status) == {
            b"content-disposition": DISPOSITION.encode(),
            b"content-type": b"text/plain; charset=utf-8",
            b"etag": b'"e"',
        }

    def test_keeps_its_type_where_the_url_says_none(self) -> None:
        found = headers_of(without("response-content-type"))
        assert found[b"content-type"] == STORED[b"content-type"]
        assert found[b"content-disposition"] == DISPOSITION.encode()


class TestOthers:
    """Everything else passes as it is."""

    @pytest.mark.parametrize("status", [304, 400, 403, 404])
    def test_an_error_is_no_download(self, status: int) -> None:
        assert headers_of(SIGNED, status=status) == STORED

    @pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE"])
    def test_another_method_is_no_download(self, method: str) -> None:
        assert headers_of(SIGNED, method=method) == STORED

    def test_what_is_not_signed_names_nothing(self) -> None:
        assert headers_of(without("X-Amz-Signature")) == STORED

    def test_ministack_does_it_itself_where_no_version_is_named(self) -> None:
        assert headers_of(without("versionId")) == STORED

    def test_what_is_no_http_passes(self) -> None:
        assert headers_of(SIGNED, kind="websocket") == STORED
