"""The embedded S3 as it sees itself: which parts it was sent and has taken, and held up at will."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qs

import pytest
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph.local import emulator

OK = 200
POLL_S = 0.01
REACHED_WITHIN_S = 60.0


class Hold:
    """Where S3 stops, until it may go on.

    Args:
        puts: so many are still taken; the answer to the last of them is kept back.
    """

    def __init__(self, puts: int = 0) -> None:
        self._to_begin = self._to_end = puts
        self._reached = threading.Event()
        self._over = threading.Event()

    def begins(self) -> bool:
        """Tell whether one more PUT is let in."""
        self._to_begin -= 1
        return self._to_begin >= 0

    def ends(self) -> bool:
        """Tell whether the PUT that was just taken is the last one."""
        self._to_end -= 1
        return self._to_end == 0

    async def stall(self, *, is_reached: bool) -> None:
        """Hold up a request."""
        if is_reached:
            self._reached.set()
        while not self._over.is_set():
            await asyncio.sleep(POLL_S)

    def await_reached(self) -> None:
        """Wait until S3 has come so far."""
        assert self._reached.wait(REACHED_WITHIN_S)

    def release(self) -> None:
        """Let everything go on."""
        self._over.set()


class WatchedS3:
    """Stands before ministack, and looks at what presigned URLs are used for.

    Attributes:
        sent: the number of each part that was begun to be sent, in order; 0 for a whole file.
        taken: of each that S3 has stored and answered 200 to, whether or not that was heard.
        when_sent: called as a part arrives.
    """

    def __init__(self) -> None:
        self._app: ASGIApp | None = None
        self._uploads: Hold | None = None
        self._downloads: Hold | None = None
        self.sent: list[int] = []
        self.taken: list[int] = []
        self.when_sent: Callable[[], object] | None = None

    @contextmanager
    def in_place(self) -> Iterator[None]:
        """Stand before every ministack that is started."""
        load = emulator.load

        def loaded(*args: Any, **options: Any) -> ASGIApp:  # noqa: ANN401
            self._app = load(*args, **options)
            return self

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(emulator, "load", loaded)
            yield

    def forget(self) -> None:
        """Forget what was seen."""
        self.sent.clear()
        self.taken.clear()
        self.when_sent = None

    @contextmanager
    def cut_after(self, puts: int) -> Iterator[Hold]:
        """Take so many parts, and of all others nothing until the end of the block."""
        self._uploads = hold = Hold(puts)
        try:
            yield hold
        finally:
            self._uploads = None
            hold.release()

    @contextmanager
    def stalled_downloads(self) -> Iterator[Hold]:
        """Send half of a file, and nothing more until the end of the block."""
        self._downloads = hold = Hold()
        try:
            yield hold
        finally:
            self._downloads = None
            hold.release()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, once it may go on."""
        assert self._app
        query = parse_qs(scope.get("query_string", b""))
        if b"X-Amz-Signature" not in query:
            await self._app(scope, receive, send)
        elif scope["method"] == "PUT":
            await self._put(int(query.get(b"partNumber", [b"0"])[0]), scope, receive, send)
        else:
            await self._app(scope, receive, self._halved(send))

    async def _put(self, part: int, scope: Scope, receive: Receive, send: Send) -> None:
        assert self._app
        hold = self._uploads
        self.sent.append(part)
        if self.when_sent:
            self.when_sent()
        if hold and not hold.begins():
            await hold.stall(is_reached=False)
            await Response(status_code=503)(scope, receive, send)
            return

        async def noted(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == OK:
                self.taken.append(part)
                if hold and hold.ends():
                    await hold.stall(is_reached=True)
            await send(message)

        await self._app(scope, receive, noted)

    def _halved(self, send: Send) -> Send:
        hold = self._downloads
        if hold is None:
            return send

        async def halved(message: Message) -> None:
            if body := message.get("body"):
                half = len(body) // 2
                await send({**message, "body": body[:half], "more_body": True})
                await hold.stall(is_reached=True)
                message = {**message, "body": body[half:]}
            await send(message)

        return halved
