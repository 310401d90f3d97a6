"""JSON of a user's is read strictly."""

import pytest

from graph.cli.json_input import read_json


class TestReadJson:
    def test_keeps_what_is_there(self) -> None:
        assert read_json('{"a": [1, 1.5, null, "é", {"b": 2}]}') == {
            "a": [1, 1.5, None, "é", {"b": 2}]
        }

    @pytest.mark.parametrize(
        "text",
        [
            *("", "{", "NaN", "[Infinity]", '{"a": -Infinity}', "1e999", "[" * 100_000),
            '{"a": 1, "a": 1}',
            '[{"b": {"a": 1, "a": 2}}]',
        ],
    )
    def test_refuses_what_could_be_read_otherwise(self, text: str) -> None:
        with pytest.raises(ValueError, match=r".+"):
            read_json(text)
