"""The short form: so few rounds that what is measured should be small, too."""

from typing import Final

_FEW_ROUNDS: Final = 5


def is_short(rounds: int) -> bool:
    """Tell whether somebody only wants to see that it works."""
    return rounds <= _FEW_ROUNDS
