"""The composition root: the only place that builds clients and services from Settings."""

import boto3

from graph.services import Services
from models.listing.lister import Lister
from models.registry.reader import Reader
from models.registry.service import Registry
from models.registry.writer import Writer
from models.settings import Settings
from models.table import Table
from models.timestamps import Clock, now
from models.verification.verifier import Verifier


def build_services(settings: Settings, clock: Clock = now) -> Services:
    """Build every service for the table of `settings`."""
    table = Table(settings)
    return Services(
        table=table,
        registry=Registry(Writer(table, clock), clock),
        reader=Reader(table),
        lister=Lister(table),
        verifier=Verifier(table),
    )


def provision(settings: Settings) -> None:
    """Create the table and the bucket where they do not exist yet: for local use and tests."""
    Table(settings).create()
    credentials = settings.credentials
    s3 = boto3.client(
        "s3",
        region_name=settings.region,
        endpoint_url=settings.endpoint_url,
        aws_access_key_id=credentials.access_key_id if credentials else None,
        aws_secret_access_key=credentials.secret_access_key if credentials else None,
    )
    buckets = {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
    if settings.bucket not in buckets:
        s3.create_bucket(Bucket=settings.bucket)
