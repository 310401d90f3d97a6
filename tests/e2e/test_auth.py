"""`ml-evaluator serve --auth` and `ml-evaluator keys`, as their users run them."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest

from models.access.keyring import CACHE_SECONDS
from tests.api.issuer import AUDIENCE, Issuer, served
from tests.e2e.serve_process import COMMAND, TIMEOUT_S, ServeProcess, run

CACHE_S: Final = 0.5
VIEWER: Final = {"query": "{ viewer { subject roles } }"}
CREATE: Final = {
    "query": """mutation { createModel(input: {name: "n", source: "s", license: "l"}) {
      changeEntry { changedBy authenticatedAs } } }"""
}
ASSETS: Final = "/graphql/assets"
ROUTES: Final = ["/", "/health", "/graphql", f"{ASSETS}/boot.js", f"{ASSETS}/none", "/nowhere"]
EVIL: Final = "evil.example"
CREDENTIALS: Final = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}
OF_AWS: Final = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE")
HERE: Final = "127.0.0.1"

Result = subprocess.CompletedProcess[str]


class AuthProcess(ServeProcess):
    """A server that asks for credentials, and forgets keys soon."""

    def __init__(self, state_dir: Path, issuer: Issuer) -> None:
        environment = {"OIDC_ISSUER": issuer.url, "OIDC_AUDIENCE": AUDIENCE}
        # Where the server listens for other machines, too, which is what --auth is for.
        options = ("--auth", "--host=0.0.0.0", "--port=0")
        super().__init__(state_dir, *options, environment=environment)
        script = Path(__file__).with_name("auth_server.py")
        self._command = [Path(sys.executable), str(script), str(CACHE_S), *self._command[1:]]

    def post(self, body: object, **headers: str) -> httpx2.Response:
        """Send a GraphQL request."""
        url = self.url.replace("0.0.0.0", HERE)  # noqa: S104 - where it says that it listens
        return httpx2.post(f"{url}/graphql", json=body, headers=headers)

    def as_key(self, token: str, body: object = VIEWER) -> httpx2.Response:
        """Send a GraphQL request with a key, or a token."""
        return self.post(body, Authorization=f"Bearer {token}")


@pytest.fixture(scope="module")
def issuer() -> Iterator[Issuer]:
    with served(Issuer()) as issuer:
        yield issuer


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, issuer: Issuer) -> Iterator[AuthProcess]:
    with AuthProcess(tmp_path_factory.mktemp("state"), issuer) as server:
        yield server


@pytest.fixture(scope="module")
def open_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServeProcess]:
    with ServeProcess(tmp_path_factory.mktemp("state")) as server:
        yield server


def keys(*arguments: str, environment: Mapping[str, str]) -> Result:
    """Run `ml-evaluator keys` to its end, without the credentials of this machine."""
    inherited = {name: value for name, value in os.environ.items() if name not in OF_AWS}
    return subprocess.run(  # noqa: S603 - our own command
        [COMMAND, "keys", *arguments],
        capture_output=True,
        check=False,
        env={**inherited, **environment},
        text=True,
        timeout=TIMEOUT_S,
    )


def at(server: ServeProcess) -> dict[str, str]:
    """Return the environment in which the commands find a server's table."""
    return CREDENTIALS | {"AWS_ENDPOINT_URL": server.aws_url}


def made(server: ServeProcess, *options: str) -> str:
    """Make a key, and return what was written to standard output."""
    result = keys("create", "--name=of the tests", *options, environment=at(server))
    assert (result.returncode, result.stdout.count("\n")) == (0, 1), result.stderr
    return result.stdout.removesuffix("\n")


def listed(server: ServeProcess) -> list[str]:
    """Return the lines of the list."""
    result = keys("list", environment=at(server))
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout.splitlines()


def told(result: Result) -> str:
    """Return the one line that a person is told of a mistake, without a traceback."""
    assert (result.returncode, result.stdout) == (1, "")
    assert result.stderr.count("\n") == 1, result.stderr
    return result.stderr.removesuffix("\n")


class TestServer:
    """A server that asks for credentials, and the commands that make them."""

    def test_a_key_works_from_the_first_to_the_last(self, server: AuthProcess) -> None:
        assert server.post(VIEWER).status_code == 401
        secret = made(server, "--role=admin", "--expires-in-days=1")
        answer = server.as_key(secret)
        viewer = answer.json()["data"]["viewer"]
        assert viewer["roles"] == ["ADMIN", "READER", "WRITER"]
        entry = server.as_key(secret, CREATE).json()["data"]["createModel"]["changeEntry"]
        assert set(entry.values()) == {viewer["subject"]}
        key_id, role, _, _, state = listed(server)[0].split("\t")
        assert (role, state.partition(" 2")[0]) == ("ADMIN", "valid until")
        revoked = keys("revoke", key_id, environment=at(server))
        assert (revoked.returncode, revoked.stderr) == (0, "")
        assert "\trevoked 2" in revoked.stdout
        assert refused_within(server, secret, CACHE_S + 5)
        assert CACHE_SECONDS < 60  # what the server has without the tests' own time
        assert listed(server)[0] == revoked.stdout.removesuffix("\n")
        assert server.as_key(secret, CREATE).status_code == 401

    def test_an_endpoint_can_be_an_option(self, server: AuthProcess) -> None:
        result = keys("list", f"--endpoint-url={server.aws_url}", environment=CREDENTIALS)
        assert result.returncode == 0

    def test_people_come_by_the_issuers_tokens(self, server: AuthProcess, issuer: Issuer) -> None:
        answer = server.as_key(issuer.token())
        assert answer.json()["data"]["viewer"]["subject"] == "user:ada"
        assert server.as_key(issuer.token(aud="other")).status_code == 401

    def test_with_credentials_it_listens_everywhere(self, server: AuthProcess) -> None:
        assert server.url.startswith("http://0.0.0.0:")
        assert server.post(VIEWER).status_code == 401
        for headers in ({"Host": EVIL}, {"Origin": f"http://{EVIL}"}):
            assert server.post(VIEWER, **headers).status_code == 401

    def test_its_aws_is_for_this_machine_alone(self, server: AuthProcess) -> None:
        assert server.aws_url.startswith(f"http://{HERE}:")

    def test_an_unknown_key_is_told(self, server: AuthProcess) -> None:
        result = keys("revoke", "x", environment=at(server))
        assert told(result) == "there is no API key with this id"

    def test_credentials_that_are_refused_are_told(self, server: AuthProcess) -> None:
        wrong = at(server) | {"AWS_ACCESS_KEY_ID": "AKIAOFNOBODY"}
        assert told(keys("list", environment=wrong)).startswith("DynamoDB cannot be used: ")

    def test_leaves_nothing_on_standard_error(self, server: AuthProcess) -> None:
        assert server.errors == ""


def refused_within(server: AuthProcess, secret: str, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if server.as_key(secret).status_code == 401:
            return True
        time.sleep(0.1)
    return False


class TestMistakes:
    """What a person is told in one line, without a traceback."""

    def test_other_machines_without_credentials(self, tmp_path: Path) -> None:
        refused = run("serve", "--host=0.0.0.0", "--port=0", f"--state-dir={tmp_path}")
        assert told(refused).startswith("--host 0.0.0.0 is refused")
        assert refused.stderr.endswith("or --auth.\n")

    def test_an_endpoint_where_nobody_answers(self) -> None:
        with socket.create_server((HERE, 0)) as nobody:
            port = nobody.getsockname()[1]
        url = f"http://{HERE}:{port}"
        result = keys("create", "--name=n", environment=CREDENTIALS | {"AWS_ENDPOINT_URL": url})
        assert told(result).startswith("DynamoDB cannot be used: Could not connect to the endpoint")


class TestPasswordless:
    """The server that asks for no credentials, on every route."""

    @pytest.mark.parametrize("path", ROUTES)
    def test_strangers_are_refused(self, open_server: ServeProcess, path: str) -> None:
        port = open_server.url.rpartition(":")[2]
        strange: list[dict[str, Any]] = [
            *({"Host": host} for host in (EVIL, f"{EVIL}:{port}", HERE, f"0.0.0.0:{port}")),
            *({"Origin": origin} for origin in (f"http://{EVIL}", "null", f"http://{EVIL}:{port}")),
        ]
        with httpx2.Client(base_url=open_server.url) as stranger:
            for headers in strange:
                for method in ("GET", "POST", "OPTIONS", "HEAD", "PUT"):
                    answer = stranger.request(method, path, headers=headers)
                    assert answer.status_code == 403
                    assert "access-control-allow-origin" not in answer.headers

    @pytest.mark.parametrize(
        ("path", "status"), list(zip(ROUTES, [307, 200, 400, 200, 404, 404], strict=True))
    )
    def test_its_own_machine_is_answered(
        self, open_server: ServeProcess, path: str, status: int
    ) -> None:
        assert httpx2.get(open_server.url + path).status_code == status

    def test_it_lets_its_machine_in_as_the_local_admin(self, open_server: ServeProcess) -> None:
        answer = httpx2.post(f"{open_server.url}/graphql", json=VIEWER)
        assert answer.json()["data"]["viewer"]["subject"] == "local"
