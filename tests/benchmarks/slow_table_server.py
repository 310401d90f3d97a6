"""The local server's application on a table that answers every request after 5 ms.

`python -m tests.benchmarks.slow_table_server threads` executes requests in threads, as the local
server does; with `loop` on the event loop, so that each request holds up the others.
"""

import json
import sys
import time
from collections.abc import Iterator
from typing import Any, Final

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from graph.app import create_app
from graph.auth import local_admin
from graph.bootstrap import build_services
from graph.local.background import BackgroundServer
from graph.local.listener import listen, port_of
from models.entities import ModelItem
from models.settings import AwsCredentials, Settings
from tests.benchmarks.process import HOST, serve_until_told
from tests.unit.models.strategies import a_record

MODEL: Final = a_record(name="bert")
_LATENCY_S: Final = 0.005


class _Body:
    """What urllib3 would hand over."""

    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self) -> Iterator[bytes]:
        """Yield all of it."""
        yield self._content


def answer_late(request: AWSPreparedRequest, **_: Any) -> AWSResponse:  # noqa: ANN401  # botocore's event
    """Answer in place of DynamoDB: every question by the same model, after its latency."""
    time.sleep(_LATENCY_S)
    body = json.dumps({"Item": ModelItem.of(MODEL).serialize()}).encode()
    headers = {"content-type": "application/x-amz-json-1.0"}
    return AWSResponse(request.url, 200, headers, _Body(body))  # type: ignore[arg-type]  # what it needs of it


def main() -> None:
    """Serve until standard input ends."""
    settings = Settings(endpoint_url=f"http://{HOST}:9", credentials=AwsCredentials("none", "none"))
    services = build_services(settings)
    client: Any = services.table._connection.connection.client
    client.meta.events.register_last("before-send.dynamodb", answer_late)
    in_threads = sys.argv[1] == "threads"
    app = create_app(services, authenticate=local_admin, in_threads=in_threads)
    with listen(HOST, 0) as listener, BackgroundServer(app, listener, name="api"):
        serve_until_told(str(port_of(listener)))


if __name__ == "__main__":
    main()
