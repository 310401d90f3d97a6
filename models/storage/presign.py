"""Presigned S3 URLs, made with hashlib and hmac alone: no client, no request, and cheap.

AWS Signature Version 4 in a query string, as S3 reads it:
https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import quote, urlsplit

from models.timestamps import Timestamp

_ALGORITHM = "AWS4-HMAC-SHA256"
_UNRESERVED = "-_.~"
_UNRESERVED_IN_PATH = "/" + _UNRESERVED
_OWN_PORT = {"http": ":80", "https": ":443"}


@dataclass(frozen=True, slots=True)
class Credentials:
    """A key pair, and the session token that temporary ones come with."""

    access_key: str
    secret_key: str = field(repr=False)
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Bucket:
    """Where a bucket's objects are.

    Attributes:
        origin: scheme and host.
        path: what an object's path begins with: a slash, or the bucket's name between two.
    """

    origin: str
    path: str
    region: str

    @classmethod
    def of(cls, name: str, region: str, endpoint_url: str | None) -> "Bucket":
        """Locate a bucket: on AWS by its own host name, at another endpoint by its path."""
        if endpoint_url:
            endpoint = urlsplit(endpoint_url.rstrip("/"))
            origin = f"{endpoint.scheme}://{endpoint.netloc}"
            return cls(origin, f"{endpoint.path}/{name}/", region)
        suffix = "amazonaws.com.cn" if region.startswith("cn-") else "amazonaws.com"
        # The first region's global name is what SDKs still sign there.
        service = "s3" if region == "us-east-1" else f"s3.{region}"
        return cls(f"https://{name}.{service}.{suffix}", "/", region)

    @property
    def host(self) -> str:
        """Return host and port as clients send them: without the port that the scheme has."""
        scheme, _, host = self.origin.partition("://")
        return host.removesuffix(_OWN_PORT.get(scheme, ""))


@dataclass(frozen=True, slots=True)
class Presigner:
    """Signs requests to one bucket's objects."""

    bucket: Bucket
    credentials: Credentials

    def url(
        self,
        method: str,
        key: str,
        *,
        at: Timestamp,
        expires_in_seconds: int,
        query: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> str:
        """Return a URL with which anyone can send this very request until it expires.

        Args:
            query: parameters of the operation; their names begin with a lower-case letter.
            headers: what the sender must send unchanged, names in lower case; S3 refuses others.
        """
        bucket, credentials = self.bucket, self.credentials
        signed = {"host": bucket.host, **(headers or {})}
        names = sorted(signed)
        frame = _frame(credentials, bucket.region, at[:19], expires_in_seconds, ";".join(names))
        given = _encoded(query or {})
        path = bucket.path + quote(key, safe=_UNRESERVED_IN_PATH)
        # In the canonical order the frame's names, which begin with a capital, come first.
        canonical_request = (
            f"{method}\n{path}\n{'&'.join([frame.sorted_parameters, *sorted(given)])}\n"
            + "".join([f"{name}:{' '.join(signed[name].split())}\n" for name in names])
            + frame.end_of_request
        )
        digest = hashlib.sha256(canonical_request.encode()).hexdigest()
        signature = hmac.digest(frame.key, f"{frame.to_sign}{digest}".encode(), "sha256").hex()
        parameters = "&".join([*given, frame.parameters])
        return f"{bucket.origin}{path}?{parameters}&X-Amz-Signature={signature}"


@dataclass(frozen=True, slots=True)
class _Frame:
    """What all signatures of one second and kind share."""

    key: bytes = field(repr=False)
    parameters: str
    sorted_parameters: str
    end_of_request: str
    to_sign: str


@lru_cache(maxsize=32)
def _frame(
    credentials: Credentials, region: str, second: str, expires_in_seconds: int, names: str
) -> _Frame:
    instant = f"{second.replace('-', '').replace(':', '')}Z"
    scope = f"{instant[:8]}/{region}/s3/aws4_request"
    parameters = {
        "X-Amz-Algorithm": _ALGORITHM,
        "X-Amz-Credential": f"{credentials.access_key}/{scope}",
        "X-Amz-Date": instant,
        "X-Amz-Expires": str(expires_in_seconds),
        "X-Amz-SignedHeaders": names,
    }
    if credentials.token is not None:
        parameters["X-Amz-Security-Token"] = credentials.token
    encoded = _encoded(parameters)
    key = f"AWS4{credentials.secret_key}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    return _Frame(
        key=key,
        parameters="&".join(encoded),
        sorted_parameters="&".join(sorted(encoded)),
        end_of_request=f"\n{names}\nUNSIGNED-PAYLOAD",
        to_sign=f"{_ALGORITHM}\n{instant}\n{scope}\n",
    )


def _encoded(parameters: Mapping[str, str]) -> list[str]:
    return [f"{name}={quote(value, safe=_UNRESERVED)}" for name, value in parameters.items()]
