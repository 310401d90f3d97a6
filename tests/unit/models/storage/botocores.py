"""botocore's presigned URLs, to compare ours with."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache
from typing import Any

import botocore.auth
import botocore.session
import pytest
from botocore.config import Config

from models.storage.presign import Credentials

BUCKET = "ml-evaluator-artifacts"
SECOND = datetime(2026, 11, 23, 10, 15, 30, tzinfo=UTC)


@cache
def client(credentials: Credentials, region: str, endpoint_url: str | None) -> Any:  # noqa: ANN401  # botocore's clients have no types
    """Return a client as the service itself would build it."""
    return botocore.session.get_session().create_client(
        "s3",
        region_name=region,
        endpoint_url=endpoint_url,
        aws_access_key_id=credentials.access_key,
        aws_secret_access_key=credentials.secret_key,
        aws_session_token=credentials.token,
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path" if endpoint_url else "virtual"},
        ),
    )


@contextmanager
def clock_at(instant: datetime) -> Iterator[None]:
    """Let botocore sign at one instant."""
    with pytest.MonkeyPatch.context() as patch:
        naive = instant.replace(tzinfo=None)
        patch.setattr(botocore.auth, "get_current_datetime", lambda *_, **__: naive)
        yield


def url(client: Any, operation: str, seconds: int, **params: object) -> str:  # noqa: ANN401  # the same
    """Return botocore's URL, signed at `SECOND`."""
    with clock_at(SECOND):
        made: str = client.generate_presigned_url(
            operation, Params={"Bucket": BUCKET, **params}, ExpiresIn=seconds
        )
    return made
