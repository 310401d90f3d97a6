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


class Loader(Generic[K, V]):
    """Reads values by key for one request."""

    def __init__(self, read: Callable[[Iterable[K]], Mapping[K, V]]) -> None:
        self._read = read
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
        return self._known[key]


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
        self.models: Loader[str, ModelRecord] = Loader(reader.models)
        self.versions: Loader[VersionKey, ModelRecord] = Loader(reader.versions)
        self.large_values: Loader[VersionKey, ModelRecord] = Loader(reader.versions)
        self.evaluations: Loader[str, EvaluationRecord] = Loader(evaluations.evaluations)
