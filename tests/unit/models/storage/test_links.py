"""Links to a file's bytes: what they say, and for how long."""

import base64
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from models.artifacts.parts import Part
from models.artifacts.record import ArtifactStatus
from models.storage.links import UPLOAD_SECONDS, Links
from models.storage.presign import Bucket, Credentials
from models.timestamps import Timestamp
from tests.unit.models.artifacts.artifacts import ARTIFACT_ID, DIGEST, MODEL_ID, a_file
from tests.unit.models.storage import botocores

AT = Timestamp("2026-11-23T10:15:30.000000Z")
KEYS = Credentials("AKIA", "secret")
LINKS = Links(Bucket.of(botocores.BUCKET, "us-east-1", None), lambda: KEYS, lambda: AT)
CHECKSUM = base64.b64encode(bytes.fromhex(DIGEST)).decode()
WHOLE = Part(1, 0, 3, DIGEST)


def query_of(url: str) -> dict[str, str]:
    found = parse_qs(urlsplit(url).query, keep_blank_values=True, strict_parsing=True)
    assert all(len(values) == 1 for values in found.values())
    return {name: values[0] for name, values in found.items()}


def signed_headers(url: str) -> list[str]:
    return query_of(url)["X-Amz-SignedHeaders"].split(";")


class TestDownload:
    """A link to fetch a file."""

    def test_is_botocores(self) -> None:
        file = a_file(filename="ü 大.bin")
        client = botocores.client(KEYS, "us-east-1", None)
        assert LINKS.download(file, 60) == botocores.url(
            client,
            "get_object",
            60,
            Key=file.object_key,
            ResponseContentDisposition=(
                "attachment; filename=\"_ _.bin\"; filename*=UTF-8''%C3%BC%20%E5%A4%A7.bin"
            ),
            ResponseContentType="application/octet-stream",
            VersionId="v1",
        )

    def test_is_to_the_object_of_the_file(self) -> None:
        path = unquote(urlsplit(LINKS.download(a_file(filename="a b"), 60)).path)
        assert path == f"/artifacts/{MODEL_ID}/{ARTIFACT_ID}/a b"

    @pytest.mark.parametrize("seconds", [1, 3600])
    def test_expires(self, seconds: int) -> None:
        assert query_of(LINKS.download(a_file(), seconds))["X-Amz-Expires"] == str(seconds)

    @pytest.mark.parametrize(
        ("filename", "plain", "encoded"),
        [
            ("a.bin", "a.bin", "a.bin"),
            ("a b;c.bin", "a b;c.bin", "a%20b%3Bc.bin"),
            ('a"b.bin', "a_b.bin", "a%22b.bin"),
            ("é大𝄞", "___", "%C3%A9%E5%A4%A7%F0%9D%84%9E"),
            ("100%.txt", "100%.txt", "100%25.txt"),
            ("it's*(1)", "it's*(1)", "it%27s%2A%281%29"),
        ],
    )
    def test_names_the_file_for_old_and_new_clients(
        self, filename: str, plain: str, encoded: str
    ) -> None:
        query = query_of(LINKS.download(a_file(filename=filename), 60))
        assert query["response-content-disposition"] == (
            f"attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"
        )

    def test_is_to_the_version_that_was_verified(self) -> None:
        assert query_of(LINKS.download(a_file(), 60))["versionId"] == "v1"
        assert "versionId" not in query_of(LINKS.download(a_file(object_version=None), 60))


class TestWholeFile:
    """A link that takes a file in one PUT."""

    PENDING = a_file(status=ArtifactStatus.PENDING, object_version=None)

    def test_tells_every_header_but_the_length(self) -> None:
        assert LINKS.part(self.PENDING, WHOLE).headers == {
            "content-type": "application/octet-stream",
            "if-none-match": "*",
            "x-amz-checksum-sha256": CHECKSUM,
            "x-amz-tagging": "pending=1",
        }

    def test_signs_all_of_them_and_the_length(self) -> None:
        link = LINKS.part(self.PENDING, WHOLE)
        assert signed_headers(link.url) == sorted(["host", "content-length", *link.headers])

    def test_is_botocores(self) -> None:
        client = botocores.client(KEYS, "us-east-1", None)
        assert LINKS.part(self.PENDING, WHOLE).url == botocores.url(
            client,
            "put_object",
            UPLOAD_SECONDS,
            Key=self.PENDING.object_key,
            ContentLength=3,
            ContentType="application/octet-stream",
            ChecksumSHA256=CHECKSUM,
            IfNoneMatch="*",
            Tagging="pending=1",
        )

    def test_another_length_or_digest_is_another_signature(self) -> None:
        signatures = {
            query_of(LINKS.part(self.PENDING, part).url)["X-Amz-Signature"]
            for part in (WHOLE, Part(1, 0, 4, DIGEST), Part(1, 0, 3, "00" * 32))
        }
        assert len(signatures) == 3


class TestOnePart:
    """A link that takes a part."""

    PENDING = a_file(
        status=ArtifactStatus.PENDING, object_version=None, part_size_bytes=5, upload_id="u/+="
    )

    def test_tells_the_checksum_alone(self) -> None:
        link = LINKS.part(self.PENDING, Part(7, 30, 5, DIGEST))
        assert link.headers == {"x-amz-checksum-sha256": CHECKSUM}
        assert signed_headers(link.url) == ["content-length", "host", "x-amz-checksum-sha256"]

    def test_names_the_upload_and_the_part(self) -> None:
        query = query_of(LINKS.part(self.PENDING, Part(7, 30, 5, DIGEST)).url)
        assert (query["uploadId"], query["partNumber"]) == ("u/+=", "7")


class TestExpiry:
    """How long the links of an upload are good."""

    def test_is_an_hour(self) -> None:
        assert LINKS.upload_expiry() == "2026-11-23T11:15:30.000000Z"
        url = LINKS.part(a_file(), WHOLE).url
        assert query_of(url)["X-Amz-Expires"] == "3600"


class TestCredentials:
    """Those of a role change every few hours."""

    def test_each_link_is_signed_with_the_current_ones(self) -> None:
        given = iter([Credentials("ONE", "s"), Credentials("TWO", "s", "token")])
        links = Links(Bucket.of("b", "us-east-1", None), lambda: next(given), lambda: AT)
        first, second = (query_of(links.download(a_file(), 60)) for _ in range(2))
        assert first["X-Amz-Credential"].startswith("ONE/")
        assert "X-Amz-Security-Token" not in first
        assert second["X-Amz-Credential"].startswith("TWO/")
        assert second["X-Amz-Security-Token"] == "token"
