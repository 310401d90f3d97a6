"""What the packaged policy says of declared licenses."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.license.decision import LicenseDecision, Verdict
from models.license.policy import LicensePolicy
from tests.unit.models.license.licenses import expressions, texts

POLICY = LicensePolicy.load()
BEST_TO_WORST = [Verdict.ALLOWED, Verdict.REVIEW, Verdict.UNKNOWN, Verdict.DENIED]
PAIRS = list(permutations(BEST_TO_WORST, 2))
OF_EACH_VERDICT = {
    Verdict.ALLOWED: "MIT",
    Verdict.REVIEW: "llama3.1",
    Verdict.UNKNOWN: "LicenseRef-foo",
    Verdict.DENIED: "cc-by-nc-4.0",
}


def verdict(declared: str) -> Verdict:
    return POLICY.decide(declared).verdict


def rank(declared: str) -> int:
    return BEST_TO_WORST.index(verdict(declared))


class TestOneLicense:
    """The verdict on a single license."""

    def test_carries_what_was_declared_its_expression_and_the_reason(self) -> None:
        assert POLICY.decide(" mit ") == LicenseDecision(
            declared=" mit ",
            spdx_expression="MIT",
            verdict=Verdict.ALLOWED,
            reasons=("MIT: permissive; the copyright and license notices must be kept",),
        )

    @pytest.mark.parametrize("declared", ["MIT", "Apache", "BSD", "Apache-2.0", "BSD-3-Clause"])
    def test_allows_what_is_permissive(self, declared: str) -> None:
        assert verdict(declared) == Verdict.ALLOWED

    @pytest.mark.parametrize("declared", ["gpl-3.0-or-later", "AGPL-3.0+", "llama2", "openrail"])
    def test_leaves_obligations_and_limits_of_use_to_a_person(self, declared: str) -> None:
        assert verdict(declared) == Verdict.REVIEW

    @pytest.mark.parametrize(
        "declared", ["CC-BY-NC-SA-2.5", "CC-BY-NC-ND-3.0-IGO", "apple-amlr", "mnpl"]
    )
    def test_denies_what_forbids_business(self, declared: str) -> None:
        assert verdict(declared) == Verdict.DENIED

    @pytest.mark.parametrize(
        ("declared", "base"),
        [("GPL-3.0+", "GPL-3.0-only"), ("Apache-2.0+", "Apache-2.0"), ("GFDL-1.3+", "GFDL-1.3")],
    )
    def test_holds_for_its_later_versions_too(self, declared: str, base: str) -> None:
        assert verdict(declared) == verdict(base)

    def test_is_review_where_spdx_lists_it_and_the_policy_does_not(self) -> None:
        decision = POLICY.decide("aladdin")
        assert decision.verdict == Verdict.REVIEW
        assert decision.reasons == ("Aladdin: SPDX lists it, but the policy does not name it",)

    @pytest.mark.parametrize(
        "declared", ["LicenseRef-foo", "DocumentRef-a:LicenseRef-llama2", "Some License"]
    )
    def test_is_unknown_where_neither_knows_it(self, declared: str) -> None:
        decision = POLICY.decide(declared)
        assert decision.verdict == Verdict.UNKNOWN
        assert decision.spdx_expression is not None
        why = "neither SPDX nor the policy knows it; the policy treats it as not allowed"
        assert decision.reasons == (f"{decision.spdx_expression}: {why}",)

    def test_finds_references_in_any_case(self) -> None:
        assert verdict("licenseref-LLAMA2") == Verdict.REVIEW


class TestNoLicense:
    """Without a license nothing is allowed."""

    def test_is_unknown_where_none_is_declared(self) -> None:
        assert POLICY.decide(None) == LicenseDecision(
            declared=None,
            spdx_expression=None,
            verdict=Verdict.UNKNOWN,
            reasons=("no license is declared; the policy treats it as not allowed",),
        )

    @pytest.mark.parametrize("declared", ["", "other", "unknown", "MIT AND", "x" * 5_000])
    def test_is_unknown_where_it_cannot_be_identified(self, declared: str) -> None:
        assert POLICY.decide(declared) == LicenseDecision(
            declared=declared,
            spdx_expression=None,
            verdict=Verdict.UNKNOWN,
            reasons=(
                "what is declared does not identify a license; the policy treats it as not allowed",
            ),
        )


class TestOr:
    """OR takes the best."""

    @pytest.mark.parametrize("pair", PAIRS)
    def test_is_the_better_of_two(self, pair: tuple[Verdict, Verdict]) -> None:
        declared = " OR ".join(OF_EACH_VERDICT[side] for side in pair)
        assert verdict(declared) == min(pair, key=BEST_TO_WORST.index)

    def test_gives_the_reasons_of_what_would_be_chosen(self) -> None:
        reasons = POLICY.decide("gpl-3.0 OR mit OR isc").reasons
        assert [reason.partition(":")[0] for reason in reasons] == ["MIT", "ISC"]

    @given(expressions, expressions)
    def test_is_never_worse_than_either(self, one: str, other: str) -> None:
        assert rank(f"{one} OR {other}") == min(rank(one), rank(other))


class TestAnd:
    """AND takes the worst."""

    @pytest.mark.parametrize("pair", PAIRS)
    def test_is_the_worse_of_two(self, pair: tuple[Verdict, Verdict]) -> None:
        declared = " AND ".join(OF_EACH_VERDICT[side] for side in pair)
        assert verdict(declared) == max(pair, key=BEST_TO_WORST.index)

    def test_gives_the_reasons_of_what_decides(self) -> None:
        reasons = POLICY.decide("gemma AND mit AND gpl-3.0").reasons
        subjects = [reason.partition(":")[0] for reason in reasons]
        assert subjects == ["LicenseRef-gemma", "GPL-3.0-only"]

    @given(expressions, expressions)
    def test_is_never_better_than_either(self, one: str, other: str) -> None:
        assert rank(f"{one} AND {other}") == max(rank(one), rank(other))


class TestWith:
    """An exception beside a license."""

    @pytest.mark.parametrize(
        ("license_", "exception"),
        [("Apache-2.0", "LLVM-exception"), ("GPL-2.0-only", "Classpath-exception-2.0")],
    )
    def test_that_spdx_lists_leaves_the_verdict_to_the_license(
        self, license_: str, exception: str
    ) -> None:
        assert verdict(f"{license_} WITH {exception}") == verdict(license_)

    def test_that_nobody_knows_may_take_rights_away(self) -> None:
        decision = POLICY.decide("MIT WITH Foo")
        assert decision.verdict == Verdict.UNKNOWN
        assert decision.reasons[0].startswith("AdditionRef-Foo: neither SPDX nor the policy")

    def test_is_judged_by_the_policy_where_it_names_it(self) -> None:
        decision = POLICY.decide("Apache-2.0 WITH Commons-Clause")
        assert decision.verdict == Verdict.DENIED
        assert decision.spdx_expression == "Apache-2.0 WITH AdditionRef-Commons-Clause"


@pytest.mark.parametrize("operator", ["AND", "OR"])
class TestOperators:
    """The laws that both operators keep."""

    @given(one=expressions, other=expressions)
    def test_order_does_not_matter(self, operator: str, one: str, other: str) -> None:
        there = POLICY.decide(f"{one} {operator} {other}")
        back = POLICY.decide(f"{other} {operator} {one}")
        assert there.verdict == back.verdict
        assert sorted(there.reasons) == sorted(back.reasons)

    @given(parts=st.tuples(expressions, expressions, expressions))
    def test_grouping_does_not_matter(self, operator: str, parts: tuple[str, str, str]) -> None:
        a, b, c = parts
        left = POLICY.decide(f"({a} {operator} {b}) {operator} {c}")
        right = POLICY.decide(f"{a} {operator} ({b} {operator} {c})")
        assert (left.verdict, left.reasons) == (right.verdict, right.reasons)

    @given(one=expressions)
    def test_repetition_does_not_matter(self, operator: str, one: str) -> None:
        twice, once = POLICY.decide(f"{one} {operator} {one}"), POLICY.decide(one)
        assert (twice.verdict, twice.reasons) == (once.verdict, once.reasons)


class TestAnyText:
    """Whatever is declared."""

    @given(texts)
    def test_gets_a_verdict_with_reasons_each_once(self, text: str) -> None:
        decision = POLICY.decide(text)
        assert decision.declared == text
        assert decision.reasons
        assert len(set(decision.reasons)) == len(decision.reasons)
        assert (decision.spdx_expression is not None) or decision.verdict == Verdict.UNKNOWN

    @given(texts)
    def test_gets_the_same_decision_as_its_expression(self, text: str) -> None:
        decision = POLICY.decide(text)
        if decision.spdx_expression is not None:
            again = POLICY.decide(decision.spdx_expression)
            assert (again.verdict, again.reasons) == (decision.verdict, decision.reasons)

    def test_is_remembered(self) -> None:
        assert POLICY.decide("mit AND gemma") is POLICY.decide("mit AND gemma")
