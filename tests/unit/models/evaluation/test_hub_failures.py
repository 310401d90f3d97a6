"""The adapter to the Hub when something goes wrong: each fault has its meaning, and its words."""

import contextlib
import logging
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.local.hub import DEMO_DATA, Recorder, StandInHub
from graph.local.hub.faults import (
    Changed,
    CutOff,
    Delay,
    Drip,
    Fault,
    HangUp,
    HugeBody,
    InvalidJson,
    ManySiblings,
    OtherJson,
    RedirectTo,
    Refuse,
    Status,
)
from models.errors import UserErrorCode
from models.evaluation.facts import Absent, ModelFacts, Unread
from models.evaluation.upstream.errors import UpstreamFailure
from models.evaluation.upstream.hub import COMMIT_PAGES_MAX, Hub
from tests.unit.models.evaluation.upstreams import (
    GATED,
    QUICK,
    TEMPLATE,
    TOKEN,
    WELL_DOCUMENTED,
    time_limit_for,
    walk_causes,
)

NOT_FOUND = UserErrorCode.UPSTREAM_NOT_FOUND
FORBIDDEN = UserErrorCode.UPSTREAM_FORBIDDEN
UNAVAILABLE = UserErrorCode.UPSTREAM_UNAVAILABLE
DISABLED = "Access to this resource is disabled."
FORM = "the Hub's answer has not the expected form"
NO_JSON = "the Hub did not answer with JSON"
NO_MODEL = "the Hub has no such model, or it is private"
GATE = "the model is gated on the Hub: its terms must be accepted there first"
BROKEN = "the Hub could not be reached, or broke off"
NESTED = '{"id": ' + "[" * 100_000 + "]" * 100_000 + "}"

FINAL: list[tuple[Fault, UserErrorCode, str]] = [
    (Refuse(401, "RepoNotFound"), NOT_FOUND, NO_MODEL),
    (Refuse(404, "RepoNotFound"), NOT_FOUND, NO_MODEL),
    (Status(404), NOT_FOUND, NO_MODEL),
    (Refuse(404, "RevisionNotFound"), NOT_FOUND, "the model has no such revision on the Hub"),
    (Refuse(401, "GatedRepo"), FORBIDDEN, GATE),
    (Refuse(403, "GatedRepo"), FORBIDDEN, GATE),
    (Refuse(403, "", DISABLED), FORBIDDEN, "the model is disabled on the Hub"),
    (Changed({"disabled": True}), FORBIDDEN, "the model is disabled on the Hub"),
    (Status(401), FORBIDDEN, "the Hub refuses access, or does not accept the token"),
    (Status(403), FORBIDDEN, "the Hub refuses access, or does not accept the token"),
    (Status(400), UNAVAILABLE, "the Hub refused the request with status 400"),
    (OtherJson([1]), UNAVAILABLE, FORM),
    (OtherJson("text"), UNAVAILABLE, FORM),
    (OtherJson({}), UNAVAILABLE, FORM),
    (Status(200, body=NESTED.encode()), UNAVAILABLE, FORM),
    (Changed({"id": "../x"}), UNAVAILABLE, FORM),
    (Changed({"id": 7}), UNAVAILABLE, FORM),
    (Changed({"sha": "main"}), UNAVAILABLE, FORM),
    (Changed({"sha": None}), UNAVAILABLE, FORM),
    (Changed({"siblings": 5}), UNAVAILABLE, FORM),
    (Changed({"lastModified": "today"}), UNAVAILABLE, FORM),
    (Changed({"cardData": {"tags": 5}}), UNAVAILABLE, FORM),
    (HugeBody(), UNAVAILABLE, "the Hub answered with more than 16 MiB"),
    (RedirectTo("/nowhere"), NOT_FOUND, NO_MODEL),
    (RedirectTo(f"/api/models/{TEMPLATE}"), UNAVAILABLE, "the Hub sent us in circles, or nowhere"),
]

PASSING: list[tuple[Fault, str]] = [
    (Status(429), "the Hub gets too many requests from here"),
    (Status(429, (("Retry-After", "3600"),)), "the Hub gets too many requests from here"),
    (Status(500), "the Hub has a fault of its own"),
    (Status(503, body=b"[1]"), "the Hub has a fault of its own"),
    (HangUp(), BROKEN),
    (CutOff(), BROKEN),
    (InvalidJson(), NO_JSON),
    (Status(200, body=b"<html>"), NO_JSON),
    (Status(200, body=b"\xff\xff\xff"), NO_JSON),
    (Delay(5), "the Hub did not answer in time"),
    (Drip(0.01), "the Hub did not answer in time"),
]


def named(value: object) -> str | None:
    return (
        f"{type(value).__name__}-{getattr(value, 'status', '')}" if hasattr(value, "spoil") else ""
    )


@pytest.fixture
def stand_in() -> Iterator[StandInHub]:
    with StandInHub(DEMO_DATA) as running:
        yield running


@pytest.fixture
def hub(stand_in: StandInHub) -> Iterator[Hub]:
    hub = Hub(stand_in.url, TOKEN, QUICK)
    yield hub
    hub.close()


class TestModel:
    """Without a model there is nothing to evaluate."""

    @pytest.mark.parametrize(("fault", "code", "message"), FINAL, ids=named)
    def test_some_failures_stay(
        self, stand_in: StandInHub, hub: Hub, fault: Fault, code: UserErrorCode, message: str
    ) -> None:
        stand_in.fail(f"/api/models/{TEMPLATE}", fault)
        with time_limit_for(fault), pytest.raises(UpstreamFailure) as failure:
            hub.model(TEMPLATE)
        assert (failure.value.code, failure.value.message) == (code, message)
        assert not failure.value.is_retryable
        tries = [request.path for request in stand_in.requests]
        assert len(tries) == 1 or isinstance(fault, RedirectTo)

    @pytest.mark.parametrize(("fault", "message"), PASSING, ids=named)
    def test_others_pass(self, stand_in: StandInHub, hub: Hub, fault: Fault, message: str) -> None:
        stand_in.fail("/", fault)
        with time_limit_for(fault), pytest.raises(UpstreamFailure) as failure:
            hub.model(TEMPLATE)
        assert (failure.value.code, failure.value.message) == (UNAVAILABLE, message)
        assert failure.value.is_retryable

    def test_a_redirect_elsewhere_contacts_nobody(self, stand_in: StandInHub, hub: Hub) -> None:
        with Recorder() as stranger:
            stand_in.fail("/", RedirectTo(stranger.url))
            with pytest.raises(UpstreamFailure, match="another host") as failure:
                hub.model(TEMPLATE)
            assert stranger.contacts == 0
        assert failure.value.code == UNAVAILABLE
        assert not failure.value.is_retryable

    def test_the_cause_is_kept(self, stand_in: StandInHub, hub: Hub) -> None:
        stand_in.fail("/", InvalidJson())
        with pytest.raises(UpstreamFailure) as failure:
            hub.model(TEMPLATE)
        assert isinstance(failure.value.__cause__, ValueError)

    def test_ten_thousand_files_are_fine(self, stand_in: StandInHub, hub: Hub) -> None:
        stand_in.fail("/", ManySiblings())
        assert len(hub.model(TEMPLATE).files) == 10_000


class TestToken:
    """It is nobody else's to see."""

    @pytest.mark.parametrize(
        "fault", [*(row[0] for row in FINAL), *(row[0] for row in PASSING)], ids=named
    )
    def test_no_message_and_no_log_tells_it(
        self, stand_in: StandInHub, hub: Hub, fault: Fault, caplog: pytest.LogCaptureFixture
    ) -> None:
        stand_in.fail("/", fault)
        caplog.set_level(logging.DEBUG)
        with time_limit_for(fault), pytest.raises(UpstreamFailure) as failure:
            hub.model(TEMPLATE)
        told = [f"{error!r} {error}" for error in walk_causes(failure.value)]
        assert TOKEN not in "".join([*told, caplog.text, repr(hub)])


class TestCard:
    """What cannot be read is unread, never absent."""

    def test_a_gated_one(self, hub: Hub) -> None:
        assert hub.card(hub.model(GATED)) == Unread(GATE)

    @pytest.mark.parametrize(
        ("fault", "why"),
        [
            (HugeBody(), "the Hub answered with more than 1 MiB"),
            (Refuse(404, "EntryNotFound"), "the Hub has no such file"),
            (Refuse(401, "GatedRepo"), GATE),
            (Refuse(403, "GatedRepo"), GATE),
            *PASSING[:6],
        ],
        ids=named,
    )
    def test_others(self, stand_in: StandInHub, hub: Hub, fault: Fault, why: str) -> None:
        stand_in.fail(f"/{TEMPLATE}/resolve", fault)
        with time_limit_for(fault):
            assert hub.card(hub.model(TEMPLATE)) == Unread(why)

    def test_one_that_lies_elsewhere(self, stand_in: StandInHub, hub: Hub) -> None:
        with Recorder() as stranger:
            stand_in.fail(f"/{TEMPLATE}/resolve", RedirectTo(f"{stranger.url}/README.md", 302))
            card = hub.card(hub.model(TEMPLATE))
            assert stranger.contacts == 0
        assert card == Unread("the Hub sent us to another host, where nothing is read")


class TestCommits:
    """A part of the commits tells nothing: all or none."""

    @pytest.mark.parametrize(
        ("fault", "why"),
        [
            (OtherJson({}), FORM),
            (OtherJson([{"id": "a", "authors": [], "date": "soon"}]), FORM),
            (OtherJson([7]), FORM),
            (Status(200, (("Link", '</x>; rel="next"'),), b"[]"), FORM),
            (Status(404), NO_MODEL),
            *PASSING,
        ],
        ids=named,
    )
    def test_unread(self, stand_in: StandInHub, hub: Hub, fault: Fault, why: str) -> None:
        model = hub.model(TEMPLATE)
        stand_in.fail(f"/api/models/{TEMPLATE}/commits", fault)
        with time_limit_for(fault):
            assert hub.commits(model) == Unread(why)

    def test_pages_without_an_end(self, stand_in: StandInHub, hub: Hub) -> None:
        model = hub.model(TEMPLATE)
        link = ("Link", f'<{stand_in.url}/elsewhere?p=1>; rel="next"')
        stand_in.fail("/", Status(200, (link,), b"[]"))
        assert isinstance(hub.commits(model), Unread)
        assert len(stand_in.requests) == 1 + COMMIT_PAGES_MAX

    def test_authors_of_any_form(self, stand_in: StandInHub, hub: Hub) -> None:
        model = hub.model(TEMPLATE)
        odd = [{"date": "2026-01-02", "authors": [{"user": 7}, "x", {}, {"user": "a"}]}]
        stand_in.fail("/", OtherJson(odd))
        assert "authors=('a',)" in repr(hub.commits(model))


class TestDataset:
    """Gone is absent; everything else is unread."""

    @pytest.mark.parametrize(
        ("fault", "why"),
        [
            (Status(403), "the Hub refuses access, or does not accept the token"),
            (
                Refuse(403, "GatedRepo"),
                "the dataset is gated on the Hub: its terms must be accepted there first",
            ),
            (OtherJson({"id": "a/b"}), FORM),
            (HugeBody(), "the Hub answered with more than 8 MiB"),
            *PASSING,
        ],
        ids=named,
    )
    def test_unread(self, stand_in: StandInHub, hub: Hub, fault: Fault, why: str) -> None:
        stand_in.fail("/api/datasets", fault)
        with time_limit_for(fault):
            assert hub.dataset("northwind/tide-reports") == Unread(why)

    def test_absent(self, hub: Hub) -> None:
        why = "the Hub has no such dataset, or it is private"
        assert hub.dataset("pixel-badger/stick-figures") == Absent(why)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    [
        *("id", "sha", "tags", "cardData", "model-index", "config", "siblings", "safetensors"),
        *("securityRepoStatus", "pipeline_tag", "library_name", "disabled", "evalResults", "gguf"),
        *("lastModified", "transformersInfo", "inferenceProviderMapping", "card_data", "self"),
    ]
)


@pytest.fixture(scope="module")
def answering() -> Iterator[tuple[StandInHub, Hub]]:
    with StandInHub(DEMO_DATA) as stand_in:
        hub = Hub(stand_in.url, pacing=QUICK)
        yield stand_in, hub
        hub.close()


class TestAnyAnswer:
    """Whatever the Hub says, it becomes facts or a failure of upstream."""

    @given(answer=ANY_JSON, fields=st.dictionaries(FIELDS, ANY_JSON, max_size=3))
    def test_nothing_else_happens(
        self, answering: tuple[StandInHub, Hub], answer: object, fields: dict[str, object]
    ) -> None:
        stand_in, hub = answering
        for fault in (OtherJson(answer), Changed(fields)):
            stand_in.fail("/", fault, times=1)
            with contextlib.suppress(UpstreamFailure):
                assert isinstance(hub.model(WELL_DOCUMENTED), ModelFacts)
