"""Artifacts: files of a model, bound to their SHA-256."""
