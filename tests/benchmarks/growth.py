"""Goal 8: what an operation costs does not grow with what is stored.

What a model's operations ask DynamoDB for is counted where botocore sends and receives; bytes are
those of the items that came back, since emulators report wrong units. CPU is this process's alone,
the emulator having its own, and after equal waits.
"""

import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from models.settings import Settings
from tests.api.doors import event_loop
from tests.benchmarks.bulk import items_of_model, model_id, write
from tests.benchmarks.counted_service import CountedService
from tests.benchmarks.emulator import emulated
from tests.benchmarks.operations import HISTORY, Operation, of_history, of_lists, of_models
from tests.benchmarks.ratios import Result, interleaved
from tests.benchmarks.short import is_short

_CPU_TARGET: Final = 1.2
_BYTES_TARGET: Final = 1.02
"""Sizes of numbers differ: a version has a digit more."""
_TIMES: Final = 10
_MEASURED_MODELS: Final = 20
_MEASURED_VERSIONS: Final = 25
_CHANGES_FEW: Final = 100


@dataclass(frozen=True, slots=True)
class Scale:
    """How much is stored and sent.

    Attributes:
        models: in each table, the smallest first.
        changes: of the model with the long history.
        lists: sent of each kind in a round: one of 100,000 models takes ministack seconds.
    """

    models: tuple[int, ...]
    changes: int
    lists: int


SHORT: Final = Scale((100, 2_000), 1_000, lists=4)
LONG: Final = Scale((100, 10_000, 100_000), 10_000, lists=1)
"""A quarter of an hour, half of which it takes to fill the largest table."""


@dataclass(frozen=True, slots=True)
class Arm:
    """A service with so much stored, and the operations to compare with those of another arm."""

    service: CountedService
    stored: int
    operations: Sequence[Operation]


def measure(rounds: int) -> list[Result]:
    """Compare tables of several sizes, then a short and a long history."""
    scale = SHORT if is_short(rounds) else LONG
    with emulated() as settings, event_loop():
        few, *more = [_models(settings, size, scale.lists) for size in scale.models]
        results = _compared(few, more, "models", rounds)
        results += _compared(*_histories(settings, scale.changes), "changes", rounds)
    return results


def _models(settings: Settings, size: int, lists: int) -> Arm:
    """Fill a table with so many models, of which some have a history of a page and more."""
    service = CountedService(replace(settings, table=f"models-{size}"))
    began = time.monotonic()
    write(
        service.table,
        (
            item
            for number in range(size)
            for item in items_of_model(
                number, _MEASURED_VERSIONS if number < _MEASURED_MODELS else 1
            )
        ),
    )
    sys.stderr.write(f"{size} models were written in {time.monotonic() - began:.0f} s\n")
    ids = [model_id(number) for number in range(_MEASURED_MODELS)]
    return Arm(service, size, [*of_lists(lists), *of_models(ids, _TIMES)])


def _histories(settings: Settings, many: int) -> tuple[Arm, list[Arm]]:
    """Fill a table with a model of few changes and one of many."""
    service = CountedService(replace(settings, table="histories"))
    arms = []
    for number, changes in enumerate((_CHANGES_FEW, many)):
        write(service.table, items_of_model(number, changes))
        arms.append(Arm(service, changes, _operations_in_the_middle(service, number, changes)))
    return arms[0], arms[1:]


def _operations_in_the_middle(
    service: CountedService, number: int, changes: int
) -> Sequence[Operation]:
    """Return operations around a change that is neither among the first nor the last."""
    service.bind()
    asked = {"id": model_id(number), "first": _CHANGES_FEW // 2}
    model = service.send(Operation("", HISTORY, lambda: asked, 1))["model"]
    middle = model["changeHistory"]
    return of_history(
        model_id(number),
        middle["pageInfo"]["endCursor"],
        changes // 2,
        middle["nodes"][-1]["timestamp"],
        _TIMES,
    )


def _compared(few: Arm, more: Sequence[Arm], what: str, rounds: int) -> list[Result]:
    return [
        *_requests_and_bytes(few, more, what),
        *(result for arm in more for result in _cpu(few, arm, what, rounds)),
    ]


def _requests_and_bytes(few: Arm, more: Sequence[Arm], what: str) -> list[Result]:
    """Count each operation once; of all, the one that grows most is told, and the rest noted."""
    base = [few.service.count(operation) for operation in few.operations]
    results = []
    for arm in more:
        ours = [arm.service.count(operation) for operation in arm.operations]
        kinds = (("DynamoDB requests", 0, 1.0), ("bytes of items", 1, _BYTES_TARGET))
        for kind, at, target in kinds:
            pairs = [(a[at], b[at]) for a, b in zip(ours, base, strict=True)]
            worst = max(pairs, key=lambda pair: pair[0] / pair[1])
            each = zip(arm.operations, pairs, strict=True)
            results.append(
                Result(
                    goal=8,
                    name=f"{kind}, worst operation, {arm.stored:,} / {few.stored:,} {what}",
                    ours=[worst[0]],
                    base=[worst[1]],
                    unit="per operation",
                    target=target,
                    note=", ".join(f"{op.name} {a:,}/{b:,}" for op, (a, b) in each),
                )
            )
    return results


def _cpu(few: Arm, many: Arm, what: str, rounds: int) -> list[Result]:
    return [
        _cpu_of(few, many, pair, what, rounds)
        for pair in zip(few.operations, many.operations, strict=True)
    ]


def _cpu_of(
    few: Arm, many: Arm, pair: tuple[Operation, Operation], what: str, rounds: int
) -> Result:
    """Measure the CPU of one operation on both tables in turns."""
    ours, base = interleaved(
        lambda: many.service.cpu_seconds(pair[1]), lambda: few.service.cpu_seconds(pair[0]), rounds
    )
    return Result(
        goal=8,
        name=f"CPU of {pair[0].name}, {many.stored:,} / {few.stored:,} {what}",
        ours=ours,
        base=base,
        unit="s CPU",
        target=_CPU_TARGET,
        note="of this process; ministack runs in another",
    )
