"""The API's function, which lets everybody in: what it takes without credentials to verify."""

import graph.handler
from graph.auth import Authenticate, local_admin
from graph.services import Services
from models.settings import Settings


def _nothing_to_verify(_settings: Settings, _services: Services) -> Authenticate:
    return local_admin


setattr(graph.handler, "build_authenticator", _nothing_to_verify)  # noqa: B010  # no export of it
api = graph.handler.api
