"""A declared license as an SPDX expression.

A name that SPDX does not list becomes a LicenseRef. What names no license at all (`other`,
nothing, NOASSERTION) stays unidentified, and so does an expression that holds such a name or is
put together wrongly: half an expression would say something else.
"""

from models.license import grammar, names
from models.license.grammar import Compound, Expression, MalformedError, Term

EXPRESSION_MAX_CHARACTERS = 4_096
"""Well over the normal form of the longest license that a model can declare."""


def normalise(declared: str) -> str | None:
    """Return `declared` as an SPDX expression, or None where it cannot be identified."""
    expression = parse(declared)
    return None if expression is None else str(expression)


def parse(declared: str) -> Expression | None:
    """Parse a declared license; every name in the result is an SPDX id or a reference."""
    if len(declared) > EXPRESSION_MAX_CHARACTERS:
        return None
    text = " ".join(declared.split())
    if names.is_nameless(text):
        return None
    if listed := names.license_name(text):
        return Term(listed)
    if _is_one_name(text):
        return _unlisted(text)
    try:
        return _identified(grammar.parse(text))
    except MalformedError:
        return None


def _is_one_name(text: str) -> bool:
    """Tell whether `text` is prose rather than an expression.

    "Foo Research and Evaluation License" is one license, not two; and of "no commercial use or
    MIT" nobody should be offered the MIT.
    """
    parts = grammar.names(text)
    return parts == [text] or any(
        " " in part and not (names.license_name(part) or names.addition_name(part))
        for part in parts
    )


def _unlisted(name: str) -> Term | None:
    made = names.reference(names.LICENSE_REF, name)
    return None if made is None else Term(made)


def _identified(expression: Expression) -> Expression:
    if isinstance(expression, Compound):
        return Compound(expression.operator, tuple(map(_identified, expression.operands)))
    license_ = names.license_name(expression.license) or _made(
        names.LICENSE_REF, expression.license
    )
    if expression.addition is None:
        return Term(license_)
    addition = names.addition_name(expression.addition) or _made(
        names.ADDITION_REF, expression.addition
    )
    return Term(license_, addition)


def _made(prefix: str, name: str) -> str:
    made = None if names.is_nameless(name) else names.reference(prefix, name)
    if made is None:
        raise MalformedError("a name in it identifies nothing")
    return made
