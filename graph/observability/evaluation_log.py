"""The line that every evaluation leaves when it ends, which holds its metrics."""

from collections.abc import Callable, Mapping

from graph.observability.emf import Measured
from graph.observability.loggers import EVALUATION_LOGGER, logger
from models.evaluation.ending import Ending

_log = logger(EVALUATION_LOGGER)


def evaluation_log(dimensions: Mapping[str, str]) -> Callable[[Ending], None]:
    """Return what logs an evaluation that ended.

    Args:
        dimensions: those of all metrics.
    """

    def tell(ending: Ending) -> None:
        values = {"Evaluations": 1, "EvaluationDuration": ending.duration_ms}
        fields = {
            "evaluationId": ending.evaluation_id,
            "outcome": ending.outcome,
            "attempts": ending.attempts,
            "durationMs": ending.duration_ms,
        }
        measured = Measured(values, {**dimensions, "Outcome": ending.outcome})
        _log.info(
            "evaluation %s %s in attempt %d, %d ms",
            *(ending.evaluation_id, ending.outcome, ending.attempts, ending.duration_ms),
            extra={"fields": fields, "measured": measured},
        )

    return tell
