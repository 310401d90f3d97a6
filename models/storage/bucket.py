"""How the bucket must be configured; for local use and tests, since deployments describe it."""

from collections.abc import Sequence
from typing import Any

from botocore.exceptions import ClientError

PENDING_EXPIRY_DAYS = 2
"""After which what never was completed is gone."""
NONCURRENT_EXPIRY_DAYS = 365
_TAG_KEY, _TAG_VALUE = "pending", "1"


def create_bucket(client: Any, name: str, region: str) -> None:  # noqa: ANN401  # boto3's client
    """Create a bucket where it does not exist yet."""
    try:
        client.head_bucket(Bucket=name)
    except ClientError:
        place = {"LocationConstraint": region}
        options = {} if region == "us-east-1" else {"CreateBucketConfiguration": place}
        client.create_bucket(Bucket=name, **options)


def configure_bucket(client: Any, name: str, origins: Sequence[str]) -> None:  # noqa: ANN401  # boto3's client
    """Set up versioning, encryption, privacy, expiry, and CORS for web pages of `origins`."""
    client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    client.put_bucket_encryption(
        Bucket=name,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]
        },
    )
    client.put_public_access_block(
        Bucket=name,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": True,
            "BlockPublicPolicy": True,
            "RestrictPublicBuckets": True,
        },
    )
    client.put_bucket_lifecycle_configuration(
        Bucket=name, LifecycleConfiguration={"Rules": _lifecycle_rules()}
    )
    if origins:
        client.put_bucket_cors(Bucket=name, CORSConfiguration={"CORSRules": [_cors_rule(origins)]})
    else:
        client.delete_bucket_cors(Bucket=name)


def _lifecycle_rules() -> list[dict[str, object]]:
    return [
        {
            "ID": "expire-pending",
            "Status": "Enabled",
            "Filter": {"Tag": {"Key": _TAG_KEY, "Value": _TAG_VALUE}},
            "Expiration": {"Days": PENDING_EXPIRY_DAYS},
            "NoncurrentVersionExpiration": {"NoncurrentDays": 1},
        },
        {
            "ID": "abort-unfinished-uploads",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": PENDING_EXPIRY_DAYS},
        },
        {
            "ID": "expire-noncurrent",
            "Status": "Enabled",
            "Filter": {"Prefix": ""},
            "NoncurrentVersionExpiration": {"NoncurrentDays": NONCURRENT_EXPIRY_DAYS},
        },
    ]


def _cors_rule(origins: Sequence[str]) -> dict[str, object]:
    return {
        "AllowedOrigins": list(origins),
        "AllowedMethods": ["GET", "HEAD", "PUT"],
        "AllowedHeaders": ["content-type", "if-none-match", "x-amz-*"],
        "ExposeHeaders": ["ETag", "x-amz-checksum-sha256"],
        "MaxAgeSeconds": 3600,
    }
