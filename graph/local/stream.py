"""Reads the stream of the embedded table: what was written since one began to look."""

from collections.abc import Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError
from botocore.session import get_session

from models.settings import Settings


class TableStream:
    """The records of a table's stream, from now on.

    The emulator has one shard, which never ends; in AWS, Lambda reads the stream.
    """

    def __init__(self, settings: Settings) -> None:
        self._client = _client("dynamodbstreams", settings)
        table = _client("dynamodb", settings).describe_table(TableName=settings.table)["Table"]
        self._arn: str = table["LatestStreamArn"]
        self._iterator = self._open("LATEST")

    def read(self) -> Sequence[Mapping[str, Any]]:
        """Return what was written since the last time."""
        try:
            answer = self._client.get_records(ShardIterator=self._iterator)
        except ClientError:
            # A lost place: to read again what was read does nothing, to miss something would.
            self._iterator = self._open("TRIM_HORIZON")
            raise
        self._iterator = answer["NextShardIterator"]
        records: Sequence[Mapping[str, Any]] = answer["Records"]
        return records

    def _open(self, place: str) -> str:
        stream = self._client.describe_stream(StreamArn=self._arn)["StreamDescription"]
        opened = self._client.get_shard_iterator(
            StreamArn=self._arn, ShardId=stream["Shards"][0]["ShardId"], ShardIteratorType=place
        )
        iterator: str = opened["ShardIterator"]
        return iterator


def _client(service: str, settings: Settings) -> Any:  # noqa: ANN401  # botocore has no types
    credentials = settings.credentials
    return get_session().create_client(
        service,
        region_name=settings.region,
        endpoint_url=settings.endpoint_url,
        aws_access_key_id=credentials.access_key_id if credentials else None,
        aws_secret_access_key=credentials.secret_access_key if credentials else None,
    )
