"""The composition root: the only place that builds clients and services from Settings."""

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from graph.auth import Authenticator
from graph.auth.issuer import IssuerKeys
from graph.auth.tokens import TokenVerifier
from graph.services import Services
from models.access.keyring import Keyring
from models.access.keys import ApiKeys
from models.artifacts.arrival import Arrival
from models.artifacts.completion import Completion
from models.artifacts.deletion import Deletion
from models.artifacts.hasher import Hasher
from models.artifacts.reader import ArtifactReader
from models.artifacts.uploads import Uploads
from models.evaluation.jobs import JobMaker
from models.evaluation.reader import EvaluationReader
from models.evaluation.requests import Evaluations
from models.evaluation.times import Times
from models.evaluation.version import evaluator_version
from models.listing.lister import Lister
from models.registry.reader import Reader
from models.registry.service import Registry
from models.registry.writer import Writer
from models.settings import Settings
from models.storage.bucket import configure_bucket, create_bucket
from models.storage.links import Links
from models.storage.object_store import ObjectStore
from models.storage.presign import Bucket, Credentials
from models.table import Table
from models.timestamps import Clock, now
from models.verification.verifier import Verifier

if TYPE_CHECKING:
    from models.license.policy import LicensePolicy

S3_CONNECT_TIMEOUT_SECONDS = 2
S3_READ_TIMEOUT_SECONDS = 12
S3_MAX_ATTEMPTS = 2
"""Together inside the 30 s that a gateway waits; to join a large object's parts takes long."""


def build_services(settings: Settings, clock: Clock = now, times: Times | None = None) -> Services:
    """Build every service for the table and the bucket of `settings`.

    Args:
        times: how long evaluations may take.
    """
    table = Table(settings)
    store = build_store(settings)
    keys = ApiKeys(table, clock)
    policy = license_policy(settings)
    jobs = JobMaker(clock, times or Times(), lambda: evaluator_version(policy().digest))
    uploads = Uploads(table, store, clock)
    arrival = Arrival(table, store, clock)
    bucket = Bucket.of(settings.bucket, settings.region, settings.endpoint_url)
    return Services(
        table=table,
        store=store,
        registry=Registry(Writer(table, clock), clock),
        reader=Reader(table, clock),
        lister=Lister(table),
        verifier=Verifier(table),
        artifacts=ArtifactReader(table),
        uploads=uploads,
        completion=Completion(store, uploads, arrival, clock),
        hasher=Hasher(table, arrival),
        deletion=Deletion(table, clock),
        links=Links(bucket, _credentials(settings), clock),
        evaluations=Evaluations(table, jobs),
        evaluation_reader=EvaluationReader(table, clock),
        keys=keys,
        keyring=Keyring(keys.find, clock),
        license_policy=policy,
    )


def build_store(settings: Settings) -> ObjectStore:
    """Build the adapter to the bucket; its client is built when it is first needed."""
    return ObjectStore(lambda: _s3_client(settings), settings.bucket)


def license_policy(settings: Settings) -> Callable[[], "LicensePolicy"]:
    """Return what gives the license policy, which is loaded when it is first needed."""

    @cache
    def loaded() -> "LicensePolicy":
        from models.license.policy import LicensePolicy  # noqa: PLC0415  # few requests need it

        return LicensePolicy.load(settings.license_policy_path)

    return loaded


def build_authenticator(settings: Settings, services: Services) -> Authenticator:
    """Build what tells who is asking: by API key, and by token where an issuer is configured."""
    return Authenticator(services.keyring, _token_verifier(settings))


def _token_verifier(settings: Settings) -> TokenVerifier | None:
    if settings.oidc_issuer is None or settings.oidc_audience is None:
        return None
    return TokenVerifier(
        IssuerKeys(settings.oidc_issuer),
        settings.oidc_issuer,
        settings.oidc_audience,
        settings.oidc_roles_claim,
    )


def provision(settings: Settings) -> None:
    """Create the table and the bucket where they do not exist yet: for local use and tests."""
    Table(settings).create()
    client = _s3_client(settings)
    create_bucket(client, settings.bucket, settings.region)
    configure_bucket(client, settings.bucket, settings.cors_origins)


def _s3_client(settings: Settings) -> Any:  # noqa: ANN401  # boto3's clients have no public type
    import boto3  # noqa: PLC0415  # slow to import, and few requests need S3
    from botocore.config import Config  # noqa: PLC0415

    credentials = settings.credentials
    return boto3.client(
        "s3",
        region_name=settings.region,
        endpoint_url=settings.endpoint_url,
        aws_access_key_id=credentials.access_key_id if credentials else None,
        aws_secret_access_key=credentials.secret_access_key if credentials else None,
        config=Config(
            signature_version="s3v4",
            s3={"addressing_style": "path" if settings.endpoint_url else "virtual"},
            connect_timeout=S3_CONNECT_TIMEOUT_SECONDS,
            read_timeout=S3_READ_TIMEOUT_SECONDS,
            retries={"mode": "standard", "total_max_attempts": S3_MAX_ATTEMPTS},
        ),
    )


def _credentials(settings: Settings) -> Callable[[], Credentials]:
    """Return what gives the credentials of the moment; a role's change every few hours."""
    if settings.credentials is not None:
        given = settings.credentials
        fixed = Credentials(given.access_key_id, given.secret_access_key)
        return lambda: fixed

    @cache
    def session() -> Any:  # noqa: ANN401  # botocore's have no public type
        from botocore.session import get_session  # noqa: PLC0415

        return get_session()  # slow to make, and few requests sign

    def current() -> Credentials:
        found = session().get_credentials()
        if found is None:
            raise LookupError("there are no AWS credentials to sign with")
        frozen = found.get_frozen_credentials()
        return Credentials(str(frozen.access_key), str(frozen.secret_key), frozen.token)

    return current
