"""Reads that a request's resolvers share: batched, and never made twice.

Resolvers are synchronous, which is what a Lambda with one request at a time is fastest with. So a
batch is announced rather than awaited: whoever returns a list says which keys its items may ask
for, and the first item that does ask reads them all at once. What nobody asks for is not read.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Generic, TypeVar

from models.evaluation.reader import EvaluationReader
from models.evaluation.record import EvaluationRecord
from models.records import ModelRecord
from models.registry.reader import Reader

K = TypeVar("K")
V = TypeVar("V")


def _ignore(_: object) -> None:
    """Announce nothing."""


class Loader(Generic[K, V]):
    """Reads values by key for one request.

    Args:
        found: told what was read, to announce what may be asked of that next.
    """

    def __init__(
        self,
        read: Callable[[Iterable[K]], Mapping[K, V]],
        found: Callable[[Iterable[V]], None] = _ignore,
    ) -> None:
        self._read = read
        self._found = found
        self._expected: dict[K, None] = {}
        self._known: dict[K, V | None] = {}

    def expect(self, keys: Iterable[K]) -> None:
        """Say that these keys may be asked for, and should then be read together."""
        self._expected.update(dict.fromkeys(keys))

    def load(self, key: K) -> V | None:
        """Return the value of `key`, or None where there is none."""
        if key not in self._known:
            self.expect([key])
            wanted = [other for other in self._expected if other not in self._known]
            found = self._read(wanted)
            self._known.update((other, found.get(other)) for other in wanted)
            self._expected.clear()
            self._found(found.values())
        return self._known[key]

    def prime(self, key: K, value: V) -> None:
        """Say what the value of `key` is, so that nobody reads it again."""
        self._known[key] = value


VersionKey = tuple[str, int]
"""A model's id, and a version of it."""


class Loaders:
    """The loaders of one request.

    Attributes:
        models: models now.
        versions: models as of a version.
        large_values: the same, but only those in which a large value of a change is to be looked
            up; apart, since expecting them together would read snapshots that nobody asks for.
        evaluations: evaluations with all their details.
    """

    def __init__(self, reader: Reader, evaluations: EvaluationReader) -> None:
        self.evaluations: Loader[str, EvaluationRecord] = Loader(evaluations.evaluations)
        self.models: Loader[str, ModelRecord] = Loader(reader.models, self._expect_evaluations)
        self.versions: Loader[VersionKey, ModelRecord] = Loader(
            reader.versions, self._expect_evaluations
        )
        self.large_values: Loader[VersionKey, ModelRecord] = Loader(reader.versions)

    def _expect_evaluations(self, models: Iterable[ModelRecord]) -> None:
        self.evaluations.expect(
            model.latest_evaluation_id for model in models if model.latest_evaluation_id
        )
