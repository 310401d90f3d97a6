"""Licenses: what a declared license is in SPDX's terms, and what the policy says of it."""
