"""Artifacts: what is pure about them."""
