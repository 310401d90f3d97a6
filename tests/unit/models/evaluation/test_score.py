"""The net score."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.evaluation.finding import Finding, MetricStatus, not_applicable, unknown
from models.evaluation.score import NetScore, net_score

UNKNOWN = unknown("hf://x", "why")
NOT_APPLICABLE = not_applicable("hf://x", "why")

weights = st.sampled_from([0.0, 0.1, 0.15, 0.2])


def of(score: float) -> Finding:
    return Finding(MetricStatus.MEASURED, score, ())


findings = st.floats(0, 1).map(of) | st.sampled_from([UNKNOWN, NOT_APPLICABLE])


class TestNetScore:
    """Weighing findings."""

    def test_is_the_weighted_mean(self) -> None:
        assert net_score([(0.2, of(1.0)), (0.1, of(0.4))]) == NetScore(0.8, 0.8, 0.8, 1.0)

    def test_an_unknown_metric_is_not_scored_but_bounded(self) -> None:
        found = net_score([(0.2, of(0.5)), (0.1, UNKNOWN), (0.1, of(1.0))])
        assert found == NetScore(score=0.6667, floor=0.5, ceiling=0.75, coverage=0.75)

    def test_what_does_not_apply_counts_nowhere(self) -> None:
        alone = net_score([(0.2, of(0.5))])
        assert net_score([(0.2, of(0.5)), (0.8, NOT_APPLICABLE)]) == alone

    def test_a_metric_without_weight_does_not_matter(self) -> None:
        assert net_score([(0.2, of(0.5)), (0.0, of(1.0)), (0.0, UNKNOWN)]).score == 0.5

    def test_with_nothing_measured_there_is_none(self) -> None:
        assert net_score([(0.2, UNKNOWN), (0.0, of(1.0))]) == NetScore(None, 0.0, 1.0, 0.0)

    @pytest.mark.parametrize("found", [[], [(0.2, NOT_APPLICABLE)], [(0.0, of(1.0))]])
    def test_with_nothing_that_counts_there_are_no_bounds(
        self, found: list[tuple[float, Finding]]
    ) -> None:
        assert net_score(found) == NetScore(None, None, None, 0.0)

    @given(st.lists(st.tuples(weights, findings)))
    def test_lies_between_floor_and_ceiling(self, found: list[tuple[float, Finding]]) -> None:
        net = net_score(found)
        assert 0 <= net.coverage <= 1
        if net.floor is not None and net.ceiling is not None:
            assert 0 <= net.floor <= net.ceiling <= 1
            assert net.score is None or net.floor <= net.score <= net.ceiling
