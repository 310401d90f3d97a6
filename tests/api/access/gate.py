"""The real authenticator, with a clock that tests set and an issuer of their own."""

from starlette.requests import Request

from graph.auth import Authenticator
from graph.auth.issuer import IssuerKeys
from graph.auth.tokens import TokenVerifier
from graph.services import Services
from models import timestamps
from models.access.commands import CreateApiKey
from models.access.keyring import Keyring
from models.access.keys import CreatedKey
from models.principal import Principal, Role
from models.timestamps import Timestamp
from tests.api.issuer import AUDIENCE, Issuer

OPERATOR = Principal("operator", frozenset(Role), may_attribute=True)


class Gate:
    """Authenticates as a deployment does; each test begins with nothing known.

    Attributes:
        issuer: whose tokens let people in.
        seconds: the time on the timer of both caches.
        now: the time by which keys expire; the true one unless set.
    """

    def __init__(self, services: Services) -> None:
        self._services = services
        self.reset()

    def reset(self) -> None:
        """Forget all keys."""
        self.issuer = Issuer()
        self.seconds = 0.0
        self.now: Timestamp | None = None
        keys = IssuerKeys(self.issuer.url, self.issuer.fetch, lambda: self.seconds)
        self._authenticator = Authenticator(
            Keyring(self._services.keys.find, self._clock, lambda: self.seconds),
            TokenVerifier(keys, self.issuer.url, AUDIENCE, "roles"),
        )

    def authenticate(self, request: Request) -> Principal | None:
        """Tell who sent a request."""
        return self._authenticator(request)

    def new_key(self, role: Role = Role.ADMIN, expires_at: Timestamp | None = None) -> CreatedKey:
        """Make an API key, as `ml-evaluator keys create` does."""
        command = CreateApiKey(name="of the tests", role=role, expires_at=expires_at)
        return self._services.keys.create(OPERATOR, command)

    def _clock(self) -> Timestamp:
        return self.now or timestamps.now()
