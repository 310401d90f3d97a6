"""Rehearse a deployment: `python -m tests.e2e.rehearsal`, which takes about two minutes.

It follows docs/DEPLOYMENT_QUICKSTART.md word by word, in a new clone of the checkout as it stands,
and goes on with what a deployment must be able to do besides. `--show` prints what the page's
commands print, for the page.

With `--without ACTION`, no role is allowed an action that serverless.yml allows on a line of its
own: then it must fail, and the log says AccessDenied, or 403 where S3 was only asked for a head.
"""

import argparse
import hashlib
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import httpx2

from graph.local.hub import DEMO_DATA, StandInHub
from models.artifacts.completion import REHASH_INLINE_MAX_BYTES
from tests.e2e import smoke
from tests.e2e.rehearsal.emulator import MACHINE, ROOT, Emulator
from tests.e2e.rehearsal.page import LAST, Step, masked, steps
from tests.e2e.rehearsal.repository import make_repository
from tests.e2e.rehearsal.shell import CommandFailed, Shell
from tests.e2e.rehearsal.stack import Stack

PAGE: Final = "https://huggingface.co/northwind/harbor-tides-small"
SOON_SECONDS: Final = 60.0
DEPLOY_AGAIN: Final = "node_modules/.bin/osls deploy --stage staging --param logLevel=2"
CONTENT: Final = b"weights" * 10_000
LARGE_CONTENT: Final = bytes(range(256)) * (REHASH_INLINE_MAX_BYTES // 256) + b"and more"
FUNCTIONS: Final = ("api", "worker", "hasher")

NEW_MODEL: Final = """mutation { createModel(input: {name: "n", source: "s", license: "MIT"}) {
  model { id } } }"""
ANNOUNCE: Final = """mutation($input: CreateArtifactUploadInput!) {
  createArtifactUpload(input: $input) {
  artifact { id } upload { parts { url offset sizeBytes headers { name value } } }
  userErrors { code message field } } }"""
COMPLETE: Final = """mutation($id: ID!) { completeArtifactUpload(input: { artifactId: $id }) {
  artifact { status downloadUrl } userErrors { code message } } }"""
ARTIFACT: Final = """query($id: ID!) { node(id: $id) { ... on Artifact {
  status verification { method } } } }"""
EVALUATE: Final = """mutation($url: String!) { evaluateModel(input: { url: $url }) {
  evaluation { id status } userErrors { code message } } }"""
EVALUATION: Final = """query($id: ID!) { node(id: $id) { ... on Evaluation {
  status netScore reportUrl failure { code message } model { id } } } }"""
HISTORY: Final = """query($id: ID!) { model(id: $id) { version
  changeHistory(first: 10) { nodes { action } }
  historyVerification { intact complete } } }"""


def main() -> int:
    """Rehearse; return the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--without", metavar="ACTION", help="such as dynamodb:Query")
    parser.add_argument("--show", action="store_true", help="print what the commands print")
    options = parser.parse_args()
    with (
        tempfile.TemporaryDirectory() as place,
        StandInHub(DEMO_DATA) as hub,
        Emulator(Path(place)) as emulator,
    ):
        scratch = Path(place)
        make_repository(scratch / "repository", options.without)
        (scratch / "reader").mkdir()
        environ = {
            **readers_environ(),
            **emulator.environ,
            "HF_ENDPOINT": hub.url,
            "EVALUATOR_GITHUB_API_URL": hub.github_url,
            "NODE_NO_WARNINGS": "1",
            "PACKAGE_MACHINE": MACHINE,
            "REPOSITORY": str(scratch / "repository"),
        }
        stack = Stack(emulator)
        with Shell(scratch / "reader", scratch, environ) as shell:
            try:
                Rehearsal(emulator, stack, shell, show=options.show).run()
            except (smoke.SmokeError, CommandFailed) as error:
                sys.stderr.write(f"FAILED  {error}\n")
                for function in FUNCTIONS:
                    sys.stderr.writelines(
                        f"{function}: {line}\n"
                        for line in stack.log(function)
                        if '"ERROR"' in line or "AccessDenied" in line
                    )
                return 1
    return 0


def readers_environ() -> dict[str, str]:
    """Return this environment, without what is about some AWS, this project or its virtualenv."""
    template = (ROOT / "serverless.yml").read_text(encoding="utf-8")
    ours = {*re.findall(r"\$\{env:(\w+)", template), "DYNAMODB_TABLE", "S3_BUCKET", "VIRTUAL_ENV"}
    return {
        name: value
        for name, value in os.environ.items()
        if name not in ours and (name == "AWS_CA_BUNDLE" or not name.startswith("AWS_"))
    }


class Rehearsal:
    """Everything that a deployment goes through."""

    def __init__(self, emulator: Emulator, stack: Stack, shell: Shell, *, show: bool) -> None:
        self._emulator = emulator
        self._stack = stack
        self._shell = shell
        self._show = show
        self._secrets: list[str] = []

    def run(self) -> None:
        """Go through all of it.

        Raises:
            SmokeError: something was not as it must be.
            CommandFailed: a command failed.
        """
        page = steps()
        for step in page:
            if step.heading != LAST:
                self._follow(step)
        deployment = self._deployment()
        model_id = self._step("a file goes up and comes down", lambda: self._file(deployment))
        self._step("a large file is hashed", lambda: self._large_file(deployment, model_id))
        self._step("an evaluation through stream and worker", lambda: self._evaluation(deployment))
        self._step("deploy again", lambda: self._shell.run(DEPLOY_AGAIN))
        self._step(
            "all is still there",
            lambda: self._intact(deployment, model_id, ["ARTIFACT_ADD", "ARTIFACT_ADD", "CREATE"]),
        )
        self._step("logs", self._logs)
        kept = self._stack.outputs
        for step in page:
            if step.heading == LAST:
                self._follow(step)
        self._step("the data are kept", lambda: self._data(kept))

    def _follow(self, step: Step) -> None:
        self._step(step.heading, lambda: self._run(step))
        if "export API_URL=" in step.commands:
            # On AWS it is what was printed. The emulator's has a name that must be resolved.
            self._shell.run(f"API_URL='{self._stack.url}'")

    def _run(self, step: Step) -> None:
        printed = self._shell.run(step.commands)
        if self._show:
            sys.stdout.write(f"{step.commands}---\n{printed}---\n")
        smoke.expect(
            self._show or step.accepts(printed),
            f"{step.heading}: the page says\n{step.expected}and it was\n{printed}"
            f"which is compared as\n{masked(printed)}\n",
        )

    def _step(self, name: str, do: Callable[[], Any]) -> Any:  # noqa: ANN401  # whatever it does
        begun = time.monotonic()
        result = do()
        sys.stdout.write(f"ok  {name}  {time.monotonic() - begun:.1f} s\n")
        sys.stdout.flush()
        return result

    def _deployment(self) -> smoke.Deployment:
        key = self._shell.run('echo "$API_KEY"').strip()
        self._secrets.append(key)
        return smoke.Deployment(self._stack.url, key)

    def _file(self, deployment: smoke.Deployment) -> str:
        model_id: str = deployment.ask(NEW_MODEL)["createModel"]["model"]["id"]
        artifact_id = self._sent(deployment, model_id, CONTENT)
        completed = deployment.ask(COMPLETE, id=artifact_id)["completeArtifactUpload"]
        artifact = completed["artifact"]
        smoke.expect(bool(artifact) and artifact["status"] == "AVAILABLE", f"{completed}")
        got = httpx2.get(artifact["downloadUrl"])
        smoke.expect(got.content == CONTENT, f"S3 gives {got.status_code} {got.text[:300]}")
        return model_id

    def _large_file(self, deployment: smoke.Deployment, model_id: str) -> None:
        half = len(LARGE_CONTENT) // 2 + 1
        parts = [LARGE_CONTENT[:half], LARGE_CONTENT[half:]]
        artifact_id = self._sent(
            deployment,
            model_id,
            LARGE_CONTENT,
            partSizeBytes=half,
            partSha256=[hashlib.sha256(part).hexdigest() for part in parts],
        )
        completed = deployment.ask(COMPLETE, id=artifact_id)["completeArtifactUpload"]
        artifact = completed["artifact"]
        smoke.expect(bool(artifact) and artifact["status"] == "VERIFYING", f"{completed}")
        node = self._settled(deployment, ARTIFACT, artifact_id, {"AVAILABLE", "REJECTED"})
        expected = {"status": "AVAILABLE", "verification": {"method": "REHASH"}}
        smoke.expect(node == expected, f"it is {node}")

    def _sent(
        self, deployment: smoke.Deployment, model_id: str, content: bytes, **fields: object
    ) -> str:
        """Announce a file and send it, and return its id."""
        given = {
            "modelId": model_id,
            "filename": "weights.bin",
            "sizeBytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        }
        announced = deployment.ask(ANNOUNCE, input=given | fields)["createArtifactUpload"]
        smoke.expect(not announced["userErrors"], f"{announced}")
        for part in announced["upload"]["parts"]:
            self._secrets.append(part["url"].partition("X-Amz-Signature=")[2])
            headers = {header["name"]: header["value"] for header in part["headers"]}
            start = part["offset"]
            piece = content[start : start + part["sizeBytes"]]
            sent = httpx2.put(part["url"], headers=headers, content=piece)
            smoke.expect(sent.is_success, f"S3 says {sent.status_code} {sent.text}")
        artifact_id: str = announced["artifact"]["id"]
        return artifact_id

    def _settled(
        self, deployment: smoke.Deployment, query: str, node_id: str, settled: set[str]
    ) -> dict[str, Any]:
        """Wait for what is done beside the request, and return what came of it."""
        deadline = time.monotonic() + SOON_SECONDS
        while True:
            node: dict[str, Any] = deployment.ask(query, id=node_id)["node"]
            if node["status"] in settled:
                return node
            smoke.expect(time.monotonic() < deadline, f"it is still {node['status']}")
            time.sleep(0.5)

    def _evaluation(self, deployment: smoke.Deployment) -> None:
        asked = deployment.ask(EVALUATE, url=PAGE)["evaluateModel"]
        smoke.expect(not asked["userErrors"], f"{asked}")
        evaluation_id = asked["evaluation"]["id"]
        node = self._settled(deployment, EVALUATION, evaluation_id, {"SUCCEEDED", "FAILED"})
        smoke.expect(node["status"] == "SUCCEEDED", f"it is {node}")
        report = httpx2.get(node["reportUrl"])
        smoke.expect(report.is_success and "metrics" in report.json(), f"S3 gives {report.text}")
        self._intact(deployment, node["model"]["id"], ["EVALUATE", "CREATE"])

    def _intact(self, deployment: smoke.Deployment, model_id: str, actions: list[str]) -> None:
        model = deployment.ask(HISTORY, id=model_id)["model"]
        found = [entry["action"] for entry in model["changeHistory"]["nodes"]]
        smoke.expect(found == actions, f"the history is {found}")
        verified = model["historyVerification"]
        smoke.expect(verified == {"intact": True, "complete": True}, f"{verified}")

    def _logs(self) -> None:
        for function in FUNCTIONS:
            lines = [json.dumps(line) for line in self._stack.lines(function)]
            smoke.expect(bool(lines), f"the {function} has logged nothing")
            text = "\n".join(lines)
            for secret in self._secrets:
                smoke.expect(secret not in text, f"a secret is in the log of the {function}")

    def _data(self, kept: dict[str, str]) -> None:
        table = self._emulator.client("dynamodb").describe_table(TableName=kept["TableName"])
        smoke.expect(table["Table"]["ItemCount"] > 0, "the table is empty")
        objects = self._emulator.client("s3").list_objects_v2(Bucket=kept["BucketName"])
        smoke.expect(objects["KeyCount"] > 0, "the bucket is empty")


if __name__ == "__main__":
    sys.exit(main())
