"""DATASET_QUALITY: how well the declared datasets are documented."""

import pytest
from hypothesis import given

from models.evaluation.facts import Dataset
from models.evaluation.finding import MetricStatus
from models.evaluation.metrics.dataset_quality import POINTS, measure
from models.json_text import Json
from tests.unit.models.evaluation.facts_builder import ABSENT, UNREAD, a_dataset, facts
from tests.unit.models.strategies import json_values

SPLITS: Json = {"splits": [{"name": "train", "num_examples": 9}], "dataset_size": 10}
COMPLETE = a_dataset(
    card_data={"license": "mit", "dataset_info": SPLITS},
    description="Sentences.",
    citation="@misc{}",
    has_card=True,
)
EMPTY = a_dataset(is_disabled=True)


def score(dataset: Dataset) -> float | None:
    return measure(facts(datasets=[dataset])).score


class TestDatasetQuality:
    """The mean over the datasets."""

    def test_a_complete_dataset_scores_1(self) -> None:
        assert score(COMPLETE) == 1
        assert sum(POINTS.values()) == pytest.approx(1)

    def test_an_empty_one_scores_0(self) -> None:
        assert score(EMPTY) == 0

    def test_it_is_the_mean(self) -> None:
        assert measure(facts(datasets=[COMPLETE, EMPTY, COMPLETE])).score == 0.6667

    def test_one_that_is_not_found_scores_0(self) -> None:
        found = measure(facts(datasets=[COMPLETE, Dataset("acme/gone", ABSENT)]))
        assert found.score == 0.5
        assert "not found" in found.evidence[1].note

    def test_declaring_none_is_0_and_says_so(self) -> None:
        found = measure(facts())
        assert found.score == 0
        assert "none is declared" in found.evidence[0].note

    def test_one_that_could_not_be_read_makes_it_unknown(self) -> None:
        found = measure(facts(datasets=[COMPLETE, Dataset("acme/data", UNREAD)]))
        assert found.status is MetricStatus.UNKNOWN

    @given(json_values)
    def test_any_front_matter_is_read(self, value: Json) -> None:
        keys = ("license", "dataset_info", "configs", "size_categories")
        for data in (dict.fromkeys(keys, value), {key: [value] for key in keys}):
            assert score(a_dataset(card_data=data)) is not None


class TestItems:
    """What is looked for in one dataset."""

    @pytest.mark.parametrize(
        ("item", "dataset"),
        [
            ("card", a_dataset(has_card=True, is_disabled=True)),
            ("license", a_dataset(card_data={"license": ["mit"]}, is_disabled=True)),
            ("license", a_dataset(tags=["license:mit"], is_disabled=True)),
            (
                "splits",
                a_dataset(
                    card_data={"configs": [{"data_files": [{"split": "train", "path": "a"}]}]},
                    is_disabled=True,
                ),
            ),
            ("sizes", a_dataset(tags=["size_categories:n<1K"], is_disabled=True)),
            ("sizes", a_dataset(card_data={"size_categories": ["n<1K"]}, is_disabled=True)),
            (
                "sizes",
                a_dataset(card_data={"dataset_info": [{"dataset_size": 1}]}, is_disabled=True),
            ),
            ("description", a_dataset(description="x", is_disabled=True)),
            ("citation", a_dataset(citation="x", is_disabled=True)),
            ("notDisabled", a_dataset()),
        ],
    )
    def test_each_has_its_points(self, item: str, dataset: Dataset) -> None:
        assert score(dataset) == POINTS[item]

    def test_an_unknown_license_is_none(self) -> None:
        assert score(a_dataset(card_data={"license": "unknown"}, is_disabled=True)) == 0
