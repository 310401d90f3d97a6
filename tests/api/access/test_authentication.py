"""Who is let in, through each door."""

import hmac
import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from jwt.utils import base64url_decode

from graph.auth.issuer import FRESH_SECONDS
from graph.services import Services
from models import timestamps
from models.access.commands import RevokeApiKey
from models.access.keyring import CACHE_SECONDS
from models.access.record import new_token
from models.ids import api_key_node_id, new_id
from models.principal import Role
from models.timestamps import shifted
from tests.api.access.gate import OPERATOR, Gate
from tests.api.access.guest import VIEWER, Guest, bearer
from tests.api.client import Api, code
from tests.api.documents import CREATE
from tests.api.doors import Reply
from tests.api.issuer import CONFIGURATION, KEYS, Issuer, compact, ec_key, rsa_key
from tests.api.stored import Stored

MODEL = {"name": "n", "source": "s", "license": "l"}
INVALID = "the credentials are invalid"
EXPIRED = "the credentials have expired"
REQUIRED = "valid credentials are required"
LONG_AGO = int(time.time()) - 3_600
ASKED_ONCE = [CONFIGURATION, KEYS]


def refused(api: Api, stored: Stored, headers: dict[str, str]) -> str:
    """Return what is told to somebody who is not let in, and with whom nothing is written."""
    before = stored.items()
    replies = [
        api.post(CREATE, {"input": MODEL}, headers=headers),
        api.post("{ __typename }", headers=headers),
        api.post_body("no JSON", headers),
    ]
    assert stored.items() == before
    (message,) = {_message_of(reply) for reply in replies}
    return message


def _message_of(reply: Reply) -> str:
    (error,) = reply.json["errors"]
    assert (reply.status, code(error)) == (401, "UNAUTHENTICATED")
    assert "data" not in reply.json
    assert error == {"message": error["message"], "extensions": {"code": "UNAUTHENTICATED"}}
    challenge = reply.headers["www-authenticate"]
    if error["message"] == REQUIRED:
        assert challenge == "Bearer"
    else:
        described = f'error_description="{error["message"]}"'
        assert challenge == f'Bearer error="invalid_token", {described}'
    message: str = error["message"]
    return message


def symmetric(issuer: Issuer, secret: bytes) -> str:
    """Sign a token as if the public key were a secret."""
    claims = base64url_decode(issuer.token().split(".")[1])
    header = {"alg": "HS256", "kid": "key-1"}
    return compact(header, claims, lambda message: hmac.digest(secret, message, "sha256"))


def unsigned(issuer: Issuer) -> str:
    """Give a token that says itself that nobody signed it."""
    claims = base64url_decode(issuer.token(roles=["ADMIN"]).split(".")[1])
    return compact({"alg": "none", "kid": "key-1"}, claims, lambda _: b"")


class TestLetIn:
    """Credentials that are valid."""

    def test_a_persons_token(self, person: Callable[..., Guest]) -> None:
        expected = {"subject": "user:ada", "roles": ["READER", "WRITER"]}
        assert person("WRITER").execute(VIEWER)["viewer"] == expected

    @pytest.mark.parametrize("role", Role)
    def test_an_api_key_in_either_header(self, api: Api, gate: Gate, role: Role) -> None:
        created = gate.new_key(role)
        for headers in (bearer(created.token), {"x-api-key": created.token}):
            viewer = Guest(api, headers).execute(VIEWER)["viewer"]
            assert viewer["subject"] == f"key:{created.key.id}"
            assert role.value in viewer["roles"]
            assert len(viewer["roles"]) == list(Role).index(role) + 1

    def test_get_queries_too(self, api: Api, gate: Gate) -> None:
        headers = bearer(gate.new_key().token)
        reply = api.send("GET", query_string="query=%7Bviewer%7Bsubject%7D%7D", headers=headers)
        assert reply.status == 200
        assert "www-authenticate" not in reply.headers

    def test_a_key_on_a_curve(self, api: Api, gate: Gate) -> None:
        gate.issuer.keys = [ec_key("curve")]
        assert Guest(api, bearer(gate.issuer.token())).execute(VIEWER)

    def test_nobody_needs_credentials_for_the_health(self, api: Api) -> None:
        for headers in ({}, bearer("garbage")):
            assert api.send("GET", "/health", headers=headers).status == 200


class TestNothingShown:
    """No credentials."""

    @pytest.mark.parametrize("headers", [{}, {"cookie": "authorization=Bearer a.b.c"}])
    def test_credentials_are_asked_for(
        self, api: Api, stored: Stored, headers: dict[str, str]
    ) -> None:
        assert refused(api, stored, headers) == REQUIRED

    def test_a_token_in_the_url_is_none(self, api: Api, gate: Gate) -> None:
        token = gate.new_key().token
        reply = api.get(query=VIEWER, access_token=token, authorization=f"Bearer {token}")
        assert _message_of(reply) == REQUIRED


class TestTokens:
    """Tokens that let nobody in."""

    @pytest.mark.parametrize(
        ("make", "message"),
        [
            pytest.param(lambda i: i.token(exp=LONG_AGO), EXPIRED, id="expired"),
            pytest.param(lambda i: i.token(nbf=2**40), INVALID, id="not yet valid"),
            pytest.param(lambda i: i.token(aud="other"), INVALID, id="wrong audience"),
            pytest.param(lambda i: i.token(iss="https://a.example"), INVALID, id="wrong issuer"),
            pytest.param(lambda i: i.token(without=("exp",)), INVALID, id="endless"),
            pytest.param(lambda i: i.token(without=("sub",)), INVALID, id="nobody's"),
            pytest.param(lambda i: i.token(sub="a\nb"), INVALID, id="odd subject"),
            pytest.param(unsigned, INVALID, id="alg none"),
            pytest.param(lambda i: symmetric(i, rsa_key("key-1").pem), INVALID, id="HS256, PEM"),
            pytest.param(
                lambda i: symmetric(i, json.dumps(rsa_key("key-1").jwk).encode()),
                INVALID,
                id="HS256, JWK",
            ),
            pytest.param(
                lambda i: i.token(key=replace(rsa_key("forged"), id="key-1")),
                INVALID,
                id="anothers signature",
            ),
            pytest.param(lambda i: i.token(header={"kid": "other"}), INVALID, id="unknown key"),
            pytest.param(lambda i: i.token(header={"kid": None}), INVALID, id="no key"),
            pytest.param(lambda _: "garbage", INVALID, id="garbage"),
            pytest.param(lambda _: "a.b.c", INVALID, id="garbage in three parts"),
            pytest.param(lambda i: i.token()[:-5], INVALID, id="cut off"),
            pytest.param(
                lambda _: compact(b"[" * 11_000, b"", lambda _: b""), INVALID, id="too deep"
            ),
        ],
    )
    def test_are_refused_without_a_hint(
        self, api: Api, stored: Stored, gate: Gate, make: Callable[[Issuer], str], message: str
    ) -> None:
        token = make(gate.issuer)
        assert refused(api, stored, bearer(token)) == message
        assert refused(api, stored, {"x-api-key": token}) == INVALID

    def test_with_unknown_keys_are_asked_for_once(
        self, api: Api, stored: Stored, gate: Gate
    ) -> None:
        Guest(api, bearer(gate.issuer.token())).execute(VIEWER)
        for number in range(5):
            token = gate.issuer.token(header={"kid": f"unknown {number}"})
            assert refused(api, stored, bearer(token)) == INVALID
        assert gate.issuer.asked == ASKED_ONCE * 2

    def test_of_a_key_that_was_rotated_while_running(
        self, api: Api, stored: Stored, gate: Gate
    ) -> None:
        old = bearer(gate.issuer.token())
        Guest(api, old).execute(VIEWER)
        gate.issuer.rotate()
        Guest(api, bearer(gate.issuer.token())).execute(VIEWER)
        assert refused(api, stored, old) == INVALID

    def test_of_a_key_that_was_withdrawn(self, api: Api, stored: Stored, gate: Gate) -> None:
        old = bearer(gate.issuer.token())
        Guest(api, old).execute(VIEWER)
        gate.issuer.rotate()
        gate.seconds = FRESH_SECONDS
        assert refused(api, stored, old) == INVALID

    def test_of_an_issuer_that_is_unreachable(self, api: Api, stored: Stored, gate: Gate) -> None:
        gate.issuer.is_up = False
        assert refused(api, stored, bearer(gate.issuer.token())) == INVALID

    def test_keys_work_while_the_issuer_is_unreachable(self, api: Api, gate: Gate) -> None:
        gate.issuer.is_up = False
        Guest(api, bearer(gate.new_key().token)).execute(VIEWER)
        assert gate.issuer.asked == []


class TestApiKeys:
    """API keys that let nobody in."""

    def test_unknown(self, api: Api, stored: Stored) -> None:
        assert refused(api, stored, bearer(new_token(new_id()))) == INVALID
        assert refused(api, stored, bearer("mle_garbage")) == INVALID
        assert refused(api, stored, {"x-api-key": "garbage"}) == INVALID

    def test_with_another_secret(self, api: Api, stored: Stored, gate: Gate) -> None:
        one, other = gate.new_key().token, gate.new_key().token
        assert refused(api, stored, bearer(one[:-43] + other[-43:])) == INVALID

    def test_revoked_within_a_minute(
        self, api: Api, stored: Stored, gate: Gate, services: Services
    ) -> None:
        created = gate.new_key()
        job = Guest(api, bearer(created.token))
        job.execute(VIEWER)
        services.keys.revoke(OPERATOR, RevokeApiKey(id=api_key_node_id(created.key.id)))
        gate.seconds = CACHE_SECONDS
        assert refused(api, stored, bearer(created.token)) == INVALID
        assert CACHE_SECONDS < 60

    def test_expired_at_once(self, api: Api, stored: Stored, gate: Gate) -> None:
        expiry = shifted(timestamps.now(), timedelta(hours=1))
        created = gate.new_key(expires_at=expiry)
        Guest(api, bearer(created.token)).execute(VIEWER)
        gate.now = expiry
        assert refused(api, stored, bearer(created.token)) == EXPIRED


class TestOddHeaders:
    """Headers that show no credential, or more than one."""

    def test_two_credentials(self, api: Api, stored: Stored, gate: Gate) -> None:
        key, token = gate.new_key().token, gate.issuer.token()
        for one in (key, token):
            assert refused(api, stored, bearer(one) | {"x-api-key": key}) == INVALID
            # API Gateway joins headers of one name.
            joined = {"authorization": f"Bearer {one},Bearer {key}"}
            assert refused(api, stored, joined) == INVALID
            assert refused(api, stored, {"authorization": f"Bearer {one}, Bearer {one}"}) == INVALID
        assert refused(api, stored, {"x-api-key": f"{key},{key}"}) == INVALID

    @pytest.mark.parametrize(
        "value", ["Basic YTpi", "Bearer", "Digest x", "Bearer a b", "Negotiate", "bearer\ta.b.c"]
    )
    def test_other_schemes(self, api: Api, stored: Stored, value: str) -> None:
        assert refused(api, stored, {"authorization": value}) == INVALID

    def test_a_valid_key_in_another_scheme(self, api: Api, stored: Stored, gate: Gate) -> None:
        key = gate.new_key().token
        for value in (key, f"Basic {key}", f"Token {key}"):
            assert refused(api, stored, {"authorization": value}) == INVALID


class TestCost:
    """What authentication costs at DynamoDB."""

    def test_a_key_is_read_once(self, admin: Guest) -> None:
        assert [admin.requests(VIEWER) for _ in range(3)] == [1, 0, 0]

    def test_is_not_told_to_strangers(self, api: Api) -> None:
        for token in (new_token(new_id()), "mle_x", "x"):
            reply = api.post(VIEWER, headers=bearer(token))
            assert (reply.status, reply.json.keys()) == (401, {"errors"})

    def test_a_token_costs_nothing(self, person: Callable[..., Guest]) -> None:
        assert person("READER").requests(VIEWER) == 0
