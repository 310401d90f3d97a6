"""Our presigned URLs are botocore's."""

import base64
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.storage.presign import Bucket, Credentials, Presigner
from models.timestamps import Timestamp
from tests.unit.models.storage import botocores
from tests.unit.models.storage.botocores import BUCKET

AT = Timestamp("2026-11-23T10:15:30.999999Z")
LONG_LIVED = Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
TEMPORARY = Credentials("ASIAIOSFODNN7EXAMPLE", "secret+/=", "FwoGZX/IvYXdzE+token//w==")
CHECKSUM = base64.b64encode(bytes(range(32))).decode()

PLACES: dict[str, tuple[str, str | None]] = {
    "us-east-1": ("us-east-1", None),
    "eu-west-1": ("eu-west-1", None),
    "cn-north-1": ("cn-north-1", None),
    "us-gov-west-1": ("us-gov-west-1", None),
    "local endpoint": ("us-east-1", "http://127.0.0.1:4566"),
    "IPv6 endpoint": ("us-east-1", "http://[::1]:4566"),
    "endpoint with a slash": ("eu-west-1", "https://minio.example:9000/"),
    "endpoint with http's own port": ("us-east-1", "http://minio.example:80"),
    "endpoint with https's own port": ("us-east-1", "https://minio.example:443"),
    "endpoint below a path": ("us-east-1", "https://gateway.example/s3"),
}
NAMES = [
    "model.bin",
    "a b.bin",
    "Öl 大 𝄞.bin",
    "a+b&c=d?e#f%2F%.bin",
    "~!*'();:@$,[]{}|^`<>\".bin",
    "...",
    "\u202egnp.exe",
    "e\u0301",
]


@dataclass(frozen=True)
class Signers:
    """Ours and botocore's, with the same credentials at the same place."""

    region: str
    endpoint_url: str | None = None
    credentials: Credentials = LONG_LIVED

    def ours(
        self,
        method: str,
        key: str,
        *,
        query: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        seconds: int = 900,
    ) -> str:
        bucket = Bucket.of(BUCKET, self.region, self.endpoint_url)
        presigner = Presigner(bucket, self.credentials)
        return presigner.url(
            method, key, at=AT, expires_in_seconds=seconds, query=query, headers=headers
        )

    def botocores(self, operation: str, key: str, seconds: int = 900, **params: object) -> str:
        client = botocores.client(self.credentials, self.region, self.endpoint_url)
        return botocores.url(client, operation, seconds, Key=key, **params)


@pytest.fixture(params=[LONG_LIVED, TEMPORARY], ids=["long-lived", "temporary"])
def credentials(request: pytest.FixtureRequest) -> Credentials:
    found: Credentials = request.param
    return found


@pytest.fixture(params=PLACES.values(), ids=list(PLACES))
def signers(request: pytest.FixtureRequest, credentials: Credentials) -> Signers:
    region, endpoint_url = request.param
    return Signers(region, endpoint_url, credentials)


class TestUrl:
    """The same input, the same URL."""

    @pytest.mark.parametrize("name", NAMES)
    def test_of_a_download(self, signers: Signers, name: str) -> None:
        key = f"artifacts/m/a/{name}"
        disposition = f"attachment; filename=\"x\"; filename*=UTF-8''{name}"
        assert signers.ours(
            "GET",
            key,
            query={
                "response-content-disposition": disposition,
                "response-content-type": "text/plain; charset=utf-8",
                "versionId": "3/L4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY+MTRCxf3vjVBH40Nr8X8gdRQBpUMLUo",
            },
        ) == signers.botocores(
            "get_object",
            key,
            ResponseContentDisposition=disposition,
            ResponseContentType="text/plain; charset=utf-8",
            VersionId="3/L4kqtJlcpXroDTDmJ+rmSpXd3dIbrHY+MTRCxf3vjVBH40Nr8X8gdRQBpUMLUo",
        )

    @pytest.mark.parametrize("name", NAMES)
    def test_of_an_upload(self, signers: Signers, name: str) -> None:
        key = f"artifacts/m/a/{name}"
        assert signers.ours(
            "PUT",
            key,
            headers={
                "content-length": "5368709120",
                "content-type": 'text/plain;  title="a  b"',
                "if-none-match": "*",
                "x-amz-checksum-sha256": CHECKSUM,
                "x-amz-tagging": "pending=1",
            },
        ) == signers.botocores(
            "put_object",
            key,
            ContentLength=5368709120,
            ContentType='text/plain;  title="a  b"',
            IfNoneMatch="*",
            ChecksumSHA256=CHECKSUM,
            Tagging="pending=1",
        )

    def test_of_a_part(self, signers: Signers) -> None:
        upload_id = "VXBsb2FkIElEIGZvciA2aWWpbmcncyBteS1tb3ZpZS5tMnRzIHVwbG9hZA/+=~_.-"
        assert signers.ours(
            "PUT",
            "artifacts/m/a/x",
            query={"uploadId": upload_id, "partNumber": "1000"},
            headers={"content-length": "5", "x-amz-checksum-sha256": CHECKSUM},
        ) == signers.botocores(
            "upload_part",
            "artifacts/m/a/x",
            UploadId=upload_id,
            PartNumber=1000,
            ContentLength=5,
            ChecksumSHA256=CHECKSUM,
        )

    @pytest.mark.parametrize("seconds", [1, 900, 3600, 604800])
    def test_for_any_time(self, seconds: int) -> None:
        signers = Signers("us-east-1")
        ours = signers.ours("GET", "a", seconds=seconds)
        assert ours == signers.botocores("get_object", "a", seconds)

    @given(
        name=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60),
        content_type=st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1),
        region=st.sampled_from(["us-east-1", "eu-west-1", "cn-north-1"]),
        credentials=st.sampled_from([LONG_LIVED, TEMPORARY]),
    )
    def test_of_any_name_and_type(
        self, name: str, content_type: str, region: str, credentials: Credentials
    ) -> None:
        signers = Signers(region, None, credentials)
        key = f"artifacts/m/a/{name.replace('/', '_')}"
        assert signers.ours("GET", key) == signers.botocores("get_object", key)
        assert signers.ours(
            "GET", key, query={"response-content-type": content_type}
        ) == signers.botocores("get_object", key, ResponseContentType=content_type)

    @pytest.mark.parametrize("token", ["t", "a/b+c==", "~_.-!*'(),:;&?#[]{}|^`<>%25"])
    def test_of_any_session_token(self, token: str) -> None:
        signers = Signers("us-east-1", None, Credentials("AKIA", "secret", token))
        assert signers.ours("GET", "k", query={"versionId": "v"}) == signers.botocores(
            "get_object", "k", VersionId="v"
        )


class TestSecrets:
    """What must not be told."""

    def test_a_key_does_not_show(self) -> None:
        shown = repr(Presigner(Bucket.of(BUCKET, "us-east-1", None), TEMPORARY))
        assert TEMPORARY.secret_key not in shown
        assert str(TEMPORARY.token) not in shown
        assert TEMPORARY.access_key in shown

    def test_another_key_signs_otherwise(self) -> None:
        other = Credentials(LONG_LIVED.access_key, "another")
        ours = Signers("us-east-1").ours("GET", "a")
        assert Signers("us-east-1", None, other).ours("GET", "a") != ours
