"""The adapter to GitHub, over real sockets."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.local.hub import Recorder, StandInHub
from graph.local.hub.faults import (
    CutOff,
    Delay,
    Drip,
    Fault,
    HangUp,
    HugeBody,
    InvalidJson,
    OtherJson,
    RedirectTo,
    Status,
)
from models.evaluation.facts import Absent, RepositoryFacts, Unread
from models.evaluation.upstream.github import GitHub
from tests.unit.models.evaluation.upstreams import (
    QUICK,
    TOKEN,
    copy_of_demo_data,
    time_limit_for,
)

OWNER, NAME = "northwind-labs", "harbor-tides"
PATH = f"/repos/{OWNER}/{NAME}"
MISSING = "GitHub has no such repository, or it is private"
FORM = "GitHub's answer has not the expected form"
BUSY = "GitHub gets too many requests from here"
BROKEN = "GitHub could not be reached, or broke off"
USED_UP = (("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", str(2**40)))


@pytest.fixture
def stand_in(tmp_path: Path) -> Iterator[StandInHub]:
    with StandInHub(copy_of_demo_data(tmp_path)) as running:
        yield running


@pytest.fixture
def github(stand_in: StandInHub) -> Iterator[GitHub]:
    github = GitHub(stand_in.github_url, TOKEN, QUICK)
    yield github
    github.close()


def change(tmp_path: Path, part: str, **fields: object) -> None:
    """Change what GitHub tells of a part of the repository."""
    path = tmp_path / "data" / "github" / f"{OWNER}__{NAME}.json"
    described = json.loads(path.read_text())
    described[part] = {**described[part], **fields}
    path.write_text(json.dumps(described))


def facts_of(github: GitHub) -> RepositoryFacts:
    found = github.repository(OWNER, NAME)
    assert isinstance(found, RepositoryFacts)
    return found


class TestRepository:
    """A repository that is there."""

    def test_everything_that_the_metric_needs_is_there(self, github: GitHub) -> None:
        found = facts_of(github)
        assert found.full_name == f"{OWNER}/{NAME}"
        assert found.license_id == "Apache-2.0"
        assert found.committed_on == "2026-10-21"
        assert found.release_count == 1
        assert not found.is_archived
        assert found.paths is not None
        assert "tests/test_model.py" in found.paths
        assert "tests" not in found.paths

    def test_it_takes_four_requests(self, stand_in: StandInHub, github: GitHub) -> None:
        found = facts_of(github)
        assert [request.path for request in stand_in.requests] == [
            PATH,
            f"{PATH}/commits/main",
            f"{PATH}/git/trees/{found.revision}",
            f"{PATH}/releases",
        ]

    def test_a_rename_is_followed(self, github: GitHub) -> None:
        assert github.repository("northwind", NAME) == facts_of(github)

    def test_tags_count_as_releases(self, stand_in: StandInHub, github: GitHub) -> None:
        stand_in.fail(f"{PATH}/releases", OtherJson([]))
        assert facts_of(github).release_count == 1

    def test_neither_tags_nor_releases(self, stand_in: StandInHub, github: GitHub) -> None:
        stand_in.fail(f"{PATH}/releases", OtherJson([]))
        stand_in.fail(f"{PATH}/tags", OtherJson([]))
        assert facts_of(github).release_count == 0

    @pytest.mark.parametrize("told", [None, {"spdx_id": "NOASSERTION"}, {"spdx_id": None}, "MIT"])
    def test_no_license_that_github_knows(
        self, tmp_path: Path, github: GitHub, told: object
    ) -> None:
        change(tmp_path, "repo", license=told)
        assert facts_of(github).license_id is None

    def test_an_archived_one(self, github: GitHub) -> None:
        found = github.repository("pixel-badger", "pose-sketcher")
        assert isinstance(found, RepositoryFacts)
        assert found.is_archived

    def test_a_list_of_files_that_was_cut(self, tmp_path: Path, github: GitHub) -> None:
        change(tmp_path, "tree", truncated=True)
        assert facts_of(github).paths is None

    def test_a_branch_is_quoted(self, tmp_path: Path, stand_in: StandInHub, github: GitHub) -> None:
        change(tmp_path, "repo", default_branch="a/b?c#d")
        facts_of(github)
        assert stand_in.requests[1].path == f"{PATH}/commits/a%2Fb%3Fc%23d"


class TestAbsent:
    """Nothing that could be evaluated, for certain."""

    def test_a_missing_one(self, github: GitHub) -> None:
        assert github.repository("nobody", "nothing") == Absent(MISSING)

    def test_an_empty_one(self, stand_in: StandInHub, github: GitHub) -> None:
        stand_in.fail(f"{PATH}/commits", Status(409))
        assert github.repository(OWNER, NAME) == Absent("the repository on GitHub is empty")

    @pytest.mark.parametrize(
        ("owner", "name"),
        [
            *(("..", "x"), ("a", ".."), ("a/b", "c"), ("a", "b/c"), ("", "a"), ("a", "")),
            *(("a", "b?c"), ("a", "b#c"), ("a", "b%2f"), ("é", "a"), ("a" * 40, "b")),
            *(("a", "b\n"), ("a.b", "c")),
        ],
    )
    def test_names_that_no_repository_has(
        self, stand_in: StandInHub, github: GitHub, owner: str, name: str
    ) -> None:
        why = "no repository of GitHub can have this name"
        assert github.repository(owner, name) == Absent(why)
        assert stand_in.requests == []


class TestUnread:
    """Nobody knows."""

    @pytest.mark.parametrize(
        ("fault", "why"),
        [
            (Status(401), "GitHub does not accept the token"),
            (Status(403), "GitHub refuses access"),
            (Status(403, USED_UP), BUSY),
            (Status(403, (("Retry-After", "60"),)), BUSY),
            (Status(429), BUSY),
            (Status(451), "GitHub refused the request with status 451"),
            (Status(500), "GitHub has a fault of its own"),
            (HangUp(), BROKEN),
            (CutOff(), BROKEN),
            (Delay(5), "GitHub did not answer in time"),
            (Drip(0.01), "GitHub did not answer in time"),
            (InvalidJson(), "GitHub did not answer with JSON"),
            (OtherJson(["x"]), FORM),
            (OtherJson({"full_name": "a/../b", "default_branch": "main"}), FORM),
            (OtherJson({"full_name": f"{OWNER}/{NAME}"}), FORM),
            (HugeBody(), "GitHub answered with more than 8 MiB"),
            (RedirectTo(PATH), "GitHub sent us in circles, or nowhere"),
        ],
        ids=repr,
    )
    def test_the_repository(
        self, stand_in: StandInHub, github: GitHub, fault: Fault, why: str
    ) -> None:
        stand_in.fail(PATH, fault)
        with time_limit_for(fault):
            assert github.repository(OWNER, NAME) == Unread(why)

    @pytest.mark.parametrize("part", ["commits", "git/trees", "releases"])
    def test_a_part_of_it(self, stand_in: StandInHub, github: GitHub, part: str) -> None:
        stand_in.fail(f"{PATH}/{part}", Status(404))
        why = "GitHub does not show what is in the repository"
        assert github.repository(OWNER, NAME) == Unread(why)

    @pytest.mark.parametrize("part", ["commits", "git/trees"])
    def test_a_part_of_the_wrong_form(
        self, stand_in: StandInHub, github: GitHub, part: str
    ) -> None:
        stand_in.fail(f"{PATH}/{part}", OtherJson({"sha": "../..", "tree": 7}))
        assert github.repository(OWNER, NAME) == Unread(FORM)

    def test_a_commit_without_a_date(self, tmp_path: Path, github: GitHub) -> None:
        change(tmp_path, "commit", commit={})
        assert github.repository(OWNER, NAME) == Unread(FORM)

    def test_a_redirect_elsewhere_contacts_nobody(
        self, stand_in: StandInHub, github: GitHub
    ) -> None:
        with Recorder() as stranger:
            stand_in.fail("/", RedirectTo(stranger.url, 301))
            found = github.repository(OWNER, NAME)
            assert stranger.contacts == 0
        assert found == Unread("GitHub sent us to another host, where nothing is read")

    def test_a_used_up_hour_is_not_waited_for(self, stand_in: StandInHub, github: GitHub) -> None:
        stand_in.fail("/", Status(429, USED_UP))
        assert github.repository(OWNER, NAME) == Unread(BUSY)
        assert len(stand_in.requests) == 1


class TestHeaders:
    """What GitHub gets to know."""

    def test_the_version_that_we_understand(self, stand_in: StandInHub, github: GitHub) -> None:
        github.repository(OWNER, NAME)
        for request in stand_in.requests:
            assert request.headers["accept"] == "application/vnd.github+json"
            assert request.headers["x-github-api-version"] == "2022-11-28"
            assert request.headers["authorization"] == f"Bearer {TOKEN}"

    def test_no_token_unless_given(self, stand_in: StandInHub) -> None:
        github = GitHub(stand_in.github_url, pacing=QUICK)
        github.repository(OWNER, NAME)
        github.close()
        assert "authorization" not in stand_in.requests[0].headers
