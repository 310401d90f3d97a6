"""CODE_QUALITY: how well the linked code repository is kept."""

import re
from datetime import date

from models.evaluation.facts import Facts, RepositoryFacts, Unread
from models.evaluation.finding import Evidence, Finding, measured, not_applicable, unknown
from models.evaluation.metrics.checklist import check, shown, some_of, unread
from models.evaluation.metrics.months import months_before
from models.evaluation.sources import model_source, repository_source
from models.json_text import Json

ACTIVE_MONTHS = 12
"""A commit in so many months before the day of reading is recent."""

POINTS = {
    "License": 0.2,
    "Tests": 0.2,
    "Continuous integration": 0.2,
    "Recent activity": 0.2,
    "Releases": 0.1,
    "Not archived": 0.1,
}

_LICENSE_FILE = re.compile(r"(?:LICEN[CS]E|COPYING|UNLICENSE)(?:[.-][\w.-]+)?", re.IGNORECASE)
_TEST = re.compile(
    r"(?:.*/)?(?:tests?|spec|__tests__)/.+"
    r"|(?:.*/)?(?:test_[^/]+\.py|[^/]+_tests?\.(?:py|go|cc|cpp)|conftest\.py"
    r"|[^/]+\.(?:test|spec)\.[jt]sx?)"
)
_CI = re.compile(
    r"\.github/workflows/[^/]+\.ya?ml|\.gitlab-ci\.yml|\.circleci/config\.yml|\.travis\.yml"
    r"|Jenkinsfile|azure-pipelines\.yml|\.?appveyor\.yml|\.cirrus\.yml|\.drone\.yml"
    r"|bitbucket-pipelines\.yml|\.buildkite/.+"
)


def measure(facts: Facts) -> Finding:
    """Score the linked repository by a checklist."""
    repository = facts.repository
    card = model_source(facts.model, "README.md")
    if isinstance(repository, Unread):
        return unread(card, "The code repository", repository)
    if not isinstance(repository, RepositoryFacts):
        return not_applicable(card, shown(f"No code repository: {repository.why}"))
    if repository.paths is None:
        why = "The list of files was cut, so that tests and CI may be among the rest"
        return unknown(repository_source(repository), why)
    return measured(_checks(repository, repository.paths, facts.read_on))


def _checks(
    repository: RepositoryFacts, paths: tuple[str, ...], read_on: str
) -> tuple[Evidence, ...]:
    license_id = repository.license_id
    license_files = [path for path in paths if _LICENSE_FILE.fullmatch(path)]
    tests = [path for path in paths if _TEST.fullmatch(path)]
    workflows = [path for path in paths if _CI.fullmatch(path)]
    since = months_before(date.fromisoformat(read_on), ACTIVE_MONTHS).isoformat()
    found: dict[str, tuple[Json, bool]] = {
        "License": (
            {"spdxId": license_id and shown(license_id), **some_of(license_files)},
            bool(license_id or license_files),
        ),
        "Tests": (some_of(tests), bool(tests)),
        "Continuous integration": (some_of(workflows), bool(workflows)),
        "Recent activity": (
            {"committedOn": repository.committed_on, "since": since},
            repository.committed_on >= since,
        ),
        "Releases": (repository.release_count, repository.release_count > 0),
        "Not archived": ({"isArchived": repository.is_archived}, not repository.is_archived),
    }
    source = repository_source(repository)
    return tuple(
        check(item, points, source, found[item][0], share=float(found[item][1]))
        for item, points in POINTS.items()
    )
