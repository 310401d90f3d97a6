"""Which rules score a model: raised with every change of a metric."""

RULES_VERSION = "1.0.0"


def evaluator_version(policy_digest: str) -> str:
    """Return the version of all that decides on scores: the rules, and the license policy."""
    return f"{RULES_VERSION}+policy.{policy_digest}"
