"""BUS_FACTOR: the effective number of authors."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import json_text
from models.evaluation.facts import Commit, Commits
from models.evaluation.finding import Finding, MetricStatus
from models.evaluation.metrics.bus_factor import BOTS, is_bot, measure
from tests.unit.models.evaluation.facts_builder import UNREAD, by, facts

names = st.text(min_size=1, max_size=8)
commits = st.builds(
    Commit, st.lists(names, max_size=3).map(tuple), st.dates().map(lambda day: day.isoformat())
)


def of(*commits: Commit, is_cut: bool = False) -> Finding:
    return measure(facts(commits=Commits(commits, is_cut)))


class TestBusFactor:
    """Scoring commits."""

    def test_one_author_scores_0(self) -> None:
        assert of(by("ann"), by("ann")).score == 0

    def test_five_equal_authors_score_1(self) -> None:
        assert of(*map(by, ["ann", "bob", "cat", "dan", "eve"])).score == 1

    def test_two_equal_authors_score_a_quarter(self) -> None:
        assert of(by("ann"), by("bob")).score == 0.25

    def test_unequal_shares_count_for_less(self) -> None:
        effective = math.exp(-(0.75 * math.log(0.75) + 0.25 * math.log(0.25)))
        found = of(by("ann"), by("ann"), by("ann"), by("bob"))
        assert found.score == round((effective - 1) / 4, 4)

    def test_the_authors_of_one_commit_share_it(self) -> None:
        assert of(by("ann", "bob")).score == of(by("ann"), by("bob")).score

    def test_the_case_of_a_name_does_not_matter(self) -> None:
        assert of(by("Ann"), by("ann ")).score == 0

    def test_commits_before_the_window_do_not_count(self) -> None:
        newest = by("ann", date="2026-03-31")
        assert of(newest, by("bob", date="2024-03-31")).score == 0.25
        assert of(newest, by("bob", date="2024-03-30")).score == 0

    def test_the_window_ends_with_the_revision(self) -> None:
        old = [by("ann", date="2019-05-01"), by("bob", date="2018-05-01")]
        assert of(*old).score == 0.25

    def test_bots_do_not_count(self) -> None:
        assert of(by("ann"), by("system"), by("pr-bot", "bob")).score == 0.25

    @pytest.mark.parametrize("found", [of(), of(by("system")), of(by())])
    def test_without_a_person_it_is_0_and_says_so(self, found: Finding) -> None:
        assert found.score == 0
        assert "No commit by a person" in found.evidence[0].note

    def test_commits_that_could_not_be_read_make_it_unknown(self) -> None:
        assert measure(facts(commits=UNREAD)).status is MetricStatus.UNKNOWN

    def test_a_cut_history_is_told(self) -> None:
        (evidence,) = of(by("ann"), is_cut=True).evidence
        assert isinstance(evidence.observed, dict)
        assert evidence.observed["historyIsCut"] is True

    @given(st.lists(st.sampled_from(["Annabelle", "Bobette"]), min_size=1))
    def test_no_name_is_told(self, authors: list[str]) -> None:
        text = json_text.dumps([item.observed for item in of(*map(by, authors)).evidence])
        assert "annabelle" not in text.lower()
        assert "bobette" not in text.lower()

    @given(st.lists(commits))
    def test_any_commits_score_between_0_and_1(self, found: list[Commit]) -> None:
        score = of(*found).score
        assert score is not None
        assert 0 <= score <= 1


class TestIsBot:
    """Names of programs."""

    @pytest.mark.parametrize(
        "name",
        [
            "github-actions[bot]",
            "Bot",
            "librarian-bot",
            "leaderboard-pr-bot",
            "ConvertBot",
            *sorted(BOTS),
        ],
    )
    def test_a_program(self, name: str) -> None:
        assert is_bot(name)

    @pytest.mark.parametrize("name", ["Talbot", "abbot", "ann", "bottom", "robotics-lab", ""])
    def test_a_person(self, name: str) -> None:
        assert not is_bot(name)
