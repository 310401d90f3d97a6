"""From a request's credentials to a principal."""

from collections.abc import Callable

from starlette.requests import Request

from models.principal import Principal, Role

Authenticate = Callable[[Request], Principal | None]
"""Tells who sent a request, or None where its credentials do not say."""

LOCAL = Principal("local", frozenset(Role), may_attribute=True)
"""Whoever uses the local server, which listens to its own machine only."""


def local_admin(_: Request) -> Principal:
    """Take every request for the local admin's."""
    return LOCAL


def nobody(_: Request) -> None:
    """Let nobody in: what a deployment does that configures no way of authenticating."""
