"""The use cases of API keys, on moto."""

import json
import logging
from collections.abc import Iterator
from datetime import timedelta

import pytest
from moto import mock_aws

from models.access.commands import CreateApiKey, RevokeApiKey
from models.access.keys import ApiKeys, CreatedKey
from models.access.record import key_id_in, token_sha256
from models.audit import AUDIT_LOGGER
from models.errors import Refusal, UserErrorCode
from models.ids import api_key_node_id
from models.metering import CostMeter, metered
from models.principal import Principal, Role
from models.settings import AwsCredentials, Settings
from models.table import Table
from models.timestamps import Timestamp, shifted
from tests.api.stored import Stored

ADMIN = Principal("user:root", frozenset(Role), may_attribute=False)
NOW = Timestamp("2026-11-23T10:15:30.000000Z")
LATER = shifted(NOW, timedelta(microseconds=1))
PAGE = 100
NO_KEY = "00000000-0000-7000-8000-000000000000"


class Clock:
    """A clock that tests set."""

    now = NOW

    def __call__(self) -> Timestamp:
        return self.now


@pytest.fixture(scope="module")
def table() -> Iterator[Table]:
    with mock_aws():
        table = Table(Settings(credentials=AwsCredentials("test", "test")))
        table.create()
        Stored().stop_stream()
        yield table


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keys(table: Table, clock: Clock) -> ApiKeys:
    Stored().clear()
    return ApiKeys(table, clock)


def made(keys: ApiKeys, name: str = "nightly") -> CreatedKey:
    return keys.create(ADMIN, CreateApiKey(name=name, role=Role.WRITER))


def revoke(keys: ApiKeys, key_id: str) -> CostMeter:
    with metered(CostMeter()) as meter:
        keys.revoke(ADMIN, RevokeApiKey(id=api_key_node_id(key_id)))
    return meter


class TestCreate:
    """ApiKeys.create()."""

    def test_keeps_a_digest_and_not_the_token(self, keys: ApiKeys) -> None:
        created = keys.create(ADMIN, CreateApiKey(name="n", role=Role.ADMIN, expires_at=LATER))
        key = created.key
        assert key_id_in(created.token) == key.id
        assert key.token_sha256 == token_sha256(created.token)
        assert (key.name, key.role, key.created_by) == ("n", Role.ADMIN, "user:root")
        assert (key.created_at, key.expires_at, key.revoked_at) == (NOW, LATER, None)
        assert keys.find(key.id) == key
        raw = json.dumps(list(Stored().items().values()), default=str)
        assert created.token[-43:] not in raw
        assert key.token_sha256 in raw

    def test_takes_one_request(self, keys: ApiKeys) -> None:
        with metered(CostMeter()) as meter:
            made(keys)
        assert meter.requests == 1

    @pytest.mark.parametrize("expires_at", [NOW, shifted(NOW, timedelta(days=-1))])
    def test_refuses_what_has_expired(self, keys: ApiKeys, expires_at: Timestamp) -> None:
        with pytest.raises(Refusal) as caught:
            keys.create(ADMIN, CreateApiKey(name="n", role=Role.READER, expires_at=expires_at))
        (fault,) = caught.value.faults
        assert (fault.code, fault.field) == (UserErrorCode.INVALID_INPUT, ("expiresAt",))
        assert Stored().items() == {}

    @pytest.mark.parametrize("name", ["", "x" * 129, " n", "n ", "a\nb", "a\x1b[0m", "\ud800"])
    def test_refuses_what_is_no_name(self, keys: ApiKeys, name: str) -> None:
        with pytest.raises(Refusal) as caught:
            keys.create(ADMIN, CreateApiKey(name=name, role=Role.READER, expires_at=NOW))
        assert [fault.field for fault in caught.value.faults] == [("name",), ("expiresAt",)]

    @pytest.mark.parametrize("name", ["n", "x" * 128, "日" * 128, "a b", "😀" * 128])
    def test_takes_a_name_in_any_script(self, keys: ApiKeys, name: str) -> None:
        assert made(keys, name).key.name == name

    def test_is_logged(self, keys: ApiKeys, caplog: pytest.LogCaptureFixture) -> None:
        with caplog.at_level(logging.INFO, AUDIT_LOGGER):
            created = made(keys)
        (record,) = caplog.records
        assert json.loads(record.getMessage()) == {
            "audit": {"apiKey": created.key.id, "action": "create", "by": "user:root"}
        }


class TestRevoke:
    """ApiKeys.revoke()."""

    def test_says_when(self, keys: ApiKeys, clock: Clock) -> None:
        key = made(keys).key
        clock.now = LATER
        assert revoke(keys, key.id).operations == ["GetItem", "TransactWriteItems"]
        found = keys.find(key.id)
        assert found
        assert (found.revoked_at, found.revoked_by) == (LATER, "user:root")

    def test_is_logged(self, keys: ApiKeys, caplog: pytest.LogCaptureFixture) -> None:
        key = made(keys).key
        with caplog.at_level(logging.INFO, AUDIT_LOGGER):
            revoke(keys, key.id)
        (record,) = caplog.records
        assert json.loads(record.getMessage()) == {
            "audit": {"apiKey": key.id, "action": "revoke", "by": "user:root"}
        }

    def test_twice_is_as_once(
        self, keys: ApiKeys, clock: Clock, caplog: pytest.LogCaptureFixture
    ) -> None:
        key = made(keys).key
        revoke(keys, key.id)
        clock.now = LATER
        before = Stored().items()
        with caplog.at_level(logging.INFO, AUDIT_LOGGER):
            assert revoke(keys, key.id).operations == ["GetItem"]
        assert Stored().items() == before
        assert caplog.records == []

    def test_at_once_with_another_is_as_once(
        self, keys: ApiKeys, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        key = made(keys).key
        find = keys.find
        outdated = [find(key.id)]
        revoke(keys, key.id)
        clock.now = LATER
        monkeypatch.setattr(
            ApiKeys, "find", lambda _, key_id: outdated.pop() if outdated else find(key_id)
        )
        revoked = keys.revoke(ADMIN, RevokeApiKey(id=api_key_node_id(key.id)))
        assert revoked.revoked_at == NOW

    @pytest.mark.parametrize(
        "key_id", ["", "x", NO_KEY, api_key_node_id(NO_KEY), f"{api_key_node_id(NO_KEY)}="]
    )
    def test_finds_no_other(self, keys: ApiKeys, key_id: str) -> None:
        with pytest.raises(Refusal, match=r"^there is no API key with this id$") as caught:
            keys.revoke(ADMIN, RevokeApiKey(id=key_id))
        (fault,) = caught.value.faults
        assert (fault.code, fault.field) == (UserErrorCode.NOT_FOUND, ("id",))


class TestPage:
    """ApiKeys.page()."""

    def test_is_empty_where_there_is_none(self, keys: ApiKeys) -> None:
        page = keys.page(PAGE)
        assert (page.items, page.has_more) == ([], False)

    @pytest.mark.parametrize("size", [1, 2, 5, 7, PAGE])
    def test_pages_give_each_key_once_newest_first(self, keys: ApiKeys, size: int) -> None:
        expected = [made(keys, f"key {number}").key for number in range(7)][::-1]
        found, after = [], None
        while True:
            page = keys.page(size, after)
            assert len(page.items) <= size
            found += page.items
            after = page.reached
            if not page.has_more:
                break
        assert found == expected

    def test_takes_one_request(self, keys: ApiKeys) -> None:
        made(keys)
        with metered(CostMeter()) as meter:
            keys.page(PAGE)
        assert meter.operations == ["Query"]
