"""JSON of a user's, and of a service's, is read strictly."""

import pytest

from models.strict_json import read_json


class TestReadJson:
    def test_keeps_what_is_there(self) -> None:
        text = '{"a": [1, 1.5, null, "é", {"b": 2}]}'
        assert read_json(text) == {"a": [1, 1.5, None, "é", {"b": 2}]}
        assert read_json(text.encode()) == read_json(text)

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
        with pytest.raises(ValueError, match=r".+"):
            read_json(text.encode())

    def test_refuses_bytes_that_are_no_text(self) -> None:
        with pytest.raises(ValueError, match="decode"):
            read_json(b"\xff")
