"""Runs the README's serve command in a fresh clone with no environment: `python -m` this module.

It needs a package registry, which a test must not; `.ci/run` calls it.
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.e2e import readme

URL = "http://127.0.0.1:8000"
START_TIMEOUT_S = 300.0
STOP_TIMEOUT_S = 30.0


def main() -> int:
    """Serve from a clone, ask for the example and for GraphiQL, stop; return the exit code."""
    with tempfile.TemporaryDirectory() as directory:
        clone = Path(directory) / "clone"
        subprocess.run(  # noqa: S603  # our own checkout
            ["/usr/bin/git", "clone", "--quiet", readme.ROOT, clone], check=True
        )
        environment = {k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"}
        serve = subprocess.Popen(  # noqa: S603  # the README's own command
            ["/bin/bash", "-c", readme.SERVE], cwd=clone, env=environment, start_new_session=True
        )
        try:
            wait_until_up(serve)
            check_answers()
        finally:
            with contextlib.suppress(ProcessLookupError):  # it ended by itself, which was told
                os.killpg(serve.pid, signal.SIGINT)
            code = serve.wait(STOP_TIMEOUT_S)
    sys.stdout.write(f"the README's serve command works; it stopped with {code}\n")
    return code


def wait_until_up(serve: "subprocess.Popen[bytes]") -> None:
    """Wait for the health check."""
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if serve.poll() is not None:
            raise SystemExit(f"serve ended with {serve.returncode}")
        try:
            get("/health")
        except urllib.error.URLError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("serve did not come up")


def check_answers() -> None:
    """Ask as the README does, and as a browser does."""
    done = subprocess.run(  # noqa: S603  # the README's own command
        ["/bin/bash", "-c", readme.EXAMPLE], capture_output=True, check=True, text=True
    )
    if readme.without_cost(done.stdout) != json.loads(readme.ANSWER):
        raise SystemExit(f"the example answered {done.stdout}")
    if "boot.js" not in get("/graphql") or not get("/graphql/assets/graphiql.js"):
        raise SystemExit("GraphiQL is not served")


def get(path: str) -> str:
    """Get a page as a browser would."""
    request = urllib.request.Request(URL + path, headers={"Accept": "text/html,*/*;q=0.8"})  # noqa: S310  # loopback
    with urllib.request.urlopen(request) as response:  # noqa: S310  # loopback
        text: str = response.read().decode()
    return text


if __name__ == "__main__":
    sys.exit(main())
