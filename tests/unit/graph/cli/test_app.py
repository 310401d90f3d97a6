"""No traceback shows what variables hold: one of them may be a key."""

import subprocess
import sys

from graph.cli.app import app

FAULT = """
import sys, graph.client, graph.cli
def fail(client, *_, **__):
    raise RuntimeError("a fault of ours")
graph.client.Client.models = fail
sys.argv[1:] = ["models", "list", "--url", "https://svc.example", "--api-key", "mle_" + "secret"]
graph.cli.main()
"""


def test_tracebacks_show_no_variables() -> None:
    assert app.pretty_exceptions_show_locals is False
    done = subprocess.run(  # noqa: S603  # our own probe
        [sys.executable, "-c", FAULT], capture_output=True, check=False, text=True
    )
    assert done.returncode == 1
    assert "a fault of ours" in done.stderr
    assert "Traceback" in done.stderr
    assert "mle_secret" not in done.stdout + done.stderr
