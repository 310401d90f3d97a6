"""Clients of other makers against the running server, most of which need Node."""
