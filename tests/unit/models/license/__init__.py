"""Licenses: declared, normalised and judged."""
