"""REPRODUCIBILITY: what it takes to train a model again."""

import pytest

from models.evaluation.finding import MetricStatus
from models.evaluation.metrics.reproducibility import POINTS, measure
from tests.unit.models.evaluation.facts_builder import ABSENT, UNREAD, a_model, facts, points

TRAINED = "learning rate of 2e-5, batch size 16"


def of_card(card: str) -> dict[str, float]:
    return points(measure(facts(card=card)))


def of_files(*paths: str) -> dict[str, float]:
    return points(measure(facts(a_model(files=paths), card=ABSENT)))


class TestReproducibility:
    """The whole list."""

    def test_a_card_that_states_everything_scores_1(self) -> None:
        card = (
            f"Trained with a {TRAINED} and seed 42 on version 2.1 of the dataset by "
            "[this script](https://github.com/acme/code/blob/main/train.py).\n\n"
            "- Transformers 4.38.2\n- Pytorch 2.1.0\n"
        )
        found = measure(facts(card=card))
        assert found.score == 1
        assert points(found) == POINTS

    def test_a_card_that_states_nothing_scores_0(self) -> None:
        found = measure(facts(card="A model."))
        assert found.score == 0
        assert list(points(found)) == list(POINTS)

    def test_without_a_card_the_files_still_count(self) -> None:
        found = of_files("train.py", "poetry.lock", "training_args.json")
        assert sum(found.values()) == pytest.approx(0.6)

    def test_a_card_that_could_not_be_read_makes_it_unknown(self) -> None:
        found = measure(facts(a_model(files=["train.py"]), card=UNREAD))
        assert found.status is MetricStatus.UNKNOWN


class TestHyperparameters:
    """Values that steer the training."""

    @pytest.mark.parametrize(
        "text",
        [
            TRAINED,
            "AdamW with a 2e-5 learning rate",
            "- learning_rate: 2e-05\n- num_epochs: 3",
            "```yaml\nlr: 0.001\nweight_decay: 0.1\n```",
            "### Hyperparameters\n\nThe values are those of the paper's second table.",
        ],
    )
    def test_are_stated(self, text: str) -> None:
        assert of_card(text)["Hyperparameters"] > 0

    @pytest.mark.parametrize(
        "text",
        [
            "```py\npipe(x, batch_size=16, temperature=0.7)\n```",
            "A small learning rate helps.",
            "learning rate of 2e-5",
            "### Hyperparameters\n\n[More Information Needed]",
        ],
    )
    def test_are_not(self, text: str) -> None:
        assert of_card(text)["Hyperparameters"] == 0


class TestSeed:
    """The seed of the random numbers."""

    @pytest.mark.parametrize("text", ["- seed: 42", "a random seed of 7"])
    def test_is_stated(self, text: str) -> None:
        assert of_card(text)["Seed"] > 0

    def test_in_code_that_trains_it_is_too(self) -> None:
        assert of_card("```yaml\nlr: 0.1\nseed: 1\n```")["Seed"] > 0

    def test_that_of_an_example_is_another(self) -> None:
        assert of_card("```py\nset_seed(42)\n```")["Seed"] == 0

    def test_without_a_number_it_is_not_stated(self) -> None:
        assert of_card("We fixed the seed.")["Seed"] == 0


class TestDataRevision:
    """Which state of the data it was."""

    @pytest.mark.parametrize(
        "text",
        [
            "the dataset at revision 5a1b",
            "Wikipedia data, dump 20220301",
            "version 1.2 of the corpus",
            "```py\nload_dataset('a/b', revision='v1')\n```",
            f"[data](https://huggingface.co/datasets/a/b/tree/{'0' * 40})",
        ],
    )
    def test_is_stated(self, text: str) -> None:
        assert of_card(text)["Data revision"] > 0

    @pytest.mark.parametrize(
        "text",
        [
            "trained on 40GB of data",
            "```py\nload_dataset('a/b')\n```",
            "[data](https://huggingface.co/datasets/a/b/tree/main)",
        ],
    )
    def test_is_not(self, text: str) -> None:
        assert of_card(text)["Data revision"] == 0

    def test_a_model_index_may_state_it(self) -> None:
        index = [{"results": [{"dataset": {"type": "a/b", "revision": "0" * 40}}]}]
        found = measure(facts(a_model(model_index=index)))  # type: ignore[arg-type]
        assert points(found)["Data revision"] > 0


class TestPinnedDependencies:
    """The versions of the libraries."""

    @pytest.mark.parametrize(
        "text",
        [
            "```sh\npip install torch==2.1 trl==0.7\n```",
            "- PEFT 0.8\n- Transformers: 4.38",
            "| Library | Version |\n|-|-|\n| torch | 2.1 |\n| datasets | 2.18 |",
        ],
    )
    def test_are_stated(self, text: str) -> None:
        assert of_card(text)["Pinned dependencies"] > 0

    @pytest.mark.parametrize(
        "text", ["```sh\npip install vllm==0.10\n```", "```sh\npip install -U torch\n```"]
    )
    def test_are_not(self, text: str) -> None:
        assert of_card(text)["Pinned dependencies"] == 0

    @pytest.mark.parametrize("path", ["uv.lock", "env/environment.yml", "requirements-dev.lock"])
    def test_a_file_that_pins_states_them(self, path: str) -> None:
        assert of_files(path)["Pinned dependencies"] > 0

    def test_requirements_whose_text_is_not_read_do_not(self) -> None:
        assert of_files("requirements.txt")["Pinned dependencies"] == 0


class TestTrainingScript:
    """The program that trained it."""

    def test_is_linked_called_or_among_the_files(self) -> None:
        assert of_card("https://github.com/a/b/blob/main/run_mlm.py")["Training script"] > 0
        assert of_card("```sh\npython src/train.py --x\n```")["Training script"] > 0
        assert of_files("scripts/train.py")["Training script"] > 0

    def test_a_name_alone_may_be_that_of_no_file(self) -> None:
        assert of_card("The script is `train_script.py`.")["Training script"] == 0
