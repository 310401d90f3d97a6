"""The service as it was deployed: where it answers, and what it logs."""

import json
from collections.abc import Iterator
from typing import Final

from tests.e2e.rehearsal.emulator import Emulator

STAGE: Final = "staging"
NAME: Final = f"ml-model-evaluator-{STAGE}"


class Stack:
    """The service in an emulated account."""

    def __init__(self, emulator: Emulator) -> None:
        self._emulator = emulator

    @property
    def outputs(self) -> dict[str, str]:
        """What the stack tells of itself."""
        stacks = self._emulator.client("cloudformation").describe_stacks(StackName=NAME)["Stacks"]
        return {output["OutputKey"]: output["OutputValue"] for output in stacks[0]["Outputs"]}

    @property
    def url(self) -> str:
        """Where the emulator's API Gateway answers, without a name that must be resolved."""
        return f"{self._emulator.url}/_aws/execute-api/{self.outputs['HttpApiId']}/$default"

    def log(self, function: str) -> Iterator[str]:
        """Yield what a function wrote."""
        logs, group = self._emulator.client("logs"), f"/aws/lambda/{NAME}-{function}"
        found = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
        if not found:  # nothing was deployed
            return
        for stream in logs.describe_log_streams(logGroupName=group)["logStreams"]:
            read = logs.get_log_events(
                logGroupName=group, logStreamName=stream["logStreamName"], limit=10_000
            )
            yield from (event["message"].rstrip("\n") for event in read["events"])

    def lines(self, function: str) -> Iterator[dict[str, object]]:
        """Yield the lines of a function's own, which must all be JSON."""
        for line in self.log(function):
            if not line.startswith(("START ", "END ", "REPORT ")):  # Lambda's
                yield json.loads(line)
