"""Which ids SPDX lists: the door to license-expression, which brings the list along.

The library has no types, and lists far more than SPDX does; only SPDX's own ids come through
here. Expressions are parsed in `grammar`: of a malformed one the library drops licenses in
silence ("((MIT) GPL-3.0-only) OR ISC" loses the GPL), which no policy may build upon.
"""

from functools import cache

from license_expression import get_spdx_licensing  # type: ignore[import-untyped]  # no types yet

_UNLISTED = "licenseref-"
"""Begins what the library's makers call licenses that SPDX does not list, in lower case."""


def license_id(name: str) -> str | None:
    """Return SPDX's spelling of a license id in any case; deprecated ids become today's."""
    return license_ids().get(name.lower())


def exception_id(name: str) -> str | None:
    """Return SPDX's spelling of an exception's id in any case."""
    return exception_ids().get(name.lower())


@cache
def license_ids() -> dict[str, str]:
    """Return the license ids by their lower case, deprecated ones too."""
    return _ids(exceptions=False)


@cache
def exception_ids() -> dict[str, str]:
    """Return the ids of exceptions by their lower case, deprecated ones too."""
    return _ids(exceptions=True)


def _ids(*, exceptions: bool) -> dict[str, str]:
    listed = [
        (str(symbol.key), [str(alias) for alias in symbol.aliases])
        for symbol in get_spdx_licensing().known_symbols.values()
        if symbol.is_exception == exceptions and not symbol.key.lower().startswith(_UNLISTED)
    ]
    former = {alias.lower(): key for key, aliases in listed for alias in aliases}
    found = former | {key.lower(): key for key, _ in listed}
    return {name: key for name, key in found.items() if not name.startswith(_UNLISTED)}
