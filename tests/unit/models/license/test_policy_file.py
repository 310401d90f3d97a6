"""A deployment's own policy."""

import re
from importlib import resources
from pathlib import Path

import pytest

from models.errors import Misconfigured
from models.license.decision import Verdict
from models.license.policy import LicensePolicy
from models.license.policy_file import read_rules

PACKAGED = (resources.files("models.license") / "policy.toml").read_text(encoding="utf-8")
STRICT = """
[[rules]]
verdict = "allowed"
reason = "approved by the board"
licenses = ["MIT", "LicenseRef-Foo-License"]

[[rules]]
verdict = "denied"
reason = "no copyleft here"
licenses = ["gpl-3.0"]
exceptions = ["llvm-exception", "AdditionRef-Bar"]
"""


def digest(text: str) -> str:
    return LicensePolicy(read_rules(text)).digest


@pytest.fixture
def strict(tmp_path: Path) -> LicensePolicy:
    file = tmp_path / "policy.toml"
    file.write_text(STRICT, encoding="utf-8")
    return LicensePolicy.load(file)


class TestReplacedPolicy:
    """Another file makes other decisions."""

    def test_judges_by_its_own_rules(self, strict: LicensePolicy) -> None:
        assert strict.decide("gpl-3.0+").verdict == Verdict.DENIED
        assert strict.decide("gpl-3.0+").reasons == ("GPL-3.0-or-later: no copyleft here",)
        assert strict.decide("apache-2.0").verdict == Verdict.REVIEW
        assert strict.decide("llama3").verdict == Verdict.UNKNOWN

    def test_can_name_what_spdx_does_not_list(self, strict: LicensePolicy) -> None:
        assert strict.decide("Foo License").verdict == Verdict.ALLOWED
        assert strict.decide("licenseref-foo-LICENSE").verdict == Verdict.ALLOWED

    @pytest.mark.parametrize("exception", ["LLVM-exception", "Bar"])
    def test_can_judge_exceptions(self, strict: LicensePolicy, exception: str) -> None:
        assert strict.decide(f"MIT WITH {exception}").verdict == Verdict.DENIED

    def test_has_another_digest(self, strict: LicensePolicy) -> None:
        assert strict.digest != LicensePolicy.load().digest

    def test_must_exist(self, tmp_path: Path) -> None:
        with pytest.raises(Misconfigured, match=r"missing\.toml"):
            LicensePolicy.load(tmp_path / "missing.toml")


class TestDigest:
    """It stands for the rules, not for how they are written down."""

    def test_is_short_hexadecimal(self) -> None:
        assert re.fullmatch("[0-9a-f]{12}", LicensePolicy.load().digest)

    def test_does_not_change_from_load_to_load(self) -> None:
        assert digest(PACKAGED) == LicensePolicy.load().digest

    def test_ignores_comments_and_white_space(self) -> None:
        assert digest(f"# a note\n{STRICT}\n# another\n\n") == digest(STRICT)

    def test_ignores_the_order_and_the_case_of_ids(self) -> None:
        swapped = STRICT.replace(
            '"MIT", "LicenseRef-Foo-License"', '"licenseref-foo-license", "mit"'
        )
        assert swapped != STRICT
        assert digest(swapped) == digest(STRICT)

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ("denied", "review"),
            ("no copyleft", "copyleft"),
            ("gpl-3.0", "gpl-2.0"),
            ('"MIT", ', ""),
        ],
    )
    def test_changes_with_every_rule(self, old: str, new: str) -> None:
        assert digest(STRICT.replace(old, new)) != digest(STRICT)


class TestMalformedFile:
    """A policy that is half understood is refused."""

    @pytest.mark.parametrize(
        ("old", "new", "message"),
        [
            (
                'verdict = "denied"',
                'verdict = "maybe"',
                "Rule 2 .* needs a verdict, one of allowed",
            ),
            ('verdict = "denied"', 'verdict = "unknown"', "Rule 2 .* needs a verdict"),
            ('verdict = "denied"', "verdict = 3", "Rule 2 .* needs a verdict"),
            ('verdict = "allowed"', "", "Rule 1 .* needs a verdict"),
            ('reason = "no copyleft here"', "", "Rule 2 .* needs a reason"),
            ('"no copyleft here"', '"  "', "Rule 2 .* needs a reason"),
            ('"no copyleft here"', '"two\\nlines"', "Rule 2 .* needs a reason, on one line"),
            (
                '"gpl-3.0"',
                '"gpl-9"',
                'Rule 2 .*: "gpl-9" is neither a license id of SPDX nor a Lic',
            ),
            ('"gpl-3.0"', '"llama2"', 'Rule 2 .*: "llama2" is neither'),
            ('"gpl-3.0"', '"LicenseRef-a b"', 'Rule 2 .*: "LicenseRef-a b" is neither'),
            ('"gpl-3.0"', '"mit"', 'Rule 2 .*: "MIT" has a rule already'),
            ('"llvm-exception"', '"MIT"', 'Rule 2 .*: "MIT" is neither an exception of SPDX nor'),
            ('["gpl-3.0"]', '"gpl-3.0"', "Rule 2 .*: licenses must be a list of ids"),
            ('["gpl-3.0"]', "[1]", "Rule 2 .*: licenses must be a list of ids"),
            ('licenses = ["gpl-3.0"]', 'license = "MIT"', 'Rule 2 .* has an unknown key "license"'),
            ("[[rules]]", "[[rule]]", "must hold .*rules"),
            ("[[rules]]", "[[rules", "not valid TOML"),
        ],
    )
    def test_is_refused_with_the_entry_named(self, old: str, new: str, message: str) -> None:
        malformed = STRICT.replace(old, new)
        assert malformed != STRICT
        with pytest.raises(ValueError, match=message):
            read_rules(malformed)

    @pytest.mark.parametrize("text", ["", "# nothing\n", "rules = []", "rules = 1", "version = 1"])
    def test_must_hold_rules(self, text: str) -> None:
        with pytest.raises(ValueError, match="must hold"):
            read_rules(text)

    def test_must_be_text(self, tmp_path: Path) -> None:
        file = tmp_path / "policy.toml"
        file.write_bytes(b"# \xff")
        with pytest.raises(ValueError, match="is not UTF-8 text"):
            LicensePolicy.load(file)

    def test_must_be_tables(self) -> None:
        with pytest.raises(ValueError, match="Rule 1 of the license policy is not a table"):
            read_rules('rules = ["MIT"]')

    def test_must_name_something(self) -> None:
        with pytest.raises(ValueError, match=r"Rule 1 .* names no licenses or exceptions"):
            read_rules('[[rules]]\nverdict = "denied"\nreason = "a"\nlicenses = []')


class TestPackagedPolicy:
    """The file that comes with the package."""

    def test_gives_each_verdict(self) -> None:
        rules = read_rules(PACKAGED)
        verdicts = {rule.verdict for rule in rules.licenses.values()}
        assert verdicts == {Verdict.ALLOWED, Verdict.REVIEW, Verdict.DENIED}
