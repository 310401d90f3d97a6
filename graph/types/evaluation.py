"""Evaluation: one scoring of a model, and where its report is."""

from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from graph.context import Info
from graph.types.arguments import ExpiresIn, link_seconds
from graph.types.enums import EvaluationStatus
from graph.types.license_decision import LicenseDecision
from graph.types.metric import Metric, SizeScore
from graph.types.node import Node
from graph.types.user_error import UserError, user_error
from models.evaluation.details import Details, parse_details
from models.evaluation.record import EvaluationRecord
from models.evaluation.text import record_text
from models.ids import evaluation_node_id
from models.timestamps import Timestamp

if TYPE_CHECKING:
    from graph.types.model import Model


@strawberry.type(
    description=(
        "One scoring of a model, pinned to an upstream revision, with the evidence for every score"
    )
)
class Evaluation(Node):
    """An evaluation, now or as it is seen from a version of its model."""

    url: str = strawberry.field(
        description="The page that was asked for, in its canonical form, with the revision if any"
    )
    canonical_url: str | None = strawberry.field(
        description="The page as the Hub names it now, after renames; null unless SUCCEEDED"
    )
    revision: str | None = strawberry.field(description="The upstream commit that was read")
    status: EvaluationStatus = strawberry.field(description="How far it has come")
    failure: UserError | None = strawberry.field(description="Why it FAILED")
    evaluator_version: str = strawberry.field(
        description=(
            "Which rules scored it; the same revision and evaluatorVersion give the same scores"
        )
    )
    net_score: float | None = strawberry.field(
        description="Weighted mean of the metrics that could be measured, 0 to 1"
    )
    net_score_floor: float | None = strawberry.field(
        description="Net score with every unknown metric at 0"
    )
    net_score_ceiling: float | None = strawberry.field(
        description="Net score with every unknown metric at 1"
    )
    coverage: float | None = strawberry.field(
        description="Share of the total weight that could be measured, 0 to 1"
    )
    latency_ms: int | None = strawberry.field(
        description="From the request to the end, waiting included"
    )
    created_at: Timestamp = strawberry.field(description="When it was asked for")
    deadline: Timestamp = strawberry.field(description="When it has ended at the latest")
    completed_at: Timestamp | None = strawberry.field(description="When it ended")
    added_in_version: int | None = strawberry.field(
        description="The model's version that it made; null unless SUCCEEDED"
    )
    report_sha256: str | None = strawberry.field(
        description="Of the report's bytes, lower-case hex; null unless SUCCEEDED"
    )
    record: strawberry.Private[EvaluationRecord]
    model_version: strawberry.Private[int | None] = None

    @classmethod
    def of(cls, record: EvaluationRecord, model_version: int | None = None) -> Self:
        """Show an evaluation now, or from a version of its model, under an id of its own."""
        result = record.result
        node_id = evaluation_node_id(record.id, record.model_id, model_version)
        return cls(
            id=strawberry.ID(node_id),
            url=record.request.url,
            canonical_url=result.canonical_url if result else None,
            revision=result.revision if result else None,
            status=record.status,
            failure=user_error(record.failure) if record.failure else None,
            evaluator_version=record.evaluator_version,
            net_score=result.net.score if result else None,
            net_score_floor=result.net.floor if result else None,
            net_score_ceiling=result.net.ceiling if result else None,
            coverage=result.net.coverage if result else None,
            latency_ms=record.latency_ms,
            created_at=record.created_at,
            deadline=record.deadline,
            completed_at=record.completed_at,
            added_in_version=result.version if result else None,
            report_sha256=result.report.sha256 if result else None,
            record=record,
            model_version=model_version,
        )

    @strawberry.field(description="The model that it belongs to; null as long as that is not known")
    def model(self, info: Info) -> Annotated["Model", strawberry.lazy("graph.types.model")] | None:
        """Read the model, as of the version that the evaluation is seen from."""
        from graph.types.model import Model  # noqa: PLC0415  # the two types name each other

        loaders, model_id = info.context.loaders, self.record.model_id
        if model_id is None:
            return None
        if self.model_version is not None:
            then = loaders.versions.load((model_id, self.model_version))
            return Model.at_version(then) if then else None
        now = loaders.models.load(model_id)
        return Model.now(now) if now else None

    @strawberry.field(
        description=(
            "The text whose SHA-256 is recordSha256 in its model's EVALUATE entry, to verify it"
            " without this service; null unless SUCCEEDED"
        )
    )
    def record_text(self) -> str | None:
        """Write the result as it was stored."""
        return record_text(self.record) if self.record.result else None

    @strawberry.field(description="What each metric says; empty unless SUCCEEDED")
    def metrics(self, info: Info) -> list[Metric]:
        """Read the metrics."""
        details = self._details(info)
        return [Metric.of(one) for one in details.measurements] if details else []

    @strawberry.field(
        description="How well the weights fit; null where their size could not be measured"
    )
    def size_score(self, info: Info) -> SizeScore | None:
        """Read the scores of the size."""
        details = self._details(info)
        return SizeScore.of(details.size) if details and details.size else None

    @strawberry.field(
        description="What the license policy says of the declared license; null unless SUCCEEDED"
    )
    def license_decision(self, info: Info) -> LicenseDecision | None:
        """Ask the policy."""
        result = self.record.result
        if result is None:
            return None
        policy = info.context.services.license_policy()
        return LicenseDecision.of(policy.decide(result.declared_license))

    @strawberry.field(
        description=(
            "Presigned GET of the full report, JSON; null unless SUCCEEDED. Whoever has it can "
            "fetch the report"
        )
    )
    def report_url(
        self,
        info: Info,
        expires_in: ExpiresIn = None,
    ) -> str | None:
        """Sign a link to the report."""
        return info.context.services.links.report(self.record, link_seconds(expires_in))

    def _details(self, info: Info) -> Details | None:
        """Return the details, reading them where the evaluation came from a list."""
        result = self.record.result
        if result is None:
            return None
        text = result.details
        if text is None:
            whole = info.context.loaders.evaluations.load(self.record.id)
            text = whole.result.details if whole and whole.result else None
        if text is None:
            raise LookupError(f"the details of evaluation {self.record.id} are missing")
        return parse_details(info.context.budget.charge(text))
