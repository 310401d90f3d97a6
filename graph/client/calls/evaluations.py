"""Evaluations: ask for one or for many, and wait until they have ended."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Final

from graph.client.answer import Answer, listed, member, optional, text, understood
from graph.client.calls.base import Calls
from graph.client.errors import ClientError, EvaluationFailed, UnexpectedAnswer, not_found
from graph.client.given import given
from graph.client.pages import items
from graph.client.values.evaluation import ENDED, EVALUATION_FIELDS, Evaluation

WAIT_MAX_SECONDS: Final = 25
"""For so long the service holds one request."""
BATCH_MAX_URLS: Final = 250
NODES_MAX_IDS: Final = 100
DEADLINE_SLACK_SECONDS: Final = 60.0
"""So much later than at its deadline the service may tell that an evaluation has ended."""
_FIRST_POLL_SECONDS: Final = 0.5
_LONGEST_POLL_SECONDS: Final = 5.0

_EVALUATE: Final = f"""mutation ($input: EvaluateModelInput!) {{ evaluateModel(input: $input) {{
  evaluation {{ {EVALUATION_FIELDS} }} userErrors {{ code message field }}
}} }}"""
_EVALUATE_MANY: Final = """mutation ($input: EvaluateModelsInput!) {
  evaluateModels(input: $input) { evaluations { id } userErrors { code message field } }
}"""
_NODES: Final = f"""query ($ids: [ID!]!) {{ nodes(ids: $ids) {{
  ... on Evaluation {{ {EVALUATION_FIELDS} }}
}} }}"""
_STATUSES: Final = """query ($ids: [ID!]!) { nodes(ids: $ids) {
  ... on Evaluation { id status createdAt deadline }
} }"""
_OF_MODEL: Final = f"""query ($id: ID!, $first: Int, $after: String) {{
  model(id: $id) {{ evaluations(first: $first, after: $after) {{
    nodes {{ {EVALUATION_FIELDS} }} pageInfo {{ hasNextPage endCursor }}
  }} }}
}}"""


class EvaluationCalls(Calls):
    """Evaluations."""

    def evaluate(
        self,
        url: str,
        *,
        model_id: str | None = None,
        wait: float = 60.0,
        reason: str | None = None,
        changed_by: str | None = None,
        idempotency_key: str | None = None,
    ) -> Evaluation:
        """Score the model behind a page, registering it first where it is new.

        Args:
            model_id: attach the result to this model instead of looking one up by its page.
            wait: seconds after which the evaluation is returned as far as it has come.

        Returns:
            a SUCCEEDED one, or one that has not ended in time; `evaluation` reads it again.

        Raises:
            EvaluationFailed: it ended without a result.
        """
        end = self._api.clock.monotonic() + wait
        held = int(max(0, min(WAIT_MAX_SECONDS, wait)))
        fields = given(
            url=url,
            model_id=model_id,
            wait_seconds=held,
            reason=reason,
            changed_by=changed_by,
            idempotency_key=idempotency_key,
        )
        payload = self._api.mutate(_EVALUATE, fields, longer_by=held)
        found = understood(Evaluation.of, member(payload, "evaluation"))
        if not found.has_ended:
            found = self._until_ended(found, end)
        if found.status == "FAILED":
            raise EvaluationFailed(found)
        return found

    def evaluate_many(
        self,
        urls: Iterable[str],
        *,
        reason: str | None = None,
        changed_by: str | None = None,
        idempotency_key: str | None = None,
    ) -> Iterator[Evaluation]:
        """Score any number of pages, 250 at a time, and yield each evaluation as it ends.

        A page that is given twice in one batch has one evaluation. A FAILED one is yielded, too:
        its `failure` tells why. None stays open: the service ends each by its deadline.

        Args:
            idempotency_key: `/1`, `/2` and so on is put behind it for each batch.

        Raises:
            ClientError: one has not ended long after its deadline.
        """
        _require_several(urls)
        return self._evaluate_many(
            iter(urls), reason=reason, changed_by=changed_by, idempotency_key=idempotency_key
        )

    def _evaluate_many(
        self,
        left: Iterator[str],
        *,
        reason: str | None,
        changed_by: str | None,
        idempotency_key: str | None,
    ) -> Iterator[Evaluation]:
        number = 0
        while batch := list(islice(left, BATCH_MAX_URLS)):
            number += 1
            key = f"{idempotency_key}/{number}" if idempotency_key else None
            queued = self.queue_evaluations(
                batch, reason=reason, changed_by=changed_by, idempotency_key=key
            )
            yield from self.as_they_end(queued)

    def queue_evaluations(
        self,
        urls: Sequence[str],
        *,
        reason: str | None = None,
        changed_by: str | None = None,
        idempotency_key: str | None = None,
    ) -> list[str]:
        """Have at most 250 pages scored, without waiting: return the evaluations' ids, in order."""
        _require_several(urls)
        fields = given(
            urls=urls, reason=reason, changed_by=changed_by, idempotency_key=idempotency_key
        )
        payload = self._api.mutate(_EVALUATE_MANY, fields)
        return [text(one, "id") for one in listed(payload, "evaluations")]

    def as_they_end(self, evaluation_ids: Iterable[str]) -> Iterator[Evaluation]:
        """Yield evaluations as they end, each once; a FAILED one, too.

        Raises:
            NotFound: there is one that the service does not know.
            ClientError: one has not ended long after its deadline.
        """
        _require_several(evaluation_ids)
        return self._as_they_end(list(dict.fromkeys(evaluation_ids)))

    def evaluation(self, evaluation_id: str) -> Evaluation:
        """Read an evaluation as far as it has come.

        Raises:
            NotFound: there is none.
        """
        ((_, found),) = self._nodes(_NODES, [evaluation_id])
        return understood(Evaluation.of, found)

    def evaluations(self, model_id: str, *, page_size: int = 20) -> Iterator[Evaluation]:
        """Read the successful evaluations of a model as they are needed, the newest first.

        Raises:
            NotFound: there is no such model.
        """

        def page(size: int, after: str | None) -> Answer:
            data = self._api.query(_OF_MODEL, id=model_id, first=size, after=after)
            model = optional(data, "model")
            if model is None:
                raise not_found(f"there is no model {model_id}")
            return member(model, "evaluations")

        for node in items(page, page_size):
            yield understood(Evaluation.of, node)

    def _until_ended(self, found: Evaluation, end: float) -> Evaluation:
        clock, pause = self._api.clock, _FIRST_POLL_SECONDS
        while not found.has_ended and (left := end - clock.monotonic()) > 0:
            clock.sleep(min(pause, left))
            pause = min(pause * 2, _LONGEST_POLL_SECONDS)
            found = self.evaluation(found.id)
        return found

    def _as_they_end(self, waiting: list[str]) -> Iterator[Evaluation]:
        """Ask for the statuses of all, and for the whole of those that have ended."""
        pause, began = _FIRST_POLL_SECONDS, self._api.clock.monotonic()
        while waiting:
            ended: list[str] = []
            for evaluation_id, node in self._nodes(_STATUSES, waiting):
                if text(node, "status") in ENDED:
                    ended.append(evaluation_id)
                elif self._api.clock.monotonic() - began > understood(_seconds_to_end, node):
                    raise ClientError(
                        f"evaluation {evaluation_id} has not ended, though its deadline is over"
                    )
            for _, node in self._nodes(_NODES, ended):
                yield understood(Evaluation.of, node)
            pause = _FIRST_POLL_SECONDS if ended else min(pause * 2, _LONGEST_POLL_SECONDS)
            ended_ids = set(ended)
            waiting = [one for one in waiting if one not in ended_ids]
            if waiting:
                self._api.clock.sleep(pause)

    def _nodes(self, document: str, ids: list[str]) -> Iterator[tuple[str, Answer]]:
        """Read evaluations, each with the id that it was asked for by.

        Raises:
            NotFound: there is one that the service does not know.
            UnexpectedAnswer: one is answered for another.
        """
        for start in range(0, len(ids), NODES_MAX_IDS):
            batch = ids[start : start + NODES_MAX_IDS]
            nodes = listed(self._api.query(document, ids=batch), "nodes")
            if len(nodes) != len(batch):
                raise UnexpectedAnswer(f"{len(batch)} nodes were asked for, not {len(nodes)}")
            for evaluation_id, node in zip(batch, nodes, strict=True):
                if not node:
                    raise not_found(f"there is no evaluation {evaluation_id}")
                if (answered := text(node, "id")) != evaluation_id:
                    raise UnexpectedAnswer(
                        f"evaluation {evaluation_id} was asked for, not {answered}"
                    )
                yield evaluation_id, node


def _require_several(texts: Iterable[str]) -> None:
    """Refuse one text, which is several of one character each for Python alone."""
    if isinstance(texts, str):
        raise TypeError(f"several are asked for: give [{texts!r}]")


def _seconds_to_end(node: Answer) -> float:
    """Return after how long an evaluation must have ended, whatever time it is here.

    Counted from when the client first asks, which is later than when it was queued.
    """
    created, deadline = (datetime.fromisoformat(node[name]) for name in ("createdAt", "deadline"))
    return (deadline - created).total_seconds() + DEADLINE_SLACK_SECONDS
