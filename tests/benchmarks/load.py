"""A load client in a process of its own: plain sockets, kept alive, so that it takes little itself.

The requests are made beforehand, and `clients` connections share them: each sends its next one as
soon as its last one was answered. What arrives is acknowledged at once, where the system can: else
a server that leaves Nagle's algorithm on, as uvicorn's workers do, waits 40 ms with every answer.
"""

import asyncio
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

HOST: Final = "127.0.0.1"
_HEAD_END: Final = b"\r\n\r\n"
_BUFFER_BYTES: Final = 1 << 22
_TIMEOUT_S: Final = 600


@dataclass(frozen=True, slots=True)
class Call:
    """A request.

    Attributes:
        body: JSON, or empty for none.
        expected: text that the answer must hold, so that no refusal is counted.
        refused: text that it must not hold.
    """

    method: str
    path: str
    body: str = ""
    expected: str = ""
    refused: str = '"errors"'


def requests_per_second(port: int, calls: Sequence[Call], clients: int) -> float:
    """Send the calls over so many connections, and return how many were answered a second.

    Raises:
        RuntimeError: an answer was not the expected one.
    """
    job = {"port": port, "clients": clients, "calls": [asdict(call) for call in calls]}
    done = subprocess.run(  # noqa: S603  # this very file
        [sys.executable, str(Path(__file__))],
        input=json.dumps(job),
        capture_output=True,
        check=False,
        text=True,
        timeout=_TIMEOUT_S,
    )
    if done.returncode:
        raise RuntimeError(f"the load client failed: {done.stderr}")
    return len(calls) / float(done.stdout)


def _raw(call: Call, port: int) -> bytes:
    body = call.body.encode()
    head = [
        f"{call.method} {call.path} HTTP/1.1",
        f"Host: {HOST}:{port}",
        "Accept: application/json",
        *(["Content-Type: application/json", f"Content-Length: {len(body)}"] if body else []),
    ]
    return "\r\n".join(head).encode() + _HEAD_END + body


async def _answer(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Read the head and the body of one answer."""
    head = (await reader.readuntil(_HEAD_END)).lower()
    _, known, length = head.partition(b"content-length:")
    if known:
        return head, await reader.readexactly(int(length.split(b"\r\n")[0]))
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readline()
    await reader.readline()
    return head, body


def _acknowledge_at_once(writer: asyncio.StreamWriter) -> None:
    """Do so for a while: the system forgets it now and then."""
    if hasattr(socket, "TCP_QUICKACK"):
        connection = writer.get_extra_info("socket")
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)


async def _client(port: int, calls: Iterator[Call], begin: asyncio.Barrier) -> None:
    reader, writer = await asyncio.open_connection(HOST, port, limit=_BUFFER_BYTES)
    await begin.wait()
    for call in calls:
        writer.write(_raw(call, port))
        _acknowledge_at_once(writer)
        head, body = await _answer(reader)
        is_fine = head.startswith(b"http/1.1 200") and call.expected.encode() in body
        if not is_fine or call.refused.encode() in body:
            raise RuntimeError(f"{call.method} {call.path}: {(head + body)[:2_000]!r}")
    writer.close()


async def _send(job: dict[str, Any]) -> float:
    calls = iter([Call(**call) for call in job["calls"]])
    begin = asyncio.Barrier(job["clients"] + 1)
    async with asyncio.TaskGroup() as group:
        for _ in range(job["clients"]):
            group.create_task(_client(job["port"], calls, begin))
        await begin.wait()
        began = time.perf_counter()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.stdout.write(str(asyncio.run(_send(json.load(sys.stdin)))))
