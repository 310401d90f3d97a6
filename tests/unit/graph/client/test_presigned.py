"""Where a service may send bytes to, and what is shown of it."""

from pathlib import Path

import httpx2
import pytest

from graph.client import UnexpectedAnswer
from graph.client.address import address_of
from graph.client.files.links import UploadLinks
from graph.client.files.presigned import SignedUrl, require_safe
from tests.unit.graph.client.scripted import Script, client_of, data

ARTIFACT = {
    "id": "a",
    "filename": "f",
    "contentType": "t",
    "sizeBytes": 1,
    "sha256": "x",
    "status": "AVAILABLE",
    "rejection": None,
    "createdAt": "t",
    "createdBy": "b",
    "addedInVersion": 2,
    "verification": None,
    "model": {"uuid": "m"},
}


class TestSafety:
    """require_safe."""

    @pytest.mark.parametrize(
        ("service", "link"),
        [
            ("https://a.example", "https://s3.example/b?X-Amz-Signature=1"),
            ("http://127.0.0.1:8000", "http://localhost:4566/b"),
            ("http://localhost:8000", "https://s3.example/b"),
            ("http://inside", "http://minio:9000/b"),
        ],
    )
    def test_lets_through_what_is_as_safe(self, service: str, link: str) -> None:
        require_safe(link, address_of(service))

    @pytest.mark.parametrize(
        ("service", "link"),
        [
            ("https://a.example", "http://s3.example/b"),
            ("https://127.0.0.1", "http://127.0.0.1/b"),
            ("http://127.0.0.1", "http://s3.example/b"),
            *(
                ("https://a.example", link)
                for link in (
                    "https://user@s3.example/b",
                    "https://user:pass@s3.example/b",
                    "https://[::bad",
                    "https://s3.example:99999/b",
                    "https://s3.example:0/b",
                    "https://s3.example:x/b",
                    "https://",
                    "https:///b",
                    "https://a\x00b/",
                    "https://\ud800/",
                    "file:///etc/passwd",
                    "//s3.example/b",
                    "",
                )
            ),
        ],
    )
    def test_refuses_the_rest(self, service: str, link: str) -> None:
        with pytest.raises(UnexpectedAnswer) as raised:
            require_safe(link, address_of(service))
        assert "pass" not in str(raised.value)

    @pytest.mark.parametrize("url", ["http://s3.example/", "https://[::bad"])
    def test_comes_before_the_first_byte(self, url: str, tmp_path: Path) -> None:
        script = Script(data(node=ARTIFACT | {"downloadUrl": url}))
        with client_of(script) as client, pytest.raises(UnexpectedAnswer):
            client.pull("a", tmp_path / "f")
        part = {"partNumber": 1, "offset": 0, "sizeBytes": 1, "url": url, "headers": []}
        script.answers = [data(node={"upload": {"parts": [part]}})]
        with client_of(script) as client, pytest.raises(UnexpectedAnswer):
            UploadLinks(client._api, "a", 1)
        assert {request.url.host for request in script.requests} == {"a.example"}


class TestSecrecy:
    """SignedUrl."""

    @pytest.mark.parametrize("sign", "?&")
    def test_shows_no_signature(self, sign: str) -> None:
        url = SignedUrl(f"https://s3.example/b?n=1{sign}X-Amz-Credential=c&X-Amz-Signature=secret")
        assert "secret" not in f"{url} {url!r}"
        assert b"secret" in url.raw_path
        assert isinstance(url, httpx2.URL)
