"""JSON values as text."""

import copy
import json
import math

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models import json_text
from models.json_text import Json, canonical, dumps, loads, merge_patch, problem, text_problem
from models.limits import INTEGER_MAX_DIGITS
from tests.unit.models.strategies import EXACT_NUMBERS, json_values, plain_texts


def identical(one: Json, other: Json) -> bool:
    """Tell whether two values are the same in type, sign of zero and order of keys too."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(identical(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(identical, one, other))
    return repr(one) == repr(other)


def nested_lists(levels: int) -> Json:
    value: Json = []
    for _ in range(levels - 1):
        value = [value]
    return value


def nested_objects(levels: int) -> Json:
    value: Json = {}
    for _ in range(levels - 1):
        value = {"a": value}
    return value


class TestRoundTrip:
    """Writing and reading back."""

    @given(json_values)
    def test_gives_back_the_very_value(self, value: Json) -> None:
        assert identical(loads(dumps(value)), value)

    @pytest.mark.parametrize("number", EXACT_NUMBERS)
    def test_keeps_a_number_as_it_is(self, number: float) -> None:
        assert identical(loads(dumps({"n": number})), {"n": number})

    @given(json_values)
    def test_gives_back_the_very_text(self, value: Json) -> None:
        assert dumps(loads(dumps(value))) == dumps(value)

    def test_is_compact_and_keeps_every_script(self) -> None:
        assert dumps({"é": ["日本", 1]}) == '{"é":["日本",1]}'
        assert json_text.byte_length('"é"') == 4

    @pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
    def test_refuses_what_json_has_no_notation_for(self, number: float) -> None:
        with pytest.raises(ValueError, match="not JSON compliant"):
            dumps(number)


class TestCanonical:
    """The text by which values are compared."""

    def test_keeps_apart_what_python_calls_equal(self) -> None:
        values: list[Json] = [1, 1.0, True, 0, 0.0, -0.0, False, None, "", [], {}]
        assert len({canonical(value) for value in values}) == len(values)

    @given(st.dictionaries(plain_texts, json_values), st.randoms())
    def test_takes_no_notice_of_the_order_of_keys(
        self, value: dict[str, Json], rng: object
    ) -> None:
        keys = list(value)
        rng.shuffle(keys)  # type: ignore[attr-defined]  # a random.Random
        assert canonical({key: value[key] for key in keys}) == canonical(value)

    @given(json_values, json_values)
    def test_is_the_same_only_for_the_same_value(self, one: Json, other: Json) -> None:
        same = identical(_sorted(one), _sorted(other))
        assert (canonical(one) == canonical(other)) == same


def _sorted(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


class TestMergePatch:
    """JSON Merge Patch, RFC 7396."""

    @pytest.mark.parametrize(
        ("target", "patch", "result"),
        [  # appendix A of the RFC
            ('{"a":"b"}', '{"a":"c"}', '{"a":"c"}'),
            ('{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'),
            ('{"a":"b"}', '{"a":null}', "{}"),
            ('{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'),
            ('{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'),
            ('{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'),
            ('{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'),
            ('{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'),
            ('["a","b"]', '["c","d"]', '["c","d"]'),
            ('{"a":"b"}', '["c"]', '["c"]'),
            ('{"a":"foo"}', "null", "null"),
            ('{"a":"foo"}', '"bar"', '"bar"'),
            ('{"e":null}', '{"a":1}', '{"e":null,"a":1}'),
            ("[1,2]", '{"a":"b","c":null}', '{"a":"b"}'),
            ("{}", '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'),
        ],
    )
    def test_does_as_the_rfcs_examples(self, target: str, patch: str, result: str) -> None:
        assert json.loads(result) == merge_patch(loads(target), loads(patch))

    @given(json_values, json_values)
    def test_does_as_the_rfcs_pseudocode(self, target: Json, patch: Json) -> None:
        expected = _pseudocode(copy.deepcopy(target), patch)
        assert identical(_sorted(merge_patch(target, patch)), _sorted(expected))

    @given(json_values, json_values)
    def test_applied_again_changes_nothing_more(self, target: Json, patch: Json) -> None:
        once = merge_patch(target, patch)
        assert identical(merge_patch(once, patch), once)

    @given(json_values, json_values)
    def test_leaves_its_arguments_alone(self, target: Json, patch: Json) -> None:
        texts = dumps(target), dumps(patch)
        merge_patch(target, patch)
        assert (dumps(target), dumps(patch)) == texts


def _pseudocode(target: Json, patch: Json) -> Json:
    """Transcribe section 2 of RFC 7396."""
    if not isinstance(patch, dict):
        return patch
    if not isinstance(target, dict):
        target = {}
    for name, value in patch.items():
        if value is None:
            if name in target:
                del target[name]
        else:
            target[name] = _pseudocode(target.get(name), value)
    return target


class TestProblem:
    """What keeps a value from being stored."""

    @given(json_values)
    def test_is_nothing_for_a_json_value(self, value: Json) -> None:
        assert problem(value, max_levels=32) is None

    @pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf, 1e400])
    def test_is_a_number_that_json_cannot_express(self, number: float) -> None:
        assert "cannot express" in (problem({"a": [number]}, max_levels=32) or "")

    @pytest.mark.parametrize("sign", [1, -1])
    def test_is_an_integer_of_more_digits_than_can_be_read_back(self, sign: int) -> None:
        longest = sign * (10**INTEGER_MAX_DIGITS - 1)
        assert problem([longest], max_levels=32) is None
        assert loads(dumps(longest)) == longest
        assert "digits" in (problem([longest + sign], max_levels=32) or "")

    @pytest.mark.parametrize("text", ["\ud800", "a\udfffb", "\x00", "\x1b", "\x7f", "\x85", "\x0b"])
    def test_is_a_character_in_a_value_or_a_key(self, text: str) -> None:
        assert problem([text], max_levels=32) is not None
        assert problem({text: 1}, max_levels=32) is not None

    @pytest.mark.parametrize("text", ["a\nb\tc\rd", "😀", "\u2028", "\ufeff", ""])
    def test_is_no_line_break_tab_or_other_script(self, text: str) -> None:
        assert problem({text: text}, max_levels=32) is None

    @pytest.mark.parametrize("nest", [nested_lists, nested_objects])
    def test_is_one_level_too_many(self, nest: object) -> None:
        assert problem(nest(32), max_levels=32) is None  # type: ignore[operator]
        assert "32 levels" in (problem(nest(33), max_levels=32) or "")  # type: ignore[operator]

    @pytest.mark.parametrize("nest", [nested_lists, nested_objects])
    def test_any_depth_can_be_refused(self, nest: object) -> None:
        assert "32 levels" in (problem(nest(100_000), max_levels=32) or "")  # type: ignore[operator]

    def test_scalars_have_no_level(self) -> None:
        assert problem(1, max_levels=0) is None
        assert problem([], max_levels=0) is not None


class TestTextProblem:
    """What keeps a text from being stored."""

    @given(plain_texts)
    def test_is_nothing_in_a_line_of_text(self, text: str) -> None:
        assert text_problem(text) is None

    @given(st.text(st.characters(categories=["Cc"]), min_size=1))
    @example("\n")
    def test_is_any_control_character_in_a_line(self, text: str) -> None:
        assert text_problem(f"a{text}") == f"contains the control character U+{ord(text[0]):04X}"

    @given(st.characters(categories=["Cs"]), plain_texts)
    def test_is_a_lone_surrogate(self, half: str, text: str) -> None:
        assert "surrogate" in (text_problem(text + half, multiline=True) or "")
