"""What a deployment can configure, read once from the environment and frozen."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

from models.errors import Misconfigured

_STAGE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
_ORIGIN = re.compile(r"https?://(?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::[1-9][0-9]{0,4})?")
_OWN_PORTS = {"http": ":80", "https": ":443"}
"""Browsers leave them out of an origin."""
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
DEFAULT_TABLE = "ml-model-evaluator"
DEFAULT_BUCKET = "ml-evaluator-artifacts"
DEFAULT_REGION = "us-east-1"
DEFAULT_LOG_LEVEL = "1"
DEFAULT_STAGE = "local"
DEFAULT_ROLES_CLAIM = "roles"
_ON = frozenset({"on", "true", "1", "yes"})
_OFF = frozenset({"off", "false", "0", "no"})
DEFAULT_HUB_ENDPOINT = "https://huggingface.co"
DEFAULT_GITHUB_API_URL = "https://api.github.com"


@dataclass(frozen=True, slots=True)
class AwsCredentials:
    """A key pair given outright, for the embedded AWS; elsewhere botocore finds its own."""

    access_key_id: str
    secret_access_key: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Settings:
    """The service's configuration.

    Attributes:
        table: name of the DynamoDB table (`DYNAMODB_TABLE`).
        bucket: name of the S3 bucket (`S3_BUCKET`).
        region: AWS region (`AWS_REGION`).
        log_level: 0 silent, 1 info, 2 debug, or a standard level name (`LOG_LEVEL`).
        log_sample_rate: the share of requests, 0 to 1, that are logged from debug on, whatever the
            level (`LOG_SAMPLE_RATE`).
        stage: which deployment this is, for its metrics (`STAGE`).
        cors_origins: web origins whose pages may send and fetch files (`CORS_ORIGINS`, separated
            by commas; * for all).
        hub_endpoint: where the Hugging Face Hub, or a mirror of it, answers (`HF_ENDPOINT`). No
            other host is asked about models; http is for mirrors inside a network of one's own.
        hub_token: an access token of the Hub (`HF_TOKEN`); none reads what is public.
        github_api_url: where github.com's REST API, or a mirror or proxy of it, answers
            (`GITHUB_API_URL`). No other host is asked about code. An Enterprise Server is no
            mirror: it has other repositories under the same names.
        github_token: an access token of GitHub (`GITHUB_TOKEN`); none may ask 60 times an hour.
        license_policy_path: a file to use in place of our own license policy (`LICENSE_POLICY`).
        oidc_issuer: the OpenID Connect issuer whose tokens let people in (`OIDC_ISSUER`); none
            unless given.
        oidc_audience: what its tokens for this service name in `aud` (`OIDC_AUDIENCE`).
        oidc_roles_claim: which claim lists the roles (`OIDC_ROLES_CLAIM`).
        introspection: whether clients may ask for the schema (`GRAPHQL_INTROSPECTION`).
        get_queries: whether queries may come by GET (`GRAPHQL_GET`).
        playground: whether browsers get GraphiQL (`GRAPHQL_PLAYGROUND`).
        endpoint_url: where AWS answers, if not at its own endpoints (`AWS_ENDPOINT_URL`).
        credentials: a key pair to use in place of botocore's own search.
    """

    table: str = DEFAULT_TABLE
    bucket: str = DEFAULT_BUCKET
    region: str = DEFAULT_REGION
    log_level: str = DEFAULT_LOG_LEVEL
    log_sample_rate: float = 0
    stage: str = DEFAULT_STAGE
    cors_origins: tuple[str, ...] = ()
    hub_endpoint: str = DEFAULT_HUB_ENDPOINT
    hub_token: str | None = field(default=None, repr=False)
    github_api_url: str = DEFAULT_GITHUB_API_URL
    github_token: str | None = field(default=None, repr=False)
    license_policy_path: Path | None = None
    oidc_issuer: str | None = None
    oidc_audience: str | None = None
    oidc_roles_claim: str = DEFAULT_ROLES_CLAIM
    introspection: bool = True
    get_queries: bool = True
    playground: bool = True
    endpoint_url: str | None = None
    credentials: AwsCredentials | None = None

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read the settings from `env`; an empty value counts as absent.

        Raises:
            Misconfigured: an endpoint or a token cannot be one; the message names the variable, and
                never quotes a token.
        """
        license_policy = env.get("LICENSE_POLICY")
        return cls(
            table=env.get("DYNAMODB_TABLE") or DEFAULT_TABLE,
            bucket=env.get("S3_BUCKET") or DEFAULT_BUCKET,
            region=env.get("AWS_REGION") or DEFAULT_REGION,
            log_level=env.get("LOG_LEVEL") or DEFAULT_LOG_LEVEL,
            log_sample_rate=_share(env, "LOG_SAMPLE_RATE"),
            stage=_stage(env),
            cors_origins=_origins(env),
            hub_endpoint=_endpoint(env, "HF_ENDPOINT") or DEFAULT_HUB_ENDPOINT,
            hub_token=_token(env, "HF_TOKEN"),
            github_api_url=_endpoint(env, "GITHUB_API_URL") or DEFAULT_GITHUB_API_URL,
            github_token=_token(env, "GITHUB_TOKEN"),
            license_policy_path=Path(license_policy) if license_policy else None,
            oidc_issuer=_issuer(env),
            oidc_audience=env.get("OIDC_AUDIENCE", "").strip() or None,
            oidc_roles_claim=env.get("OIDC_ROLES_CLAIM") or DEFAULT_ROLES_CLAIM,
            introspection=_switch(env, "GRAPHQL_INTROSPECTION"),
            get_queries=_switch(env, "GRAPHQL_GET"),
            playground=_switch(env, "GRAPHQL_PLAYGROUND"),
            endpoint_url=_endpoint(env, "AWS_ENDPOINT_URL"),
        )


def _endpoint(env: Mapping[str, str], name: str) -> str | None:
    """Read the URL of a service, without a slash at its end."""
    url = env.get(name, "").strip().rstrip("/")
    if not url:
        return None
    problem = f"{name} must be an http or https URL without credentials, query or fragment."
    try:
        parts = urlsplit(url)
        port_is_valid = parts.port != 0
    except ValueError as error:
        raise Misconfigured(problem) from error
    is_service = parts.scheme in {"http", "https"} and parts.hostname and "@" not in parts.netloc
    if not is_service or not port_is_valid or any(mark in url for mark in "?# \\"):
        raise Misconfigured(problem)
    return url


def _origins(env: Mapping[str, str]) -> tuple[str, ...]:
    """Read web origins, each as browsers send it."""
    origins = tuple(env.get("CORS_ORIGINS", "").replace(",", " ").split())
    for origin in origins:
        own_port = _OWN_PORTS.get(origin.partition(":")[0], "*")
        if origin != "*" and (not _ORIGIN.fullmatch(origin) or origin.endswith(own_port)):
            raise Misconfigured(
                "CORS_ORIGINS must be origins such as https://app.example.com, separated by "
                f"commas, or *: {origin} is none."
            )
    return origins


def _token(env: Mapping[str, str], name: str) -> str | None:
    """Read a token, which must fit into a header: else errors of HTTP clients would quote it."""
    token = env.get(name, "").strip()
    if not all("!" <= character <= "~" for character in token):
        raise Misconfigured(f"{name} must be one word of ASCII.")
    return token or None


def _issuer(env: Mapping[str, str]) -> str | None:
    """Read the issuer, as its tokens name it: a slash at the end counts."""
    issuer = env.get("OIDC_ISSUER", "").strip() or None
    if issuer is not None and not _is_trustworthy(issuer):
        raise Misconfigured("OIDC_ISSUER must be an https URL without credentials or query.")
    if (issuer is None) != (not env.get("OIDC_AUDIENCE", "").strip()):
        raise Misconfigured("OIDC_ISSUER and OIDC_AUDIENCE belong together: set both, or neither.")
    return issuer


def _share(env: Mapping[str, str], name: str) -> float:
    """Read a share of something, which is none unless it says otherwise."""
    try:
        share = float(env.get(name) or 0)
    except ValueError:
        share = -1.0
    if not 0 <= share <= 1:
        raise Misconfigured(f"{name} must be a number from 0 to 1.")
    return share


def _stage(env: Mapping[str, str]) -> str:
    """Read the stage, which is a dimension of metrics."""
    stage = env.get("STAGE") or DEFAULT_STAGE
    if not _STAGE.fullmatch(stage):
        raise Misconfigured("STAGE must be a word of at most 64 letters, digits, dots, - and _.")
    return stage


def _is_trustworthy(issuer: str) -> bool:
    """Tell whether a URL can be an issuer's, and nobody on the way can change what it answers."""
    try:
        parts = urlsplit(issuer)
    except ValueError:
        return False
    if any(mark in issuer for mark in "@?# \\") or not parts.hostname:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _LOOPBACK)


def _switch(env: Mapping[str, str], name: str) -> bool:
    """Read a switch, which is on unless it says otherwise."""
    value = (env.get(name) or "on").lower()
    if value not in _ON | _OFF:
        raise Misconfigured(f"{name} must be on or off.")
    return value in _ON
