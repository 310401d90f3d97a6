"""The use cases of API keys, and the log line that every change of one leaves."""

from dataclasses import dataclass, replace

from models.access.commands import CreateApiKey, RevokeApiKey
from models.access.record import ApiKeyRecord, new_token, token_sha256
from models.audit import log_api_key
from models.belongings import BelongingPage, Walk, after_position
from models.entities import ApiKeyItem
from models.entities.api_key import LAST, PARTITION, PREFIX, api_key_key
from models.entities.item import Item
from models.errors import Refusal, UserErrorCode
from models.ids import ApiKeyRef, new_id, parse_node_id
from models.limits import API_KEY_NAME_MAX_CHARACTERS
from models.principal import Principal
from models.registry.commit import persistently
from models.registry.validation import Faults
from models.table import Table
from models.timestamps import Clock
from models.transaction import ConditionFailed, Put, TransactionConflict

ApiKeyPage = BelongingPage[ApiKeyRecord]


@dataclass(frozen=True, slots=True)
class CreatedKey:
    """A key that was just made.

    Attributes:
        token: what the job sends; it is shown this once, and kept nowhere.
    """

    key: ApiKeyRecord
    token: str

    def __repr__(self) -> str:
        """Leave the token out: what is printed ends in logs."""
        return f"CreatedKey({self.key!r})"


class ApiKeys:
    """Makes, shows and revokes keys."""

    def __init__(self, table: Table, clock: Clock) -> None:
        self._table = table
        self._clock = clock

    def create(self, principal: Principal, command: CreateApiKey) -> CreatedKey:
        """Make a key: one request.

        Raises:
            Refusal: with every fault, and then there is no key.
        """
        now = self._clock()
        faults = Faults()
        faults.check_label("name", command.name, API_KEY_NAME_MAX_CHARACTERS)
        if command.expires_at is not None and command.expires_at <= now:
            faults.add("expiresAt", "must be in the future")
        faults.raise_any()
        key_id = new_id()
        token = new_token(key_id)
        record = ApiKeyRecord(
            id=key_id,
            name=command.name,
            role=command.role,
            token_sha256=token_sha256(token),
            created_at=now,
            created_by=principal.subject,
            expires_at=command.expires_at,
        )
        put = Put(ApiKeyItem.of(record), Item.PK.does_not_exist())
        persistently(lambda: self._table.transact([put]))
        log_api_key(record.id, "create", principal.subject)
        return CreatedKey(record, token)

    def revoke(self, principal: Principal, command: RevokeApiKey) -> ApiKeyRecord:
        """Refuse a key from now on; to do so twice is the same as once: two requests.

        Raises:
            Refusal: there is no such key.
        """
        ref = parse_node_id(command.id)
        if not isinstance(ref, ApiKeyRef):
            raise _no_key()
        return persistently(lambda: self._try_revoke(principal, ref.key_id))

    def page(self, first: int, after: str | None = None) -> ApiKeyPage:
        """Read a page of the keys, newest first: one request."""

        def seen(item: Item) -> ApiKeyRecord | None:
            return item.to_record() if isinstance(item, ApiKeyItem) else None

        low = after_position(after) if after else PREFIX
        return Walk(first, seen, low, LAST).finish(self._table, PARTITION)

    def find(self, key_id: str) -> ApiKeyRecord | None:
        """Read a key: one request."""
        item = self._table.get(api_key_key(key_id))
        return item.to_record() if isinstance(item, ApiKeyItem) else None

    def _try_revoke(self, principal: Principal, key_id: str) -> ApiKeyRecord:
        record = self.find(key_id)
        if record is None:
            raise _no_key()
        if record.revoked_at is not None:
            return record
        revoked = replace(record, revoked_at=self._clock(), revoked_by=principal.subject)
        try:
            self._table.transact([Put(ApiKeyItem.of(revoked), ApiKeyItem.not_revoked())])
        except ConditionFailed as failed:
            raise TransactionConflict("the key was revoked meanwhile") from failed
        log_api_key(record.id, "revoke", principal.subject)
        return revoked


def _no_key() -> Refusal:
    return Refusal.because(UserErrorCode.NOT_FOUND, "there is no API key with this id", "id")
