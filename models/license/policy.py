"""What a deployment's policy says of a declared license."""

import functools
import hashlib
from importlib import resources
from pathlib import Path

from models import json_text
from models.errors import Misconfigured
from models.license import expression, spdx
from models.license.decision import LicenseDecision, Verdict
from models.license.grammar import Expression, Operator, Term
from models.license.judgement import Judgement, best, worst
from models.license.policy_file import Rule, Rules, read_rules

DIGEST_CHARACTERS = 12
CACHE_MAX_DECISIONS = 1_024
"""A list of models asks for the same few licenses again and again."""
_NOT_ALLOWED = "the policy treats it as not allowed"
_NOT_KNOWN = f"neither SPDX nor the policy knows it; {_NOT_ALLOWED}"


class LicensePolicy:
    """Judges licenses by rules. The same rules give the same decisions.

    Attributes:
        digest: the first hex digits of the SHA-256 of the rules. How the file groups, orders and
            comments them does not count.
    """

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self.digest = _digest(rules)
        self._judged = functools.lru_cache(CACHE_MAX_DECISIONS)(self._judge_declared)

    @classmethod
    def load(cls, path: Path | None = None) -> "LicensePolicy":
        """Load the policy in `path`, or the one that comes with the package.

        Raises:
            Misconfigured: the file cannot be read or is no policy; the message names the rule at
                fault.
        """
        file = resources.files(__package__) / "policy.toml" if path is None else path
        try:
            text = file.read_text(encoding="utf-8")
        except UnicodeDecodeError as error:
            raise Misconfigured("The license policy is not UTF-8 text") from error
        except OSError as error:
            raise Misconfigured(f"The license policy cannot be read: {error}") from error
        return cls(read_rules(text))

    def decide(self, declared: str | None) -> LicenseDecision:
        """Say what the policy says of a license as somebody declared it."""
        if declared is None or len(declared) > expression.EXPRESSION_MAX_CHARACTERS:
            return self._judge_declared(declared)  # nothing to gain, or too long to be kept
        return self._judged(declared)

    def _judge_declared(self, declared: str | None) -> LicenseDecision:
        if declared is None:
            reason = f"no license is declared; {_NOT_ALLOWED}"
            return LicenseDecision(None, None, Verdict.UNKNOWN, (reason,))
        parsed = expression.parse(declared)
        if parsed is None:
            reason = f"what is declared does not identify a license; {_NOT_ALLOWED}"
            return LicenseDecision(declared, None, Verdict.UNKNOWN, (reason,))
        judged = self._judge(parsed)
        return LicenseDecision(declared, str(parsed), judged.verdict, judged.reasons)

    def _judge(self, part: Expression) -> Judgement:
        if not isinstance(part, Term):
            operands = [self._judge(operand) for operand in part.operands]
            return best(operands) if part.operator == Operator.OR else worst(operands)
        judged = self._judge_license(part.license)
        if part.addition is None:
            return judged
        return worst([judged, self._judge_addition(part.addition)])

    def _judge_license(self, name: str) -> Judgement:
        rule = self._rules.licenses.get(name.lower()) or self._rules.licenses.get(_base(name))
        if rule is None and "LicenseRef-" in name:
            rule = Rule(Verdict.UNKNOWN, _NOT_KNOWN)
        elif rule is None:
            rule = Rule(Verdict.REVIEW, "SPDX lists it, but the policy does not name it")
        return Judgement(rule.verdict, (f"{name}: {rule.reason}",))

    def _judge_addition(self, name: str) -> Judgement:
        rule = self._rules.exceptions.get(name.lower())
        if rule is None and spdx.exception_id(name):
            rule = Rule(Verdict.ALLOWED, "an exception that SPDX lists; it only adds permissions")
        elif rule is None:  # such as the Commons Clause, which takes rights away
            rule = Rule(Verdict.UNKNOWN, _NOT_KNOWN)
        return Judgement(rule.verdict, (f"{name}: {rule.reason}",))


def _base(name: str) -> str:
    """Return the license itself where `name` also permits its later versions, in lower case.

    Whoever may choose a later version may choose this one, so its verdict holds.
    """
    lowered = name.lower().removesuffix("+")
    if lowered.endswith("-or-later"):
        return f"{lowered.removesuffix('-or-later')}-only"
    return lowered


def _digest(rules: Rules) -> str:
    content = {
        kind: {name: [rule.verdict, rule.reason] for name, rule in listed.items()}
        for kind, listed in (("licenses", rules.licenses), ("exceptions", rules.exceptions))
    }
    return hashlib.sha256(json_text.canonical(content).encode()).hexdigest()[:DIGEST_CHARACTERS]
