"""Licenses as people write them, for property tests."""

from hypothesis import strategies as st

NAMES = (
    *("MIT", "mit", "Apache-2.0", "Apache License 2.0", "gpl-3.0", "GPL-2.0+", "bsl-1.0", "cc"),
    *("llama3.1", "openrail++", "cc-by-nc-4.0", "Zlib", "Aladdin", "LicenseRef-foo", "Foo-Bar"),
    *("DocumentRef-a:LicenseRef-b", "MIT WITH LLVM-exception", "isc with Foo", "apple-amlr"),
)
"""Of every verdict; each is one operand."""

licenses = st.sampled_from(NAMES)


def _join(parts: list[str], operator: str) -> str:
    return "(" + f" {operator} ".join(parts) + ")"


expressions = st.recursive(
    licenses,
    lambda inner: st.builds(
        _join, st.lists(inner, min_size=2, max_size=3), st.sampled_from(["AND", "OR", "and", "or"])
    ),
    max_leaves=8,
)
_TOKENS = (*NAMES, "AND", "OR", "WITH", "and", "or", "with", "(", ")", "+", "other", "", "é", "許")
texts = (
    st.text(max_size=40)
    | st.lists(st.sampled_from(_TOKENS), max_size=12).map(" ".join)
    | st.lists(st.sampled_from(_TOKENS), max_size=12).map("".join)
    | expressions
)
"""What somebody may send: expressions, what resembles them, and anything else."""
