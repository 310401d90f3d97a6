"""A shelf of models to list, and what each list of them must show."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from models.entities import ModelItem
from models.records import ModelRecord, ModelState
from tests.unit.models.strategies import a_record, instant

COUNT = 112
_EPOCH = datetime(2026, 1, 1)  # noqa: DTZ001  # UTC is meant
_NAMES = ("bert", "BERT", "Bert-large", "albert", "Öl", "öl-2", "gpt 大", "gpt 𝄞")
_LICENSES = ("MIT", "mit", "Apache-2.0", "ÖPL")
_SOURCES = ("hf", "github", "HF")
_SCORES = (None, 0.0, 0.5, 0.123456789, 1.0, 0.5)


def _record(number: int) -> ModelRecord:
    """Return the model of a number; its attributes repeat with periods of their own."""
    return a_record(
        id=f"00000000-0000-7000-8000-{number * 7919 % 10**6:012d}",
        name=_NAMES[number % len(_NAMES)],
        source=_SOURCES[number % len(_SOURCES)],
        license=_LICENSES[number % len(_LICENSES)],
        state=ModelState.DELETED if number % 9 == 0 else ModelState.ACTIVE,
        created_at=instant(_EPOCH + timedelta(minutes=number // 2)),
        updated_at=instant(_EPOCH + timedelta(days=1, minutes=number * 37 % COUNT)),
        net_score=_SCORES[number % len(_SCORES)],
    )


MODELS = [_record(number) for number in range(COUNT)]


def stock() -> None:
    """Put the models into the table, without their histories."""
    for model in MODELS:
        ModelItem.of(model).save()


_ORDERS: dict[str, Callable[[ModelRecord], tuple[object, ...]]] = {
    "UPDATED_AT": lambda model: (model.updated_at,),
    "CREATED_AT": lambda model: (model.created_at,),
    "NAME": lambda model: (model.name.casefold(),),
    "NET_SCORE": lambda model: (-1.0 if model.net_score is None else model.net_score,),
}
ORDERS = [(field, direction) for field in _ORDERS for direction in ("ASC", "DESC")]

_MIDDLE = MODELS[40]
Matches = Callable[[ModelRecord], bool]
FILTERS: dict[str, tuple[dict[str, object], Matches]] = {
    "none": ({}, lambda _: True),
    "states": ({"states": ["DELETED", "ACTIVE"]}, lambda _: True),
    "deleted": ({"states": ["DELETED"]}, lambda _: True),
    "no states": ({"states": []}, lambda _: True),
    "source": ({"source": "hf"}, lambda m: m.source == "hf"),
    "source of any state": (
        {"source": "hf", "states": ["DELETED", "ACTIVE"]},
        lambda m: m.source == "hf",
    ),
    "unknown source": ({"source": "elsewhere"}, lambda _: False),
    "license": ({"license": "mIt"}, lambda m: m.license.casefold() == "mit"),
    "license and source": (
        {"license": "öpl", "source": "github"},
        lambda m: (m.license, m.source) == ("ÖPL", "github"),
    ),
    "nameStartsWith": (
        {"nameStartsWith": "bErT"},
        lambda m: m.name.casefold().startswith("bert"),
    ),
    "nameStartsWith beyond ASCII": (
        {"nameStartsWith": "ÖL"},
        lambda m: m.name.casefold().startswith("öl"),
    ),
    "nameContains": ({"nameContains": "BERT"}, lambda m: "bert" in m.name.casefold()),
    "both of the name": (
        {"nameContains": "LARGE", "nameStartsWith": "b"},
        lambda m: m.name == "Bert-large",
    ),
    "minNetScore": ({"minNetScore": 0.5}, lambda m: (m.net_score or 0) >= 0.5),
    "minNetScore 0": ({"minNetScore": 0}, lambda m: m.net_score is not None),
    "minNetScore below 0": ({"minNetScore": -1.5}, lambda m: m.net_score is not None),
    "minNetScore above 1": ({"minNetScore": 1.5}, lambda _: False),
    "minNetScore with decimals": (
        {"minNetScore": 0.123456789},
        lambda m: (m.net_score or 0) >= 0.123456789,
    ),
    "created": (
        {"createdAfter": MODELS[10].created_at, "createdBefore": MODELS[60].created_at},
        lambda m: MODELS[10].created_at < m.created_at < MODELS[60].created_at,
    ),
    "updated": (
        {"updatedAfter": _MIDDLE.updated_at},
        lambda m: m.updated_at > _MIDDLE.updated_at,
    ),
    "updated before": (
        {"updatedBefore": _MIDDLE.updated_at},
        lambda m: m.updated_at < _MIDDLE.updated_at,
    ),
    "updated in no time": (
        {"updatedAfter": _MIDDLE.updated_at, "updatedBefore": _MIDDLE.updated_at},
        lambda _: False,
    ),
}
"""Filters by a name, with the rule that they must follow, states apart."""


def expected(wanted: dict[str, object], matches: Matches, order: tuple[str, str]) -> list[str]:
    """Return the ids of the models that a list must show, in their order."""
    states = wanted.get("states", ["ACTIVE"])
    assert isinstance(states, Iterable)
    field, direction = order
    chosen = [model for model in MODELS if model.state.value in states and matches(model)]
    ordered = sorted(chosen, key=lambda model: (*_ORDERS[field](model), model.id))
    if direction == "DESC":
        ordered.reverse()
    return [model.id for model in ordered]
