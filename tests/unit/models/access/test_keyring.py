"""Whose key a token is, mostly without asking."""

import hmac
from dataclasses import replace

import pytest

from models.access.keyring import (
    CACHE_MAX_KEYS,
    CACHE_SECONDS,
    InvalidCredentials,
    Keyring,
    roles_of,
)
from models.access.record import ApiKeyRecord, key_id_in, new_token, token_sha256
from models.ids import new_id
from models.principal import Principal, Role
from models.timestamps import Timestamp

NOW = Timestamp("2026-11-23T10:15:30.000000Z")
BEFORE = Timestamp("2026-11-23T10:15:29.999999Z")
AFTER = Timestamp("2026-11-23T10:15:30.000001Z")


class Shelf:
    """The keys that there are, and the ids that were asked for."""

    def __init__(self) -> None:
        self.records: dict[str, ApiKeyRecord] = {}
        self.asked: list[str] = []
        self.seconds = 0.0
        self.now = NOW
        self.keyring = Keyring(self._find, lambda: self.now, lambda: self.seconds)

    def add(
        self,
        role: Role = Role.WRITER,
        expires_at: Timestamp | None = None,
        revoked_at: Timestamp | None = None,
    ) -> str:
        """Make a key, and return its token."""
        key_id = new_id()
        token = new_token(key_id)
        record = ApiKeyRecord(key_id, "nightly", role, token_sha256(token), BEFORE, "local")
        self.records[key_id] = replace(record, expires_at=expires_at, revoked_at=revoked_at)
        return token

    def revoke(self, token: str) -> None:
        """Revoke the key of a token."""
        key_id = key_id_in(token) or ""
        self.records[key_id] = replace(self.records[key_id], revoked_at=NOW)

    def _find(self, key_id: str) -> ApiKeyRecord | None:
        self.asked.append(key_id)
        return self.records.get(key_id)


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


def is_refused(shelf: Shelf, token: str) -> bool:
    try:
        shelf.keyring.principal(token)
    except InvalidCredentials as error:
        return not error.has_expired
    return False


class TestPrincipal:
    """Keyring.principal()."""

    def test_is_the_key_with_its_roles_and_may_attribute(self, shelf: Shelf) -> None:
        token = shelf.add(Role.WRITER)
        roles = frozenset({Role.READER, Role.WRITER})
        expected = Principal(f"key:{key_id_in(token)}", roles, may_attribute=True)
        assert shelf.keyring.principal(token) == expected

    def test_is_nobody_for_an_unknown_key(self, shelf: Shelf) -> None:
        assert is_refused(shelf, new_token(new_id()))

    def test_is_nobody_for_what_is_no_token_and_asks_nothing(self, shelf: Shelf) -> None:
        shelf.add()
        for text in ("", "mle_", "a.b.c"):
            assert is_refused(shelf, text)
        assert shelf.asked == []

    def test_is_nobody_for_another_secret_with_this_id(self, shelf: Shelf) -> None:
        token, other = shelf.add(), shelf.add()
        secret = other[-43:]
        assert is_refused(shelf, token[:-43] + secret)
        assert is_refused(shelf, token[:-1] + ("A" if token[-1] != "A" else "B"))

    def test_is_nobody_for_a_revoked_key(self, shelf: Shelf) -> None:
        assert is_refused(shelf, shelf.add(revoked_at=BEFORE))

    @pytest.mark.parametrize("expires_at", [BEFORE, NOW])
    def test_is_nobody_for_an_expired_key_which_is_told(
        self, shelf: Shelf, expires_at: Timestamp
    ) -> None:
        with pytest.raises(InvalidCredentials, match=r"^expired$") as caught:
            shelf.keyring.principal(shelf.add(expires_at=expires_at))
        assert caught.value.has_expired

    def test_tells_of_expiry_only_who_has_the_secret(self, shelf: Shelf) -> None:
        token = shelf.add(expires_at=BEFORE)
        assert is_refused(shelf, token[:-43] + "A" * 43)

    def test_is_no_longer_told_of_expiry_once_revoked(self, shelf: Shelf) -> None:
        assert is_refused(shelf, shelf.add(expires_at=BEFORE, revoked_at=BEFORE))

    def test_compares_in_constant_time(self, shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
        compared: list[tuple[str, str]] = []

        def compare(one: str, other: str) -> bool:
            compared.append((one, other))
            return one == other

        monkeypatch.setattr(hmac, "compare_digest", compare)
        token = shelf.add()
        shelf.keyring.principal(token)
        assert compared == [(token_sha256(token), token_sha256(token))]


class TestCache:
    """What is not asked again."""

    def test_may_be_stale_for_less_than_a_minute(self) -> None:
        assert CACHE_SECONDS < 60

    def test_a_known_key_is_read_once(self, shelf: Shelf) -> None:
        token = shelf.add()
        for _ in range(3):
            shelf.keyring.principal(token)
            shelf.seconds += CACHE_SECONDS / 3 - 0.01
        assert len(shelf.asked) == 1

    def test_use_does_not_keep_a_key_known(self, shelf: Shelf) -> None:
        token = shelf.add()
        for _ in range(10):
            shelf.keyring.principal(token)
            shelf.seconds += CACHE_SECONDS / 4
        assert len(shelf.asked) == 3

    def test_a_revoked_key_stops_within_the_time(self, shelf: Shelf) -> None:
        token = shelf.add()
        shelf.keyring.principal(token)
        shelf.revoke(token)
        shelf.seconds = CACHE_SECONDS - 0.01
        shelf.keyring.principal(token)
        shelf.seconds = CACHE_SECONDS
        assert is_refused(shelf, token)

    def test_a_known_key_stops_at_once_when_it_expires(self, shelf: Shelf) -> None:
        token = shelf.add(expires_at=AFTER)
        shelf.keyring.principal(token)
        shelf.now = AFTER
        with pytest.raises(InvalidCredentials, match=r"^expired$"):
            shelf.keyring.principal(token)
        assert len(shelf.asked) == 1

    def test_unknown_ids_push_no_key_out(self, shelf: Shelf) -> None:
        token = shelf.add()
        shelf.keyring.principal(token)
        for _ in range(CACHE_MAX_KEYS + 1):
            assert is_refused(shelf, new_token(new_id()))
        shelf.asked.clear()
        shelf.keyring.principal(token)
        assert shelf.asked == []

    def test_a_known_key_says_nothing_for_another_secret(self, shelf: Shelf) -> None:
        token = shelf.add()
        shelf.keyring.principal(token)
        assert is_refused(shelf, token[:-43] + "A" * 43)
        shelf.keyring.principal(token)
        assert len(shelf.asked) == 1

    def test_the_time_counts_from_before_the_reading(self, shelf: Shelf) -> None:
        token = shelf.add()
        find = shelf.keyring._find

        def slowly(key_id: str) -> ApiKeyRecord | None:
            found = find(key_id)
            shelf.seconds += CACHE_SECONDS
            return found

        shelf.keyring._find = slowly
        shelf.keyring.principal(token)
        shelf.revoke(token)
        assert is_refused(shelf, token)

    def test_a_failure_is_not_remembered(self, shelf: Shelf) -> None:
        token = shelf.add()
        find = shelf.keyring._find

        def fail(_: str) -> None:
            raise ConnectionError

        shelf.keyring._find = fail
        with pytest.raises(ConnectionError):
            shelf.keyring.principal(token)
        shelf.keyring._find = find
        shelf.keyring.principal(token)

    def test_forgets_the_key_that_was_used_longest_ago(self, shelf: Shelf) -> None:
        first, second = shelf.add(), shelf.add()
        shelf.keyring.principal(first)
        shelf.keyring.principal(second)
        shelf.keyring.principal(first)
        for _ in range(CACHE_MAX_KEYS - 1):
            shelf.keyring.principal(shelf.add())
        assert len(shelf.keyring._known) == CACHE_MAX_KEYS
        shelf.asked.clear()
        shelf.keyring.principal(first)
        shelf.keyring.principal(second)
        assert shelf.asked == [key_id_in(second)]


class TestRolesOf:
    """roles_of()."""

    def test_the_higher_includes_the_lower(self) -> None:
        assert roles_of(Role.READER) == {Role.READER}
        assert roles_of(Role.WRITER) == {Role.READER, Role.WRITER}
        assert roles_of(Role.ADMIN) == set(Role)
