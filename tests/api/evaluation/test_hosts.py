"""Only the configured hosts are ever contacted, whoever names another one."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from graph.local.hub import Recorder
from graph.local.hub.faults import Changed, RedirectTo
from tests.api.client import Answer
from tests.api.doors import Door
from tests.api.evaluation.bench import GITHUB_TOKEN, HUB_TOKEN, Bench
from tests.api.evaluation.evaluator import Evaluator, metrics_of, refusals
from tests.api.evaluation.hub_shelf import CARD, DATASET, MODEL, REPOSITORY
from tests.api.stored import Stored

HOSTILE_URLS = [
    "http://{stranger}/acme/tiny",
    "https://{stranger}/acme/tiny",
    "https://user:password@huggingface.co/acme/tiny",
    "https://huggingface.co@{stranger}/acme/tiny",
    "https://huggingface.co:443@{stranger}/acme/tiny",
    "https://huggingface.co%40{stranger}/acme/tiny",
    "https://huggingface.co\\@{stranger}/acme/tiny",
    "https://huggingface.co#@{stranger}/acme/tiny",
    "https://huggingface.co?@{stranger}/acme/tiny",
    "https://huggingface.co.evil.example/acme/tiny",
    "https://evil.example/https://huggingface.co/acme/tiny",
    "https://evilhuggingface.co/acme/tiny",
    "https://hf.co.evil.example/acme/tiny",
    "https://huggingface.co:8080/acme/tiny",
    "https://huggingface.co:443/acme/tiny",
    "https://huggingface.co:0/acme/tiny",
    "https://127.0.0.1/acme/tiny",
    "http://[::1]/acme/tiny",
    "http://2130706433/acme/tiny",
    "http://169.254.169.254/latest/meta-data",
    "https://huggingface.co/acme%2Ftiny",
    "https://huggingface.co/acme/tiny%2F..%2F..%2Fapi",
    "https://huggingface.co/%2e%2e/tiny",
    "https://huggingface.co/../tiny",
    "https://huggingface.co/acme/../../tiny",
    "https://huggingface.co/acme/tiny/tree/..",
    "https://huggingface.co/acme/tiny/tree/%2e%2e%2f",
    "https://huggingface.co/acme/tiny/tree/v1@evil.example",
    "https://huggingface.co//{stranger}/tiny",
    "https://huggingface.co/acme/tiny\r\nHost: {stranger}",
    "hf://{stranger}/acme/tiny",
    "hf://acme/tiny@//{stranger}/",
    "hf://datasets/acme/data",
    "file:///etc/passwd",
    "//{stranger}/acme/tiny",
]


@pytest.fixture
def client(app_door: Door) -> Door:
    """One door: what is contacted lies behind both."""
    return app_door


@pytest.fixture
def stranger() -> Iterator[Recorder]:
    """Somebody else, who was not contacted in the end."""
    with Recorder() as recorder:
        yield recorder
        assert recorder.contacts == 0


def host_of(recorder: Recorder) -> str:
    return recorder.url.removeprefix("http://")


class TestRecorder:
    """The witness of these tests."""

    def test_tells_of_a_contact(self, bench: Bench, evaluator: Evaluator) -> None:
        with Recorder() as recorder:
            bench.use_worker(settings=replace(bench.settings, hub_endpoint=recorder.url))
            assert evaluator.ended()["status"] == "FAILED"
            assert recorder.contacts > 0


class TestUrl:
    """What is typed decides the name of the model, and never the host."""

    @pytest.mark.parametrize("template", HOSTILE_URLS)
    def test_is_refused_or_names_a_model_of_the_hub(
        self,
        evaluator: Evaluator,
        bench: Bench,
        stored: Stored,
        stranger: Recorder,
        template: str,
    ) -> None:
        url = template.format(stranger=host_of(stranger))
        assert refusals(evaluator.send(url)) == [("INVALID_INPUT", ["url"])]
        assert refusals(evaluator.send_many(url)) == [("INVALID_INPUT", ["urls", "0"])]
        assert stored.items() == {}
        assert bench.hub.requests == []


def disturbed(evaluator: Evaluator) -> dict[str, Answer]:
    """Evaluate what is hostile, which must succeed, and return its metrics."""
    evaluation = evaluator.ended()
    assert evaluation["status"] == "SUCCEEDED", evaluation["failure"]
    return metrics_of(evaluation)


class TestRedirect:
    """The Hub and GitHub may send us around on their own host only."""

    @pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
    def test_of_the_model_elsewhere_fails(
        self, evaluator: Evaluator, bench: Bench, stranger: Recorder, status: int
    ) -> None:
        bench.hub.fail("/api/models", RedirectTo(f"{stranger.url}/api/models/{MODEL}", status))
        assert evaluator.ended()["failure"] == {
            "code": "UPSTREAM_UNAVAILABLE",
            "message": "the Hub sent us to another host, where nothing is read",
            "field": None,
        }

    @pytest.mark.parametrize(
        ("path", "unknown"),
        [
            (f"/{MODEL}/resolve", "RAMP_UP_TIME"),
            (f"/api/models/{MODEL}/commits", "BUS_FACTOR"),
            (f"/api/datasets/{DATASET}", "DATASET_QUALITY"),
            (f"/repos/{REPOSITORY}", "CODE_QUALITY"),
            (f"/repos/{REPOSITORY}/git/trees", "CODE_QUALITY"),
        ],
    )
    def test_of_anything_else_leaves_it_unread(
        self, evaluator: Evaluator, bench: Bench, stranger: Recorder, path: str, unknown: str
    ) -> None:
        bench.hub.fail(path, RedirectTo(f"{stranger.url}{path}", 302))
        assert disturbed(evaluator)[unknown]["status"] == "UNKNOWN"

    @pytest.mark.parametrize("where", ["//{stranger}/x", "http://{stranger}@{stranger}/", "file:/"])
    def test_in_another_spelling_is_none_either(
        self, evaluator: Evaluator, bench: Bench, stranger: Recorder, where: str
    ) -> None:
        bench.hub.fail("/api/models", RedirectTo(where.format(stranger=host_of(stranger))))
        assert evaluator.ended()["failure"]["code"] == "UPSTREAM_UNAVAILABLE"

    def test_from_the_hub_to_github_is_none(self, evaluator: Evaluator, bench: Bench) -> None:
        bench.hub.fail("/api/models", RedirectTo(f"{bench.hub.github_url}/repos/{REPOSITORY}"))
        assert evaluator.ended()["failure"]["code"] == "UPSTREAM_UNAVAILABLE"
        assert [request.path for request in bench.hub.requests] == [f"/api/models/{MODEL}"]

    def test_in_circles_ends(self, evaluator: Evaluator, bench: Bench) -> None:
        bench.hub.fail("/api/models", RedirectTo(f"/api/models/{MODEL}"))
        assert evaluator.ended()["failure"]["code"] == "UPSTREAM_UNAVAILABLE"
        assert len(bench.hub.requests) < 30


class TestContent:
    """What strangers write into cards leads nowhere else."""

    @pytest.mark.parametrize(
        "link",
        [
            "http://{stranger}/acme/code",
            "https://github.com@{stranger}/acme/code",
            "https://github.com.evil.example/acme/code",
            "https://github.com:80@{stranger}/acme/code",
            "https://github.com/../{stranger}/code",
            "https://github.com/acme/%2e%2e%2f{stranger}",
            "https://github.com/acme/..",
            "https://raw.githubusercontent.com/acme/code/main/README.md",
            "git@{stranger}:acme/code.git",
            "file:///etc/passwd",
        ],
    )
    def test_links_of_code(
        self, evaluator: Evaluator, bench: Bench, stranger: Recorder, link: str
    ) -> None:
        card = CARD.replace(
            f"https://github.com/{REPOSITORY}", link.format(stranger=host_of(stranger))
        )
        bench.shelf.add_model(MODEL, card)
        assert disturbed(evaluator)["CODE_QUALITY"]["status"] == "NOT_APPLICABLE"
        assert not [one for one in bench.hub.requests if one.path.startswith("/repos")]

    @pytest.mark.parametrize(
        "name",
        [
            "..",
            "../../api/whoami-v2",
            "acme/../../secret",
            "a/b/c",
            "http://{stranger}/x",
            "//{stranger}/x",
            "{stranger}",
            "acme/data?token=1",
            "acme/data#x",
            "acme%2Fdata",
            "acme/data\r\nX: y",
            "",
        ],
    )
    def test_names_of_datasets(
        self, evaluator: Evaluator, bench: Bench, stranger: Recorder, name: str
    ) -> None:
        hostile = name.format(stranger=host_of(stranger))
        card_data = {"license": "mit", "datasets": [hostile, DATASET]}
        bench.shelf.change("models", MODEL, cardData=card_data, tags=[f"dataset:{hostile}"])
        disturbed(evaluator)
        paths = [one.path for one in bench.hub.requests if one.path.startswith("/api/datasets")]
        assert paths == [f"/api/datasets/{DATASET}"]

    @pytest.mark.parametrize(
        "changed",
        [
            {"id": "{stranger}"},
            {"id": "a/../../b"},
            {"id": "http://{stranger}/x"},
            {"sha": "../../../x"},
            {"sha": "@{stranger}"},
        ],
        ids=str,
    )
    def test_what_the_hub_says_of_a_model(
        self, evaluator: Evaluator, bench: Bench, stranger: Recorder, changed: dict[str, str]
    ) -> None:
        hostile = {key: text.format(stranger=host_of(stranger)) for key, text in changed.items()}
        bench.hub.fail("/api/models", Changed({**hostile}), times=1)
        assert evaluator.ended()["failure"]["code"] == "UPSTREAM_UNAVAILABLE"
        assert len(bench.hub.requests) == 1

    @pytest.mark.parametrize(
        "changed",
        [
            {"full_name": "{stranger}/x"},
            {"full_name": "../.."},
            {"default_branch": "../../../user"},
            {"default_branch": ".."},
            {"default_branch": "http://{stranger}/"},
            {"url": "http://{stranger}/", "trees_url": "http://{stranger}/"},
        ],
        ids=str,
    )
    def test_what_github_says_of_a_repository(
        self, evaluator: Evaluator, bench: Bench, stranger: Recorder, changed: dict[str, str]
    ) -> None:
        hostile = {key: text.format(stranger=host_of(stranger)) for key, text in changed.items()}
        bench.shelf.add_repository(REPOSITORY, **hostile)
        disturbed(evaluator)
        asked = [one.path for one in bench.hub.requests if one.path.startswith("/repos")]
        assert all(path.startswith(f"/repos/{REPOSITORY}") for path in asked)
        assert not [path for path in asked if "/../" in path or path.endswith("/..")]

    def test_the_link_to_more_commits(
        self, evaluator: Evaluator, bench: Bench, stranger: Recorder
    ) -> None:
        commits = bench.hub._data.commits(MODEL) * 60
        bench.shelf._write("commits", MODEL, commits)
        bench.hub._hub.url, own = stranger.url, bench.hub.url
        try:
            found = disturbed(evaluator)
        finally:
            bench.hub._hub.url = own
        assert found["BUS_FACTOR"]["status"] == "MEASURED"
        assert found["BUS_FACTOR"]["evidence"][0]["observed"]["commits"] == len(commits)


class TestTokens:
    """Each token goes to the one that gave it, and to nobody else."""

    def test_go_where_they_belong(self, evaluator: Evaluator, bench: Bench) -> None:
        evaluator.evaluated()
        for request in bench.hub.requests:
            is_github = request.path.startswith(("/repos", "/repositories"))
            own, other = (GITHUB_TOKEN, HUB_TOKEN) if is_github else (HUB_TOKEN, GITHUB_TOKEN)
            assert request.headers["authorization"] == f"Bearer {own}"
            assert other not in str(request)
        kinds = {request.path.split("/")[1] for request in bench.hub.requests}
        assert kinds == {"api", "acme", "repos"}

    def test_are_not_made_up(
        self, evaluator: Evaluator, bench: Bench, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("HF_TOKEN", HUB_TOKEN)
        monkeypatch.setenv("GITHUB_TOKEN", GITHUB_TOKEN)
        anonymous = replace(bench.settings, hub_token=None, github_token=None)
        bench.use_worker(settings=anonymous)
        evaluator.evaluated()
        assert not [one for one in bench.hub.requests if "authorization" in one.headers]

    def test_stay_out_of_what_is_told(
        self, evaluator: Evaluator, bench: Bench, stored: Stored
    ) -> None:
        evaluation = evaluator.evaluated()
        told = f"{evaluation}{stored.items()}"
        assert HUB_TOKEN not in told
        assert GITHUB_TOKEN not in told
        assert bench.hub.url not in told
