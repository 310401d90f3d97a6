"""Inputs and values."""

from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from graph.client import NOT_GIVEN, Health, ModelFilter, ModelOrder
from graph.client.answer import Answer
from graph.client.errors import ApiError
from graph.client.given import given, sent
from graph.client.pages import items
from graph.client.values import LicenseDecision, Problem


class TestGiven:
    """What is sent."""

    def test_what_was_left_out_is_told_from_none(self) -> None:
        found = given(source_url=None, name=NOT_GIVEN, metadata_patch={"snake_case": NOT_GIVEN})
        assert found == {"sourceUrl": None, "metadataPatch": {"snake_case": NOT_GIVEN}}

    def test_instants(self) -> None:
        zone = timezone(timedelta(hours=2))
        assert sent(datetime(2026, 1, 1, 2, tzinfo=zone)) == "2026-01-01T00:00:00+00:00"
        assert sent("2026-01-01T00:00:00Z") == "2026-01-01T00:00:00Z"
        with pytest.raises(ValueError, match="time zone"):
            sent(datetime(2026, 1, 1))  # noqa: DTZ001  # which is the point

    def test_filters(self) -> None:
        found = sent(
            ModelFilter(states=("ACTIVE",), created_after=datetime(2026, 1, 1, tzinfo=UTC))
        )
        assert isinstance(found, dict)
        assert found["states"] == ["ACTIVE"]
        assert found["createdAfter"] == "2026-01-01T00:00:00+00:00"
        assert sent(ModelOrder()) == {"field": "UPDATED_AT", "direction": "DESC"}


class TestValues:
    """What a newer service answers."""

    def test_new_words_and_new_fields_do_no_harm(self) -> None:
        answer = {"declared": None, "spdxExpression": "X", "verdict": "NEW", "reasons": ["r"]}
        found = LicenseDecision.of(answer | {"newField": {}})
        assert (found.verdict, found.is_allowed) == ("NEW", False)

    def test_health_of_a_newer_service(self) -> None:
        found = Health.read(b'{"status": "new", "service": "s", "version": "2", "queue": "ok"}')
        assert found == Health("new", "s", "2", {"queue": "ok"})
        for body in (b"", b"[]", b"{}", b"null", b'"x"'):
            assert Health.read(body) is None


class TestPages:
    """Walking a connection."""

    @staticmethod
    def connection(limit: int, total: int, asked: list[Any]) -> Any:  # noqa: ANN401
        def read(size: int, after: str | None) -> Answer:
            asked.append((size, after))
            if size > limit:
                raise ApiError([Problem("RESPONSE_TOO_LARGE", "m")])
            start = int(after or 0)
            nodes = [{"n": number} for number in range(start, min(start + size, total))]
            end = start + len(nodes)
            return {"nodes": nodes, "pageInfo": {"hasNextPage": end < total, "endCursor": str(end)}}

        return read

    def test_pages_become_smaller_where_items_are_large(self) -> None:
        asked: list[Any] = []
        found = items(self.connection(2, 5, asked), 10)
        assert [node["n"] for node in found] == [0, 1, 2, 3, 4]
        assert asked == [(10, None), (5, None), (2, None), (2, "2"), (2, "4")]

    def test_one_that_is_too_large_by_itself_is_an_error(self) -> None:
        with pytest.raises(ApiError):
            list(items(self.connection(0, 5, []), 10))

    @pytest.mark.parametrize("size", [0, 101])
    def test_a_page_size_has_limits(self, size: int) -> None:
        with pytest.raises(ValueError, match="page_size"):
            list(items(self.connection(9, 9, []), size))
