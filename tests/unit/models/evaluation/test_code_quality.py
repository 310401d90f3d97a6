"""CODE_QUALITY: how well the linked repository is kept."""

import pytest

from models.evaluation.finding import MetricStatus
from models.evaluation.metrics.code_quality import POINTS, measure
from tests.unit.models.evaluation.facts_builder import ABSENT, UNREAD, a_repository, facts, points


def of_paths(*paths: str) -> dict[str, float]:
    return points(measure(facts(repository=a_repository(paths=paths))))


class TestCodeQuality:
    """Scoring a repository."""

    def test_one_with_everything_scores_1(self) -> None:
        repository = a_repository(
            license_id="MIT",
            paths=["tests/test_a.py", ".github/workflows/ci.yml"],
            committed_on="2026-11-01",
            release_count=1,
            is_archived=False,
        )
        found = measure(facts(repository=repository))
        assert found.score == 1
        assert points(found) == POINTS

    def test_one_with_nothing_scores_0(self) -> None:
        found = measure(facts(repository=a_repository()))
        assert found.score == 0
        assert list(points(found)) == list(POINTS)

    def test_without_a_repository_it_does_not_apply(self) -> None:
        found = measure(facts(repository=ABSENT))
        assert found.status is MetricStatus.NOT_APPLICABLE
        assert ABSENT.why in found.evidence[0].note

    def test_one_that_could_not_be_read_makes_it_unknown(self) -> None:
        assert measure(facts(repository=UNREAD)).status is MetricStatus.UNKNOWN

    def test_so_does_a_list_of_files_that_was_cut(self) -> None:
        found = measure(facts(repository=a_repository(paths=None, license_id="MIT")))
        assert found.status is MetricStatus.UNKNOWN


class TestItems:
    """What is looked for."""

    @pytest.mark.parametrize("path", ["LICENSE", "LICENCE.txt", "COPYING", "LICENSE-MIT"])
    def test_a_license_file_is_a_license(self, path: str) -> None:
        assert of_paths(path)["License"] > 0

    def test_one_deeper_down_is_somebody_elses(self) -> None:
        assert of_paths("vendor/x/LICENSE")["License"] == 0

    @pytest.mark.parametrize(
        "path",
        ["tests/a.py", "pkg/test/B.java", "test_a.py", "src/a_test.go", "web/a.spec.ts"],
    )
    def test_tests(self, path: str) -> None:
        assert of_paths(path)["Tests"] > 0

    @pytest.mark.parametrize("path", ["latest/a.py", "contest.py", "docs/testing.md", "test.png"])
    def test_no_tests(self, path: str) -> None:
        assert of_paths(path)["Tests"] == 0

    @pytest.mark.parametrize(
        "path", [".github/workflows/a.yaml", ".gitlab-ci.yml", ".circleci/config.yml"]
    )
    def test_continuous_integration(self, path: str) -> None:
        assert of_paths(path)["Continuous integration"] > 0

    def test_issue_templates_are_no_workflows(self) -> None:
        assert of_paths(".github/ISSUE_TEMPLATE/a.yml")["Continuous integration"] == 0

    @pytest.mark.parametrize(("day", "is_recent"), [("2025-11-23", True), ("2025-11-22", False)])
    def test_activity_is_recent_for_a_year_before_the_reading(
        self, day: str, is_recent: bool
    ) -> None:
        repository = a_repository(committed_on=day)
        found = points(measure(facts(repository=repository, read_on="2026-11-23")))
        assert (found["Recent activity"] > 0) is is_recent
