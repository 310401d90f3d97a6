"""Tells whose key a token is, without asking the table each time."""

import hmac
import time
from collections import OrderedDict
from collections.abc import Callable
from threading import Lock

from models.access.record import ApiKeyRecord, key_id_in, token_sha256
from models.principal import Principal, Role
from models.timestamps import Clock

CACHE_SECONDS = 30.0
"""After which a key is read again: so long a revoked one may still work."""
CACHE_MAX_KEYS = 1_000


class InvalidCredentials(Exception):  # noqa: N818  # what a caller is told, no error of ours
    """Credentials that let nobody in.

    Attributes:
        has_expired: they were valid once; nothing else is told.
    """

    def __init__(self, *, has_expired: bool = False) -> None:
        super().__init__("expired" if has_expired else "invalid")
        self.has_expired = has_expired


class Keyring:
    """Authenticates by API key.

    Args:
        find: reads a key by its id.
        timer: tells seconds.
    """

    def __init__(
        self,
        find: Callable[[str], ApiKeyRecord | None],
        clock: Clock,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._find = find
        self._clock = clock
        self._timer = timer
        self._known: OrderedDict[str, tuple[float, ApiKeyRecord]] = OrderedDict()
        self._lock = Lock()

    def principal(self, token: str) -> Principal:
        """Return whose key `token` is: no request while the key is known.

        Raises:
            InvalidCredentials: it is nobody's, or not any more.
        """
        key_id = key_id_in(token)
        record = self._read(key_id) if key_id else None
        if record is None or not hmac.compare_digest(record.token_sha256, token_sha256(token)):
            raise InvalidCredentials
        if record.revoked_at is not None:
            raise InvalidCredentials
        if record.expires_at is not None and record.expires_at <= self._clock():
            raise InvalidCredentials(has_expired=True)
        return Principal(record.subject, roles_of(record.role), may_attribute=True)

    def _read(self, key_id: str) -> ApiKeyRecord | None:
        now = self._timer()
        with self._lock:
            known = self._known.get(key_id)
            if known and now - known[0] < CACHE_SECONDS:
                self._known.move_to_end(key_id)
                return known[1]
        record = self._find(key_id)
        if record is None:  # not kept: whoever guesses ids would push out the keys that there are
            return None
        with self._lock:
            self._known[key_id] = (now, record)
            self._known.move_to_end(key_id)
            while len(self._known) > CACHE_MAX_KEYS:
                self._known.popitem(last=False)
        return record


def roles_of(highest: Role) -> frozenset[Role]:
    """Return all roles that the highest one includes."""
    order = list(Role)
    return frozenset(order[: order.index(highest) + 1])
