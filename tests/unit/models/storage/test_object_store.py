"""S3 where it does not answer as it should."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from models.errors import Throttled
from models.storage.object_store import ObjectStore

URL = "http://127.0.0.1:1"


class BrokenClient:
    """An S3 client whose every call fails."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401  # any operation
        def call(**_: object) -> None:
            raise self._error

        return call


def refused(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "HeadObject")


def store(error: Exception) -> ObjectStore:
    return ObjectStore(lambda: BrokenClient(error), "bucket")


class TestUnavailable:
    """Somebody can try again later."""

    @pytest.mark.parametrize(
        "error",
        [
            EndpointConnectionError(endpoint_url=URL),
            ReadTimeoutError(endpoint_url=URL),
            refused("SlowDown"),
            refused("503"),
        ],
    )
    def test_is_told_as_throttling(self, error: Exception) -> None:
        broken = store(error)
        with pytest.raises(Throttled):
            broken.head("key")
        with pytest.raises(Throttled):
            broken.parts("key", "upload")
        with pytest.raises(Throttled):
            broken.begin_multipart("key", "text/plain")
        with pytest.raises(Throttled):
            broken.keep("key", "version")


class TestOtherErrors:
    """Whatever else is wrong is a fault of ours, and masked."""

    def test_pass_as_they_are(self) -> None:
        with pytest.raises(ClientError):
            store(refused("AccessDenied")).head("key")

    @pytest.mark.parametrize("code", ["404", "NoSuchKey", "NoSuchUpload"])
    def test_of_absence_are_none(self, code: str) -> None:
        assert store(refused(code)).head("key") is None
        assert store(refused(code)).parts("key", "upload") is None
