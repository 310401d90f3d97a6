"""Credentials, tokens and the issuer."""
