"""Which status a failure has: one for every code there is."""

from collections.abc import Mapping
from http import HTTPStatus

from graph.errors import ErrorCode
from models.errors import UserErrorCode

RETRY_AFTER_SECONDS = 2
"""Told where the storage is overloaded: retries inside the request took longer already."""

STATUSES: Mapping[str, HTTPStatus] = {
    # The request itself. The documents are ours, so it is our fault where they do not hold.
    ErrorCode.GRAPHQL_PARSE_FAILED: HTTPStatus.INTERNAL_SERVER_ERROR,
    ErrorCode.GRAPHQL_VALIDATION_FAILED: HTTPStatus.INTERNAL_SERVER_ERROR,
    ErrorCode.BAD_USER_INPUT: HTTPStatus.BAD_REQUEST,
    ErrorCode.UNAUTHENTICATED: HTTPStatus.UNAUTHORIZED,
    ErrorCode.FORBIDDEN: HTTPStatus.FORBIDDEN,
    ErrorCode.QUERY_TOO_COMPLEX: HTTPStatus.BAD_REQUEST,
    ErrorCode.RESPONSE_TOO_LARGE: HTTPStatus.BAD_REQUEST,
    ErrorCode.THROTTLED: HTTPStatus.SERVICE_UNAVAILABLE,
    ErrorCode.INTERNAL_SERVER_ERROR: HTTPStatus.INTERNAL_SERVER_ERROR,
    # What was asked for.
    UserErrorCode.INVALID_INPUT: HTTPStatus.BAD_REQUEST,
    UserErrorCode.NOT_FOUND: HTTPStatus.NOT_FOUND,
    UserErrorCode.VERSION_CONFLICT: HTTPStatus.CONFLICT,
    UserErrorCode.ALREADY_EXISTS: HTTPStatus.CONFLICT,
    UserErrorCode.IDEMPOTENCY_CONFLICT: HTTPStatus.CONFLICT,
    UserErrorCode.INVALID_STATE: HTTPStatus.UNPROCESSABLE_ENTITY,
    UserErrorCode.CHECKSUM_MISMATCH: HTTPStatus.UNPROCESSABLE_ENTITY,
    UserErrorCode.UPLOAD_INCOMPLETE: HTTPStatus.UNPROCESSABLE_ENTITY,
    UserErrorCode.UPSTREAM_NOT_FOUND: HTTPStatus.UNPROCESSABLE_ENTITY,
    UserErrorCode.UPSTREAM_FORBIDDEN: HTTPStatus.UNPROCESSABLE_ENTITY,
    UserErrorCode.UPSTREAM_UNAVAILABLE: HTTPStatus.SERVICE_UNAVAILABLE,
    UserErrorCode.INTERNAL_ERROR: HTTPStatus.INTERNAL_SERVER_ERROR,
}
