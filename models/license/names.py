"""What one name in a license expression stands for."""

import re
import unicodedata
from functools import cache
from itertools import filterfalse

from models.license import spdx
from models.license.hub_ids import HUB_IDS
from models.license.long_names import LONG_NAMES, normal_form

_NAMELESS = frozenset({"", "none", "noassertion"}) | {
    hub for hub, ref in HUB_IDS.items() if not ref
}
"""Said instead of a license; SPDX knows NONE and NOASSERTION."""
_IDSTRING = "[A-Za-z0-9.-]+"
_EXPRESSIBLE = re.compile("[A-Za-z0-9_ .,:;/&()'\"+\u2010-\u201f-]+")
_DOCUMENT = f"(?:DocumentRef-({_IDSTRING}):)?"
_ANY_CASE = re.IGNORECASE | re.ASCII  # without ASCII, an s matches U+017F too
LICENSE_REF = "LicenseRef-"
ADDITION_REF = "AdditionRef-"


def is_nameless(name: str) -> bool:
    """Tell whether `name` says that there is no license, or not which."""
    return name.lower() in _NAMELESS


def license_name(name: str) -> str | None:
    """Return the SPDX id or LicenseRef that `name` is known to stand for.

    The Hub's ids go first: `gpl` is a family there, and an alias of one license elsewhere.
    """
    exact = HUB_IDS.get(name.lower()) or spdx.license_id(name)
    if exact is None and name.endswith("+"):
        return _or_later(license_name(name[:-1].rstrip(" +")))
    return exact or given_reference(LICENSE_REF, name) or _known_forms().get(normal_form(name))


def addition_name(name: str) -> str | None:
    """Return the id of SPDX's exception, or the AdditionRef, that `name` is known to stand for."""
    return spdx.exception_id(name) or given_reference(ADDITION_REF, name)


def reference(prefix: str, name: str) -> str | None:
    """Return a LicenseRef or AdditionRef for a name that SPDX does not list.

    None where an idstring (ASCII letters, digits, full stop, hyphen) cannot express the name, lest
    "MIT*" or two names in another script become the same. An address is no name either.
    """
    plain = "".join(filterfalse(unicodedata.combining, unicodedata.normalize("NFKD", name)))
    if "://" in plain or not _EXPRESSIBLE.fullmatch(plain):
        return None
    bare = re.sub(f"^{prefix}", "", plain, flags=re.IGNORECASE).replace("+", "-plus ")
    idstring = re.sub("[^A-Za-z0-9.]+", "-", bare).strip("-")
    return f"{prefix}{idstring}" if idstring else None


def given_reference(prefix: str, name: str) -> str | None:
    """Return `name` where it is such a reference already, perhaps into another document."""
    match = re.fullmatch(f"{_DOCUMENT}{prefix}({_IDSTRING})", name, _ANY_CASE)
    if match is None:
        return None
    document = f"DocumentRef-{match[1]}:" if match[1] else ""
    return f"{document}{prefix}{match[2]}"


def _or_later(listed: str | None) -> str | None:
    """Return the id for the license or any later one, which only what SPDX lists can have."""
    if listed is None or LICENSE_REF in listed:
        return None
    if listed.endswith(("-only", "-or-later")):
        return f"{listed.removesuffix('-only').removesuffix('-or-later')}-or-later"
    return f"{listed}+"


@cache
def _known_forms() -> dict[str, str]:
    spdx_forms = {normal_form(listed): listed for listed in spdx.license_ids().values()}
    hub_forms = {normal_form(hub): listed for hub, listed in HUB_IDS.items() if listed}
    known = spdx_forms | hub_forms | dict(LONG_NAMES)
    return {form: listed for form, listed in known.items() if form}
