"""DATASET_AND_CODE: what a model comes from can be reached."""

import pytest

from models.evaluation.facts import Dataset, Unread
from models.evaluation.finding import MetricStatus
from models.evaluation.metrics.dataset_and_code import measure
from models.evaluation.metrics.scripts import is_training_script
from tests.unit.models.evaluation.facts_builder import (
    ABSENT,
    UNREAD,
    a_dataset,
    a_model,
    a_repository,
    facts,
)

GONE = Dataset("acme/gone", ABSENT)
UNREADABLE = Dataset("acme/data", UNREAD)
SCRIPT = a_model(files=["train.py"])


class TestDatasets:
    """The half for data."""

    def test_all_found_gives_the_half(self) -> None:
        assert measure(facts(datasets=[a_dataset("a"), a_dataset("b")])).score == 0.5

    def test_each_counts_alike(self) -> None:
        found = measure(facts(datasets=[a_dataset("a"), GONE, GONE]))
        assert found.score == 0.1667
        assert [item.points > 0 for item in found.evidence] == [True, False, False, False]

    def test_one_that_the_hub_took_off_is_not_found(self) -> None:
        assert measure(facts(datasets=[a_dataset(is_disabled=True)])).score == 0

    def test_declaring_none_gives_nothing_and_says_so(self) -> None:
        found = measure(facts())
        assert found.score == 0
        assert "none is declared" in found.evidence[0].note

    def test_one_that_could_not_be_read_makes_it_unknown(self) -> None:
        found = measure(facts(datasets=[a_dataset(), UNREADABLE], repository=a_repository()))
        assert found.status is MetricStatus.UNKNOWN


class TestCode:
    """The half for code."""

    def test_a_repository_that_was_found_gives_the_half(self) -> None:
        assert measure(facts(repository=a_repository())).score == 0.5

    @pytest.mark.parametrize("path", ["train.py", "code/run_glue.py", "demo.ipynb"])
    def test_so_does_a_program_among_the_files(self, path: str) -> None:
        assert measure(facts(a_model(files=[path]))).score == 0.5

    def test_both_give_no_more(self) -> None:
        assert measure(facts(SCRIPT, repository=a_repository())).score == 0.5

    def test_a_repository_that_could_not_be_read_makes_it_unknown(self) -> None:
        assert measure(facts(repository=UNREAD)).status is MetricStatus.UNKNOWN

    @pytest.mark.parametrize("why", [UNREAD, Unread("rate limit")])
    def test_unless_a_script_decides_it(self, why: Unread) -> None:
        assert measure(facts(SCRIPT, repository=why)).score == 0.5


class TestTrainingScripts:
    """Programs that train, by their names."""

    @pytest.mark.parametrize(
        "path",
        [
            "train.py",
            "src/train_model.py",
            "pretrain.sh",
            "run_mlm.py",
            "finetune.py",
            "fine-tuning.ipynb",
            "model_train.py",
            "trainer.py",
            "x/training.ipynb",
        ],
    )
    def test_are(self, path: str) -> None:
        assert is_training_script(path)

    @pytest.mark.parametrize(
        "path",
        [
            "eval.py",
            "training_args.bin",
            "train.txt",
            "constrain.py",
            "run_eval.py",
            "strain.py",
            ".ipynb_checkpoints/train.py",
            "modeling_tiny.py",
            "trainer_state.json",
        ],
    )
    def test_are_not(self, path: str) -> None:
        assert not is_training_script(path)
