"""What a model declares that stands elsewhere."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.evaluation.links import LIBRARY_REPOSITORIES, declared_datasets, linked_repository
from models.json_text import Json
from tests.unit.models.evaluation.facts_builder import a_model
from tests.unit.models.strategies import json_values


class TestDeclaredDatasets:
    """Names of datasets."""

    @pytest.mark.parametrize(
        ("stated", "names"),
        [
            ("squad", ["squad"]),
            (["squad", "acme/data", "squad"], ["squad", "acme/data"]),
            ([{"name": "squad"}, {"id": "x"}, 3, None], ["squad"]),
            ({"name": "acme/data"}, ["acme/data"]),
        ],
    )
    def test_stand_in_the_front_matter(self, stated: Json, names: list[str]) -> None:
        model = a_model(card_data={"datasets": stated}, tags=["dataset:other"])
        assert declared_datasets(model) == tuple(names)

    @pytest.mark.parametrize("stated", [None, [], "", "not a name"])
    def test_else_in_tags(self, stated: Json) -> None:
        tags = ["dataset:a", "license:mit", "dataset:b/c", "dataset:a", "dataset:"]
        model = a_model(card_data={"datasets": stated}, tags=tags)
        assert declared_datasets(model) == ("a", "b/c")

    @pytest.mark.parametrize(
        "name",
        [
            *"é.-",
            "..",
            "a/..",
            "../a",
            "a/b/c",
            "a b",
            "a--b",
            "a.",
            "-a",
            "a/b.git",
            "a./b",
            "a\n",
        ],
    )
    def test_that_the_hub_does_not_allow_are_none(self, name: str) -> None:
        assert declared_datasets(a_model(card_data={"datasets": [name]})) == ()

    @given(json_values, st.lists(st.text()))
    def test_any_json_is_read(self, stated: Json, tags: list[str]) -> None:
        model = a_model(card_data={"datasets": stated}, tags=tags)
        for name in declared_datasets(model):
            assert not {".", ".."} & set(name.split("/"))


class TestLinkedRepository:
    """The repository of a model's code."""

    @pytest.mark.parametrize(
        "card",
        [
            "[the paper's code](https://github.com/acme/code)",
            "see https://github.com/acme/code.",
            "http://www.github.com/acme/code",
            "github.com/acme/code",
            "https://GitHub.com/acme/code.git",
            "https://github.com/acme/code/tree/main/src",
            "https://github.com/acme/code/blob/v1/README.md#usage",
            "https://github.com/acme/code#readme",
            "https://github.com/acme/code?tab=readme-ov-file",
            '<a href="https://github.com/acme/code">code</a>',
            "```sh\ngit clone https://github.com/acme/code.git\n```",
            "```sh\npip install git+https://github.com/acme/code@v1\n```",
            "```sh\ngit clone git@github.com:acme/code.git\n```",
            "---\na: https://github.com/other/thing\n---\nhttps://github.com/acme/code",
        ],
    )
    def test_is_linked_in_any_form(self, card: str) -> None:
        assert linked_repository(card) == ("acme", "code")

    @pytest.mark.parametrize(
        "card",
        [
            "",
            "https://github.com/acme",
            "https://github.com/acme/",
            "https://gist.github.com/acme/123",
            "https://raw.githubusercontent.com/acme/code/main/a.py",
            "https://github.com/topics/nlp",
            "https://github.com/acme/..",
            "https://github.com/acme/.",
            "https://github.com/acme/.git",
            "https://github.com/-acme/code",
            f"https://github.com/{'a' * 40}/code",
            f"https://github.com/acme/{'a' * 101}",
            "https://notgithub.com/acme/code",
            "https://github.com.evil.example/acme/code",
            "https://evil.example/github.com/acme/code",
            "https://evil.example/https://github.com/acme/code",
            "https://github.com@evil.example/acme/code",
            "https://github.com:443/acme/code",
            "```py\nx = 'https://github.com/acme/code'\n```",
            "https://github.com/huggingface/transformers",
            "- **Repository:** https://github.com/UKPLab/sentence-transformers",
        ],
    )
    def test_nothing_else_is(self, card: str) -> None:
        assert linked_repository(card) is None

    @pytest.mark.parametrize(
        "label",
        [
            "- **Repository:** https://github.com/acme/code",
            "- **Repository [optional]:** [here](https://github.com/acme/code)",
            "**Code**: https://github.com/acme/code",
            "Source code: https://github.com/acme/code",
            "[GitHub](https://github.com/acme/code)",
            "[paper](https://x.example) | [💻 Code](https://github.com/acme/code)",
            "| Repository | https://github.com/acme/code |\n|-|-|\n",
        ],
    )
    def test_a_labelled_link_wins(self, label: str) -> None:
        card = f"By [us](https://github.com/other/thing).\n\n{label}\n"
        assert linked_repository(card) == ("acme", "code")

    def test_else_the_first_that_is_no_library(self) -> None:
        card = (
            "https://github.com/huggingface/diffusers and https://github.com/acme/code\n\n"
            "https://github.com/other/thing"
        )
        assert linked_repository(card) == ("acme", "code")

    def test_links_to_data_and_results_of_others_are_passed_over(self) -> None:
        card = (
            "|data|\n|-|\n|https://github.com/other/a|\n\n## Training data\n\n"
            "https://github.com/other/b\n\n## Usage\n\nhttps://github.com/acme/code"
        )
        assert linked_repository(card) == ("acme", "code")

    def test_libraries_are_written_as_they_are_compared(self) -> None:
        assert all(name == name.lower() and name.count("/") == 1 for name in LIBRARY_REPOSITORIES)

    @given(st.text())
    def test_any_text_is_read(self, card: str) -> None:
        linked_repository(card)
