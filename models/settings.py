"""What a deployment can configure, read once from the environment and frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

DEFAULT_TABLE = "ml-model-evaluator"
DEFAULT_BUCKET = "ml-evaluator-artifacts"
DEFAULT_REGION = "us-east-1"
DEFAULT_LOG_LEVEL = "1"


@dataclass(frozen=True, slots=True)
class AwsCredentials:
    """A key pair given outright, for the embedded AWS; elsewhere botocore finds its own."""

    access_key_id: str
    secret_access_key: str


@dataclass(frozen=True, slots=True)
class Settings:
    """The service's configuration.

    Attributes:
        table: name of the DynamoDB table (`DYNAMODB_TABLE`).
        bucket: name of the S3 bucket (`S3_BUCKET`).
        region: AWS region (`AWS_REGION`).
        log_level: 0 silent, 1 info, 2 debug, or a standard level name (`LOG_LEVEL`).
        cors_origins: web origins whose pages may send and fetch files (`CORS_ORIGINS`, separated
            by commas).
        endpoint_url: where AWS answers, if not at its own endpoints.
        credentials: a key pair to use in place of botocore's own search.
    """

    table: str = DEFAULT_TABLE
    bucket: str = DEFAULT_BUCKET
    region: str = DEFAULT_REGION
    log_level: str = DEFAULT_LOG_LEVEL
    cors_origins: tuple[str, ...] = ()
    endpoint_url: str | None = None
    credentials: AwsCredentials | None = None

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read the settings from `env`; an empty value counts as absent."""
        return cls(
            table=env.get("DYNAMODB_TABLE") or DEFAULT_TABLE,
            bucket=env.get("S3_BUCKET") or DEFAULT_BUCKET,
            region=env.get("AWS_REGION") or DEFAULT_REGION,
            log_level=env.get("LOG_LEVEL") or DEFAULT_LOG_LEVEL,
            cors_origins=tuple(env.get("CORS_ORIGINS", "").replace(",", " ").split()),
        )
