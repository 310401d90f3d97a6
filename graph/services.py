"""The use cases that resolvers call."""

from dataclasses import dataclass

from models.listing.lister import Lister
from models.registry.reader import Reader
from models.registry.service import Registry
from models.table import Table
from models.verification.verifier import Verifier


@dataclass(frozen=True, slots=True)
class Services:
    """The domain, joined to its storage by `graph.bootstrap`."""

    table: Table
    registry: Registry
    reader: Reader
    lister: Lister
    verifier: Verifier
