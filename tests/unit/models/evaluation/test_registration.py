"""What a model that is registered by being evaluated keeps of the Hub's description."""

from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models import json_text, limits
from models.entities import ModelItem
from models.evaluation.facts import ModelFacts
from models.evaluation.page import Page
from models.evaluation.registration import UNDECLARED, aliases_of, metadata_of, new_model
from models.json_text import Json
from models.records import ModelState
from models.registry.commands import UNSET, CreateModel
from models.registry.validation import validate_create
from tests.unit.models.evaluation.evaluations import ASKED
from tests.unit.models.evaluation.facts_builder import REVISION, a_model
from tests.unit.models.strategies import json_values

LONG = ["", "x" * 300, "😀" * 300, '"' * 300, "\x00", "line\nbreak", " a ", "日" * 150, "a\ud800"]
wild_texts = st.sampled_from(LONG) | st.text(max_size=150)
wild_numbers = st.sampled_from([0, 1, -1, 10**17, 10**18, 10**4_000, True, 0.5])


def many(count: int, text: str, number: float) -> dict[str, Json]:
    return {f"{at:02}{text}": number for at in range(count)}


wild_values: st.SearchStrategy[Json] = (
    json_values
    | wild_texts
    | st.lists(wild_texts | json_values, max_size=80)
    | st.dictionaries(wild_texts, wild_numbers | json_values, max_size=80)
    | st.builds(many, st.integers(0, 80), wild_texts, wild_numbers)
)
wild_lists = st.lists(wild_texts, max_size=80)
hostile = st.builds(
    a_model,
    repo_id=st.sampled_from(["gpt2", "a" * 96 + "/" + "b" * 96]),
    card_data=st.fixed_dictionaries(
        {},
        optional={
            "base_model": wild_values,
            "language": wild_values,
            "datasets": wild_values,
            "license": wild_values,
            "license_name": wild_values,
        },
    ),
    tags=wild_lists | wild_lists.map(lambda texts: [f"dataset:{text}" for text in texts]),
    library=st.none() | wild_texts,
    task=st.none() | wild_texts,
    parameters=st.dictionaries(wild_texts, st.sampled_from([0, 7, 10**18, 10**4_000])),
)


def largest() -> ModelFacts:
    """Return what fills everything that metadata takes."""
    texts = [f"{number:02}" + "😀" * 500 for number in range(100)]
    counts: dict[str, Json] = {f"{number:02}" + "😀" * 98: -(10**17) for number in range(100)}
    names = [f"{number:02}" + "a" * 94 + "/" + "b" * 96 for number in range(100)]
    return a_model(
        repo_id="a" * 96 + "/" + "b" * 96,
        card_data={"base_model": counts, "language": list(texts), "datasets": list(names)},
        tags=texts,
        library=texts[0],
        task=texts[1],
        parameters=cast("dict[str, int]", counts),
    )


class TestNewModel:
    """The model."""

    def test_is_what_the_hub_says(self) -> None:
        model = new_model(a_model(card_data={"license": "mit"}), ("https://hf.co/old",), ASKED)
        assert (model.name, model.source, model.license) == ("acme/tiny", "hf", "mit")
        assert model.source_url == "https://huggingface.co/acme/tiny"
        assert (model.state, model.version, model.net_score) == (ModelState.ACTIVE, 1, None)
        assert model.created_at == model.updated_at == ASKED
        assert model.source_aliases == ("https://hf.co/old",)

    def test_without_a_license_has_an_unknown_one(self) -> None:
        assert new_model(a_model(), (), ASKED).license == UNDECLARED == "unknown"

    @given(hostile)
    def test_is_one_that_the_registry_takes(self, facts: ModelFacts) -> None:
        model = new_model(facts, (), ASKED)
        prose = model.require_prose()
        validate_create(
            CreateModel(
                name=model.name,
                source=model.source,
                license=model.license,
                source_url=model.source_url,
                metadata=json_text.loads(prose.metadata) or UNSET,
                risk_notes=prose.risk_notes,
            )
        )
        assert ModelItem.of(model).serialize()


class TestMetadata:
    """What it is looked up by."""

    def test_is_a_part_of_the_description(self) -> None:
        facts = a_model(
            card_data={
                "base_model": "acme/base",
                "language": ["en", "日本語"],
                "datasets": ["acme/data"],
                "secret": "no",
            },
            tags=["license:mit", "region:us"],
            library="transformers",
            task="fill-mask",
            parameters={"F32": 1_000},
        )
        assert metadata_of(facts) == {
            "huggingFaceId": "acme/tiny",
            "revision": REVISION,
            "pipelineTag": "fill-mask",
            "libraryName": "transformers",
            "tags": ["license:mit", "region:us"],
            "datasets": ["acme/data"],
            "baseModel": "acme/base",
            "languages": ["en", "日本語"],
            "parameters": {"F32": 1_000},
        }

    def test_leaves_out_what_is_not_there(self) -> None:
        assert metadata_of(a_model()).keys() == {"huggingFaceId", "revision"}

    @pytest.mark.parametrize("value", [None, 7, 0.5, [], {}, [[]], [None, 1], {"a": "b"}, "a\x00"])
    def test_leaves_out_what_nobody_looks_up(self, value: Json) -> None:
        metadata = metadata_of(a_model(card_data={"base_model": value, "language": value}))
        assert metadata.keys() == {"huggingFaceId", "revision"}

    def test_cuts_what_is_long(self) -> None:
        texts: list[Json] = ["x" * 101] * 33
        metadata = metadata_of(a_model(card_data={"language": texts}))
        assert metadata["languages"] == ["x" * 100] * 32

    @pytest.mark.parametrize(
        "counts", [{"x" * 101: 1}, {"": 1}, {"a\x00": 1}, {"F32": 10**18}, {"F32": -(10**4_000)}]
    )
    def test_leaves_out_counts_that_are_none(self, counts: dict[str, Any]) -> None:
        kept = metadata_of(a_model(card_data={"base_model": counts}, parameters=counts))
        assert kept.keys() == {"huggingFaceId", "revision"}

    def test_fits_at_its_largest(self) -> None:
        text = json_text.dumps(metadata_of(largest()))
        assert len(metadata_of(largest())) == 9
        assert json_text.byte_length(text) <= limits.METADATA_MAX_BYTES

    @given(hostile)
    def test_always_fits(self, facts: ModelFacts) -> None:
        metadata = metadata_of(facts)
        text = json_text.dumps(metadata)
        assert json_text.byte_length(text) <= limits.METADATA_MAX_BYTES
        assert json_text.problem(metadata, max_levels=limits.METADATA_MAX_LEVELS) is None
        assert json_text.loads(text) == metadata


class TestAliases:
    """Other addresses of the page."""

    def test_are_none_where_nothing_was_renamed(self) -> None:
        assert aliases_of(Page("acme/tiny"), "acme/tiny") == ()
        assert aliases_of(Page("acme/tiny", "v1"), "acme/tiny") == ()

    def test_are_the_one_that_was_asked_for(self) -> None:
        assert aliases_of(Page("tiny", "v1"), "acme/tiny") == ("https://huggingface.co/tiny",)

    def test_do_not_tell_letter_case_apart(self) -> None:
        assert aliases_of(Page("Acme/tiny"), "acme/tiny") == ()
