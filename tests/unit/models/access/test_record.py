"""The token of an API key: what it says, and what is kept of it."""

import hashlib
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.access.keys import CreatedKey
from models.access.record import ApiKeyRecord, key_id_in, new_token, token_sha256
from models.ids import new_id
from models.principal import Role
from models.timestamps import Timestamp

KEY_ID = "0190b6a0-0000-7000-8000-000000000001"
SECRET = "A" * 43
TOKEN = f"mle_0190b6a0000070008000000000000001_{SECRET}"


class TestNewToken:
    """new_token()."""

    def test_has_a_prefix_the_id_and_256_random_bits(self) -> None:
        token = new_token(KEY_ID)
        assert re.fullmatch(r"mle_0190b6a0000070008000000000000001_[A-Za-z0-9_-]{43}", token)

    def test_is_another_each_time(self) -> None:
        assert len({new_token(KEY_ID) for _ in range(100)}) == 100


class TestKeyIdIn:
    """key_id_in()."""

    def test_finds_the_id(self) -> None:
        assert key_id_in(TOKEN) == KEY_ID
        for _ in range(100):
            key_id = new_id()
            assert key_id_in(new_token(key_id)) == key_id

    @pytest.mark.parametrize(
        "text",
        [
            *("", "mle_", "mle__", TOKEN[:-1], TOKEN + "A", TOKEN + "\n", " " + TOKEN),
            *(TOKEN.upper(), TOKEN.replace("mle", "MLE"), TOKEN.replace("mle", "key")),
            *(TOKEN.replace("b", "B"), TOKEN.replace("b", "g"), TOKEN.replace("A", "=")),
            *(f"mle_{KEY_ID}_{SECRET}", TOKEN.replace("1_", "1-"), TOKEN.replace("0", "\u0660")),
            TOKEN.replace("A", "é"),
        ],
    )
    def test_finds_none_in_what_is_no_token(self, text: str) -> None:
        assert key_id_in(text) is None

    @given(st.text())
    def test_no_text_does_harm(self, text: str) -> None:
        assert key_id_in(text) is None
        assert key_id_in(f"mle_{text}") is None


class TestTokenSha256:
    """token_sha256()."""

    def test_is_of_the_whole_token(self) -> None:
        assert token_sha256(TOKEN) == hashlib.sha256(TOKEN.encode()).hexdigest()


class TestApiKeyRecord:
    """A key."""

    RECORD = ApiKeyRecord(
        id=KEY_ID,
        name="nightly",
        role=Role.READER,
        token_sha256=token_sha256(TOKEN),
        created_at=Timestamp("2026-11-23T10:15:30.123456Z"),
        created_by="local",
    )

    def test_authenticates_a_principal_of_its_own(self) -> None:
        assert self.RECORD.subject == f"key:{KEY_ID}"

    def test_is_printed_without_its_token(self) -> None:
        assert SECRET not in repr(CreatedKey(self.RECORD, TOKEN))
