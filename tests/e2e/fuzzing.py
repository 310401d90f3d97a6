"""Schemathesis on the running server: requests made up from the schema, each answered as agreed.

The suite makes a few for each operation. For a hunt, `python -m tests.e2e.fuzzing 200` makes 200.
A request may well be refused, as most of what is made up deserves: with a code, never by a crash.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

import schemathesis
from graphql import (
    ConstListValueNode,
    ConstObjectFieldNode,
    ConstObjectValueNode,
    FloatValueNode,
    IntValueNode,
    NameNode,
    StringValueNode,
    ValueNode,
)
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy
from schemathesis.core.result import Ok

from graph.errors import ErrorCode
from graph.local.server import LocalServer
from models.settings import Settings

SEED: Final = 20_261_123
GRAPHQL: Final = "application/graphql-response+json"
"""With this, only what was executed is answered with 200."""
_INSTANTS: Final = (
    "2026-11-23T10:15:30.123456Z",
    "2026-11-23T10:15:30+02:00",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:59.999999-23:59",
    "2026-02-30T00:00:00Z",
    "2016-12-31T23:59:60Z",
    "yesterday",
)
_EXPECTED_CODES: Final = frozenset(ErrorCode) - {ErrorCode.INTERNAL_SERVER_ERROR}


@dataclass(slots=True)
class Findings:
    """What became of an operation's requests.

    Attributes:
        outcomes: how often each code was answered; "data" where there was no error.
        faults: what was answered otherwise than agreed, with the request.
    """

    outcomes: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def note(self, request: str, status: int, body: bytes) -> None:
        """Look at an answer."""
        try:
            errors = _errors(status, json.loads(body))
        except (AssertionError, LookupError, TypeError, ValueError) as error:
            self.faults.append(f"{request}\n{status} {body[:1_000]!r}\n{error!r}")
        else:
            self.outcomes.update(errors or ["data"])


def findings(url: str, examples: int) -> Iterator[tuple[str, Findings]]:
    """Yield what became of `examples` requests for each operation of the API at `url`."""
    for name, values in _scalars().items():
        schemathesis.graphql.scalar(name, values)
    schema = schemathesis.graphql.from_url(f"{url}/graphql")
    for result in schema.get_all_operations():
        assert isinstance(result, Ok)
        operation = result.ok()
        found = Findings()
        _send(operation.as_strategy(), examples, found)
        yield operation.label, found


def _send(cases: SearchStrategy[Any], examples: int, found: Findings) -> None:
    @seed(SEED)
    @settings(
        max_examples=examples,
        derandomize=False,  # the seed decides
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases)
    def send(case: Any) -> None:  # noqa: ANN401  # schemathesis's, of four type variables
        response = case.call(headers={"Accept": GRAPHQL})
        found.note(str(case.body), response.status_code, response.content)

    send()


def _errors(status: int, answer: Any) -> list[str]:  # noqa: ANN401  # JSON can be anything
    """Return the codes of an answer's errors, if it is as agreed."""
    assert answer["extensions"]["cost"].keys() == {"complexity", "dynamodb"}
    assert status == (200 if "data" in answer else 400)
    codes = [error["extensions"]["code"] for error in answer.get("errors", [])]
    assert _EXPECTED_CODES.issuperset(codes)
    assert codes or answer["data"] is not None
    return codes


def _scalars() -> dict[str, SearchStrategy[ValueNode]]:
    """Values of the scalars that the schema does not explain to a program."""
    texts = st.builds(lambda text: StringValueNode(value=text), st.text(max_size=20))
    integers = st.builds(lambda number: IntValueNode(value=str(number)), st.integers())
    floats = st.builds(
        lambda number: FloatValueNode(value=repr(number)),
        st.floats(allow_nan=False, allow_infinity=False),
    )
    instants = st.builds(lambda text: StringValueNode(value=text), st.sampled_from(_INSTANTS))
    values = st.recursive(texts | integers | floats, lambda inner: _lists(inner) | _objects(inner))
    return {"DateTime": instants | texts, "JSON": _objects(values) | values, "Long": integers}


def _lists(values: SearchStrategy[Any]) -> SearchStrategy[Any]:
    made = st.lists(values, max_size=4)
    return made.map(lambda items: ConstListValueNode(values=tuple(items)))


def _objects(values: SearchStrategy[Any]) -> SearchStrategy[Any]:
    names = st.from_regex("[A-Za-z_][A-Za-z0-9_]{0,9}", fullmatch=True)
    made = st.dictionaries(names, values, max_size=4)
    return made.map(
        lambda fields: ConstObjectValueNode(
            fields=tuple(
                ConstObjectFieldNode(name=NameNode(value=name), value=value)
                for name, value in fields.items()
            )
        )
    )


def main() -> int:
    """Hunt, and tell what was found."""
    examples = int(sys.argv[1])
    faults = 0
    begin = time.monotonic()
    with LocalServer(settings=Settings(), demo=True) as server:
        for label, found in findings(server.url, examples):
            faults += len(found.faults)
            outcomes = ", ".join(f"{code} {count}" for code, count in found.outcomes.most_common())
            print(f"{label}: {outcomes}", *found.faults, sep="\n", flush=True)  # noqa: T201
    print(f"{faults} faults in {time.monotonic() - begin:.0f} s")  # noqa: T201
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
