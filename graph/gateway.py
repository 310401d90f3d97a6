"""The events of API Gateway's HTTP API, for Mangum."""

from functools import cached_property

from mangum.handlers import HTTPGateway
from mangum.types import Scope


class HttpApi(HTTPGateway):
    """One event, whose scope is made once: Mangum's own makes it again for the answer."""

    @cached_property
    def scope(self) -> Scope:
        """Return the event as ASGI has it."""
        return super().scope
