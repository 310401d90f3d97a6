"""The guarded client over TLS: as strict, and as punctual."""

import ssl
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpcore2
import httpx2
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from models.evaluation.upstream.deadline import time_limit
from models.evaluation.upstream.errors import OutOfTime, Unreachable
from models.evaluation.upstream.http import guarded_client
from models.evaluation.upstream.network import DeadlineBackend
from tests.unit.models.evaluation.upstreams import LONG_SECONDS, QUICK, RawServer

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate for localhost, with its key, that nobody trusts yet."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path / "localhost.pem"
    path.write_bytes(private + signed.public_bytes(pem))
    return path


def get(server: RawServer) -> str:
    url = server.url.replace("http://127.0.0.1", "https://localhost")
    with guarded_client(
        url, body_limit=lambda _: 100, check=lambda _: None, headers={}, pacing=QUICK
    ) as client:
        return client.get(url).text


def serve(certificate: Path, pieces: list[bytes], pause_seconds: float = 0) -> RawServer:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return RawServer(pieces, pause_seconds, context)


class TestTls:
    """https, as everywhere but in tests."""

    def test_a_host_that_is_trusted(
        self, certificate: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        with serve(certificate, [ANSWER]) as server:
            assert get(server) == "ok"

    def test_one_that_is_not(self, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("SSL_CERT_FILE", raising=False)
        with serve(certificate, [ANSWER]) as server, pytest.raises(Unreachable):
            get(server)

    def test_a_drip(self, certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        began = time.monotonic()
        with serve(certificate, [b"HTTP/1.1 200 OK\r\n", *[b"X: 1\r\n"] * 6000], 0.01) as server:
            with time_limit(0.2), pytest.raises(OutOfTime):
                get(server)
            assert time.monotonic() - began < LONG_SECONDS

    def test_a_handshake_that_never_ends(self) -> None:
        with RawServer([b""] * 6000, 0.01) as server:
            began = time.monotonic()
            with time_limit(0.2), pytest.raises(OutOfTime):
                get(server)
            assert time.monotonic() - began < LONG_SECONDS


class TestStartTls:
    """The moment between the connection and its encryption."""

    def test_past_the_deadline_it_hangs_up(self) -> None:
        with RawServer([b""]) as server:
            address = httpx2.URL(server.url)
            stream = DeadlineBackend().connect_tcp(address.host, address.port or 0)
            with time_limit(-1), pytest.raises(httpcore2.TimeoutException):
                stream.start_tls(ssl.create_default_context(), "localhost")
            assert stream.get_extra_info("socket").fileno() == -1
