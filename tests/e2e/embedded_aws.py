"""The embedded AWS beneath the API, for tests that look below it."""

from typing import Any

import botocore.session
from botocore.config import Config


def client(url: str, service: str, region: str = "us-east-1") -> Any:  # noqa: ANN401 - botocore makes its methods at run time
    """A client of a service, that never tries again."""
    return botocore.session.get_session().create_client(
        service,
        region_name=region,
        endpoint_url=url,
        aws_access_key_id="test",
        aws_secret_access_key="test",  # noqa: S106 - what ministack is told to be
        config=Config(retries={"total_max_attempts": 1}),
    )


def create_table(dynamodb: Any, name: str) -> None:  # noqa: ANN401 - what `client` gives
    """A table of the tests' own, that no change of the real one touches."""
    dynamodb.create_table(
        TableName=name,
        KeySchema=[{"AttributeName": "PK", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "PK", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
