"""With what a command ends, which scripts can tell apart."""

from typing import Final

FAILED: Final = 1
"""The service refused, or cannot be reached; or the output cannot be written."""
USAGE: Final = 2
"""The command makes no sense: Typer's own."""
GATE: Final = 3
"""A gate was not passed: a license, a score, or an evaluation that ended without one."""
TAMPERED: Final = 4
"""A history or a file is not what it must be."""
HUNG_UP: Final = 129
"""SIGHUP, as a terminal sends it that goes: 128 and its number."""
INTERRUPTED: Final = 130
"""SIGINT, as Ctrl-C sends it: 128 and its number, as a shell tells it. Typer's own."""
BROKEN_PIPE: Final = 141
"""Whoever read the output has gone: 128 and the number of SIGPIPE."""
TERMINATED: Final = 143
"""SIGTERM: 128 and its number."""
