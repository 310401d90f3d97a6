"""Tokens of an issuer: whose they are, and which are refused."""

import hmac
import json
import time
from dataclasses import replace
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jwt.utils import base64url_decode

from graph.auth.issuer import IssuerKeys
from graph.auth.tokens import ALGORITHMS, LEEWAY_SECONDS, TokenVerifier
from models.access.keyring import InvalidCredentials
from models.principal import Principal, Role
from tests.api.issuer import (
    AUDIENCE,
    CONFIGURATION,
    KEYS,
    Issuer,
    Json,
    compact,
    ec_key,
    rsa_key,
)

WRITER = frozenset({Role.READER, Role.WRITER})
NOBODY: frozenset[Role] = frozenset()
NO_AUDIENCES: list[object] = [
    *("other", [], ["other"], "", None, 7, [7], {}),
    *(AUDIENCE.upper(), f"{AUDIENCE} ", [[AUDIENCE]]),
]
NO_ISSUERS: list[object] = [
    *("https://other.example", "", None, 7),
    *(["https://issuer.example"], "https://issuer.example/"),
]
NO_SUBJECTS: list[object] = [
    *("", None, 7, ["ada"], {"a": 1}, "x" * 201, "a\nb", "a\x00", " ada", "ada ", "\ud800"),
]
NO_TIMES: list[object] = ["soon", None, [], {}, float("inf"), float("nan")]


@pytest.fixture
def issuer() -> Issuer:
    return Issuer()


def verifier(issuer: Issuer, roles_claim: str = "roles") -> TokenVerifier:
    keys = IssuerKeys(issuer.url, issuer.fetch)
    return TokenVerifier(keys, issuer.url, AUDIENCE, roles_claim)


def principal(issuer: Issuer, token: str, roles_claim: str = "roles") -> Principal:
    return verifier(issuer, roles_claim).principal(token)


def refusal(issuer: Issuer, token: str) -> str:
    """Return how a token is refused."""
    with pytest.raises(InvalidCredentials) as caught:
        principal(issuer, token)
    return str(caught.value)


def claims_of(issuer: Issuer) -> Json:
    found: Json = json.loads(base64url_decode(issuer.token().split(".")[1]))
    return found


class TestValid:
    """A token that lets somebody in."""

    def test_is_a_persons_who_may_not_attribute(self, issuer: Issuer) -> None:
        expected = Principal("user:ada", WRITER, may_attribute=False)
        assert principal(issuer, issuer.token()) == expected

    def test_may_be_signed_on_a_curve(self, issuer: Issuer) -> None:
        issuer.keys = [ec_key("curve")]
        assert principal(issuer, issuer.token()).subject == "user:ada"

    @pytest.mark.parametrize("algorithm", ["RS384", "RS512", "PS256", "PS384", "PS512"])
    def test_may_be_signed_by_any_algorithm_of_rsa(self, issuer: Issuer, algorithm: str) -> None:
        issuer.keys = [replace(rsa_key("key-1"), algorithm=algorithm)]
        assert principal(issuer, issuer.token()).subject == "user:ada"

    def test_may_be_for_several_audiences(self, issuer: Issuer) -> None:
        assert principal(issuer, issuer.token(aud=["other", AUDIENCE])).subject == "user:ada"

    def test_clocks_may_differ_a_little(self, issuer: Issuer) -> None:
        now = int(time.time())
        inside = LEEWAY_SECONDS - 10
        moved: list[Json] = [{"exp": now - inside}, {"nbf": now + inside}, {"iat": now + inside}]
        for claims in moved:
            assert principal(issuer, issuer.token(**claims)).subject == "user:ada"

    def test_needs_no_type_and_no_time_of_issue(self, issuer: Issuer) -> None:
        assert principal(issuer, issuer.token(header={"typ": None}, without=("iat",)))

    @pytest.mark.parametrize("subject", ["a", "x" * 200, "auth0|5f7c", "ada@example.org", "艾达"])
    def test_is_of_any_subject(self, issuer: Issuer, subject: str) -> None:
        assert principal(issuer, issuer.token(sub=subject)).subject == f"user:{subject}"

    def test_counts_after_the_keys_were_rotated(self, issuer: Issuer) -> None:
        tokens = verifier(issuer)
        old = issuer.token()
        tokens.principal(old)
        issuer.rotate()
        assert tokens.principal(issuer.token()).subject == "user:ada"
        with pytest.raises(InvalidCredentials):
            tokens.principal(old)


class TestRoles:
    """What a token's claims let its bearer do."""

    @pytest.mark.parametrize(
        ("claim", "expected"),
        [
            (["WRITER"], WRITER),
            (["writer"], WRITER),
            ("writer", WRITER),
            ("other reader", frozenset({Role.READER})),
            (["READER", "ADMIN"], frozenset(Role)),
            (["Admin", 7, None, ["READER"]], frozenset(Role)),
            *((claim, NOBODY) for claim in ([], "", ["WRITERS"], "admin,writer", None, 7, True)),
            *((claim, NOBODY) for claim in ({"WRITER": True}, [["WRITER"]], ["WRITER "])),
            *(
                (claim, NOBODY)
                for claim in ("role:ADMIN", "adm\u0131n", ["wr\u0131ter"], "\uff21DMIN")
            ),
        ],
    )
    def test_come_from_the_claim(
        self, issuer: Issuer, claim: object, expected: frozenset[Role]
    ) -> None:
        assert principal(issuer, issuer.token(roles=claim)).roles == expected

    def test_are_none_without_the_claim(self, issuer: Issuer) -> None:
        assert principal(issuer, issuer.token(without=("roles",))).roles == NOBODY

    @pytest.mark.parametrize(
        ("name", "claims", "expected"),
        [
            ("groups", {"groups": ["writer"]}, WRITER),
            ("groups", {"roles": ["writer"]}, NOBODY),
            ("groups", {}, NOBODY),
            ("realm_access.roles", {"realm_access": {"roles": ["writer"]}}, WRITER),
            ("a.b.c", {"a": {"b": {"c": "writer"}}}, WRITER),
            ("a.b.c", {"a": {"b": "writer"}}, NOBODY),
            ("a.b.c", {"a": ["b"]}, NOBODY),
            ("https://a.example/roles", {"https://a.example/roles": ["writer"]}, WRITER),
            ("a.b", {"a.b": ["writer"], "a": {"b": ["admin"]}}, WRITER),
        ],
    )
    def test_come_from_a_claim_of_any_name(
        self, issuer: Issuer, name: str, claims: Json, expected: frozenset[Role]
    ) -> None:
        said: Json = {"roles": ["ADMIN"]} | claims
        token = issuer.token(**said)
        assert principal(issuer, token, name).roles == expected


class TestClaims:
    """Claims for which a token is refused."""

    def test_an_expired_one_is_told(self, issuer: Issuer) -> None:
        long_ago = int(time.time()) - LEEWAY_SECONDS - 10
        assert refusal(issuer, issuer.token(exp=long_ago)) == "expired"

    def test_of_expiry_only_bearers_of_the_issuers_are_told(self, issuer: Issuer) -> None:
        forged = replace(rsa_key("forged"), id="key-1")
        assert refusal(issuer, issuer.token(key=forged, exp=1)) == "invalid"

    @pytest.mark.parametrize("name", ["exp", "iss", "aud", "sub"])
    def test_one_of_them_is_missing(self, issuer: Issuer, name: str) -> None:
        assert refusal(issuer, issuer.token(without=(name,))) == "invalid"

    @pytest.mark.parametrize(
        "claims",
        [
            *({"aud": audience} for audience in NO_AUDIENCES),
            *({"iss": issuer} for issuer in NO_ISSUERS),
            *({"sub": subject} for subject in NO_SUBJECTS),
            *({"exp": at} for at in NO_TIMES),
            {"nbf": 2**40},
            {"nbf": "later"},
            {"nbf": float("inf")},
            {"iat": 2**40},
            {"iat": "later"},
        ],
    )
    def test_one_of_them_is_wrong(self, issuer: Issuer, claims: Json) -> None:
        assert refusal(issuer, issuer.token(**claims)) == "invalid"

    @pytest.mark.parametrize(
        "claims",
        [
            *(b"", b"{", b"[]", b"null", b'"a"', b"\xff", b'{"exp": 1e400}'),
            pytest.param(b"[" * 10_000, id="deep"),
            pytest.param(b'{"exp": ' + b"9" * 5_000 + b"}", id="many digits"),
        ],
    )
    def test_they_are_none(self, issuer: Issuer, claims: bytes) -> None:
        key = issuer.keys[-1]
        token = compact({"alg": "RS256", "kid": key.id}, claims, key.sign)
        assert refusal(issuer, token) == "invalid"


class TestSignature:
    """Signatures for which a token is refused."""

    def test_is_anothers(self, issuer: Issuer) -> None:
        forged = replace(rsa_key("forged"), id="key-1")
        assert refusal(issuer, issuer.token(key=forged)) == "invalid"

    def test_is_of_other_claims(self, issuer: Issuer) -> None:
        one, other = issuer.token().split("."), issuer.token(roles=["ADMIN"]).split(".")
        assert refusal(issuer, ".".join([one[0], other[1], one[2]])) == "invalid"

    @pytest.mark.parametrize("algorithm", ["none", "None", "NONE", "", None, 7, ["RS256"], {}])
    def test_there_is_none(self, issuer: Issuer, algorithm: object) -> None:
        header = {"alg": algorithm, "kid": "key-1"}
        for token in (
            compact(header, claims_of(issuer), lambda _: b""),
            compact(header, claims_of(issuer), lambda _: b"x"),
        ):
            assert refusal(issuer, token) == "invalid"
        assert issuer.asked == []

    @pytest.mark.parametrize("algorithm", ["HS256", "HS384", "HS512"])
    def test_is_symmetric_with_the_public_key(self, issuer: Issuer, algorithm: str) -> None:
        key = rsa_key("key-1")
        secrets = (key.pem, key.pem.strip(), json.dumps(key.jwk).encode(), b"")
        digest = f"sha{algorithm.removeprefix('HS')}"
        header = {"alg": algorithm, "kid": key.id}
        for secret in secrets:
            sign = partial(hmac.digest, secret, digest=digest)
            token = compact(header, claims_of(issuer), sign)
            assert refusal(issuer, token) == "invalid"
        assert issuer.asked == []

    def test_is_symmetric_with_a_key_that_is_published_so(self, issuer: Issuer) -> None:
        odd = {"kty": "oct", "k": "c2VjcmV0", "kid": "odd", "alg": "HS256"}
        issuer.answers[KEYS] = json.dumps({"keys": [odd]}).encode()
        header = {"alg": "HS256", "kid": "odd"}
        token = compact(header, claims_of(issuer), lambda m: hmac.digest(b"secret", m, "sha256"))
        assert refusal(issuer, token) == "invalid"

    def test_is_by_another_algorithm_than_the_keys_own(self, issuer: Issuer) -> None:
        other = replace(rsa_key("key-1"), algorithm="PS256")
        assert refusal(issuer, issuer.token(key=other)) == "invalid"

    def test_is_by_another_kind_of_key(self, issuer: Issuer) -> None:
        issuer.answers[KEYS] = json.dumps(
            {"keys": [{k: v for k, v in rsa_key("key-1").jwk.items() if k != "alg"}]}
        ).encode()
        assert principal(issuer, issuer.token())
        curve = replace(ec_key("curve"), id="key-1")
        assert refusal(issuer, issuer.token(key=curve)) == "invalid"

    @pytest.mark.parametrize(
        "odd",
        [
            {"use": "enc"},
            {"kty": None},
            {"kty": "oct"},
            {"n": 7},
            {"n": "!"},
            {"n": ""},
            {"e": "AA"},
        ],
    )
    def test_is_by_an_odd_key(self, issuer: Issuer, odd: Json) -> None:
        issuer.answers[KEYS] = json.dumps({"keys": [rsa_key("key-1").jwk | odd]}).encode()
        assert refusal(issuer, issuer.token()) == "invalid"

    def test_is_by_a_key_of_the_token_itself(self, issuer: Issuer) -> None:
        forged = replace(rsa_key("forged"), id="key-1")
        for header in ({"jwk": forged.jwk}, {"jku": f"{issuer.url}{KEYS}"}, {"x5u": issuer.url}):
            assert refusal(issuer, issuer.token(key=forged, header=header)) == "invalid"
        assert set(issuer.asked) == {CONFIGURATION, KEYS}

    def test_only_asymmetric_algorithms_are_known(self) -> None:
        assert all(name[:2] in {"RS", "PS", "ES", "Ed"} for name in ALGORITHMS)


class TestHeader:
    """Headers for which a token is refused."""

    @pytest.mark.parametrize("key_id", [None, 1, 1.5, True, ["key-1"], {"a": "key-1"}, "", "key-2"])
    def test_names_no_key(self, issuer: Issuer, key_id: object) -> None:
        assert refusal(issuer, issuer.token(header={"kid": key_id})) == "invalid"

    def test_an_unknown_key_is_asked_for_once(self, issuer: Issuer) -> None:
        tokens = verifier(issuer)
        for number in range(20):
            with pytest.raises(InvalidCredentials):
                tokens.principal(issuer.token(header={"kid": f"unknown {number}"}))
        assert issuer.asked == [CONFIGURATION, KEYS] * 2

    @pytest.mark.parametrize("critical", [["b64"], ["unknown"], [], "b64", None])
    def test_asks_for_what_is_not_understood(self, issuer: Issuer, critical: object) -> None:
        token = issuer.token(header={"crit": critical or [], "b64": False})
        assert refusal(issuer, token) == "invalid"

    def test_the_issuer_is_unreachable(self, issuer: Issuer) -> None:
        issuer.is_up = False
        assert refusal(issuer, issuer.token()) == "invalid"


class TestGarbage:
    """What is no token at all."""

    @pytest.mark.parametrize(
        "text",
        [
            *("a", ".", "..", "...", "a.b.c", "a.b.c.d", "a.b.c.d.e", "e30.e30.", "bnVsbA.e30.e30"),
            *("W10.e30.e30", "!.!.!", "eyJhbGciOiJSUzI1NiJ9..", " . . ", "%00.%00.%00"),
        ],
    )
    def test_is_refused_and_nobody_asked(self, issuer: Issuer, text: str) -> None:
        assert refusal(issuer, text) == "invalid"
        assert issuer.asked == []

    def test_is_refused_however_deep(self, issuer: Issuer) -> None:
        token = compact(b"[" * 12_000, b"{}", lambda _: b"")
        assert refusal(issuer, token) == "invalid"

    @given(st.text(st.characters(codec="ascii")))
    def test_does_no_harm(self, text: str) -> None:
        assert refusal(Issuer(), text) == "invalid"

    @given(st.binary(), st.binary(), st.binary())
    def test_does_no_harm_in_three_parts(self, head: bytes, body: bytes, tail: bytes) -> None:
        assert refusal(Issuer(), compact(head, body, lambda _: tail)) == "invalid"
