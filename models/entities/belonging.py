"""Keys of what belongs to a model, below it and newest first."""

_UUID_BITS = 128


def newest_first(item_id: str) -> str:
    """Return the complement of a UUID of version 7, so that newer ones sort first."""
    digits = item_id.replace("-", "")
    return f"{(1 << _UUID_BITS) - 1 - int(digits, 16):032x}"
