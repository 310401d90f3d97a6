"""A model that is registered by being evaluated: what of the Hub's description it keeps. Pure."""

from collections.abc import Mapping

from models import json_text
from models.evaluation.facts import ModelFacts
from models.evaluation.links import declared_datasets
from models.evaluation.page import Page, model_url
from models.ids import new_id
from models.json_text import Json
from models.license.declared import declared_license
from models.records import ModelRecord, ModelState, Prose
from models.source_url import claimed_url
from models.timestamps import Timestamp

SOURCE = "hf"
UNDECLARED = "unknown"
"""The Hub's own word for a license that nobody declared."""
ALIASES_MAX = 8
_LIST_MAX_ITEMS = 32
_COUNT_END = 10**18
_TEXT_MAX_CHARACTERS = 100
"""All together, even in the widest script, fits into the metadata of a model."""


def new_model(facts: ModelFacts, aliases: tuple[str, ...], now: Timestamp) -> ModelRecord:
    """Make the model of a page that nobody registered yet."""
    return ModelRecord(
        id=new_id(),
        name=facts.repo_id,
        source=SOURCE,
        source_url=model_url(facts.repo_id),
        license=declared_license(facts.card_data, facts.tags) or UNDECLARED,
        state=ModelState.ACTIVE,
        version=1,
        created_at=now,
        updated_at=now,
        net_score=None,
        prose=Prose(json_text.dumps(metadata_of(facts)), ""),
        head_hash=None,
        source_aliases=aliases,
    )


def aliases_of(page: Page, repo_id: str) -> tuple[str, ...]:
    """Return the address that led to a model by a rename, where one did."""
    asked = model_url(page.repo_id)
    return () if claimed_url(asked) == claimed_url(model_url(repo_id)) else (asked,)


def metadata_of(facts: ModelFacts) -> dict[str, Json]:
    """Return what people look a model up by, without what it says that metadata cannot hold."""
    fields: Mapping[str, Json] = {
        "huggingFaceId": facts.repo_id,
        "revision": facts.revision,
        "pipelineTag": facts.pipeline_tag,
        "libraryName": facts.library_name,
        "tags": list(facts.tags[:_LIST_MAX_ITEMS]),
        "datasets": list(declared_datasets(facts)[:_LIST_MAX_ITEMS]),
        "baseModel": facts.card_data.get("base_model"),
        "languages": facts.card_data.get("language"),
        "parameters": dict(facts.parameters) or None,
    }
    kept = {name: _short(value) for name, value in fields.items()}
    return {name: value for name, value in kept.items() if value not in (None, [], {})}


def _short(value: Json) -> Json:
    """Return a value if it is of a kind that people look up: texts and numbers, cut to size."""
    if isinstance(value, list):
        items = [_short(item) for item in value[:_LIST_MAX_ITEMS]]
        return [item for item in items if isinstance(item, str)]
    if isinstance(value, dict):
        entries = list(value.items())[:_LIST_MAX_ITEMS]
        return {key: number for key, number in entries if _is_name(key) and _is_count(number)}
    if not isinstance(value, str) or json_text.text_problem(value):
        return None
    return value[:_TEXT_MAX_CHARACTERS]


def _is_name(key: str) -> bool:
    return key != "" and _short(key) == key


def _is_count(value: Json) -> bool:
    return isinstance(value, int) and abs(value) < _COUNT_END
