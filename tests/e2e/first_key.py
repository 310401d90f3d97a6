"""The first key of a server that asks for credentials, made as an operator makes it."""

from graph.local.server import LocalServer
from models.access.commands import CreateApiKey
from models.access.keys import ApiKeys
from models.principal import Principal, Role
from models.settings import AwsCredentials, Settings
from models.table import Table
from models.timestamps import now


def first_key(server: LocalServer, role: Role) -> str:
    """Make a key on the table itself, and return its secret."""
    settings = Settings(endpoint_url=server.aws_url, credentials=AwsCredentials("test", "test"))
    operator = Principal("operator", frozenset(Role), may_attribute=True)
    keys = ApiKeys(Table(settings), now)
    return keys.create(operator, CreateApiKey(name="first", role=role)).token
