"""Every license id of Hugging Face: what it is to SPDX, and what the packaged policy says of it.

Written out by hand, so that neither table can change by accident.
"""

import pytest

from models.license.decision import Verdict
from models.license.expression import normalise
from models.license.hub_ids import HUB_IDS
from models.license.policy import LicensePolicy

POLICY = LicensePolicy.load()

TABLE = """
afl-3.0                             AFL-3.0                                         ALLOWED
agpl-3.0                            AGPL-3.0-only                                   REVIEW
apache-2.0                          Apache-2.0                                      ALLOWED
apple-amlr                          LicenseRef-apple-amlr                           DENIED
apple-ascl                          LicenseRef-apple-ascl                           REVIEW
artistic-2.0                        Artistic-2.0                                    ALLOWED
bigcode-openrail-m                  LicenseRef-bigcode-openrail-m                   REVIEW
bigscience-bloom-rail-1.0           LicenseRef-bigscience-bloom-rail-1.0            REVIEW
bigscience-openrail-m               LicenseRef-bigscience-openrail-m                REVIEW
bsd                                 LicenseRef-bsd                                  ALLOWED
bsd-2-clause                        BSD-2-Clause                                    ALLOWED
bsd-3-clause                        BSD-3-Clause                                    ALLOWED
bsd-3-clause-clear                  BSD-3-Clause-Clear                              ALLOWED
bsl-1.0                             BSL-1.0                                         ALLOWED
c-uda                               C-UDA-1.0                                       REVIEW
cc                                  LicenseRef-cc                                   REVIEW
cc-by-2.0                           CC-BY-2.0                                       ALLOWED
cc-by-2.5                           CC-BY-2.5                                       ALLOWED
cc-by-3.0                           CC-BY-3.0                                       ALLOWED
cc-by-4.0                           CC-BY-4.0                                       ALLOWED
cc-by-nc-2.0                        CC-BY-NC-2.0                                    DENIED
cc-by-nc-3.0                        CC-BY-NC-3.0                                    DENIED
cc-by-nc-4.0                        CC-BY-NC-4.0                                    DENIED
cc-by-nc-nd-3.0                     CC-BY-NC-ND-3.0                                 DENIED
cc-by-nc-nd-4.0                     CC-BY-NC-ND-4.0                                 DENIED
cc-by-nc-sa-2.0                     CC-BY-NC-SA-2.0                                 DENIED
cc-by-nc-sa-3.0                     CC-BY-NC-SA-3.0                                 DENIED
cc-by-nc-sa-4.0                     CC-BY-NC-SA-4.0                                 DENIED
cc-by-nd-4.0                        CC-BY-ND-4.0                                    REVIEW
cc-by-sa-3.0                        CC-BY-SA-3.0                                    REVIEW
cc-by-sa-4.0                        CC-BY-SA-4.0                                    REVIEW
cc0-1.0                             CC0-1.0                                         ALLOWED
cdla-permissive-1.0                 CDLA-Permissive-1.0                             ALLOWED
cdla-permissive-2.0                 CDLA-Permissive-2.0                             ALLOWED
cdla-sharing-1.0                    CDLA-Sharing-1.0                                REVIEW
creativeml-openrail-m               LicenseRef-creativeml-openrail-m                REVIEW
deepfloyd-if-license                LicenseRef-deepfloyd-if-license                 DENIED
ecl-2.0                             ECL-2.0                                         ALLOWED
epl-1.0                             EPL-1.0                                         REVIEW
epl-2.0                             EPL-2.0                                         REVIEW
etalab-2.0                          etalab-2.0                                      ALLOWED
eupl-1.1                            EUPL-1.1                                        REVIEW
eupl-1.2                            EUPL-1.2                                        REVIEW
fair-noncommercial-research-license LicenseRef-fair-noncommercial-research-license  DENIED
gemma                               LicenseRef-gemma                                REVIEW
gfdl                                LicenseRef-gfdl                                 REVIEW
gpl                                 LicenseRef-gpl                                  REVIEW
gpl-2.0                             GPL-2.0-only                                    REVIEW
gpl-3.0                             GPL-3.0-only                                    REVIEW
grok2-community                     LicenseRef-grok2-community                      REVIEW
h-research                          LicenseRef-h-research                           DENIED
intel-research                      LicenseRef-intel-research                       DENIED
isc                                 ISC                                             ALLOWED
lgpl                                LicenseRef-lgpl                                 REVIEW
lgpl-2.1                            LGPL-2.1-only                                   REVIEW
lgpl-3.0                            LGPL-3.0-only                                   REVIEW
lgpl-lr                             LGPLLR                                          REVIEW
llama2                              LicenseRef-llama2                               REVIEW
llama3                              LicenseRef-llama3                               REVIEW
llama3.1                            LicenseRef-llama3.1                             REVIEW
llama3.2                            LicenseRef-llama3.2                             REVIEW
llama3.3                            LicenseRef-llama3.3                             REVIEW
llama4                              LicenseRef-llama4                               REVIEW
lppl-1.3c                           LPPL-1.3c                                       REVIEW
mit                                 MIT                                             ALLOWED
mpl-2.0                             MPL-2.0                                         REVIEW
ms-pl                               MS-PL                                           REVIEW
ncsa                                NCSA                                            ALLOWED
odbl                                ODbL-1.0                                        REVIEW
odc-by                              ODC-By-1.0                                      ALLOWED
ofl-1.1                             OFL-1.1                                         REVIEW
open-mdw                            LicenseRef-open-mdw                             ALLOWED
openmdw-1.0                         LicenseRef-openmdw-1.0                          ALLOWED
openmdw-1.1                         LicenseRef-openmdw-1.1                          ALLOWED
openrail                            LicenseRef-openrail                             REVIEW
openrail++                          LicenseRef-openrail-plus-plus                   REVIEW
osl-3.0                             OSL-3.0                                         REVIEW
other                               -                                               UNKNOWN
pddl                                PDDL-1.0                                        ALLOWED
postgresql                          PostgreSQL                                      ALLOWED
unknown                             -                                               UNKNOWN
unlicense                           Unlicense                                       ALLOWED
wtfpl                               WTFPL                                           ALLOWED
zlib                                Zlib                                            ALLOWED
"""
ROWS = [tuple(line.split()) for line in TABLE.strip().splitlines()]


class TestEachHubId:
    """What a card's license comes to."""

    @pytest.mark.parametrize(("hub_id", "spdx", "verdict"), ROWS)
    def test_has_its_expression_and_verdict(self, hub_id: str, spdx: str, verdict: str) -> None:
        decision = POLICY.decide(hub_id)
        assert decision.spdx_expression == (None if spdx == "-" else spdx)
        assert decision.verdict == Verdict(verdict)
        assert decision.declared == hub_id
        assert len(decision.reasons) == 1
        assert spdx == "-" or decision.reasons[0].startswith(f"{spdx}: ")

    @pytest.mark.parametrize(("hub_id", "spdx", "_verdict"), ROWS)
    def test_is_known_in_any_case_and_within_expressions(
        self, hub_id: str, spdx: str, _verdict: str
    ) -> None:
        assert normalise(hub_id.upper()) == (None if spdx == "-" else spdx)
        joined = normalise(f"({hub_id.title()} and mit)")
        assert joined == (None if spdx == "-" else f"{spdx} AND MIT")

    def test_stands_in_this_table(self) -> None:
        assert sorted(hub_id for hub_id, _, _ in ROWS) == sorted(HUB_IDS)

    def test_is_not_taken_for_the_spdx_id_that_resembles_it(self) -> None:
        assert POLICY.decide("bsl-1.0").spdx_expression == "BSL-1.0"
        assert POLICY.decide("bsl-1.1").verdict == Verdict.UNKNOWN
        assert POLICY.decide("busl-1.1").spdx_expression == "BUSL-1.1"

    @pytest.mark.parametrize("family", ["bsd", "cc", "gfdl", "gpl", "lgpl", "openrail"])
    def test_says_of_a_family_that_no_license_of_it_is_named(self, family: str) -> None:
        (reason,) = POLICY.decide(family).reasons
        assert "family" in reason
        assert "named" in reason
