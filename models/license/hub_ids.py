"""The license identifiers of Hugging Face cards, in SPDX's terms.

They look like SPDX ids and are not: `bsl-1.0` is the Boost license, `pddl` names no version, and
half of the model licenses are not on SPDX's list. The list is that of the Hub's documentation
(Licenses, "License identifier") and of the choices that its page for a new repository offers.

What SPDX does not list is a LicenseRef with the Hub's identifier. So is a family of which the
Hub leaves the version open (`bsd`, `cc`, `gpl`, `lgpl`, `gfdl`, `openrail`): naming a version
would be a guess. `gpl-3.0` says neither "only" nor "or later"; it is read as "only", which
promises less.
"""

from collections.abc import Mapping
from types import MappingProxyType

_SPDX_SPELLINGS = (
    "AFL-3.0 Apache-2.0 Artistic-2.0 BSD-2-Clause BSD-3-Clause BSD-3-Clause-Clear BSL-1.0 CC0-1.0",
    "CC-BY-2.0 CC-BY-2.5 CC-BY-3.0 CC-BY-4.0 CC-BY-SA-3.0 CC-BY-SA-4.0",
    "CC-BY-NC-2.0 CC-BY-NC-3.0 CC-BY-NC-4.0 CC-BY-ND-4.0 CC-BY-NC-ND-3.0 CC-BY-NC-ND-4.0",
    "CC-BY-NC-SA-2.0 CC-BY-NC-SA-3.0 CC-BY-NC-SA-4.0",
    "CDLA-Permissive-1.0 CDLA-Permissive-2.0 CDLA-Sharing-1.0 ECL-2.0 EPL-1.0 EPL-2.0 EUPL-1.1",
    "EUPL-1.2 ISC LPPL-1.3c MIT MPL-2.0 MS-PL NCSA OFL-1.1 OSL-3.0 PostgreSQL Unlicense WTFPL Zlib",
    "etalab-2.0",
)
"""The Hub writes these in lower case."""

_OTHER_SPELLINGS = {
    "agpl-3.0": "AGPL-3.0-only",
    "c-uda": "C-UDA-1.0",  # its only version
    "gpl-2.0": "GPL-2.0-only",
    "gpl-3.0": "GPL-3.0-only",
    "lgpl-2.1": "LGPL-2.1-only",
    "lgpl-3.0": "LGPL-3.0-only",
    "lgpl-lr": "LGPLLR",
    "odbl": "ODbL-1.0",  # its only version
    "odc-by": "ODC-By-1.0",  # its only version
    "pddl": "PDDL-1.0",  # its only version
}

_NOT_IN_SPDX = (
    "apple-amlr apple-ascl bigcode-openrail-m bigscience-bloom-rail-1.0 bigscience-openrail-m bsd",
    "cc creativeml-openrail-m deepfloyd-if-license fair-noncommercial-research-license gemma gfdl",
    "gpl grok2-community h-research intel-research lgpl llama2 llama3 llama3.1 llama3.2 llama3.3",
    "llama4 open-mdw openmdw-1.0 openmdw-1.1 openrail",
)

HUB_IDS: Mapping[str, str | None] = MappingProxyType(
    {spdx.lower(): spdx for line in _SPDX_SPELLINGS for spdx in line.split()}
    | _OTHER_SPELLINGS
    | {hub: f"LicenseRef-{hub}" for line in _NOT_IN_SPDX for hub in line.split()}
    | {"openrail++": "LicenseRef-openrail-plus-plus"}  # a LicenseRef cannot hold a plus
    | {"other": None, "unknown": None}
)
"""The Hub's identifier to an SPDX id or a LicenseRef; None where it names no license."""
