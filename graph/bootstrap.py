"""The composition root: the only place that builds clients and services from Settings."""

from dataclasses import dataclass

from models.settings import Settings


@dataclass(frozen=True, slots=True)
class Services:
    """The use cases that the API offers, joined to their storage."""


def build_services(settings: Settings) -> Services:
    """Build every service for the table, bucket and region of `settings`."""
    return Services()


def provision(settings: Settings) -> None:
    """Create the table and the bucket where they do not exist yet: for local use and tests."""
