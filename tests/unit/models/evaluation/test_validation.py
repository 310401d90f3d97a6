"""What can be asked for."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.errors import Refusal
from models.evaluation.commands import EvaluateModel, EvaluateModels
from models.evaluation.page import Page
from models.evaluation.validation import (
    URLS_MAX,
    WAIT_DEFAULT_SECONDS,
    WAIT_MAX_SECONDS,
    page_to_evaluate,
    pages_to_evaluate,
)
from tests.unit.models.strategies import ANY_TEXT

PAGE = "https://huggingface.co/acme/tiny"


def fields_of(refusal: pytest.ExceptionInfo[Refusal]) -> list[tuple[str, ...]]:
    return [fault.field for fault in refusal.value.faults]


def faults_of(check: Callable[[], object]) -> list[tuple[str, ...]]:
    try:
        check()
    except Refusal as refusal:
        return [fault.field for fault in refusal.faults]
    return []


class TestOne:
    """One page."""

    @pytest.mark.parametrize("wait", [None, 0, 1, WAIT_MAX_SECONDS])
    def test_is_the_one_that_is_named(self, wait: int | None) -> None:
        command = EvaluateModel(url=f"{PAGE}/tree/v1", wait_seconds=wait)
        assert page_to_evaluate(command) == Page("acme/tiny", "v1")

    def test_is_refused_with_every_fault(self) -> None:
        command = EvaluateModel(
            url="x", wait_seconds=26, reason="\x00", changed_by="", idempotency_key=""
        )
        with pytest.raises(Refusal) as caught:
            page_to_evaluate(command)
        expected = ["url", "waitSeconds", "reason", "changedBy", "idempotencyKey"]
        assert fields_of(caught) == [(name,) for name in expected]

    def test_a_gateway_waits_as_long(self) -> None:
        assert WAIT_DEFAULT_SECONDS <= WAIT_MAX_SECONDS < 30

    @given(ANY_TEXT)
    def test_of_any_text_is_a_page_or_refused(self, url: str) -> None:
        found = faults_of(lambda: page_to_evaluate(EvaluateModel(url=url)))
        assert set(found) <= {("url",)}


class TestMany:
    """Several pages."""

    def test_are_those_that_are_named_in_their_order(self) -> None:
        command = EvaluateModels(urls=(f"{PAGE}2", PAGE, f"{PAGE}2"))
        assert pages_to_evaluate(command) == [
            Page("acme/tiny2"),
            Page("acme/tiny"),
            Page("acme/tiny2"),
        ]

    @pytest.mark.parametrize("count", [0, URLS_MAX + 1])
    def test_are_a_bounded_number(self, count: int) -> None:
        with pytest.raises(Refusal) as caught:
            pages_to_evaluate(EvaluateModels(urls=(PAGE,) * count))
        assert fields_of(caught) == [("urls",)]

    def test_are_refused_by_their_indexes(self) -> None:
        with pytest.raises(Refusal) as caught:
            pages_to_evaluate(EvaluateModels(urls=("x", PAGE, "y"), idempotency_key=""))
        assert fields_of(caught) == [("urls", "0"), ("urls", "2"), ("idempotencyKey",)]

    def test_far_too_many_are_not_all_looked_at(self) -> None:
        with pytest.raises(Refusal) as caught:
            pages_to_evaluate(EvaluateModels(urls=("x",) * 100_000))
        assert len(caught.value.faults) == URLS_MAX + 1

    @given(st.lists(ANY_TEXT | st.just(PAGE), min_size=1, max_size=5))
    def test_of_any_texts_are_pages_or_refused(self, urls: list[str]) -> None:
        found = faults_of(lambda: pages_to_evaluate(EvaluateModels(urls=tuple(urls))))
        assert len(found) <= len(urls)
        assert all(field[0] == "urls" for field in found)
