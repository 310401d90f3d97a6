"""The twelve checks of graphql-cop: what each sends, and what it takes for a weakness.

The tool itself is in no package registry: https://github.com/dolevf/graphql-cop
"""

from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlencode

import pytest

from models.settings import Settings
from tests.api.client import Api
from tests.api.conftest import OpenDoor

ON: Final = Settings(introspection=True, get_queries=True, playground=True)
OFF: Final = Settings(introspection=False, get_queries=False, playground=False)

_IDE_PATHS: Final = ("/graphiql", "/playground", "/console", "/graphql")
_IDE_MARKS: Final = ("graphiql.min.css", "graphql playground", "graphiql", "graphql-playground")
_FORM: Final = {"content-type": "application/x-www-form-urlencoded"}


def _data(answer: Any) -> dict[str, Any]:  # noqa: ANN401  # JSON can be anything
    """Return the data of one answer, or of the first of several."""
    one = answer[0] if isinstance(answer, list) else answer
    return one.get("data") or {}


def alias_overloading(api: Api) -> bool:
    aliases = " ".join(f"alias{n}: __typename" for n in range(101))
    return "alias100" in _data(api.post(f"query {{ {aliases} }}").json)


def array_batching(api: Api) -> bool:
    one = '{"query": "query { __typename }"}'
    answer = api.post_body(f"[{','.join([one] * 11)}]").json
    return isinstance(answer, list) or bool(_data(answer))


def circular_introspection(api: Api) -> bool:
    deep = "fields { type { " * 4 + "name" + " } }" * 4
    return "__schema" in _data(api.post(f"query {{ __schema {{ types {{ {deep} }} }} }}").json)


def directive_overloading(api: Api) -> bool:
    answer = api.post(f"query {{ __typename {'@aa' * 10} }}").json
    return len(answer["errors"]) >= 10


def field_suggestions(api: Api) -> bool:
    asked = (
        "query { __schema { directive } }",
        "query { model(idd: 1) { nam } viewr { subject } }",
    )
    return any("Did you mean" in api.post(query).body.decode() for query in asked)


def get_based_mutation(api: Api) -> bool:
    return bool(_data(api.get(query="mutation { __typename }").json))


def get_based_query(api: Api) -> bool:
    return bool(_data(api.get(query="query { __typename }").json))


def graphql_ide(api: Api) -> bool:
    """As a program asks, and as a browser does."""
    return any(
        mark in api.send("GET", path, headers={"accept": accept}).body.decode().lower()
        for path in _IDE_PATHS
        for accept in ("*/*", "text/html,application/xhtml+xml,*/*;q=0.8")
        for mark in _IDE_MARKS
    )


def introspection(api: Api) -> bool:
    return "__schema" in _data(api.post("query { __schema { types { name } } }").json)


def post_based_csrf(api: Api) -> bool:
    """In the body, as a page's form sends it, and in the URL."""
    form = urlencode({"query": "query { __typename }"})
    replies = (
        api.post_body(form, headers=_FORM),
        api.send("POST", query_string=form),
        api.send("POST", query_string=form, headers=_FORM),
    )
    return any(_data(reply.json) for reply in replies)


def trace_mode(api: Api) -> bool:
    body = api.post("query { __typename }").body.decode().lower()
    return any(mark in body for mark in ("tracing", "stacktrace", "exception"))


def unhandled_errors(api: Api) -> bool:
    reply = api.post("qwerty cop { abc }")
    leaks = ("exception", "traceback", ".py", "graphql-core", "strawberry")
    return reply.status >= 500 or any(mark in reply.body.decode().lower() for mark in leaks)


CHECKS: Final[list[Callable[[Api], bool]]] = [
    alias_overloading,
    array_batching,
    circular_introspection,
    directive_overloading,
    field_suggestions,
    get_based_mutation,
    get_based_query,
    graphql_ide,
    introspection,
    post_based_csrf,
    trace_mode,
    unhandled_errors,
]


class TestGraphqlCop:
    """What it finds, through both doors."""

    @pytest.mark.parametrize(
        ("settings", "expected"),
        [(OFF, set()), (ON, {"introspection", "get_based_query", "graphql_ide"})],
        ids=["off", "on"],
    )
    def test_finds_only_what_is_switched_on(
        self, open_door: OpenDoor, settings: Settings, expected: set[str]
    ) -> None:
        api = Api(open_door(settings))
        assert {check.__name__ for check in CHECKS if check(api)} == expected

    @pytest.mark.parametrize(
        ("settings", "check"),
        [
            (Settings(get_queries=False, playground=False), introspection),
            (Settings(introspection=False, playground=False), get_based_query),
            (Settings(introspection=False, get_queries=False), graphql_ide),
        ],
        ids=["introspection", "get", "playground"],
    )
    def test_each_switch_is_its_own(
        self, open_door: OpenDoor, settings: Settings, check: Callable[[Api], bool]
    ) -> None:
        api = Api(open_door(settings))
        assert [other for other in CHECKS if other(api)] == [check]
