"""How people write licenses out: "Apache License, Version 2.0", "GPLv3", "New BSD License".

A name here identifies exactly one license. "Apache" and "BSD" name none of their versions and
stay LicenseRefs; what is not here is not guessed at.
"""

import re
from collections.abc import Mapping
from types import MappingProxyType

_WRITABLE = re.compile("[a-z0-9 .,:_+'\"\u2010-\u201f-]+")
"""Any other character, such as that of another script or an asterisk, might change the meaning."""
_SHORT_FORM = re.compile(r" \(([^()]+)\)$")
"""As in "The MIT License (MIT)"."""
_SEPARATOR = re.compile(r"[^a-z0-9.+]+")
_FILLERS = frozenset({"the", "license", "licence", "version", "v"})


def normal_form(name: str) -> str:
    """Return a name without case, punctuation and fillers; empty where it holds anything odd."""
    lowered = _SHORT_FORM.sub(r" \1", name.lower())
    if not _WRITABLE.fullmatch(lowered):
        return ""
    words = (word.strip(".") for word in _SEPARATOR.split(lowered))
    return " ".join(re.sub(r"^v(?=\d)", "", word) for word in words if word not in _FILLERS).strip()


_WRITTEN = {
    "AFL-3.0": ("Academic Free License v3.0",),
    "AGPL-3.0-only": ("AGPL 3", "AGPLv3", "GNU Affero General Public License v3.0"),
    "Apache-2.0": ("Apache 2", "Apache2", "Apache2.0", "Apache Software License 2.0", "ASL 2.0"),
    "Artistic-2.0": ("Artistic License 2.0",),
    "BSD-2-Clause": ("BSD 2", 'BSD 2-Clause "Simplified" License', "Simplified BSD License"),
    "BSD-3-Clause": (
        *("BSD 3", 'BSD 3-Clause "New" or "Revised" License', "New BSD License"),
        *("Modified BSD License", "Revised BSD License"),
    ),
    "BSL-1.0": ("Boost Software License 1.0",),
    "CC0-1.0": ("CC0", "CC0 1.0 Universal", "Creative Commons Zero v1.0 Universal"),
    "CC-BY-4.0": (
        "Creative Commons Attribution 4.0",
        "Creative Commons Attribution 4.0 International",
    ),
    "CC-BY-NC-4.0": ("Creative Commons Attribution-NonCommercial 4.0 International",),
    "CC-BY-NC-SA-4.0": ("Creative Commons Attribution-NonCommercial-ShareAlike 4.0 International",),
    "CC-BY-SA-4.0": ("Creative Commons Attribution-ShareAlike 4.0 International",),
    "EPL-2.0": ("Eclipse Public License 2.0",),
    "GPL-2.0-only": ("GPL 2", "GPLv2", "GNU General Public License v2.0"),
    "GPL-3.0-only": ("GPL 3", "GPLv3", "GNU General Public License v3.0"),
    "ISC": ("ISC License (ISC)",),
    "LGPL-2.1-only": ("LGPLv2.1", "GNU Lesser General Public License v2.1"),
    "LGPL-3.0-only": ("LGPL 3", "LGPLv3", "GNU Lesser General Public License v3.0"),
    "LicenseRef-apache": ("Apache", "Apache Software License"),
    "LicenseRef-bigcode-openrail-m": ("BigCode OpenRAIL-M v1",),
    "LicenseRef-gemma": ("Gemma Terms of Use",),
    "LicenseRef-llama2": ("Llama 2", "Llama 2 Community License Agreement"),
    "LicenseRef-llama3": ("Llama 3", "Llama 3 Community License Agreement"),
    "LicenseRef-llama3.1": ("Llama 3.1", "Llama 3.1 Community License Agreement"),
    "LicenseRef-llama3.2": ("Llama 3.2", "Llama 3.2 Community License Agreement"),
    "LicenseRef-llama3.3": ("Llama 3.3", "Llama 3.3 Community License Agreement"),
    "LicenseRef-llama4": ("Llama 4", "Llama 4 Community License Agreement"),
    "LicenseRef-openrail-plus-plus": ("CreativeML Open RAIL++-M License",),
    "MIT": ("The MIT License (MIT)", "Expat License"),
    "MPL-2.0": ("MPL 2", "Mozilla Public License 2.0", "Mozilla Public License 2.0 (MPL 2.0)"),
    "PDDL-1.0": ("Open Data Commons Public Domain Dedication and License",),
    "Unlicense": ("The Unlicense (Unlicense)",),
}

LONG_NAMES: Mapping[str, str] = MappingProxyType(
    {normal_form(name): listed for listed, names in _WRITTEN.items() for name in names}
)
"""The normal form of a name to its SPDX id or LicenseRef."""
