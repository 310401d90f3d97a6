"""The use cases that resolvers call."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.access.keyring import Keyring
from models.access.keys import ApiKeys
from models.artifacts.completion import Completion
from models.artifacts.deletion import Deletion
from models.artifacts.hasher import Hasher
from models.artifacts.reader import ArtifactReader
from models.artifacts.uploads import Uploads
from models.evaluation.reader import EvaluationReader
from models.evaluation.requests import Evaluations
from models.listing.lister import Lister
from models.registry.reader import Reader
from models.registry.service import Registry
from models.storage.links import Links
from models.storage.object_store import ObjectStore
from models.table import Table
from models.verification.verifier import Verifier

if TYPE_CHECKING:  # it is loaded when a license is first judged
    from models.license.policy import LicensePolicy


@dataclass(frozen=True, slots=True)
class Services:
    """The domain, joined to its storage by `graph.bootstrap`."""

    table: Table
    store: ObjectStore
    registry: Registry
    reader: Reader
    lister: Lister
    verifier: Verifier
    artifacts: ArtifactReader
    uploads: Uploads
    completion: Completion
    hasher: Hasher
    deletion: Deletion
    links: Links
    evaluations: Evaluations
    evaluation_reader: EvaluationReader
    keys: ApiKeys
    keyring: Keyring
    license_policy: Callable[[], "LicensePolicy"]
