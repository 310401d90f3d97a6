"""The canonical form of a source URL."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.source_url import canonical_url, url_digest, url_problem

HUB_PAGE = "https://huggingface.co/google/bert"
hosts = st.sampled_from(
    [
        "example.org",
        "EXAMPLE.org.",
        "127.0.0.1",
        "[::1]",
        "huggingface.co",
        "HF.co",
        "xn--bcher-kva.de",
    ]
)
ports = st.sampled_from(["", ":", ":80", ":443", ":8080", ":00080"])
paths = st.text("aZ9-._~/%25/é日 !$&'()*+,;=:@[]|^\"<>{}\\", max_size=12).map(
    lambda text: "/" + text.replace(" ", "")
)
urls = st.builds(
    "{}://{}{}{}{}{}".format,
    st.sampled_from(["http", "https", "HTTPS"]),
    hosts,
    ports,
    paths,
    st.sampled_from(["", "?", "?a=b&c", "?%7e"]),
    st.sampled_from(["", "#", "#readme"]),
).filter(lambda url: url_problem(url) is None)


class TestUrlProblem:
    """What cannot be a source URL."""

    @pytest.mark.parametrize(
        "url",
        [
            "https://example.org",
            "http://a/b?c#d",
            "HTTP://EXAMPLE.ORG:8080/",
            "https://[::1]:1/",
            "https://example.org/é/日",
            "https://example.org/%zz",
            "https://example.org:65535",
        ],
    )
    def test_is_nothing_in_an_http_url(self, url: str) -> None:
        assert url_problem(url) is None

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "x",
            "example.org",
            "//example.org",
            "/path",
            "https:",
            "https://",
            "https:///path",
            "https://:80/",
            "ftp://example.org",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "data:text/plain,x",
            "s3://bucket/key",
            "https:example.org",
            "mailto:a@b",
        ],
    )
    def test_is_that_it_is_no_absolute_http_url(self, url: str) -> None:
        assert url_problem(url) == "must be an absolute http or https URL"

    @pytest.mark.parametrize(
        "url", ["https://a:0", "https://a:65536", "https://a:-1", "https://a:x", "http://[::1"]
    )
    def test_is_an_impossible_host_or_port(self, url: str) -> None:
        assert url_problem(url) is not None

    @pytest.mark.parametrize("url", ["https://me@a/", "https://me:secret@a/", "https://:@a/"])
    def test_is_a_credential(self, url: str) -> None:
        assert url_problem(url) == "must not contain credentials"

    @pytest.mark.parametrize("space", [" ", "\t", "\n", "\u00a0", "\u2028", "\x1f"])
    @pytest.mark.parametrize("url", ["{}https://a/", "https://a/{}b", "https://a/{}"])
    def test_is_white_space(self, url: str, space: str) -> None:
        assert url_problem(url.format(space)) == "must not contain white space"

    @given(st.text() | st.text("htps:/[]@?#.%0123456789", max_size=20))
    def test_can_be_told_of_any_text(self, url: str) -> None:
        if url_problem(url) is None:
            assert canonical_url(url)


class TestCanonicalUrl:
    """Spellings of one page become one."""

    @pytest.mark.parametrize(
        "url",
        [
            "https://huggingface.co/google/bert",
            "http://huggingface.co/google/bert",
            "https://HuggingFace.co/google/bert",
            "https://www.huggingface.co/google/bert",
            "https://hf.co/google/bert",
            "https://huggingface.co./google/bert",
            "https://huggingface.co:443/google/bert",
            "https://huggingface.co/google/bert/",
            "https://huggingface.co//google//bert//",
            "https://huggingface.co/google/bert#readme",
            "https://huggingface.co/google/bert?library=transformers",
            "https://huggingface.co/google/bert/tree/main",
            "https://huggingface.co/google/bert/blob/main/README.md",
            "https://huggingface.co/google/bert/resolve/main/config.json?download=true",
            "https://huggingface.co/google/bert/raw/main/a/b/c",
            "https://huggingface.co/google/bert/commits/main",
            "https://huggingface.co/google/bert/commit/abc",
            "https://huggingface.co/google/bert/discussions/1",
            "https://huggingface.co/google/%62ert",
            "https://huggingface.co/google/./bert",
            "https://huggingface.co/google/x/../bert",
        ],
    )
    def test_a_hub_model_has_one_form(self, url: str) -> None:
        assert url_problem(url) is None
        assert canonical_url(url) == HUB_PAGE
        assert url_digest(url) == url_digest(HUB_PAGE)

    @pytest.mark.parametrize(
        "url", ["https://hf.co/gpt2", "https://huggingface.co/gpt2/tree/main", "http://hf.co/gpt2/"]
    )
    def test_a_hub_model_without_an_owner_has_one_form(self, url: str) -> None:
        assert canonical_url(url) == "https://huggingface.co/gpt2"

    @pytest.mark.parametrize(
        "url",
        [
            "https://example.org/a/~b",
            "https://example.org:443/a/~b",
            "https://EXAMPLE.ORG./a/~b",
            "HTTPS://example.org/a/~b",
            "https://example.org:/a/~b",
            "https://example.org/a/%7eb",
            "https://example.org/%61/%7Eb",
            "https://example.org/a/~b/",
            "https://example.org/a/~b?",
            "https://example.org/a/~b#part",
            "https://example.org/a/./~b",
            "https://example.org/a/x/../~b",
        ],
    )
    def test_spellings_that_rfc_3986_calls_equivalent_are_one(self, url: str) -> None:
        assert canonical_url(url) == "https://example.org/a/~b"

    def test_escapes_are_written_one_way(self) -> None:
        one, other = "https://example.org/é%2f", "https://example.org/%c3%A9%2F"
        assert canonical_url(one) == canonical_url(other) == "https://example.org/%C3%A9%2F"

    @given(urls)
    def test_is_its_own_canonical_form(self, url: str) -> None:
        canonical = canonical_url(url)
        assert url_problem(canonical) is None
        assert canonical_url(canonical) == canonical

    @given(urls)
    def test_is_ascii_but_for_its_query(self, url: str) -> None:
        assert canonical_url(url).partition("?")[0].isascii()


class TestDifferentPages:
    """Pages that are not the same stay apart."""

    PAGES = (
        "https://huggingface.co/google/bert",
        "https://huggingface.co/google/bert-base",
        "https://huggingface.co/google",
        "https://huggingface.co/bert",
        "https://huggingface.co",
        "https://huggingface.co/datasets/google/bert",
        "https://huggingface.co/spaces/google/bert",
        "https://huggingface.co/models?search=a",
        "https://huggingface.co/models?search=b",
        "https://huggingface.co/google/bert/unknown",
        "https://huggingface.co.evil.org/google/bert",
        "https://evil.org/huggingface.co/google/bert",
        "https://datasets.huggingface.co/google/bert",
        "https://github.com/google/bert",
        "https://example.org/a",
        "http://example.org/a",
        "https://example.org:8443/a",
        "https://example.org/A",
        "https://example.org/a/b",
        "https://example.org/a%2Fb",
        "https://example.org/a?b=1",
        "https://example.org/a?b=2",
        "https://example.org/a%3Fb=1",
        "https://[::1]/a",
        "https://[::2]/a",
    )

    def test_each_page_has_a_form_of_its_own(self) -> None:
        forms = {canonical_url(page): page for page in self.PAGES}
        assert sorted(forms.values()) == sorted(self.PAGES)
        assert len({url_digest(page) for page in self.PAGES}) == len(self.PAGES)


class TestHostNames:
    """A host has one name in DNS, however a person writes it."""

    @pytest.mark.parametrize(
        "host", ["xn--bcher-kva.de", "bücher.de", "BÜCHER.de", "bu\u0308cher.de"]
    )
    def test_is_the_one_that_dns_knows(self, host: str) -> None:
        assert canonical_url(f"https://{host}/a") == "https://xn--bcher-kva.de/a"

    def test_that_dns_does_not_know_stays_as_it_is(self) -> None:
        long = "a" * 64
        assert canonical_url(f"https://{long}.example/") == f"https://{long}.example"
