"""RAMP_UP_TIME: a checklist over the card and the files."""

import pytest

from models.evaluation.card_blocks import Code
from models.evaluation.finding import MetricStatus
from models.evaluation.metrics.ramp_up_time import POINTS, measure
from models.evaluation.metrics.snippets import runs_model
from tests.unit.models.evaluation.facts_builder import ABSENT, UNREAD, a_model, facts, points

WORDS = "Every word of this sentence was written by the author of the model. " * 5

TEMPLATE = """---
license: mit
---
# Model Card for Model ID

<!-- Provide a quick summary of what the model is/does. -->

## Model Details

This is the model card of a model on the Hub. This model card has been automatically generated.

- **Developed by:** [More Information Needed]
- **Repository:** [More Information Needed]

## Uses

### Direct Use

<!-- This section is for the model use without fine-tuning or plugging into a larger app. -->

[More Information Needed]

## Bias, Risks, and Limitations

[More Information Needed]

### Recommendations

Users should be made aware of the risks. More information needed for further recommendations.

## How to Get Started with the Model

Use the code below to get started with the model.

[More Information Needed]

## Training Details

#### Preprocessing [optional]

{{ preprocessing | default("[More Information Needed]", true) }}
"""


def of_card(card: str, repo_id: str = "acme/tiny") -> dict[str, float]:
    return points(measure(facts(a_model(repo_id=repo_id), card=card)))


def of_files(*paths: str, library: str | None = None) -> dict[str, float]:
    return points(measure(facts(a_model(files=paths, library=library))))


class TestRampUpTime:
    """The whole checklist."""

    def test_a_card_with_everything_scores_1(self) -> None:
        card = (
            f"# Tiny\n\n{WORDS}\n\n## How to use\n\n```python\nfrom x import load\n"
            "model = load('acme/tiny')\n```\n\n## Limitations\n\nIt knows nothing of any other"
            " language.\n\n## Format\n\n- **Input:** an English sentence of at most 512 tokens\n"
            "- **Output:** a vector of 384 numbers for each sentence\n"
        )
        files = ["config.json", "tokenizer.json"]
        model = a_model(files=files, library="transformers", task="fill-mask")
        found = measure(facts(model, card=card))
        assert found.score == 1
        assert points(found) == POINTS

    def test_an_unfilled_template_scores_0(self) -> None:
        assert measure(facts(card=TEMPLATE)).score == 0

    def test_without_a_card_the_files_still_count(self) -> None:
        found = measure(facts(a_model(files=["config.json"], library="timm"), card=ABSENT))
        assert found.status is MetricStatus.MEASURED
        assert found.score == 0.15
        assert points(found)["Written card"] == 0

    def test_a_card_that_could_not_be_read_makes_it_unknown(self) -> None:
        found = measure(facts(a_model(files=["config.json"]), card=UNREAD))
        assert found.status is MetricStatus.UNKNOWN
        assert UNREAD.why in found.evidence[0].note

    def test_every_item_is_told_also_where_it_was_not_found(self) -> None:
        assert list(points(measure(facts(card="")))) == list(POINTS)


class TestWrittenCard:
    """Whether somebody wrote the card."""

    def test_needs_words_of_its_own(self) -> None:
        assert of_card(WORDS)["Written card"] == POINTS["Written card"]
        assert of_card("Too short.")["Written card"] == 0

    def test_at_most_a_third_of_the_sections_may_be_empty(self) -> None:
        filled, empty = f"## A\n\n{WORDS}\n\n", "## B\n\nMore information needed\n\n"
        assert of_card(2 * filled + empty)["Written card"] > 0
        assert of_card(filled + empty)["Written card"] == 0

    def test_code_fills_a_section(self) -> None:
        assert of_card(f"{WORDS}\n\n## A\n\n```\nx\n```\n")["Written card"] > 0


class TestUsageSection:
    """A section that tells how to run the model."""

    @pytest.mark.parametrize(
        "title",
        ["Usage", "How to use", "Quickstart", "Get Started", "Use with vLLM", "Inference examples"],
    )
    def test_is_known_by_its_title(self, title: str) -> None:
        assert of_card(f"## {title}\n\n```py\nrun()\n```")["Usage section"] > 0

    @pytest.mark.parametrize(
        "title", ["Intended uses", "Out-of-scope use", "How to cite", "Training examples", "Uses"]
    )
    def test_other_titles_are_none(self, title: str) -> None:
        assert of_card(f"## {title}\n\n{WORDS}")["Usage section"] == 0

    def test_must_be_filled(self) -> None:
        assert (
            of_card("## Usage\n\n[More Information Needed]\n\n## Next\n\nx")["Usage section"] == 0
        )

    def test_may_be_filled_by_its_subsections(self) -> None:
        assert of_card("## Usage\n\n### Python\n\n```py\nrun()\n```")["Usage section"] > 0


class TestRunnableSnippet:
    """A block of code that runs this very model."""

    @pytest.mark.parametrize(
        "code",
        [
            "AutoModel.from_pretrained('acme/tiny')",
            "import x\nx('tiny')",
            'pipeline("fill-mask", model="Acme/Tiny")',
            "vllm serve acme/tiny",
            "ollama run hf.co/acme/tiny:Q4",
            "tool --model tiny",
        ],
    )
    def test_names_it_by_its_id_or_its_name(self, code: str) -> None:
        assert runs_model(Code("", code), "acme/tiny")

    @pytest.mark.parametrize(
        "code",
        [
            "AutoModel.from_pretrained('other/tiny')",
            "AutoModel.from_pretrained('acme/tiny-large')",
            "AutoModel.from_pretrained('big-acme/tiny')",
            "import tiny",
            "# acme/tiny\nimport x",
            "git clone https://huggingface.co/acme/tiny",
            "acme/tiny",
        ],
    )
    def test_another_model_or_no_program_is_none(self, code: str) -> None:
        assert not runs_model(Code("", code), "acme/tiny")

    @pytest.mark.parametrize("language", ["bibtex", "json", "text"])
    def test_data_is_none(self, language: str) -> None:
        assert not runs_model(Code(language, "load('acme/tiny')"), "acme/tiny")

    def test_a_model_without_an_owner_is_named_in_quotes(self) -> None:
        assert runs_model(Code("", "load('gpt2')"), "gpt2")
        assert not runs_model(Code("", "load(gpt2)"), "gpt2")

    def test_must_be_a_block_of_code(self) -> None:
        assert of_card("Call `load('acme/tiny')`.")["Runnable snippet"] == 0
        assert of_card("```\nload('acme/tiny')\n```")["Runnable snippet"] > 0


class TestFiles:
    """What a library builds and feeds the model with."""

    def test_transformers(self) -> None:
        found = of_files("config.json", "tokenizer_config.json")
        assert found["Configuration file"] > 0
        assert found["Tokenizer or processor file"] > 0

    def test_diffusers(self) -> None:
        found = of_files("model_index.json", "scheduler/scheduler_config.json")
        assert found["Configuration file"] > 0
        assert found["Tokenizer or processor file"] > 0

    def test_a_gguf_file_carries_both(self) -> None:
        found = of_files("tiny.Q4_K_M.gguf")
        assert found["Configuration file"] > 0
        assert found["Tokenizer or processor file"] > 0

    def test_timm_states_both_in_one_file(self) -> None:
        assert of_files("config.json", library="timm")["Tokenizer or processor file"] > 0
        assert of_files("config.json")["Tokenizer or processor file"] == 0

    def test_weights_alone_are_neither(self) -> None:
        found = of_files("model.safetensors")
        assert found["Configuration file"] == found["Tokenizer or processor file"] == 0


class TestLimitations:
    """A section on what the model cannot do."""

    @pytest.mark.parametrize(
        "title", ["Limitations and bias", "Bias, Risks", "Out-of-Scope Use", "Known issues"]
    )
    def test_is_known_by_its_title(self, title: str) -> None:
        assert of_card(f"## {title}\n\n{WORDS}")["Limitations section"] > 0

    def test_must_be_filled(self) -> None:
        assert of_card("## Limitations\n\nNone.")["Limitations section"] == 0


class TestInputsAndOutputs:
    """What goes in and what comes out."""

    def test_are_described_apart(self) -> None:
        found = of_card("The input is a sentence of English text.")
        assert found["Inputs described"] > 0
        assert found["Outputs described"] == 0

    def test_naming_them_is_not_describing_them(self) -> None:
        assert of_card("Inputs: text")["Inputs described"] == 0

    def test_in_code_they_do_not_count(self) -> None:
        code = "```\ninput = 'one two three four five'\n```"
        assert of_card(code)["Inputs described"] == 0
