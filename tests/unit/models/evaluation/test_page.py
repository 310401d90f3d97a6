"""Which URLs name a model's page that can be evaluated."""

import pytest
from huggingface_hub.utils import validate_repo_id  # type: ignore[attr-defined]  # lists no names
from hypothesis import given
from hypothesis import strategies as st

from models import limits
from models.evaluation.page import (
    ACCEPTED,
    REVISION_WITH_SLASH,
    Page,
    is_repo_id,
    model_url,
    parse_page,
)
from models.source_url import canonical_url, url_problem
from tests.unit.models.strategies import ANY_TEXT

SHA = "0123456789abcdef0123456789abcdef01234567"
BERT = Page("google-bert/bert-base-uncased")
HUB = "https://huggingface.co"

names = st.text("aZ09._-", min_size=1, max_size=12)
urls = st.builds(
    "{}{}/{}".format,
    st.sampled_from(["https://", "http://", "HTTPS://", "hf://", "//", ""]),
    st.sampled_from(
        [
            "huggingface.co",
            "hf.co",
            "www.huggingface.co",
            "huggingface.co.",
            "evil.example",
            "huggingface.co:443",
            "me@huggingface.co",
            "huggingface.co@evil.example",
            "",
            "[::1]",
        ]
    ),
    st.lists(
        names
        | ANY_TEXT
        | st.sampled_from(
            ["tree", "blob", "main", "..", ".", "", "%2e%2e", "%2F", "datasets", "@v1", "a@b"]
        ),
        max_size=5,
    ).map("/".join),
)


class TestAccepted:
    """The forms of a model's page."""

    @pytest.mark.parametrize(
        "url",
        [
            "https://huggingface.co/google-bert/bert-base-uncased",
            "http://huggingface.co/google-bert/bert-base-uncased",
            "HTTPS://HuggingFace.CO/google-bert/bert-base-uncased",
            "https://www.huggingface.co/google-bert/bert-base-uncased",
            "https://huggingface.co./google-bert/bert-base-uncased",
            "https://hf.co/google-bert/bert-base-uncased",
            "https://huggingface.co/google-bert/bert-base-uncased/",
            "https://huggingface.co//google-bert//bert-base-uncased//",
            "https://huggingface.co/google-bert/bert-base-uncased?library=transformers",
            "https://huggingface.co/google-bert/bert-base-uncased#usage",
            "https://huggingface.co/google-bert/bert-base-uncased?x=%2F..%2F",
            "https://huggingface.co/google-bert/bert-base-uncased/tree/main",
            "https://huggingface.co/google-bert/bert-base-uncased/tree/",
            "https://huggingface.co/google-bert/bert-base-uncased/blob/main/README.md",
            "https://huggingface.co/google-bert/bert-base-uncased/resolve/main/a/b.bin?download=1",
            "https://huggingface.co/google-bert/bert-base-uncased/raw/main/config.json",
            "https://huggingface.co/google-bert/bert-base-uncased/commits/main",
            "https://huggingface.co/google-bert/bert-base-uncased/discussions/7",
            "https://huggingface.co/google-bert/bert-base-uncased/edit/main/README.md",
            "hf://google-bert/bert-base-uncased",
            "hf://google-bert/bert-base-uncased/",
            "hf://google-bert/bert-base-uncased@main",
            "hf://google-bert/bert-base-uncased@main/config.json",
        ],
    )
    def test_all_name_the_newest_commit(self, url: str) -> None:
        assert parse_page(url) == BERT

    @pytest.mark.parametrize("kind", ["tree", "blob", "resolve", "raw", "commit", "commits"])
    @pytest.mark.parametrize("revision", ["v1.0", SHA, "my-branch", "2026_01"])
    def test_a_revision_can_be_named(self, kind: str, revision: str) -> None:
        expected = Page("acme/tiny", revision)
        assert parse_page(f"{HUB}/acme/tiny/{kind}/{revision}") == expected
        assert parse_page(f"{HUB}/acme/tiny/{kind}/{revision}/a/b.txt") == expected
        assert parse_page(f"hf://acme/tiny@{revision}") == expected
        assert parse_page(f"hf://acme/tiny@{revision}/a/b.txt") == expected

    def test_the_oldest_models_have_no_owner(self) -> None:
        assert parse_page(f"{HUB}/gpt2") == Page("gpt2")
        assert parse_page(f"{HUB}/gpt2/tree/v1") == Page("gpt2", "v1")
        assert parse_page(f"{HUB}/gpt2/blob/main/README.md") == Page("gpt2")
        assert parse_page("hf://gpt2@v1") == Page("gpt2", "v1")

    @pytest.mark.parametrize(
        "repo_id", ["a/b", "A1/b.c-d_e", "_a/b_", "a" * 96 + "/" + "b" * 96, "1/2"]
    )
    def test_a_name_can_be_any_that_the_hub_allows(self, repo_id: str) -> None:
        assert parse_page(f"{HUB}/{repo_id}") == Page(repo_id)

    def test_letter_case_of_a_name_is_kept(self) -> None:
        assert parse_page(f"{HUB}/Acme/Tiny") == Page("Acme/Tiny")

    def test_a_url_can_be_as_long_as_a_source_url(self) -> None:
        url = f"{HUB}/acme/tiny?"
        longest = url + "x" * (limits.SOURCE_URL_MAX_CHARACTERS - len(url))
        assert parse_page(longest) == Page("acme/tiny")
        assert parse_page(f"{longest}x") == "must have at most 2048 characters"


class TestRefused:
    """Everything else, and why."""

    @pytest.mark.parametrize(
        "url",
        [
            "https://example.org/acme/tiny",
            "https://huggingface.co.evil.example/acme/tiny",
            "https://evil-huggingface.co/acme/tiny",
            "https://evil.huggingface.co/acme/tiny",
            "https://huggingface.com/acme/tiny",
            "https://github.com/acme/tiny",
            "https://127.0.0.1/acme/tiny",
            "https://169.254.169.254/latest/meta-data",
            "https://[::1]/acme/tiny",
            "https://2130706433/acme/tiny",
            "https://localhost/acme/tiny",
            "https://huggingface.co\\.evil.example/acme/tiny",
            "https://evil.example/https://huggingface.co/acme/tiny",
            "https://evil.example?https://huggingface.co/acme/tiny",
            "https://evil.example#@huggingface.co/acme/tiny",
        ],
    )
    def test_other_hosts(self, url: str) -> None:
        assert parse_page(url) == ACCEPTED

    @pytest.mark.parametrize("port", ["443", "80", "8080", "1"])
    def test_ports(self, port: str) -> None:
        assert parse_page(f"https://huggingface.co:{port}/acme/tiny") == ACCEPTED

    @pytest.mark.parametrize("port", ["0", "65536", "x", "-1"])
    def test_impossible_ports(self, port: str) -> None:
        assert isinstance(parse_page(f"https://huggingface.co:{port}/acme/tiny"), str)

    @pytest.mark.parametrize(
        "url",
        [
            "https://me@huggingface.co/acme/tiny",
            "https://me:secret@huggingface.co/acme/tiny",
            "https://:@huggingface.co/acme/tiny",
            "https://huggingface.co@evil.example/acme/tiny",
            "https://huggingface.co:443@evil.example/acme/tiny",
            "https://huggingface.co\\@evil.example/acme/tiny",
        ],
    )
    def test_credentials_and_what_looks_like_them(self, url: str) -> None:
        assert parse_page(url) == "must not contain credentials"

    @pytest.mark.parametrize(
        "path",
        [
            "acme%2Ftiny",
            "acme%2ftiny",
            "acme/tiny%2F..%2Fother",
            "%2e%2e/acme/tiny",
            "acme/%2E",
            "acme/t%69ny",
            "acme/tiny/tree/%2e%2e",
            "acme/tiny%00",
            "acme/tiny%",
            "acme\\tiny",
            "acme/..\\tiny",
        ],
    )
    def test_escapes_and_backslashes(self, path: str) -> None:
        assert parse_page(f"{HUB}/{path}") == ACCEPTED

    @pytest.mark.parametrize(
        "path",
        [
            "..",
            "acme/..",
            "../acme/tiny",
            "acme/./tiny",
            "acme/tiny/.",
            "acme/tiny/tree/..",
            "acme/tiny/tree/main/../../..",
            "acme/../other/tiny",
            "./acme/tiny",
        ],
    )
    def test_dot_segments(self, path: str) -> None:
        assert parse_page(f"{HUB}/{path}") == ACCEPTED
        assert parse_page(f"hf://{path}") == ACCEPTED

    @pytest.mark.parametrize(
        "path",
        [
            "datasets/acme/data",
            "spaces/acme/space",
            "docs/transformers",
            "papers/2401.00001",
            "collections/acme/x",
            "api/models/acme/tiny",
            "models",
            "",
            "acme/tiny/config.json",
            "a/b/c/d",
        ],
    )
    def test_other_pages_of_the_hub(self, path: str) -> None:
        assert parse_page(f"{HUB}/{path}") == ACCEPTED
        assert parse_page(f"hf://{path}") == ACCEPTED

    @pytest.mark.parametrize(
        "repo_id",
        [
            "-a/b",
            "a/-b",
            "a/b-",
            ".a/b",
            "a/b.",
            "a/b--c",
            "a..b/c",
            "a/" + "b" * 97,
            "é/b",
            "a/b.git",
            "a b/c",
            "a/b|c",
            "a/b:c",
            "a/b@c",
            "日/本",
        ],
    )
    def test_names_that_the_hub_does_not_allow(self, repo_id: str) -> None:
        assert isinstance(parse_page(f"{HUB}/{repo_id}"), str)
        assert not is_repo_id(repo_id)

    @pytest.mark.parametrize("revision", ["-x", ".x", "a:b", "a~1", "é", "@", "x" * 201])
    def test_revisions_that_cannot_be_one(self, revision: str) -> None:
        problem = "names a revision that cannot be one"
        assert parse_page(f"{HUB}/acme/tiny/tree/{revision}") == problem
        assert parse_page(f"hf://acme/tiny@{revision}") == problem

    @pytest.mark.parametrize("kind", ["tree", "blob", "resolve"])
    @pytest.mark.parametrize("revision", ["feature%2Fx", "refs%2fpr%2F1"])
    def test_revisions_with_an_encoded_slash(self, kind: str, revision: str) -> None:
        assert parse_page(f"{HUB}/acme/tiny/{kind}/{revision}") == REVISION_WITH_SLASH
        assert parse_page(f"{HUB}/acme/tiny/{kind}/{revision}/a.txt") == REVISION_WITH_SLASH
        assert parse_page(f"hf://acme/tiny@{revision}") == REVISION_WITH_SLASH

    @pytest.mark.parametrize(
        "path",
        [
            "acme%2Ftiny",
            "acme/tiny/tree/main/a%2Fb",
            "acme/tiny/tree/v%2E1",
            "datasets/a/tree/x%2Fy",
        ],
    )
    def test_escapes_elsewhere_are_of_no_page(self, path: str) -> None:
        assert parse_page(f"{HUB}/{path}") == ACCEPTED

    @pytest.mark.parametrize(
        "url", ["", "x", "acme/tiny", "//huggingface.co/a/b", "ftp://huggingface.co/a/b", "hf:a/b"]
    )
    def test_what_is_no_web_address(self, url: str) -> None:
        assert parse_page(url) == "must be an absolute http or https URL"

    @pytest.mark.parametrize("character", ["\x00", "\x1b", "\x7f", "\x85", "\ud800"])
    def test_control_characters(self, character: str) -> None:
        for url in (f"{character}{HUB}/a/b", f"{HUB}/a/b{character}", f"hf://a/b?{character}"):
            assert "contains" in str(parse_page(url))

    @pytest.mark.parametrize("space", [" ", "\t", "\n", "\u00a0", "\u2028"])
    def test_white_space(self, space: str) -> None:
        for url in (f"{space}{HUB}/a/b", f"{HUB}/a/{space}b", f"{HUB}/a/b{space}"):
            assert isinstance(parse_page(url), str)


class TestAnyText:
    """Whatever is given."""

    @given(ANY_TEXT | urls)
    def test_is_a_page_or_a_reason(self, url: str) -> None:
        page = parse_page(url)
        if isinstance(page, str):
            assert page
            return
        validate_repo_id(page.repo_id)
        assert is_repo_id(page.repo_id)
        assert {".", ".."}.isdisjoint(page.repo_id.split("/"))

    @given(urls)
    def test_is_the_same_page_by_its_canonical_url(self, url: str) -> None:
        page = parse_page(url)
        if isinstance(page, Page):
            assert parse_page(page.url) == page
            assert url_problem(page.url) is None
            assert canonical_url(page.url) == model_url(page.repo_id)

    @given(names, names, st.none() | names)
    def test_is_found_again_in_every_form(
        self, owner: str, name: str, revision: str | None
    ) -> None:
        at, tree = ("", "") if revision is None else (f"@{revision}", f"/tree/{revision}")
        page = parse_page(f"{HUB}/{owner}/{name}{tree}")
        if isinstance(page, Page) and page.repo_id == f"{owner}/{name}":
            assert parse_page(f"http://hf.co/{owner}/{name}{tree}/") == page
            assert parse_page(f"hf://{owner}/{name}{at}") == page
