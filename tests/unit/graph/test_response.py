"""Writing a response body."""

import json

import pytest
from hypothesis import given

from graph.response import encode
from models.json_text import Json
from tests.unit.models.strategies import ANY_TEXT, json_values


class TestEncode:
    """encode()."""

    @given(json_values)
    def test_loses_nothing(self, value: Json) -> None:
        assert repr(json.loads(encode({"data": value}))) == repr({"data": value})

    @given(ANY_TEXT)
    def test_writes_any_text(self, text: str) -> None:
        assert json.loads(encode({"message": text})) == {"message": text}

    def test_is_compact_and_in_its_own_script(self) -> None:
        assert encode({"a": ["大", 1]}) == '{"a":["大",1]}'.encode()

    def test_escapes_where_half_a_character_is_quoted(self) -> None:
        assert encode({"a": "大\ud800"}) == b'{"a":"\\u5927\\ud800"}'

    @pytest.mark.parametrize("number", [float("nan"), float("inf")])
    def test_never_writes_what_is_no_json(self, number: float) -> None:
        with pytest.raises(ValueError, match="not JSON compliant"):
            encode({"a": number})
