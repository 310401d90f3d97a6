"""Verification, without a table."""
