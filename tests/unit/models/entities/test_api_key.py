"""ApiKeyItem: where a key is, and what of it."""

from dataclasses import replace

import pytest
from hypothesis import given

from models.access.record import ApiKeyRecord
from models.entities import ApiKeyItem
from models.entities.api_key import LAST, PARTITION, PREFIX, api_key_key
from models.entities.item import Item
from models.ids import new_id
from models.principal import Role
from models.timestamps import Timestamp
from tests.unit.models.strategies import model_ids

AT = Timestamp("2026-11-23T10:15:30.123456Z")
RECORD = ApiKeyRecord(
    id="0190b6a0-0000-7000-8000-000000000001",
    name="nightly",
    role=Role.ADMIN,
    token_sha256="ab" * 32,
    created_at=AT,
    created_by="user:ada",
    expires_at=AT,
    revoked_at=AT,
    revoked_by="key:k",
)


class TestKey:
    """api_key_key()."""

    def test_newer_keys_come_first(self) -> None:
        ids = [new_id() for _ in range(50)]
        assert sorted(ids, key=api_key_key, reverse=True) == ids

    @given(model_ids)
    def test_is_inside_the_partition_of_keys(self, key_id: str) -> None:
        key = api_key_key(key_id)
        assert key.pk == PARTITION
        assert PREFIX < key.sk < LAST


class TestItem:
    """ApiKeyItem."""

    @pytest.mark.parametrize(
        "record",
        [
            RECORD,
            replace(RECORD, expires_at=None),
            replace(RECORD, revoked_at=None, revoked_by=None),
        ],
    )
    def test_holds_the_record(self, record: ApiKeyRecord) -> None:
        raw = ApiKeyItem.of(record).serialize()
        found = Item.from_raw_data(raw)
        assert isinstance(found, ApiKeyItem)
        assert found.to_record() == record

    def test_is_kept_after_it_expires(self) -> None:
        assert "expires_at" not in ApiKeyItem.of(RECORD).serialize()  # which is DynamoDB's TTL

    def test_is_in_no_index(self) -> None:
        assert set(ApiKeyItem.of(RECORD).serialize()) == {
            *("PK", "SK", "kind", "key_id", "name", "role", "token_sha256"),
            *("created_at", "created_by", "valid_until", "revoked_at", "revoked_by"),
        }
