"""The file that holds a license policy: reads it, and says what is wrong with it.

A policy that is half understood would allow what it was written to forbid, so nothing in it is
skipped or guessed.
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from models import json_text
from models.errors import Misconfigured
from models.license import names, spdx
from models.license.decision import Verdict

_VERDICTS = {"allowed": Verdict.ALLOWED, "review": Verdict.REVIEW, "denied": Verdict.DENIED}
_KEYS = frozenset({"verdict", "reason", "licenses", "exceptions"})


@dataclass(frozen=True, slots=True)
class Rule:
    """What the policy says of one id."""

    verdict: Verdict
    reason: str


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules of a policy by id, in lower case: SPDX ids and references match in any case."""

    licenses: Mapping[str, Rule]
    exceptions: Mapping[str, Rule]


def read_rules(text: str) -> Rules:
    """Read the text of a policy file.

    Raises:
        Misconfigured: it is not TOML or not a policy; the message names the rule at fault.
    """
    licenses: dict[str, Rule] = {}
    exceptions: dict[str, Rule] = {}
    for where, entry in _entries(text):
        rule = _rule(where, entry)
        named = _ids(where, entry, "licenses"), _ids(where, entry, "exceptions")
        if not any(named):
            raise Misconfigured(f"{where} names no licenses or exceptions")
        for name in named[0]:
            _put(where, licenses, _license_id(where, name), rule)
        for name in named[1]:
            _put(where, exceptions, _addition_id(where, name), rule)
    return Rules(licenses, exceptions)


def _put(where: str, rules: dict[str, Rule], name: str, rule: Rule) -> None:
    if rules.setdefault(name.lower(), rule) is not rule:
        raise Misconfigured(f'{where}: "{name}" has a rule already')


def _entries(text: str) -> Iterator[tuple[str, Mapping[str, object]]]:
    try:
        document: dict[str, object] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Misconfigured(f"The license policy is not valid TOML: {error}") from error
    entries = document.pop("rules", None)
    if document or not isinstance(entries, list) or not entries:
        raise Misconfigured(
            "The license policy must hold [[rules]], at least one, and nothing else"
        )
    for number, entry in enumerate(entries, start=1):
        where = f"Rule {number} of the license policy"
        if not isinstance(entry, dict):
            raise Misconfigured(f"{where} is not a table")
        if unknown := sorted(set(entry) - _KEYS):
            raise Misconfigured(f'{where} has an unknown key "{unknown[0]}"')
        yield where, cast("dict[str, object]", entry)


def _rule(where: str, entry: Mapping[str, object]) -> Rule:
    verdict, reason = entry.get("verdict"), entry.get("reason")
    if not isinstance(verdict, str) or verdict not in _VERDICTS:
        raise Misconfigured(f"{where} needs a verdict, one of {', '.join(_VERDICTS)}")
    if not isinstance(reason, str) or not reason.strip() or json_text.text_problem(reason):
        raise Misconfigured(f"{where} needs a reason, on one line")
    return Rule(_VERDICTS[verdict], reason.strip())


def _ids(where: str, entry: Mapping[str, object], kind: str) -> list[str]:
    listed = entry.get(kind, [])
    if not isinstance(listed, list) or not all(isinstance(name, str) for name in listed):
        raise Misconfigured(f"{where}: {kind} must be a list of ids")
    return listed


def _license_id(where: str, name: str) -> str:
    found = spdx.license_id(name) or names.given_reference(names.LICENSE_REF, name)
    if found is None:
        raise Misconfigured(f'{where}: "{name}" is neither a license id of SPDX nor a LicenseRef')
    return found


def _addition_id(where: str, name: str) -> str:
    found = names.addition_name(name)
    if found is None:
        raise Misconfigured(f'{where}: "{name}" is neither an exception of SPDX nor an AdditionRef')
    return found
