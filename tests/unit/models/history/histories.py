"""Hypothesis strategies for whole histories, chained as the registry chains them."""

from dataclasses import dataclass, replace

from hypothesis import strategies as st

from models.history.chain import Attribution, Link, link
from models.records import ChangeAction, ChangeRecord, ModelRecord, ModelState
from models.timestamps import next_after
from tests.unit.models.strategies import a_record, labels, plain_texts, proses, scores


@dataclass(frozen=True, slots=True)
class History:
    """A model's stored history: entry and snapshot i are those of version i + 1."""

    entries: tuple[ChangeRecord, ...]
    snapshots: tuple[str, ...]
    current: ModelRecord


def history_of(links: list[Link]) -> History:
    return History(
        tuple(made.entry for made in links),
        tuple(made.snapshot.text for made in links),
        links[-1].model,
    )


def chained(models: list[ModelRecord], reason: str | None = None) -> History:
    """Chain versions of a model that differ each from the one before."""
    links: list[Link] = []
    for version, model in enumerate(models, 1):
        before = links[-1].model if links else None
        at = next_after(before.updated_at) if before else model.updated_at
        after = replace(model, version=version, updated_at=at)
        action = ChangeAction.UPDATE if before else ChangeAction.CREATE
        made = link(before, after, action, Attribution("user:a", "user:a", reason))
        if made:
            links.append(made)
    return history_of(links)


@st.composite
def histories(draw: st.DrawFn, min_versions: int = 1) -> History:
    """Draw a history of up to eight versions."""
    count = draw(st.integers(min_versions, 8))
    models = [
        a_record(
            name=f"{draw(labels)}{number}",  # so that each differs from the one before
            state=draw(st.sampled_from(ModelState)),
            net_score=draw(scores),
            prose=draw(proses),
        )
        for number in range(count)
    ]
    return chained(models, draw(st.none() | plain_texts))
