"""docs/DATA_MODEL.md: its entities, keys, indexes and projections."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

import models.entities
from models.entities.artifact import artifact_key
from models.entities.change import change_key
from models.entities.evaluation import evaluation_key, model_evaluation_key, under_way_key
from models.entities.indexes import LISTED
from models.entities.item import Item, Key
from models.entities.model import model_key
from models.entities.upload import upload_key
from models.evaluation.record import Request
from models.history.chain import Attribution
from tests.unit.docs_bench import table_rows

DATA_MODEL: Final = (Path(__file__).parents[2] / "docs" / "DATA_MODEL.md").read_text()


class TestDataModel:
    """The tables of DATA_MODEL.md."""

    @pytest.mark.parametrize(
        "entity",
        [getattr(models.entities, name) for name in models.entities.__all__],
        ids=lambda entity: entity.__name__,
    )
    def test_every_entity_is_there(self, entity: type[Item]) -> None:
        assert entity.kind.get_discriminator(entity) in table_rows(DATA_MODEL)

    def test_keys_are_those_of_the_code(self) -> None:
        rows = table_rows(DATA_MODEL)
        assert [f"`{part}`" for part in model_key("<model id>")] == rows["Model"][:2]
        key = change_key("<model id>", "<timestamp>")
        assert [f"`{part}`" for part in key] == rows["ChangeEntry"][:2]
        upload = upload_key("<model id>", "<artifact id>")
        assert [f"`{part}`" for part in upload] == rows["Upload"][:2]
        job = evaluation_key("<evaluation id>")
        assert [f"`{part}`" for part in job] == rows["Evaluation"][:2]

    @pytest.mark.parametrize(
        ("entity", "key"),
        [("Artifact", artifact_key), ("ModelEvaluation", model_evaluation_key)],
    )
    def test_what_belongs_to_a_model_sorts_newest_first(
        self, entity: str, key: Callable[[str, str], Key]
    ) -> None:
        newest, older = (key("<model id>", f"{digit:032x}") for digit in (1, 0))
        assert newest < older
        partition, sort = (part.strip("`") for part in table_rows(DATA_MODEL)[entity][:2])
        assert newest.pk == partition
        assert newest.sk.startswith(sort.partition("<")[0])

    def test_the_key_of_what_is_under_way_is_that_of_the_code(self) -> None:
        by = Attribution("ann", "ann")
        whole = under_way_key(Request("", "a/b", "<revision>", "<model id>", by, ""))
        plain = under_way_key(Request("", "a/b", None, None, by, ""))
        assert plain.sk == "EVALUATION"
        assert table_rows(DATA_MODEL)["EvaluationUnderWay"][:2] == [
            "`SOURCE#<SHA-256 of the canonical URL>`",
            f"`{whole.sk}`",
        ]

    @pytest.mark.parametrize("name", Item._indexes)
    def test_every_index_is_there(self, name: str) -> None:
        schema = Item._indexes[name]._get_schema()
        keys = {key["KeyType"]: key["AttributeName"] for key in schema["key_schema"]}
        partition, sort = table_rows(DATA_MODEL)[name][:2]
        assert f"`{keys['HASH']}`" in partition
        assert f"`{keys['RANGE']}`" in sort

    def test_projections_are_those_of_the_code(self) -> None:
        projections = [index.Meta.projection for index in Item._indexes.values()]
        projected = [list(projection.non_key_attributes) for projection in projections]
        paragraph = " ".join(DATA_MODEL.partition("Each projects")[2].partition("\n\n")[0].split())
        assert {*re.findall("`(\\w+)`", paragraph)} - {"by_source", "by_license"} == {
            name for names in projected for name in names
        }
        assert all(f"`{name}`" in paragraph for name in LISTED)
        assert f"That is {sum(map(len, projected))} of" in paragraph
