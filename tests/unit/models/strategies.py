"""Hypothesis strategies for the domain's values."""

import uuid
from datetime import datetime

from hypothesis import strategies as st

from models import json_text
from models.history.chain import Attribution
from models.json_text import Json
from models.records import ModelRecord, ModelState, Prose
from models.timestamps import Timestamp

EXACT_NUMBERS = [0, -0.0, 1, 1.0, 0.1, 10**20, -(10**40), 1e22, 5e-324, 1.7976931348623157e308]

ANY_TEXT = st.text(st.characters(codec=None), max_size=60)
"""Text as a client may send it: lone surrogates and control characters included."""


def instant(moment: datetime) -> Timestamp:
    return Timestamp(moment.isoformat(timespec="microseconds") + "Z")


instants = st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)).map(instant)  # noqa: DTZ001  # UTC is meant
all_instants = st.datetimes().map(instant)
model_ids = st.uuids(version=4).map(str)
plain_texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)
labels = plain_texts.map(str.strip).filter(bool)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(EXACT_NUMBERS)
    | plain_texts
)
json_values: st.SearchStrategy[Json] = st.recursive(
    scalars,
    lambda children: (
        st.lists(children, max_size=4) | st.dictionaries(plain_texts, children, max_size=4)
    ),
    max_leaves=12,
)
scores = st.none() | st.floats(0, 1).map(abs)
attributions = st.builds(
    Attribution, changed_by=labels, authenticated_as=labels, reason=st.none() | plain_texts
)
proses = st.builds(Prose, metadata=json_values.map(json_text.dumps), risk_notes=plain_texts)
records = st.builds(
    ModelRecord,
    id=model_ids,
    name=labels,
    source=labels,
    source_url=st.none() | labels.map(lambda text: f"https://example.org/{text}"),
    license=labels,
    state=st.sampled_from(ModelState),
    version=st.integers(1, 10**9),
    created_at=instants,
    updated_at=instants,
    net_score=scores,
    prose=proses,
    head_hash=st.none() | st.binary(min_size=32, max_size=32).map(bytes.hex),
)


def a_record(**fields: object) -> ModelRecord:
    """Return a plain model, version 1, with `fields` in place of the usual ones."""
    usual: dict[str, object] = {
        "id": str(uuid.UUID(int=1)),
        "name": "bert-base",
        "source": "hf",
        "source_url": None,
        "license": "apache-2.0",
        "state": ModelState.ACTIVE,
        "version": 1,
        "created_at": "2026-01-01T00:00:00.000000Z",
        "updated_at": "2026-01-01T00:00:00.000000Z",
        "net_score": None,
        "prose": Prose("{}", ""),
        "head_hash": None,
    }
    return ModelRecord(**(usual | fields))  # type: ignore[arg-type]  # the caller's business
