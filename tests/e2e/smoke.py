"""What a deployment must be able to do: `python -m tests.e2e.smoke URL`.

With an API key of the role WRITER in ML_EVALUATOR_API_KEY. It leaves one deleted model behind,
whose name says what it was; with --read-only it writes nothing.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from typing import Any

import httpx2

TIMEOUT_SECONDS = 30.0
CREATE = """mutation { createModel(input: {
  name: "smoke-test", source: "smoke-test", license: "MIT", reason: "Deployment"
}) { model { id version } userErrors { code message } } }"""
READ = "query($id: ID!) { model(id: $id) { name version state } }"
DELETE = """mutation($id: ID!) { deleteModel(input: { id: $id }) {
  model { version state } userErrors { code message } } }"""


class SmokeError(Exception):
    """The deployment answered otherwise than it must."""


class Deployment:
    """A deployed API, seen from outside."""

    def __init__(self, url: str, key: str) -> None:
        headers = {"Authorization": f"Bearer {key}"}
        self._client = httpx2.Client(
            base_url=f"{url.rstrip('/')}/", headers=headers, timeout=TIMEOUT_SECONDS
        )

    def health(self) -> None:
        """Look at the service, its table and its bucket."""
        answer = self._client.get("health", params={"deep": "1"}).json()
        expect(answer.get("status") == "ok", f"the health check says {answer}")

    def ask(self, query: str, **variables: object) -> Any:  # noqa: ANN401  # JSON
        """Return the data that answer a document."""
        reply = self._client.post("graphql", json={"query": query, "variables": variables})
        expect(reply.status_code == httpx2.codes.OK, f"GraphQL says {reply.status_code}")
        answer = reply.json()
        expect("errors" not in answer, f"GraphQL says {answer.get('errors')}")
        return answer["data"]

    def refuses_strangers(self) -> None:
        """Ask without credentials."""
        headers = {"Authorization": ""}
        reply = self._client.post("graphql", json={"query": "{ __typename }"}, headers=headers)
        expect(reply.status_code == httpx2.codes.UNAUTHORIZED, "strangers are let in")

    def create_read_and_delete(self) -> None:
        """Take a model through its life."""
        created = self.ask(CREATE)["createModel"]
        expect(not created["userErrors"], f"createModel says {created['userErrors']}")
        model_id = created["model"]["id"]
        read = self.ask(READ, id=model_id)["model"]
        expect(read == {"name": "smoke-test", "version": 1, "state": "ACTIVE"}, f"it is {read}")
        deleted = self.ask(DELETE, id=model_id)["deleteModel"]
        expect(deleted["model"] == {"version": 2, "state": "DELETED"}, f"it is {deleted}")


def run(deployment: Deployment, *, read_only: bool, tell: Callable[[str], object]) -> None:
    """Make all tests, and tell how long each took.

    Raises:
        SmokeError: one failed.
    """
    tests: dict[str, Callable[[], object]] = {
        "health": deployment.health,
        "strangers are refused": deployment.refuses_strangers,
        "a query": lambda: deployment.ask(
            "{ viewer { subject roles } models(first: 1) { nodes { id } } }"
        ),
    }
    if not read_only:
        tests["create, read and delete"] = deployment.create_read_and_delete
    for name, test in tests.items():
        begun = time.monotonic()
        try:
            test()
        except (httpx2.HTTPError, ValueError, KeyError, TypeError) as error:
            raise SmokeError(f"{name}: {error!r}") from error
        except SmokeError as error:
            raise SmokeError(f"{name}: {error}") from error
        tell(f"ok  {name}  {time.monotonic() - begun:.2f} s\n")


def main() -> int:
    """Test the deployment that the command line names; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("url", help="the API's URL, without a path")
    parser.add_argument("--read-only", action="store_true", help="write nothing")
    options = parser.parse_args()
    key = os.environ.get("ML_EVALUATOR_API_KEY", "")
    deployment = Deployment(options.url, key)
    try:
        run(deployment, read_only=options.read_only, tell=sys.stdout.write)
    except SmokeError as error:
        sys.stderr.write(f"FAILED  {error}\n")
        return 1
    return 0


def expect(is_so: bool, otherwise: str) -> None:
    if not is_so:
        raise SmokeError(otherwise)


if __name__ == "__main__":
    sys.exit(main())
