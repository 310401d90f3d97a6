"""What is in moto's table, seen from behind."""

from typing import Any

from moto.backends import get_backend

from models.settings import DEFAULT_REGION, DEFAULT_TABLE

ACCOUNT = "123456789012"


class Stored:
    """The whole table."""

    @property
    def _table(self) -> Any:  # noqa: ANN401  # moto has no types
        return get_backend("dynamodb")[ACCOUNT][DEFAULT_REGION].tables[DEFAULT_TABLE]

    def items(self) -> dict[tuple[str, str], Any]:
        """Return every item, by its key."""
        return {
            (_text(pk), _text(sk)): item.to_json()
            for pk, partition in self._table.items.items()
            for sk, item in partition.items()
        }

    def delete(self, pk: str, sk: str) -> None:
        """Delete an item behind the service's back."""
        partition = next(found for key, found in self._table.items.items() if _text(key) == pk)
        del partition[next(key for key in partition if _text(key) == sk)]

    def clear(self) -> None:
        """Empty the table: a new one would take much longer."""
        self._table.items.clear()

    def stop_stream(self) -> None:
        """Keep no stream: moto copies a table with all its records in every transaction."""
        self._table.stream_shard = None


def _text(key: Any) -> str:  # noqa: ANN401  # moto has no types
    return str(getattr(key, "value", key))
