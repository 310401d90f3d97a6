"""The adapter to the Hub, over real sockets: what it makes of good answers."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph.local.hub import DEMO_DATA, Recorder, StandInHub
from graph.local.hub.faults import Changed, OtherJson, Refuse
from models.evaluation.facts import (
    Absent,
    Commits,
    DatasetFacts,
    ModelFacts,
    RepoFile,
    Scan,
    Unread,
)
from models.evaluation.upstream.errors import UpstreamFailure
from models.evaluation.upstream.hub import COMMITS_MAX, Hub
from tests.unit.models.evaluation.upstreams import (
    NEW_NAME,
    OLD_NAME,
    QUICK,
    TEMPLATE,
    TOKEN,
    WELL_DOCUMENTED,
    copy_of_demo_data,
)


@pytest.fixture
def stand_in(tmp_path: Path) -> Iterator[StandInHub]:
    with StandInHub(copy_of_demo_data(tmp_path)) as running:
        yield running


@pytest.fixture
def hub(stand_in: StandInHub) -> Iterator[Hub]:
    hub = Hub(stand_in.url, pacing=QUICK)
    yield hub
    hub.close()


def described(name: str) -> dict[str, object]:
    path = DEMO_DATA / "models" / f"{name.replace('/', '__')}.json"
    found: dict[str, object] = json.loads(path.read_text())
    return found


class TestModel:
    """The description of a model."""

    def test_everything_that_metrics_need_is_there(self, hub: Hub) -> None:
        raw = described(WELL_DOCUMENTED)
        model = hub.model(WELL_DOCUMENTED)
        assert model.repo_id == WELL_DOCUMENTED
        assert model.revision == raw["sha"]
        assert model.card_data == raw["cardData"]
        assert model.model_index == raw["model-index"]
        assert model.config == raw["config"]
        assert model.tags == tuple(str(tag) for tag in raw["tags"])  # type: ignore[attr-defined]
        assert (model.pipeline_tag, model.library_name) == ("text-classification", "transformers")
        assert model.parameters == {"F32": 66_958_086}
        assert RepoFile("model.safetensors", 267_845_384) in model.files
        assert model.scan == Scan(is_done=True, issues={})

    def test_it_takes_one_request(self, stand_in: StandInHub, hub: Hub) -> None:
        hub.model(WELL_DOCUMENTED)
        assert [request.path for request in stand_in.requests] == [f"/api/models/{WELL_DOCUMENTED}"]

    def test_popularity_is_dropped(self, stand_in: StandInHub, hub: Hub) -> None:
        before = hub.model(WELL_DOCUMENTED)
        popular = {"downloads": 10**9, "likes": 10**6, "trendingScore": 99, "spaces": ["a/b"]}
        stand_in.fail("/", Changed(popular))
        assert hub.model(WELL_DOCUMENTED) == before

    def test_a_rename_is_followed(self, hub: Hub) -> None:
        assert hub.model(OLD_NAME).repo_id == NEW_NAME
        assert hub.model(OLD_NAME) == hub.model(NEW_NAME)

    def test_a_revision_is_kept_to(self, hub: Hub) -> None:
        newest = hub.model(WELL_DOCUMENTED)
        assert hub.model(WELL_DOCUMENTED, newest.revision) == newest
        assert hub.model(WELL_DOCUMENTED, "main") == newest

    def test_findings_of_the_scan_are_by_file(self, hub: Hub) -> None:
        assert hub.model("pixel-badger/pose-sketcher").scan == Scan(
            is_done=True,
            issues={"checkpoint_final.pt": "suspicious", "optimizer.pkl": "unsafe"},
        )

    def test_a_scan_that_nobody_tells_of(self, stand_in: StandInHub, hub: Hub) -> None:
        stand_in.fail("/", Changed({"securityRepoStatus": None}))
        assert hub.model(TEMPLATE).scan is None

    def test_values_of_wrong_types_are_missing_ones(self, stand_in: StandInHub, hub: Hub) -> None:
        odd = {"tags": "a", "pipeline_tag": 1, "library_name": [], "config": 5, "cardData": "no"}
        stand_in.fail("/", Changed(odd))
        model = hub.model(TEMPLATE)
        assert (model.tags, model.pipeline_tag, model.library_name) == ((), None, None)
        assert (model.config, model.card_data) == ({}, {})

    def test_numbers_written_as_text_count(self, stand_in: StandInHub, hub: Hub) -> None:
        counts = {"F32": "12", "I8": -1, "F16": True, "U8": "many"}
        sizes = [{"rfilename": "a.bin", "size": "7"}, {"rfilename": "b.bin", "size": 1.5}]
        changed = {"safetensors": {"parameters": counts, "total": 0}, "siblings": sizes}
        stand_in.fail("/", Changed(changed))
        model = hub.model(TEMPLATE)
        assert model.parameters == {"F32": 12}
        assert model.files == (RepoFile("a.bin", 7), RepoFile("b.bin", None))

    def test_what_cannot_be_stored_is_dropped(self, stand_in: StandInHub, hub: Hub) -> None:
        odd = {
            "nan": float("nan"),
            "half": "\ud800",
            "deep": json.loads("[" * 40 + "]" * 40),
            "fine": [1, 2.5, None, True],
        }
        stand_in.fail("/", Changed({"config": odd}))
        assert hub.model(TEMPLATE).config == {
            "nan": None,
            "half": "?",
            "deep": json.loads("[" * 31 + "null" + "]" * 31),
            "fine": [1, 2.5, None, True],
        }

    def test_a_wrong_model_index_is_kept_as_it_is(
        self, stand_in: StandInHub, hub: Hub, caplog: pytest.LogCaptureFixture
    ) -> None:
        card = {"model-index": [{"results": "none"}], "license": "mit"}
        stand_in.fail("/", Changed({"model-index": "odd", "cardData": card}))
        model = hub.model(TEMPLATE)
        assert model.model_index == "odd"
        assert model.card_data["license"] == "mit"
        assert caplog.records == []


class TestCard:
    """The model card."""

    def test_it_is_read_at_the_revision(self, stand_in: StandInHub, hub: Hub) -> None:
        model = hub.model(WELL_DOCUMENTED)
        card = hub.card(model)
        assert isinstance(card, str)
        assert card.startswith("---\nlanguage:")
        assert stand_in.requests[-1].path.endswith(f"/resolve/{model.revision}/README.md")

    def test_a_model_without_one(self, stand_in: StandInHub, hub: Hub) -> None:
        stand_in.fail("/", Changed({"siblings": [{"rfilename": "config.json"}]}))
        assert hub.card(hub.model(TEMPLATE)) == Absent("the model has no README.md")
        assert len(stand_in.requests) == 1

    def test_what_is_no_utf_8_is_replaced(self, tmp_path: Path, hub: Hub) -> None:
        readme = tmp_path / "data" / "readmes" / f"{TEMPLATE.replace('/', '__')}.md"
        readme.write_bytes(b"\xef\xbb\xbf# caf\xe9\x00")
        assert hub.card(hub.model(TEMPLATE)) == "# caf�\x00"


class TestCommits:
    """The commits before a revision."""

    def test_they_come_with_authors_and_days(self, hub: Hub) -> None:
        commits = hub.commits(hub.model(WELL_DOCUMENTED))
        assert isinstance(commits, Commits)
        assert not commits.is_cut
        assert len(commits.newest_first) == 11
        assert commits.newest_first[7].authors == ("kwame-b", "mira-solberg")
        assert commits.newest_first[7].date == "2025-11-05"

    def test_all_pages_of_two_years_are_read(
        self, tmp_path: Path, stand_in: StandInHub, hub: Hub
    ) -> None:
        write_commits(tmp_path, ["2026-11-01"] * 120)
        commits = hub.commits(hub.model(TEMPLATE))
        assert isinstance(commits, Commits)
        assert (len(commits.newest_first), commits.is_cut) == (120, False)
        assert len(stand_in.requests) == 4

    def test_pages_beyond_two_years_are_not(self, tmp_path: Path, hub: Hub) -> None:
        write_commits(tmp_path, ["2026-11-01"] * 60 + ["2024-10-01"] * 120)
        commits = hub.commits(hub.model(TEMPLATE))
        assert isinstance(commits, Commits)
        assert (len(commits.newest_first), commits.is_cut) == (100, True)

    def test_there_is_an_end(self, tmp_path: Path, stand_in: StandInHub, hub: Hub) -> None:
        write_commits(tmp_path, ["2026-11-01"] * 2_000)
        commits = hub.commits(hub.model(TEMPLATE))
        assert isinstance(commits, Commits)
        assert (len(commits.newest_first), commits.is_cut) == (COMMITS_MAX, True)
        assert len(stand_in.requests) == 21

    def test_the_links_of_a_mirror_do_not_lead_away(
        self, tmp_path: Path, hub: Hub, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write_commits(tmp_path, ["2026-11-01"] * 60)
        model = hub.model(TEMPLATE)
        with Recorder() as original:
            monkeypatch.setattr(StandInHub, "url", original.url)
            commits = hub.commits(model)
            assert original.contacts == 0
        assert isinstance(commits, Commits)
        assert len(commits.newest_first) == 60

    def test_none_is_no_answer_since_the_revision_is_one(
        self, stand_in: StandInHub, hub: Hub
    ) -> None:
        model = hub.model(TEMPLATE)
        stand_in.fail("/", OtherJson([]))
        assert isinstance(hub.commits(model), Unread)


class TestDataset:
    """The description of a dataset."""

    def test_everything_that_metrics_need_is_there(self, hub: Hub) -> None:
        dataset = hub.dataset("northwind/tide-reports")
        assert isinstance(dataset, DatasetFacts)
        assert dataset.card_data["license"] == "cc-by-4.0"
        assert dataset.description.startswith("Dataset Card for Tide Reports")
        assert dataset.citation.startswith("@misc{")
        assert dataset.has_card
        assert not dataset.is_disabled
        assert "license:cc-by-4.0" in dataset.tags

    def test_a_rename_is_followed(self, hub: Hub) -> None:
        dataset = hub.dataset("bookcorpora")
        assert isinstance(dataset, DatasetFacts)
        assert dataset.repo_id == "northwind/book-corpora"
        assert not dataset.has_card

    def test_a_gated_one_is_described_all_the_same(self, hub: Hub) -> None:
        assert isinstance(hub.dataset("acme-research/field-notes"), DatasetFacts)

    def test_one_that_the_hub_took_off(self, stand_in: StandInHub, hub: Hub) -> None:
        stand_in.fail("/", Changed({"disabled": True}))
        dataset = hub.dataset("northwind/tide-reports")
        assert isinstance(dataset, DatasetFacts)
        assert dataset.is_disabled

    @pytest.mark.parametrize("status", [401, 404])
    def test_one_that_is_gone(self, stand_in: StandInHub, hub: Hub, status: int) -> None:
        stand_in.fail("/", Refuse(status, "RepoNotFound", "Repository not found"))
        why = "the Hub has no such dataset, or it is private"
        assert hub.dataset("northwind/tide-reports") == Absent(why)


class TestNames:
    """Names from cards and users cannot lead a request elsewhere."""

    HOSTILE = (
        *("..", "../models/a/b", "a/..", "a/../b", "a/b/c", "a//b", "/a", "a/", "", ".", "a/."),
        *("a%2e%2e/b", "a?x=1", "a#b", "a\\b", "a b", "a\r\nHost: b", "é/b", "http://a/b", "@a/b"),
        *("a@b", "a:80", "a" * 200, "-a/b", "a--b", "a.git", "a\x00b"),
    )

    @pytest.mark.parametrize("name", HOSTILE)
    def test_none_of_these_is_asked_for(self, stand_in: StandInHub, hub: Hub, name: str) -> None:
        assert hub.dataset(name) == Absent("no dataset of the Hub can have this name")
        with pytest.raises(UpstreamFailure, match=r"^the Hub has no such model$"):
            hub.model(name)
        assert stand_in.requests == []

    @pytest.mark.parametrize("revision", ["", "..", "a/../b", ".", "a?b", "a b", "-x", "x" * 201])
    def test_nor_any_of_these_revisions(
        self, stand_in: StandInHub, hub: Hub, revision: str
    ) -> None:
        with pytest.raises(UpstreamFailure, match=r"^the Hub has no such revision$"):
            hub.model(TEMPLATE, revision)
        assert stand_in.requests == []

    def test_a_ref_is_quoted(self, stand_in: StandInHub, hub: Hub) -> None:
        with pytest.raises(UpstreamFailure, match="no such revision"):
            hub.model(TEMPLATE, "refs/pr/1")
        assert stand_in.requests[0].path == f"/api/models/{TEMPLATE}/revision/refs%2Fpr%2F1"


class TestToken:
    """Who gets the token."""

    def test_the_hub_with_every_request(self, stand_in: StandInHub) -> None:
        hub = Hub(stand_in.url, TOKEN, QUICK)
        model = hub.model(OLD_NAME)
        hub.card(model)
        hub.commits(model)
        hub.dataset("bookcorpora")
        hub.close()
        sent = {request.headers.get("authorization") for request in stand_in.requests}
        assert sent == {f"Bearer {TOKEN}"}

    def test_none_is_taken_from_the_machine(
        self, stand_in: StandInHub, hub: Hub, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HF_TOKEN", TOKEN)
        model = hub.model(TEMPLATE)
        hub.card(model)
        assert all("authorization" not in request.headers for request in stand_in.requests)


class TestOneHub:
    """A process serves one Hub at a time."""

    def test_an_older_one_reads_nothing_from_the_newer(self, stand_in: StandInHub) -> None:
        older = Hub(stand_in.url, TOKEN, QUICK)
        with Recorder() as stranger:
            newer = Hub(stranger.url, pacing=QUICK)
            with pytest.raises(UpstreamFailure):
                older.model(TEMPLATE)
            assert (stranger.contacts, stand_in.requests) == (0, [])
            newer.close()

    def test_the_newest_serves(self, stand_in: StandInHub) -> None:
        Hub("http://127.0.0.1:9", pacing=QUICK)
        hub = Hub(stand_in.url + "/", pacing=QUICK)
        assert isinstance(hub.model(TEMPLATE), ModelFacts)
        hub.close()


def write_commits(tmp_path: Path, days: list[str]) -> None:
    commits = [
        {"id": f"{i:040x}", "authors": [{"user": "a"}], "date": f"{day}T10:00:00.000Z"}
        for i, day in enumerate(days)
    ]
    path = tmp_path / "data" / "commits" / f"{TEMPLATE.replace('/', '__')}.json"
    path.write_text(json.dumps(commits))
