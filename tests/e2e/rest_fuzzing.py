"""Schemathesis on the REST routes of a running server, from its own /openapi.json.

The suite makes a few requests for each route. For a hunt, `python -m tests.e2e.rest_fuzzing 200`
makes up to 200. The server asks for credentials, so that leaving them out is tested as well.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from graph.bootstrap import build_services
from graph.local.server import LocalServer
from models.access.commands import CreateApiKey
from models.principal import Principal, Role
from models.settings import AwsCredentials, Settings

SEED: Final = 20_261_123
NOT_CHECKED: Final = "positive_data_acceptance"
"""Well-formed requests that fit the document are refused as well: ids of nothing, states, `id` with
filters of the list. Every other check is made."""
_OPERATOR: Final = Principal("operator", frozenset(Role), may_attribute=True)


@contextmanager
def guarded_server() -> Iterator[tuple[str, str]]:
    """Serve the API, asking for credentials; give its URL and an admin's key."""
    with LocalServer(settings=Settings(), auth=True, demo=True) as server:
        settings = Settings(endpoint_url=server.aws_url, credentials=AwsCredentials("test", "test"))
        command = CreateApiKey(name="fuzzing", role=Role.ADMIN)
        yield server.url, build_services(settings).keys.create(_OPERATOR, command).token


def hunt(url: str, token: str, examples: int) -> subprocess.CompletedProcess[str]:
    """Let schemathesis make its requests; it ends with 0 where every answer is as agreed."""
    command = [
        *(sys.executable, "-m", "schemathesis.cli", "run", f"{url}/openapi.json"),
        *("--header", f"Authorization: Bearer {token}"),
        *("--phases", "coverage,fuzzing"),
        *("--checks", "all", "--exclude-checks", NOT_CHECKED),
        *("--max-examples", str(examples), "--seed", str(SEED)),
        *("--generation-database", "none", "--suppress-health-check", "all"),
        *("--warnings", "off", "--continue-on-failure", "--no-color"),
    ]
    with tempfile.TemporaryDirectory() as directory:  # it would leave files behind
        return subprocess.run(  # noqa: S603  # our own command
            command,
            check=False,
            cwd=directory,
            env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[2])},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )


def main() -> int:
    """Hunt, and tell what was found."""
    with guarded_server() as (url, token):
        done = hunt(url, token, int(sys.argv[1]))
    print(done.stdout)  # noqa: T201
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
