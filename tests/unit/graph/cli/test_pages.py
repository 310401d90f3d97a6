"""Pages are queued in batches; one that is refused is named by its place, and stops no other."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from graph.cli import pages
from graph.cli.pages import Page, pages_in, queue
from graph.client import Client, InvalidInput, Problem, Unreachable


class Service:
    """Takes batches, all of one or none, and refuses pages that are called bad."""

    def __init__(self, *, lives: int = 99) -> None:
        self.batches: list[list[str]] = []
        self._lives = lives

    def queue_evaluations(self, urls: Sequence[str], **_: Any) -> list[str]:  # noqa: ANN401
        if self._lives == 0:
            raise Unreachable("gone")
        bad = [number for number, url in enumerate(urls) if "bad" in url]
        if bad:
            raise InvalidInput(
                [Problem("INVALID_INPUT", f"urls[{n}] is bad", ("urls", f"{n}")) for n in bad]
            )
        self._lives -= 1
        self.batches.append([*urls])
        return [f"id of {url}" for url in urls]

    def queue(self, *urls: str) -> list[str]:
        given = [Page(url, f"f:{line}") for line, url in enumerate(urls, 1)]
        return queue(cast("Client", self), given, None, None)


@pytest.fixture(autouse=True)
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "BATCH_URLS", 2)


class TestQueue:
    def test_more_than_a_batch_keep_their_order(self) -> None:
        service = Service()
        assert service.queue("a", "b", "c", "d", "e") == [f"id of {url}" for url in "abcde"]
        assert service.batches == [["a", "b"], ["c", "d"], ["e"]]

    def test_a_refused_page_is_named_by_its_own_place(
        self, capsys: pytest.CaptureFixture[str]
    ) -> None:
        service = Service()
        found = service.queue("a", "b", "c", "bad \x1b", "bad 5", "bad 6", "g")
        assert found == [f"id of {url}" for url in "abcg"]
        assert service.batches == [["a", "b"], ["c"], ["g"]]
        assert capsys.readouterr().err.splitlines() == [
            "f:4: bad \\x1b: INVALID_INPUT: is bad",
            "f:5: bad 5: INVALID_INPUT: is bad",
            "f:6: bad 6: INVALID_INPUT: is bad",
        ]

    @pytest.mark.parametrize("field", [("reason",), (), ("urls",), ("urls", "7"), ("urls", "x")])
    def test_what_is_not_about_a_page_is_raised(
        self, monkeypatch: pytest.MonkeyPatch, field: tuple[str, ...]
    ) -> None:
        service = Service()

        def refuse(*_: object, **__: object) -> None:
            raise InvalidInput([Problem("INVALID_INPUT", "no", field)])

        monkeypatch.setattr(service, "queue_evaluations", refuse)
        with pytest.raises(InvalidInput):
            service.queue("a")

    def test_a_cut_tells_how_many_go_on(self, capsys: pytest.CaptureFixture[str]) -> None:
        with pytest.raises(Unreachable):
            Service(lives=2).queue("a", "b", "c", "d", "e")
        assert capsys.readouterr().err == "4 pages were queued before this, and go on\n"
        with pytest.raises(Unreachable):
            Service(lives=0).queue("a")
        assert capsys.readouterr().err == ""


def test_lines_are_those_of_an_editor(tmp_path: Path) -> None:
    (file := tmp_path / "f").write_bytes("# x\u2028y\r\n\r\n a \r\n#\nb".encode())
    assert pages_in(file) == [Page("a", f"{file}:3"), Page("b", f"{file}:5")]


@pytest.mark.parametrize(
    ("line", "page"),
    [
        ("https://x/a # ours", "https://x/a"),
        ("https://x/a\t#ours # and more", "https://x/a"),
        ("  # https://x/a", None),
        ("https://x/a#top", "https://x/a#top"),
        ("https://x/a#top # ours", "https://x/a#top"),
        ("https://x/a# ours", "https://x/a# ours"),
    ],
)
def test_a_comment_begins_after_white_space(tmp_path: Path, line: str, page: str | None) -> None:
    (file := tmp_path / "f").write_text(f"{line}\nb\n")
    assert [one.url for one in pages_in(file)] == [page, "b"][page is None :]
