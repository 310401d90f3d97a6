"""Sends the parts of a file that S3 has not, side by side. The one adapter to S3's uploads."""

import threading
from collections.abc import Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from contextlib import closing
from typing import Final

import httpx2

from graph.client.api import Api, unreachable
from graph.client.bounded import beginning
from graph.client.errors import ChecksumMismatch, UnexpectedAnswer, Unreachable
from graph.client.files.links import PartLink, UploadLinks
from graph.client.files.presigned import request
from graph.client.files.progress import Meter
from graph.client.files.source import Source
from graph.client.retry import Transient
from graph.client.values.problem import Problem

_TAKEN: Final = frozenset({200, 412})
"""412: what is sent under `if-none-match: *` has been sent before."""
_EXPIRED: Final = 403
_GONE: Final = 404
_TRY_AGAIN: Final = frozenset({408, 429, 500, 502, 503, 504})
_TOO_SLOW: Final = "RequestTimeout"
"""The code of S3's 400 to a body that stopped coming."""
_EXCERPT_BYTES: Final = 2_000


class UploadExpired(Exception):  # noqa: N818  # a finding
    """S3 knows the upload no more: the file must be announced anew."""


class _Stopped(Exception):  # noqa: N818
    """Another part has failed, so that this one is not sent to its end."""


class Sender:
    """Sends a file's parts.

    Args:
        http: sends no credentials: they are in the links.
    """

    def __init__(
        self, api: Api, http: httpx2.Client, source: Source, links: UploadLinks, meter: Meter
    ) -> None:
        self._api = api
        self._http = http
        self._source = source
        self._links = links
        self._meter = meter
        self._stop = threading.Event()

    def send_missing(self, workers: int) -> None:
        """Send every part that S3 has not.

        Raises:
            FileChanged, ChecksumMismatch, Unreachable, UploadExpired, UploadEnded: of the part that
                failed first; the others are stopped.
        """
        for part in self._links.parts:
            if part.uploaded:
                self._meter.add(part.size)
        missing = [part for part in self._links.parts if not part.uploaded]
        with ThreadPoolExecutor(workers, thread_name_prefix="push") as threads:
            futures = [threads.submit(self._send, part) for part in missing]
            try:
                wait(futures, return_when=FIRST_EXCEPTION)
            finally:  # also when the caller is interrupted
                self._stop.set()
                threads.shutdown(cancel_futures=True)
        errors = [future.exception() for future in futures if not future.cancelled()]
        for error in errors:
            if error is not None and not isinstance(error, _Stopped):
                raise error

    def _send(self, part: PartLink) -> None:
        try:
            self._send_persistently(part)
        except BaseException:
            self._stop.set()  # before this thread takes the next part
            raise

    def _send_persistently(self, part: PartLink) -> None:
        link = part

        def attempt() -> None:
            nonlocal link
            if self._stop.is_set():
                raise _Stopped
            status, told = self._put(link)
            if status == _EXPIRED:
                link = self._links.fresh(link)
            if status not in _TAKEN:
                raise _failure(part, status, told)

        self._api.persistently(attempt)

    def _put(self, link: PartLink) -> tuple[int, str]:
        """Send a part once, and return S3's status with what it says."""
        counted = 0

        def body() -> Iterator[bytes]:
            nonlocal counted
            for piece in self._source.pieces(link.offset, link.size):
                if self._stop.is_set():
                    raise _Stopped
                yield piece
                counted += len(piece)
                self._meter.add(len(piece))

        headers = {**link.headers, "content-length": str(link.size)}
        succeeded = False
        try:
            built = request(self._http, "PUT", link.url, headers, body())
            with closing(self._http.send(built, stream=True)) as response:
                told = beginning(response, _EXCERPT_BYTES)
                succeeded = response.status_code in _TAKEN
        except (httpx2.RequestError, UnicodeError) as error:
            raise unreachable("S3", error) from error
        finally:
            if not succeeded:
                self._meter.add(-counted)
        return response.status_code, told


def _failure(part: PartLink, status: int, told: str) -> Exception:
    """Return what S3's refusal of a part comes to."""
    message = f"S3 answered {status} to part {part.number}"
    if status == _GONE:
        return UploadExpired()
    if status == _EXPIRED or status in _TRY_AGAIN or _TOO_SLOW in told:
        return Transient(Unreachable(message))
    if "Digest" in told or "hecksum" in told:
        problem = f"{message}: the bytes are not those that were announced"
        return ChecksumMismatch([Problem("CHECKSUM_MISMATCH", problem)])
    return UnexpectedAnswer(message)
