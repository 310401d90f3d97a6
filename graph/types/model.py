"""Model: a registered model as of one version."""

from collections.abc import Iterable
from typing import Annotated, Self

import strawberry

from graph.context import Info
from graph.types.arguments import After, First
from graph.types.artifact import Artifact
from graph.types.artifact_list import list_artifacts, show_artifacts
from graph.types.change_entry import ChangeEntry, expect_entries
from graph.types.connection import Connection, PageInfo
from graph.types.enums import ArtifactStatus, ModelState
from graph.types.evaluation import Evaluation
from graph.types.evaluation_list import list_evaluations
from graph.types.history_verification import HistoryVerification
from graph.types.license_decision import LicenseDecision
from graph.types.node import Node
from graph.types.scalars import JSON
from models import json_text
from models.artifacts.reader import ArtifactPage, Wanted
from models.ids import model_version_id
from models.listing.cursor import decode_cursor, encode_cursor
from models.listing.query import page_size
from models.records import ModelRecord, Prose
from models.registry.change_page import ChangePage
from models.timestamps import Timestamp


@strawberry.type(
    description=("A registered model as of one version: the newest, or the one that was asked for")
)
class Model(Node):
    """A model. What lists do not read is read when it is asked for."""

    uuid: strawberry.ID = strawberry.field(description="Immutable, the same in every version")
    name: str = strawberry.field(description="What people call the model")
    source: str = strawberry.field(
        description="Where the model comes from, a short origin such as hf, github or internal"
    )
    source_url: str | None = strawberry.field(
        description="The page that the model was ingested from"
    )
    license: str = strawberry.field(
        description="The license as declared by whoever registered the model"
    )
    state: ModelState = strawberry.field(description="Whether the model is in use")
    version: int = strawberry.field(
        description=("Grows by one with every change, and is what expectedVersion is compared with")
    )
    created_at: Timestamp = strawberry.field(description="When the model was registered")
    updated_at: Timestamp = strawberry.field(description="When this version was made")
    net_score: float | None = strawberry.field(
        description="Net score of the newest successful evaluation"
    )
    source_aliases: list[str] = strawberry.field(
        description="Other addresses of that page, such as those before a rename on the Hub"
    )
    record: strawberry.Private[ModelRecord]
    newest_changes: strawberry.Private[ChangePage | None] = None
    newest_artifacts: strawberry.Private[ArtifactPage | None] = None

    @classmethod
    def now(
        cls,
        record: ModelRecord,
        *,
        newest_changes: ChangePage | None = None,
        newest_artifacts: ArtifactPage | None = None,
    ) -> Self:
        """Show a model's newest state, with what was read along with it."""
        model = cls._of(record, record.id)
        model.newest_changes = newest_changes
        model.newest_artifacts = newest_artifacts
        return model

    @classmethod
    def at_version(cls, record: ModelRecord) -> Self:
        """Show a model of the past, under an id of its own.

        A client's normalised cache keys objects by id, and would otherwise mix versions.
        """
        return cls._of(record, model_version_id(record.id, record.version))

    @classmethod
    def _of(cls, record: ModelRecord, node_id: str) -> Self:
        return cls(
            id=strawberry.ID(node_id),
            uuid=strawberry.ID(record.id),
            name=record.name,
            source=record.source,
            source_url=record.source_url,
            license=record.license,
            state=record.state,
            version=record.version,
            created_at=record.created_at,
            updated_at=record.updated_at,
            net_score=record.net_score,
            source_aliases=list(record.source_aliases),
            record=record,
        )

    @strawberry.field(description="Whatever the registrant wanted to keep with the model")
    def metadata(self, info: Info) -> JSON:
        """Parse the metadata."""
        text = info.context.budget.charge(self._prose(info).metadata)
        return JSON(json_text.loads(text))

    @strawberry.field(description="Known risks, for those who decide about the model")
    def risk_notes(self, info: Info) -> str:
        """Return the notes."""
        return info.context.budget.charge(self._prose(info).risk_notes)

    @strawberry.field(description="What the license policy of this deployment says of it now")
    def license_decision(self, info: Info) -> LicenseDecision:
        """Ask the policy."""
        return LicenseDecision.of(info.context.services.license_policy().decide(self.license))

    @strawberry.field(description="The newest successful evaluation")
    def latest_evaluation(self, info: Info) -> Evaluation | None:
        """Read the newest evaluation of this version."""
        evaluation_id = self.record.latest_evaluation_id
        if evaluation_id is None:
            return None
        record = info.context.loaders.evaluations.load(evaluation_id)
        if record is None:
            raise LookupError(f"evaluation {evaluation_id} of model {self.record.id} is missing")
        return Evaluation.of(record, self._version_shown)

    @strawberry.field(description="The successful ones, newest first")
    def evaluations(
        self, info: Info, first: First = None, after: After = None
    ) -> Connection[Evaluation]:
        """Page through the evaluations of this version."""
        return list_evaluations(info, self.record, self._version_shown, first, after)

    @strawberry.field(description="Newest first")
    def change_history(
        self, info: Info, first: First = None, after: After = None
    ) -> Connection[ChangeEntry]:
        """Page through the changes that led to this version."""
        size = page_size(first, None)
        scope = f"changes:{self.record.id}"
        before = Timestamp(decode_cursor(scope, after, "after")) if after is not None else None
        page = self._change_page(info, size, before)
        expect_entries(info, page.entries)

        def cursor_of(index: int) -> str:
            return encode_cursor(scope, page.entries[index].timestamp)

        return Connection(
            nodes=[ChangeEntry.of(entry) for entry in page.entries],
            page_info=PageInfo(
                has_next_page=page.has_more,
                has_previous_page=before is not None,
                start_cursor=cursor_of(0) if page.entries else None,
                end_cursor=cursor_of(-1) if page.entries else None,
            ),
            cursor_of=cursor_of,
        )

    @strawberry.field(
        description="Newest first; only AVAILABLE ones unless statuses says otherwise"
    )
    def artifacts(
        self,
        info: Info,
        first: First = None,
        after: After = None,
        statuses: Annotated[
            list[ArtifactStatus] | None,
            strawberry.argument(description="Which ones; only AVAILABLE ones unless given"),
        ] = None,
    ) -> Connection[Artifact]:
        """Page through the files of this version."""
        version = self._version_shown
        wanted = Wanted(version=version) if statuses is None else Wanted(statuses, version)
        known = self.newest_artifacts
        if known is not None and after is None and statuses is None:
            size = page_size(first, None)
            if known.holds(size):
                return show_artifacts(self.record, wanted, known.first(size))
        return list_artifacts(info, self.record, wanted, first, after)

    @strawberry.field(
        description="Recomputes the hash chain, of the whole change history unless a range is given"
    )
    def history_verification(
        self,
        info: Info,
        from_version: Annotated[
            int | None,
            strawberry.argument(description="The first version to check, 1 unless given"),
        ] = None,
        to_version: Annotated[
            int | None,
            strawberry.argument(description="The last version to check, this model's unless given"),
        ] = None,
    ) -> HistoryVerification:
        """Verify the history of this version, or a range of any."""
        last = self.record.version if to_version is None and self._is_past else to_version
        verdict = info.context.services.verifier.verify(
            self.record.id, from_version=from_version, to_version=last
        )
        if verdict is None:
            raise LookupError(f"the current record of model {self.record.id} is missing")
        return HistoryVerification.of(verdict)

    @property
    def _is_past(self) -> bool:
        return self.id != self.uuid

    @property
    def _version_shown(self) -> int | None:
        """The version that this shows, where it is one of the past."""
        return self.record.version if self._is_past else None

    def _prose(self, info: Info) -> Prose:
        record: ModelRecord | None = self.record
        if self.record.prose is None:
            key = (self.record.id, self.record.version)
            record = info.context.loaders.versions.load(key)
        if record is None:
            raise LookupError(f"the snapshot of model {self.record.id} is missing")
        return record.require_prose()

    def _change_page(self, info: Info, size: int, before: Timestamp | None) -> ChangePage:
        known = self.newest_changes
        if before is None and known is not None and known.holds(size):
            return known.first(size)
        return info.context.services.reader.changes(self.record, size, before=before)


def expect_evaluations(info: Info, records: Iterable[ModelRecord]) -> None:
    """Announce that the newest evaluations of these models may be asked for, and their model."""
    evaluated = [record for record in records if record.latest_evaluation_id]
    loaders = info.context.loaders
    loaders.evaluations.expect(str(record.latest_evaluation_id) for record in evaluated)
    loaders.models.expect(record.id for record in evaluated)
