"""The embedded AWS in a process of its own, so that its CPU is not taken for the service's.

ministack looks at every item of a table to answer a Query of an index: its time grows with the
table where DynamoDB's does not. So what is sent, what comes back and this process's CPU are
measured on it, and no time.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from graph.local import emulator
from graph.local.aws import EmbeddedAws
from models.settings import AwsCredentials, Settings
from tests.benchmarks.process import program, serve_until_told


@contextmanager
def emulated() -> Iterator[Settings]:
    """Run it, empty; yields settings that lead there."""
    with program("tests.benchmarks.emulator") as url:
        credentials = AwsCredentials(emulator.ACCESS_KEY, emulator.ACCESS_KEY)
        yield replace(Settings(), endpoint_url=url, credentials=credentials)


if __name__ == "__main__":
    with EmbeddedAws(state_dir=None) as aws:
        serve_until_told(aws.endpoint_url)
