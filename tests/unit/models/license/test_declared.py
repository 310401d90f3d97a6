"""The license that a card declares."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import json_text
from models.json_text import Json
from models.license.decision import Verdict
from models.license.declared import declared_license
from models.license.policy import LicensePolicy
from models.limits import LICENSE_MAX_CHARACTERS

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from(["other", "mit"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=8,
)

PIECES = ["mit", "(", ")", "or", "and", "with", "other", "+", "apache-2.0"]


class TestDeclaredLicense:
    """What a card's license says."""

    def test_is_the_id_in_the_card(self) -> None:
        assert declared_license({"license": "apache-2.0"}, []) == "apache-2.0"

    def test_is_without_white_space_around_it(self) -> None:
        assert declared_license({"license": " mit\n"}, []) == "mit"

    def test_goes_before_the_tags(self) -> None:
        assert declared_license({"license": "mit"}, ["license:gpl-3.0"]) == "mit"

    def test_is_the_tag_where_the_card_has_none(self) -> None:
        tags = ["pytorch", "license:llama3.1", "region:us"]
        assert declared_license({}, tags) == "llama3.1"
        assert declared_license({"license": None}, tags) == "llama3.1"

    def test_is_all_of_several_tags(self) -> None:
        assert declared_license({}, ["license:mit", "license:gemma"]) == "mit AND gemma"

    @pytest.mark.parametrize("odd", [None, "", "  ", [], 1, True, 2.5, {}, {"id": "mit"}, [None]])
    def test_is_nothing_where_the_card_holds_something_odd(self, odd: Json) -> None:
        assert declared_license({"license": odd}, []) is None

    def test_is_nothing_without_card_and_tags(self) -> None:
        assert declared_license({}, ["pytorch"]) is None


class TestSeveralLicenses:
    """A list means that all of them apply."""

    def test_are_joined_by_and(self) -> None:
        assert declared_license({"license": ["mit", "cc-by-4.0"]}, []) == "mit AND cc-by-4.0"

    def test_are_each_named_once(self) -> None:
        assert declared_license({"license": ["mit", "mit"]}, []) == "mit"

    def test_keep_a_choice_within_one_of_them_together(self) -> None:
        card: dict[str, Json] = {"license": ["mit OR isc", "cc-by-4.0"]}
        assert declared_license(card, []) == "(MIT OR ISC) AND cc-by-4.0"

    def test_are_not_declared_by_halves(self) -> None:
        assert declared_license({"license": ["mit", 7]}, []) is None
        assert declared_license({"license": ["mit", "x" * 300]}, []) is None

    def test_are_nothing_where_they_are_too_long_together(self) -> None:
        assert declared_license({"license": ["x" * 200, "y" * 200]}, []) is None


class TestOther:
    """`other` stands for the license's name."""

    def test_gives_the_name(self) -> None:
        card: dict[str, Json] = {"license": "other", "license_name": " Tongyi-Qianwen "}
        assert declared_license(card, []) == "Tongyi-Qianwen"

    def test_gives_the_name_in_any_case_in_lists_and_in_tags(self) -> None:
        assert declared_license({"license": "Other", "license_name": "mnpl"}, []) == "mnpl"
        card: dict[str, Json] = {"license": ["other", "mit"], "license_name": "mnpl"}
        assert declared_license(card, []) == "mnpl AND mit"
        assert declared_license({"license_name": "mnpl"}, ["license:other"]) == "mnpl"

    def test_makes_a_name_over_several_lines_one_line(self) -> None:
        card: dict[str, Json] = {"license": "other", "license_name": "Some\n  Model\tLicense"}
        assert declared_license(card, []) == "Some Model License"

    @pytest.mark.parametrize("name", [None, "", " ", 3, ["mnpl"], "x" * 257, "a\x00b", "\ud800"])
    def test_is_all_that_is_said_without_a_usable_name(self, name: Json) -> None:
        assert declared_license({"license": "other", "license_name": name}, []) == "other"

    def test_is_what_the_name_is_for(self) -> None:
        assert declared_license({"license": "mit", "license_name": "mnpl"}, []) == "mit"
        assert declared_license({"license_name": "mnpl"}, []) is None


class TestAnyCard:
    """Whatever a card holds."""

    @given(values, values, st.lists(st.text() | st.text().map("license:{}".format)))
    def test_gives_what_the_registry_stores_or_nothing(
        self, license_: Json, name: Json, tags: list[str]
    ) -> None:
        declared = declared_license({"license": license_, "license_name": name}, tags)
        if declared is not None:
            assert 1 <= len(declared) <= LICENSE_MAX_CHARACTERS
            assert json_text.text_problem(declared) is None
            assert declared == declared.strip()


class TestBrackets:
    """Text of one license that would reach over to another."""

    @pytest.mark.parametrize(
        "card",
        [
            {"license": ["cc-by-nc-4.0", "other"], "license_name": "(mit)or(mit)"},
            {"license": ["cc-by-nc-4.0", "other"], "license_name": "mit) or (mit"},
            {"license": ["cc-by-nc-4.0", "mit) OR (mit"]},
            {"license": ["cc-by-nc-4.0", "(mit)or(mit)"]},
        ],
    )
    def test_offers_no_way_round_the_others(self, card: dict[str, Json]) -> None:
        verdict = LicensePolicy.load().decide(declared_license(card, [])).verdict
        assert verdict in {Verdict.DENIED, Verdict.UNKNOWN}

    @given(texts=st.lists(st.sampled_from(PIECES), min_size=1, max_size=3))
    def test_never_make_a_list_better_than_its_worst(self, texts: list[str]) -> None:
        policy = LicensePolicy.load()
        declared = declared_license({"license": ["cc-by-nc-4.0", " ".join(texts)]}, [])
        assert policy.decide(declared).verdict in {Verdict.DENIED, Verdict.UNKNOWN}


class TestContradictions:
    """What a card says twice, in two ways."""

    @pytest.mark.parametrize(
        "name", ["mit", "MIT", "Apache License 2.0", "mit OR isc", "bsd-3-clause"]
    )
    def test_is_not_what_the_hub_lists(self, name: str) -> None:
        assert declared_license({"license": "other", "license_name": name}, []) == "other"

    def test_of_the_card_goes_before_tags_also_where_it_cannot_be_used(self) -> None:
        assert declared_license({"license": ["mit", "x" * 300]}, ["license:mit"]) is None
