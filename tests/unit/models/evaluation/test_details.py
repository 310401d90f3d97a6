"""What an evaluation says in full, as the text that keeps it."""

from hypothesis import given
from hypothesis import strategies as st

from models.evaluation.details import Details, Measurement, details_text, parse_details
from models.evaluation.finding import (
    Evidence,
    Finding,
    MetricName,
    MetricStatus,
    measured,
    not_applicable,
)
from models.evaluation.size_score import SizeScore
from tests.unit.models.strategies import json_values, plain_texts, scores

shares = st.floats(0, 1).map(abs)
evidence = st.builds(
    Evidence,
    source=plain_texts,
    observed=json_values,
    points=st.floats(-1, 1),
    note=plain_texts,
)
measurements = st.builds(
    Measurement,
    name=st.sampled_from(MetricName),
    weight=shares,
    finding=st.builds(
        Finding,
        status=st.sampled_from(MetricStatus),
        score=scores,
        evidence=st.lists(evidence, max_size=3).map(tuple),
    ),
    latency_ms=st.integers(0, 10**6),
)
all_details = st.builds(
    Details,
    measurements=st.lists(measurements, max_size=4).map(tuple),
    size=st.none() | st.builds(SizeScore, shares, shares, shares, shares),
)


class TestText:
    """Writing and reading."""

    @given(all_details)
    def test_what_was_written_is_read_back(self, details: Details) -> None:
        assert parse_details(details_text(details)) == details

    @given(all_details)
    def test_and_writing_it_again_gives_the_same_bytes(self, details: Details) -> None:
        text = details_text(details)
        assert details_text(parse_details(text)) == text

    def test_has_the_layout_that_is_stored(self) -> None:
        found = measured([Evidence("hf://acme/tiny@c0/README.md", {"a": [1, "é"]}, 0.5, "x: y")])
        none = not_applicable("hf://acme/tiny@c0", "no code")
        details = Details(
            (
                Measurement(MetricName.RAMP_UP_TIME, 0.2, found, 12),
                Measurement(MetricName.CODE_QUALITY, 0.1, none, 0),
            ),
            SizeScore(0.0, 0.25, 0.75, 1.0),
        )
        assert details_text(details) == (
            '{"metrics":[{"name":"RAMP_UP_TIME","status":"MEASURED","score":0.5,"weight":0.2,'
            '"latencyMs":12,"evidence":[{"source":"hf://acme/tiny@c0/README.md",'
            '"observed":{"a":[1,"é"]},"points":0.5,"note":"x: y"}]},'
            '{"name":"CODE_QUALITY","status":"NOT_APPLICABLE","score":null,"weight":0.1,'
            '"latencyMs":0,"evidence":[{"source":"hf://acme/tiny@c0","observed":null,'
            '"points":0.0,"note":"no code"}]}],'
            '"sizeScore":{"raspberryPi":0.0,"jetsonNano":0.25,"desktopPc":0.75,"awsServer":1.0}}'
        )

    def test_of_nothing_is_short(self) -> None:
        assert details_text(Details((), None)) == '{"metrics":[],"sizeScore":null}'
