"""Sends GraphQL documents, again where that is safe. The one adapter to the API's HTTP."""

import json
import math
import uuid
from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

import httpx2

from graph.client.address import Address
from graph.client.answer import REQUEST_ID, Answer, read_answer, user_errors
from graph.client.bounded import PATIENCE, read_bounded
from graph.client.errors import ClientError, UnexpectedAnswer, Unreachable, api_error
from graph.client.retry import Retries, Time, Transient, persistently
from graph.client.values.health import Health

T = TypeVar("T")
MEDIA_TYPES = "application/graphql-response+json, application/json;q=0.9"
_NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)


class Api:
    """Speaks GraphQL to the service.

    Args:
        http: sends the credentials with each request, and follows no redirect.
        timeout: seconds without a byte, after which a request is given up; so it is after four
            times as many where the answer drips.
    """

    def __init__(
        self, address: Address, http: httpx2.Client, retries: Retries, clock: Time, timeout: float
    ) -> None:
        self.address = address
        self._http = http
        self._retries = retries
        self.clock = clock
        self._timeout = timeout

    def query(self, document: str, **variables: object) -> Answer:
        """Return the data of a query, which can be asked as often as it takes."""
        data, _ = self._execute(document, variables)
        return data

    def mutate(
        self,
        document: str,
        given: Answer,
        *,
        keyed: bool = True,
        repeatable: bool = True,
        longer_by: float = 0.0,
    ) -> Answer:
        """Return what a mutation answered that was not refused.

        Args:
            given: its input.
            keyed: the input takes an idempotency key, which is made up unless it was given. All
                attempts send the same one, so that the change is made once.
            repeatable: doing it twice is the same as once.
            longer_by: seconds that the service may take on purpose.

        Raises:
            ApiError: it was refused, and nothing was changed.
        """
        if keyed and given.get("idempotencyKey") is None:
            given = given | {"idempotencyKey": str(uuid.uuid4())}
        data, request_id = self._execute(
            document, {"input": given}, repeatable=repeatable, longer_by=longer_by
        )
        payload = next(iter(data.values()), None)
        if not isinstance(payload, dict):
            raise UnexpectedAnswer("a mutation answered neither a payload nor an error")
        if errors := user_errors(payload):
            raise api_error(errors, request_id)
        return payload

    def health(self, *, deep: bool) -> Health:
        """Ask how the service is."""
        url = f"{self.address.health}?deep=1" if deep else self.address.health

        def ask() -> Health:
            response, content = self._send("GET", url, None, self._timeout)
            health = Health.read(content)
            if health is None:
                read_answer(url, response.status_code, response.headers, content)
                raise UnexpectedAnswer(f"{url} answered, but not as this service does")
            return health

        return persistently(ask, self._retries, self.clock)

    def persistently(self, attempt: Callable[[], T]) -> T:
        """Try something else that may fail in passing, as often as a request.

        There is no limit to the time: moving bytes takes as long as it takes.
        """
        return persistently(attempt, replace(self._retries, seconds=math.inf), self.clock)

    def _execute(
        self,
        document: str,
        variables: Answer,
        *,
        repeatable: bool = True,
        longer_by: float = 0.0,
    ) -> tuple[Answer, str | None]:
        """Return the data, and under which id the service's log has the request."""
        body = json.dumps({"query": document, "variables": variables}, allow_nan=False).encode()
        url = self.address.graphql

        def attempt() -> tuple[Answer, str | None]:
            response, content = self._send("POST", url, body, self._timeout + longer_by)
            headers = response.headers
            data = read_answer(url, response.status_code, headers, content)
            return data, headers.get(REQUEST_ID)

        return persistently(attempt, self._retries, self.clock, repeatable=repeatable)

    def _send(
        self, method: str, url: str, body: bytes | None, timeout: float
    ) -> tuple[httpx2.Response, bytes]:
        """Send a request once, and return the response with its body."""
        headers = {"Accept": MEDIA_TYPES}
        if body is not None:
            headers["Content-Type"] = "application/json"
        end = self.clock.monotonic() + timeout * PATIENCE
        try:
            with self._http.stream(
                method, url, content=body, headers=headers, timeout=timeout
            ) as response:
                return response, read_bounded(response, url, self.clock, end)
        except (httpx2.RequestError, httpx2.InvalidURL, UnicodeError) as error:
            raise unreachable(url, error) from error


def unreachable(url: str, error: Exception) -> Transient | ClientError:
    """Return what a request that got no answer comes to."""
    failed = Unreachable(f"{url} cannot be reached: {error or type(error).__name__}")
    if not isinstance(error, httpx2.TransportError) or isinstance(
        error, httpx2.UnsupportedProtocol | httpx2.LocalProtocolError
    ):
        return failed
    return Transient(failed, executed=not isinstance(error, _NEVER_SENT))
