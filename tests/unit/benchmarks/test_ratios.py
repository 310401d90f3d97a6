"""A ratio is that of its rounds, and rounds are fair to both arms."""

from dataclasses import replace

import pytest

from tests.benchmarks.ratios import Result, child_cpu_seconds, cpu_seconds, interleaved

MEASURED = Result(2, "a query", ours=[1, 3, 2], base=[1, 1, 4], unit="CPU s", target=1.0)


class TestResult:
    def test_the_ratio_is_the_median_of_the_rounds(self) -> None:
        """And not the ratio of the medians, which rounds of different machines would mix."""
        assert MEASURED.ratios == [1, 3, 0.5]
        assert MEASURED.ratio == 1

    def test_the_spread_is_that_of_the_middle_half(self) -> None:
        assert MEASURED.spread == (0.75, 2)

    def test_one_round_has_no_spread(self) -> None:
        assert replace(MEASURED, ours=[3], base=[2]).spread == (1.5, 1.5)

    @pytest.mark.parametrize(("target", "met"), [(0.9, False), (1.0, True), (1.1, True)])
    def test_a_ratio_may_not_exceed_its_target(self, target: float, met: bool) -> None:
        assert replace(MEASURED, target=target).met is met

    @pytest.mark.parametrize(("target", "met"), [(0.9, True), (1.0, True), (1.1, False)])
    def test_or_must_reach_it(self, target: float, met: bool) -> None:
        assert replace(MEASURED, target=target, at_least=True).met is met

    def test_arms_of_different_length_are_a_mistake(self) -> None:
        with pytest.raises(ValueError, match="shorter"):
            _ = replace(MEASURED, base=[1]).ratio


class TestInterleaved:
    def test_takes_turns_at_being_first_after_a_round_that_does_not_count(self) -> None:
        order: list[str] = []

        def arm(name: str) -> float:
            order.append(name)
            return len(order)

        ours, base = interleaved(lambda: arm("ours"), lambda: arm("base"), 3)
        assert "".join(name[0] for name in order) == "obobboob"
        assert (ours, base) == ([3, 6, 7], [4, 5, 8])


class TestCpuSeconds:
    def test_is_of_one_run(self) -> None:
        runs: list[int] = []
        spent = cpu_seconds(lambda: runs.append(sum(range(100_000))), 5)
        assert len(runs) == 5
        assert spent > 0


class TestChildCpuSeconds:
    def test_is_the_childs_own(self) -> None:
        assert child_cpu_seconds(["/bin/sh", "-c", "exit 0"]) > 0

    def test_tells_why_a_child_failed(self) -> None:
        with pytest.raises(RuntimeError, match="ended with 3: no such thing"):
            child_cpu_seconds(["/bin/sh", "-c", "echo no such thing >&2; exit 3"])
