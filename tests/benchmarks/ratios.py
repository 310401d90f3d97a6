"""A ratio of two measurements, taken in turns: what every benchmark here returns.

A machine that others use speeds up and slows down from one second to the next. So nothing is
reported in seconds alone: each round measures both arms, one right after the other, and only the
rounds' ratios count.
"""

import os
import resource
import statistics
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Result:
    """What one goal's rounds measured.

    Attributes:
        goal: the goal's number, by which the command line selects.
        ours: what each round measured of this service, in `unit`.
        base: what the same rounds measured of what it is compared with.
        target: the ratio of `ours` to `base` to reach; None where it is only told.
        at_least: the ratio shall reach the target; else it shall not exceed it.
        note: how it was measured, or what the reader must know beside the figure.
    """

    goal: int
    name: str
    ours: Sequence[float]
    base: Sequence[float]
    unit: str
    target: float | None
    at_least: bool = False
    note: str = ""

    @property
    def ratios(self) -> list[float]:
        """The ratio of each round."""
        return [ours / base for ours, base in zip(self.ours, self.base, strict=True)]

    @property
    def ratio(self) -> float:
        """The median of the rounds' ratios."""
        return statistics.median(self.ratios)

    @property
    def spread(self) -> tuple[float, float]:
        """The quartiles of the rounds' ratios: one round that was disturbed does not move them."""
        ratios = self.ratios
        if len(ratios) == 1:
            return ratios[0], ratios[0]
        low, _, high = statistics.quantiles(ratios, n=4, method="inclusive")
        return low, high

    @staticmethod
    def typical(measured: Sequence[float]) -> float:
        """Return the median of what one arm measured, to see of what size it is."""
        return statistics.median(measured)

    @property
    def met(self) -> bool | None:
        """Whether the median reaches the target, if there is one."""
        if self.target is None:
            return None
        return self.ratio >= self.target if self.at_least else self.ratio <= self.target


def interleaved(
    ours: Callable[[], float], base: Callable[[], float], rounds: int
) -> tuple[list[float], list[float]]:
    """Measure both arms in each round, in the order AB, BA, and so on.

    Whatever follows from being first or second so falls on both alike. A round before the first,
    which counts for nothing, lets both arms warm up.
    """
    ours()
    base()
    measured: tuple[list[float], list[float]] = ([], [])
    for number in range(rounds):
        if number % 2:
            second, first = base(), ours()
        else:
            first, second = ours(), base()
        measured[0].append(first)
        measured[1].append(second)
    return measured


def cpu_seconds(run: Callable[[], object], times: int) -> float:
    """Return the CPU seconds, user and system, that this process takes for one of `times` runs."""
    before = spent(resource.getrusage(resource.RUSAGE_SELF))
    for _ in range(times):
        run()
    return (spent(resource.getrusage(resource.RUSAGE_SELF)) - before) / times


def child_cpu_seconds(
    command: Sequence[str], *, environment: Mapping[str, str] | None = None, cwd: str | None = None
) -> float:
    """Run a command to its end and return its own CPU seconds, user and system.

    Raises:
        RuntimeError: it failed; the message holds what it wrote to its standard error.
    """
    child = subprocess.Popen(  # noqa: S603  # a command of the benchmark's own choice
        command, env=environment, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )
    assert child.stderr is not None
    with child.stderr as errors:
        told = errors.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode:
        raise RuntimeError(f"{command[0]} ended with {child.returncode}: {told.decode()}")
    return spent(usage)


def spent(usage: resource.struct_rusage) -> float:
    """Return the CPU seconds of what the system counted, user and system."""
    return usage.ru_utime + usage.ru_stime
