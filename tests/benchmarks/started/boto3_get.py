"""The least that a function on DynamoDB does: boto3's client, and one item that it gets."""

import os
from typing import Any

import boto3

client = boto3.client("dynamodb")


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Answer with the name of the item that the event names."""
    answer = client.get_item(
        TableName=os.environ["DYNAMODB_TABLE"], Key=event["key"], ConsistentRead=True
    )
    return {"statusCode": 200, "body": answer["Item"]["name"]["S"]}
