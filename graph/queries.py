"""The root fields that read."""

from typing import Annotated

import strawberry

from graph.authorization import ADMINS, ANYBODY, READERS
from graph.context import Info
from graph.selection import requested_page_size
from graph.types.api_key import ApiKey, list_api_keys
from graph.types.arguments import After, Before, First, Last
from graph.types.artifact import Artifact
from graph.types.change_entry import ChangeEntry, expect_entries
from graph.types.connection import Connection
from graph.types.evaluation import Evaluation
from graph.types.license_decision import LicenseDecision
from graph.types.model import Model, expect_evaluations
from graph.types.model_list import ModelFilterInput, ModelOrderInput, Paging, list_models
from graph.types.node import Node
from graph.types.viewer import Viewer
from models.access.record import ApiKeyRecord
from models.artifacts.reader import Wanted
from models.artifacts.record import ArtifactRecord
from models.errors import InvalidArgument
from models.evaluation.record import EvaluationRecord
from models.ids import ApiKeyRef, ArtifactRef, EvaluationRef, ModelRef, NodeRef, parse_node_id
from models.json_text import text_problem
from models.limits import LICENSE_MAX_CHARACTERS, NODES_MAX_IDS
from models.listing.query import ModelFilter, Order
from models.principal import Role
from models.records import ChangeRecord, ModelRecord
from models.registry.overview import Overview
from models.registry.reader import Node as NodeRecord
from models.timestamps import Timestamp


@strawberry.type(description="What can be read")
class Query:
    """Reads; nothing here changes anything."""

    @strawberry.field(
        description="Who is asking",
        extensions=[ANYBODY],
    )
    def viewer(self, info: Info) -> Viewer:
        """Show the caller."""
        return Viewer.of(info.context.principal)

    @strawberry.field(
        description="Null where there is no such object",
        extensions=[READERS],
    )
    def node(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="The id of any object")],
    ) -> Node | None:
        """Fetch an object by its id."""
        return _nodes(info, [id])[0]

    @strawberry.field(
        description="At most 100 ids; null in the place of each that does not exist",
        extensions=[READERS],
    )
    def nodes(
        self,
        info: Info,
        ids: Annotated[list[strawberry.ID], strawberry.argument(description="Ids of any objects")],
    ) -> list[Node | None]:
        """Fetch objects by their ids."""
        if len(ids) > NODES_MAX_IDS:
            raise InvalidArgument(f"at most {NODES_MAX_IDS} ids, not {len(ids)}", "ids")
        return _nodes(info, ids)

    @strawberry.field(
        description=(
            "The model now, at a version, or as it stood at an instant: give at most one of the two"
        ),
        extensions=[READERS],
    )
    def model(
        self,
        info: Info,
        id: Annotated[strawberry.ID, strawberry.argument(description="The model's UUID")],
        version: Annotated[
            int | None, strawberry.argument(description="Read the model as of this version")
        ] = None,
        as_of: Annotated[
            Timestamp | None,
            strawberry.argument(description="Read the model as it stood at this instant"),
        ] = None,
    ) -> Model | None:
        """Read a model."""
        if version is not None and as_of is not None:
            raise InvalidArgument("give version or asOf, not both", "asOf")
        if version is not None and version < 1:
            raise InvalidArgument("version must be at least 1", "version")
        if version is None and as_of is None:
            return _newest(info, id)
        reader = info.context.services.reader
        if version is not None:
            record = reader.model_at_version(id, version)
        else:
            record = reader.model_as_of(id, as_of) if as_of else None
        return Model.at_version(record) if record else None

    @strawberry.field(
        description=(
            "A page of models. first and last: 1 to 100, never both, 20 unless given. Newest "
            "change first unless ordered. Lists are eventually consistent"
        ),
        extensions=[READERS],
    )
    def models(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        last: Last = None,
        before: Before = None,
        filter: Annotated[
            ModelFilterInput | None,
            strawberry.argument(description="Which models; the ACTIVE ones unless given"),
        ] = None,
        order_by: Annotated[
            ModelOrderInput | None,
            strawberry.argument(description="Newest change first unless given"),
        ] = None,
    ) -> Connection[Model]:
        """List models."""
        criteria = filter.criteria() if filter else ModelFilter()
        order = Order(order_by.field, order_by.direction) if order_by else Order()
        return list_models(info, Paging(first, after, last, before), criteria, order)

    @strawberry.field(description="For ADMIN. Newest first", extensions=[ADMINS])
    def api_keys(self, info: Info, first: First = None, after: After = None) -> Connection[ApiKey]:
        """List the API keys."""
        return list_api_keys(info, first, after)

    @strawberry.field(
        description="What the license policy says of a license name or an SPDX expression",
        extensions=[READERS],
    )
    def license_check(
        self,
        info: Info,
        license: Annotated[
            str,
            strawberry.argument(
                description="Such as apache-2.0, MIT OR GPL-2.0-only, or a LicenseRef"
            ),
        ],
    ) -> LicenseDecision:
        """Ask the policy."""
        if not 1 <= len(license) <= LICENSE_MAX_CHARACTERS:
            message = f"license must have 1 to {LICENSE_MAX_CHARACTERS} characters"
            raise InvalidArgument(message, "license")
        if problem := text_problem(license):
            raise InvalidArgument(f"license {problem}", "license")
        return LicenseDecision.of(info.context.services.license_policy().decide(license))


def _newest(info: Info, model_id: str) -> Model | None:
    """Read a model's newest state, along with its newest changes or files if they are wanted."""
    services = info.context.services
    changes = requested_page_size(info, "changeHistory")
    files = requested_page_size(info, "artifacts")
    if changes and files:
        whole = services.reader.overview(model_id, changes, files)
        return _with_both(whole) if whole else None
    if changes:
        found = services.reader.model_with_changes(model_id, changes)
        return Model.now(found[0], newest_changes=found[1]) if found else None
    if files:
        held = services.artifacts.model_with_artifacts(model_id, files, Wanted())
        return Model.now(held[0], newest_artifacts=held[1]) if held else None
    record = services.reader.model(model_id)
    if record is None:
        return None
    info.context.loaders.models.prime(record.id, record)
    return Model.now(record)


def _with_both(seen: Overview) -> Model:
    return Model.now(seen.model, newest_changes=seen.changes, newest_artifacts=seen.artifacts)


def _nodes(info: Info, ids: list[strawberry.ID]) -> list[Node | None]:
    refs = [_parse_visible(info, node_id) for node_id in ids]
    found = info.context.services.reader.nodes(ref for ref in refs if ref)
    info.context.loaders.models.expect(
        node.model_id
        for node in found.values()
        if isinstance(node, ArtifactRecord | EvaluationRecord) and node.model_id
    )
    expect_evaluations(info, [node for node in found.values() if isinstance(node, ModelRecord)])
    expect_entries(info, [node for node in found.values() if isinstance(node, ChangeRecord)])
    return [_show(ref, found.get(ref)) if ref else None for ref in refs]


def _parse_visible(info: Info, node_id: str) -> NodeRef | None:
    """Tell what an id names. Keys are for those who may list them, and nobody else's business."""
    ref = parse_node_id(node_id)
    is_hidden = isinstance(ref, ApiKeyRef) and Role.ADMIN not in info.context.principal.roles
    return None if is_hidden else ref


def _show(ref: NodeRef, record: NodeRecord | None) -> Node | None:
    if record is None:
        return None
    if isinstance(record, ChangeRecord):
        return ChangeEntry.of(record)
    if isinstance(record, ApiKeyRecord):
        return ApiKey.of(record)
    if isinstance(record, ArtifactRecord):
        return Artifact.of(record, ref.version if isinstance(ref, ArtifactRef) else None)
    if isinstance(record, EvaluationRecord):
        return Evaluation.of(record, ref.version if isinstance(ref, EvaluationRef) else None)
    is_past = isinstance(ref, ModelRef) and ref.version is not None
    return Model.at_version(record) if is_past else Model.now(record)
