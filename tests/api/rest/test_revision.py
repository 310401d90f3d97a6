"""The parameter `revision`, beside a URL that names one."""

import pytest

from graph.params import HttpError
from graph.rest.revision import with_revision

HUB = "https://huggingface.co"


class TestContradiction:
    """Two revisions."""

    @pytest.mark.parametrize(
        ("url", "revision"),
        [
            (f"{HUB}/a/b/tree/main", "v0"),
            (f"{HUB}/a/b/tree/main/", "v0"),
            (f"{HUB}/a/b/blob/main/README.md", "v0"),
            (f"{HUB}/gpt2/tree/main?x=1", "v0"),
            (f"{HUB}/main/main/tree/main", "v0"),
            ("hf://a/b@main", "v0"),
            (f"{HUB}/a/b/tree/v1", "v0"),
            (f"{HUB}/a/b/tree/v1", "main"),
            ("hf://a/b@v1", "main"),
        ],
    )
    def test_is_refused(self, url: str, revision: str) -> None:
        with pytest.raises(HttpError, match="another revision"):
            with_revision({"url": url, "revision": revision})

    @pytest.mark.parametrize(
        ("url", "revision", "asked"),
        [
            (f"{HUB}/a/b/tree/main", "main", f"{HUB}/a/b/tree/main"),
            (f"{HUB}/a/b/tree/v0", "v0", f"{HUB}/a/b/tree/v0"),
            (f"{HUB}/a/main", "v0", f"{HUB}/a/main/tree/v0"),
            (f"{HUB}/main/b", "v0", f"{HUB}/main/b/tree/v0"),
            (f"{HUB}/a/b/discussions/main", "v0", f"{HUB}/a/b/tree/v0"),
        ],
    )
    def test_is_none(self, url: str, revision: str, asked: str) -> None:
        assert with_revision({"url": url, "revision": revision}) == {"url": asked}
