"""What every group of methods has."""

from graph.client.api import Api


class Calls:
    """Methods that ask the API."""

    _api: Api
