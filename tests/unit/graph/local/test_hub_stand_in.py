"""The stand-in answers like the Hub, so that the Hub's own client understands it, and GitHub."""

import json
import shutil
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from huggingface_hub import HfApi, close_session, set_client_factory
from huggingface_hub.errors import (
    GatedRepoError,
    RemoteEntryNotFoundError,
    RepositoryNotFoundError,
    RevisionNotFoundError,
)
from huggingface_hub.utils import hf_raise_for_status  # type: ignore[attr-defined]

from graph.local.errors import LocalError
from graph.local.hub import DEMO_DATA, Recorder, StandInHub
from graph.local.hub.faults import Delay

MODEL = "northwind/harbor-tides-small"
GATED = "acme-research/Kestrel-8B-Instruct"
REPOSITORY = "/repos/northwind-labs/harbor-tides"


@pytest.fixture
def data_dir(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEMO_DATA, tmp_path / "data"))


@pytest.fixture
def hub(data_dir: Path) -> Iterator[StandInHub]:
    with StandInHub(data_dir) as running:
        yield running


@pytest.fixture
def api(hub: StandInHub) -> Iterator[HfApi]:
    set_client_factory(lambda: httpx2.Client(follow_redirects=True, trust_env=False))
    yield HfApi(endpoint=hub.url, token=False)
    close_session()


@pytest.fixture
def client() -> Iterator[httpx2.Client]:
    with httpx2.Client(trust_env=False, timeout=5) as client:
        yield client


class TestModels:
    """GET /api/models/ID, as huggingface_hub reads it."""

    def test_a_model(self, api: HfApi) -> None:
        info = api.model_info(MODEL)
        assert info.id == MODEL
        assert info.safetensors is not None
        assert info.safetensors.total == 66_958_086
        assert info.card_data is not None
        assert info.card_data.license == "apache-2.0"
        assert info.card_data.eval_results is not None
        assert info.card_data.eval_results[0].verified

    def test_sizes_only_when_asked_for(self, api: HfApi) -> None:
        plain, detailed = api.model_info(MODEL), api.model_info(MODEL, files_metadata=True)
        assert {file.size for file in plain.siblings or []} == {None}
        weights = [file for file in detailed.siblings or [] if file.lfs]
        assert [(file.rfilename, file.size) for file in weights] == [
            ("model.safetensors", 267_845_384)
        ]

    def test_the_scan_only_when_asked_for(self, api: HfApi) -> None:
        assert api.model_info(MODEL).security_repo_status is None
        status = api.model_info(MODEL, securityStatus=True).security_repo_status
        assert status == {"scansDone": True, "filesWithIssues": []}

    def test_a_renamed_one(self, hub: StandInHub, api: HfApi, client: httpx2.Client) -> None:
        assert api.model_info("tern-base").id == "northwind/tern-base-uncased"
        reply = client.get(f"{hub.url}/api/models/tern-base?blobs=true")
        assert reply.status_code == 307
        assert reply.headers["location"] == "/api/models/northwind/tern-base-uncased?blobs=true"

    def test_a_revision(self, api: HfApi) -> None:
        sha = api.model_info(MODEL).sha
        assert api.model_info(MODEL, revision=sha).sha == sha
        assert api.model_info(MODEL, revision="main").sha == sha
        with pytest.raises(RevisionNotFoundError):
            api.model_info(MODEL, revision="refs/pr/7")

    @pytest.mark.parametrize(("token", "status"), [(False, 401), ("hf_x", 404)])
    def test_a_missing_one(self, api: HfApi, token: str | bool, status: int) -> None:
        with pytest.raises(RepositoryNotFoundError) as failure:
            api.model_info("no/body", token=token)
        assert failure.value.response.status_code == status

    def test_another_path(self, hub: StandInHub, client: httpx2.Client) -> None:
        assert client.get(f"{hub.url}/api/spaces/a/b").status_code == 404


class TestDatasets:
    """GET /api/datasets/ID."""

    def test_a_dataset(self, api: HfApi) -> None:
        info = api.dataset_info("northwind/tide-reports")
        assert info.card_data is not None
        assert info.card_data.license == "cc-by-4.0"

    def test_a_renamed_one(self, api: HfApi) -> None:
        assert api.dataset_info("bookcorpora").id == "northwind/book-corpora"

    def test_a_missing_one(self, api: HfApi) -> None:
        with pytest.raises(RepositoryNotFoundError):
            api.dataset_info("pixel-badger/stick-figures")


class TestCommits:
    """GET /api/models/ID/commits/REVISION, page by page."""

    def test_the_newest_comes_first(self, api: HfApi) -> None:
        commits = api.list_repo_commits(MODEL)
        assert commits[0].commit_id == api.model_info(MODEL).sha
        assert commits[0].created_at > commits[-1].created_at

    def test_pages_are_linked(self, data_dir: Path, hub: StandInHub, api: HfApi) -> None:
        path = data_dir / "commits" / "northwind__harbor-tides-small.json"
        commit = json.loads(path.read_text())[0]
        path.write_text(json.dumps([{**commit, "id": f"{i:040x}"} for i in range(120)]))
        commits = api.list_repo_commits(MODEL)
        assert [commit.commit_id for commit in commits] == [f"{i:040x}" for i in range(120)]
        assert len(hub.requests) == 3


class TestFiles:
    """GET /ID/resolve/REVISION/README.md."""

    def test_a_card(self, data_dir: Path, hub: StandInHub, client: httpx2.Client) -> None:
        reply = client.get(f"{hub.url}/{MODEL}/resolve/main/README.md")
        path = data_dir / "readmes" / "northwind__harbor-tides-small.md"
        assert reply.content == path.read_bytes()

    @pytest.mark.parametrize(
        ("name", "revision", "error"),
        [
            (MODEL, "main", RemoteEntryNotFoundError),
            (GATED, "main", GatedRepoError),
            ("no/body", "main", RepositoryNotFoundError),
            (MODEL, "v9", RevisionNotFoundError),
        ],
    )
    def test_none(
        self,
        data_dir: Path,
        hub: StandInHub,
        client: httpx2.Client,
        name: str,
        revision: str,
        error: type[Exception],
    ) -> None:
        (data_dir / "readmes" / "northwind__harbor-tides-small.md").unlink()
        with pytest.raises(error):
            hf_raise_for_status(client.get(f"{hub.url}/{name}/resolve/{revision}/README.md"))


class TestGitHub:
    """The REST API, at a port of its own."""

    def test_a_repository(self, hub: StandInHub, client: httpx2.Client) -> None:
        repository = client.get(f"{hub.github_url}{REPOSITORY}").json()
        commit = client.get(f"{hub.github_url}{REPOSITORY}/commits/main").json()
        tree = client.get(f"{hub.github_url}{REPOSITORY}/git/trees/{commit['sha']}").json()
        assert repository["license"]["spdx_id"] == "Apache-2.0"
        assert "tests/test_model.py" in {entry["path"] for entry in tree["tree"]}

    @pytest.mark.parametrize("part", ["releases", "tags"])
    def test_lists_have_pages(self, hub: StandInHub, client: httpx2.Client, part: str) -> None:
        url = f"{hub.github_url}{REPOSITORY}/{part}"
        assert (len(client.get(url).json()), len(client.get(f"{url}?per_page=1").json())) == (2, 1)

    def test_a_renamed_one(self, hub: StandInHub, client: httpx2.Client) -> None:
        reply = client.get(f"{hub.github_url}/repos/northwind/harbor-tides")
        assert reply.status_code == 301
        assert client.get(reply.headers["location"]).json()["name"] == "harbor-tides"

    @pytest.mark.parametrize("path", ["/repos/no/body", "/repositories/1", "/user"])
    def test_a_missing_one(self, hub: StandInHub, client: httpx2.Client, path: str) -> None:
        assert client.get(f"{hub.github_url}{path}").status_code == 404

    def test_neither_answers_for_the_other(self, hub: StandInHub, client: httpx2.Client) -> None:
        assert client.get(f"{hub.github_url}/api/models/{MODEL}").status_code == 404
        assert client.get(f"{hub.url}{REPOSITORY}").status_code == 404


class TestRecords:
    """What the stand-in was asked."""

    def test_requests_are_kept(self, hub: StandInHub, client: httpx2.Client) -> None:
        client.get(f"{hub.url}/api/models/{MODEL}?blobs=true", headers={"X-Odd": "1"})
        (method, path, headers, query) = hub.requests[0]
        assert (method, path, query) == ("GET", f"/api/models/{MODEL}", {"blobs": "true"})
        assert headers["x-odd"] == "1"
        assert headers["host"] == urlsplit(hub.url).netloc

    def test_how_many_came_at_once(self, hub: StandInHub, client: httpx2.Client) -> None:
        hub.fail("/", Delay(0.3))
        with ThreadPoolExecutor(4) as threads:
            list(threads.map(client.get, [f"{hub.url}/"] * 4))
        assert hub.max_concurrent == 4


class TestLifetime:
    """From start to stop."""

    def test_it_listens_on_this_machine_only(self, hub: StandInHub) -> None:
        assert hub.url.startswith("http://127.0.0.1:")
        assert hub.github_url.startswith("http://127.0.0.1:")
        assert hub.url != hub.github_url

    def test_a_port_can_be_chosen(self, data_dir: Path, hub: StandInHub) -> None:
        port = urlsplit(hub.url).port or 0
        with pytest.raises(LocalError, match=f"Port {port} .* in use"), StandInHub(data_dir, port):
            pytest.fail("two servers share a port")

    def test_it_stops_at_once(self, data_dir: Path, client: httpx2.Client) -> None:
        hub = StandInHub(data_dir)
        with hub:
            hub.fail("/", Delay(60))
            asking = threading.Thread(target=ask, args=(client, f"{hub.url}/"))
            asking.start()
            while not hub.requests:
                time.sleep(0.001)
        began = time.monotonic()
        asking.join()
        assert time.monotonic() - began < 30
        with pytest.raises(httpx2.ConnectError):
            client.get(hub.url)


class TestRecorder:
    """Someone whom nobody must contact."""

    def test_contacts_are_counted(self, client: httpx2.Client) -> None:
        with Recorder() as recorder:
            assert recorder.contacts == 0
            for _ in range(2):
                with pytest.raises(httpx2.RemoteProtocolError):
                    client.get(recorder.url)
            assert recorder.contacts == 2


def ask(client: httpx2.Client, url: str) -> None:
    """Ask, whatever comes of it."""
    try:
        client.get(url)
    except httpx2.HTTPError:
        return
