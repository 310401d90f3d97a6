"""The credential in a request's headers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from graph.auth.credentials import Credential, credential_in
from models.access.keyring import InvalidCredentials

KEY = "mle_0190b6a0000070008000000000000001_" + "A" * 43


def request(*headers: tuple[str, str]) -> Request:
    raw = [(name.encode(), value.encode("latin-1")) for name, value in headers]
    return Request({"type": "http", "headers": raw})


def found(*headers: tuple[str, str]) -> Credential | None:
    return credential_in(request(*headers))


def is_refused(*headers: tuple[str, str]) -> bool:
    try:
        found(*headers)
    except InvalidCredentials as error:
        return not error.has_expired
    return False


class TestCredentialIn:
    """credential_in()."""

    def test_is_none_where_nothing_is_shown(self) -> None:
        assert found() is None
        assert found(("cookie", f"authorization=Bearer {KEY}; token={KEY}")) is None

    def test_no_url_holds_one(self) -> None:
        scope = {"type": "http", "headers": [], "query_string": f"access_token={KEY}".encode()}
        assert credential_in(Request(scope)) is None

    @pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER", "bEaReR"])
    def test_a_bearer_token_is_one_in_any_case(self, scheme: str) -> None:
        assert found(("authorization", f"{scheme} a.b.c")) == Credential("a.b.c", is_api_key=False)

    def test_spaces_around_it_do_not_count(self) -> None:
        assert found(("authorization", "Bearer   a.b.c ")) == Credential("a.b.c", is_api_key=False)

    def test_a_key_is_told_by_its_prefix(self) -> None:
        assert found(("authorization", f"Bearer {KEY}")) == Credential(KEY, is_api_key=True)

    def test_a_key_has_a_header_of_its_own(self) -> None:
        assert found(("x-api-key", KEY)) == Credential(KEY, is_api_key=True)

    def test_no_token_belongs_there(self) -> None:
        assert found(("x-api-key", "a.b.c")) == Credential("a.b.c", is_api_key=True)

    @pytest.mark.parametrize(
        "value",
        [
            *("", " ", "Bearer", "Bearer ", "Bearer    ", "Basic YTpi", "Digest a", f"{KEY}"),
            *("Token a", "Bearera.b.c", "Bearer\ta.b.c", " Bearer a.b.c", "Bearer:a.b.c"),
            *("Bearer a\tb", "Bearer a\x00", "Bearer a\x7f", "Bearer é", "Bearer \xa0a.b.c\xa0"),
            "Bearer " + "a" * (16 * 1024 + 1),
        ],
    )
    def test_any_other_authorization_is_refused(self, value: str) -> None:
        assert is_refused(("authorization", value))

    @pytest.mark.parametrize("value", ["", "é", "a\x00", "\x85", "a" * (16 * 1024 + 1)])
    def test_a_key_that_can_be_none_is_refused(self, value: str) -> None:
        assert is_refused(("x-api-key", value))

    def test_the_longest_is_taken(self) -> None:
        assert found(("authorization", "Bearer " + "a" * 16 * 1024))

    @pytest.mark.parametrize(
        "headers",
        [
            [("authorization", "Bearer a.b.c"), ("x-api-key", KEY)],
            [("authorization", f"Bearer {KEY}"), ("x-api-key", KEY)],
            [("authorization", "Bearer a.b.c"), ("authorization", "Bearer a.b.c")],
            [("authorization", "Bearer a.b.c"), ("authorization", "")],
            [("authorization", "Basic a"), ("authorization", "Bearer a.b.c")],
            [("x-api-key", KEY), ("x-api-key", KEY)],
            [("x-api-key", KEY), ("authorization", "")],
        ],
    )
    def test_two_are_refused(self, headers: list[tuple[str, str]]) -> None:
        assert is_refused(*headers)

    @given(st.binary(max_size=50))
    def test_no_bytes_do_harm(self, value: bytes) -> None:
        for name in (b"authorization", b"x-api-key"):
            scope = {"type": "http", "headers": [(name, value)]}
            try:
                shown = credential_in(Request(scope))
            except InvalidCredentials:
                continue
            assert shown
            assert shown.text.isascii()


class TestCredential:
    """A credential."""

    def test_is_printed_without_its_secret(self) -> None:
        assert KEY not in repr(Credential(KEY, is_api_key=True))
