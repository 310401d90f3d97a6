"""The change history: what changed, and how it is paged."""

from typing import Any

import pytest

from tests.api.client import Answer, Api, code, field
from tests.api.documents import HISTORY
from tests.api.registry import User

LARGE = "x" * 5_000
LARGER = {"ключ": ["値" * 3_000]}


def history(api: Api, model_id: str, **arguments: object) -> Answer:
    found: Answer = api.execute(HISTORY, id=model_id, **arguments)["model"]["changeHistory"]
    return found


class TestChanges:
    """What a change altered."""

    def test_of_a_creation_are_all_fields_that_have_a_value(self, user: User) -> None:
        entry = user.create(name="n", source="s", license="l", metadata={"a": 1})["changeEntry"]
        assert entry["changes"] == [
            {"field": "name", "before": None, "after": "n"},
            {"field": "source", "before": None, "after": "s"},
            {"field": "license", "before": None, "after": "l"},
            {"field": "metadata", "before": None, "after": {"a": 1}},
            {"field": "riskNotes", "before": None, "after": ""},
            {"field": "state", "before": None, "after": "ACTIVE"},
        ]

    def test_are_named_in_fields_changed(self, user: User) -> None:
        model_id = user.new_model()
        entry = user.update(model_id, riskNotes="some", name="another")["changeEntry"]
        assert entry["fieldsChanged"] == ["name", "riskNotes"]
        assert [change["field"] for change in entry["changes"]] == entry["fieldsChanged"]

    def test_show_null_where_a_value_was_cleared(self, user: User) -> None:
        model_id = user.new_model(sourceUrl="https://example.org/a")
        entry = user.update(model_id, sourceUrl=None)["changeEntry"]
        assert entry["changes"] == [
            {"field": "sourceUrl", "before": "https://example.org/a", "after": None}
        ]

    @pytest.mark.parametrize(
        ("before", "after"), [(LARGE, "s"), ("s", LARGE), (LARGE, LARGE + "y"), (LARGER, LARGE)]
    )
    def test_show_large_values_whole(
        self, api: Api, user: User, before: object, after: object
    ) -> None:
        model_id = user.new_model(metadata=before)
        made = user.update(model_id, metadata=after)["changeEntry"]
        expected = [{"field": "metadata", "before": before, "after": after}]
        assert made["changes"] == expected
        assert history(api, model_id)["nodes"][0]["changes"] == expected

    def test_show_large_risk_notes_whole(self, api: Api, user: User) -> None:
        model_id = user.new_model(riskNotes=LARGE)
        entry = user.update(model_id, riskNotes="")["changeEntry"]
        assert entry["changes"] == [{"field": "riskNotes", "before": LARGE, "after": ""}]
        creation = history(api, model_id)["nodes"][1]
        assert {"field": "riskNotes", "before": None, "after": LARGE} in creation["changes"]


class TestChangeHistory:
    """The connection."""

    def test_is_newest_first(self, api: Api, user: User) -> None:
        nodes = history(api, user.updated_model(3))["nodes"]
        assert [entry["version"] for entry in nodes] == [3, 2, 1]
        assert nodes == sorted(nodes, key=lambda entry: entry["timestamp"], reverse=True)

    def test_links_each_entry_to_the_one_before(self, api: Api, user: User) -> None:
        nodes = history(api, user.updated_model(4))["nodes"]
        hashes = [entry["hash"] for entry in nodes]
        assert [entry["previousHash"] for entry in nodes] == [*hashes[1:], None]

    @pytest.mark.parametrize("size", [1, 3, 7, 100])
    def test_pages_without_repeating_or_skipping(self, api: Api, user: User, size: int) -> None:
        model_id = user.updated_model(8)
        versions: list[int] = []
        arguments: dict[str, Any] = {"first": size}
        while True:
            page = history(api, model_id, **arguments)
            info = page["pageInfo"]
            versions += [entry["version"] for entry in page["nodes"]]
            assert [edge["node"]["version"] for edge in page["edges"]] == versions[
                len(versions) - len(page["edges"]) :
            ]
            assert info["startCursor"] == page["edges"][0]["cursor"]
            assert info["endCursor"] == page["edges"][-1]["cursor"]
            assert info["hasPreviousPage"] is ("after" in arguments)
            if not info["hasNextPage"]:
                break
            assert len(page["nodes"]) == size
            arguments["after"] = info["endCursor"]
        assert versions == list(range(8, 0, -1))

    def test_is_empty_after_its_last_entry(self, api: Api, user: User) -> None:
        model_id = user.updated_model(2)
        end = history(api, model_id)["pageInfo"]["endCursor"]
        assert history(api, model_id, after=end) == {
            "nodes": [],
            "edges": [],
            "pageInfo": {
                "hasNextPage": False,
                "hasPreviousPage": True,
                "startCursor": None,
                "endCursor": None,
            },
        }

    def test_keeps_its_place_while_others_write(self, api: Api, user: User) -> None:
        model_id = user.updated_model(4)
        page = history(api, model_id, first=2)
        user.update(model_id, name="later")
        rest = history(api, model_id, first=2, after=page["pageInfo"]["endCursor"])
        assert [entry["version"] for entry in rest["nodes"]] == [2, 1]

    @pytest.mark.parametrize("size", [0, -1, 101, 2**31 - 1])
    def test_refuses_a_page_of_another_size(self, api: Api, user: User, size: int) -> None:
        error = api.error(HISTORY, id=user.new_model(), first=size)
        assert (code(error), field(error)) == ("BAD_USER_INPUT", ["first"])

    @pytest.mark.parametrize("cursor", ["", "x", "\ud800", "\x00", "A" * 100_000])
    def test_refuses_what_is_no_cursor(self, api: Api, user: User, cursor: str) -> None:
        error = api.error(HISTORY, id=user.new_model(), after=cursor)
        assert (code(error), field(error)) == ("BAD_USER_INPUT", ["after"])

    def test_refuses_a_cursor_of_another_model(self, api: Api, user: User) -> None:
        cursor = history(api, user.updated_model(2))["pageInfo"]["endCursor"]
        error = api.error(HISTORY, id=user.new_model(), after=cursor)
        assert (code(error), field(error)) == ("BAD_USER_INPUT", ["after"])

    def test_refuses_an_altered_cursor(self, api: Api, user: User) -> None:
        model_id = user.updated_model(2)
        cursor = history(api, model_id)["pageInfo"]["endCursor"]
        first, last = ("A" if cursor[end] != "A" else "B" for end in (0, -1))
        for altered in (cursor[:-1] + last, cursor + "=", cursor[:-4], first + cursor[1:]):
            error = api.error(HISTORY, id=model_id, after=altered)
            assert (code(error), field(error)) == ("BAD_USER_INPUT", ["after"])
