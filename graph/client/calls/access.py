"""Who is asking, API keys, and how the service is."""

from collections.abc import Iterator
from typing import Final

from graph.client.answer import Answer, member, understood
from graph.client.calls.base import Calls
from graph.client.given import Instant, given
from graph.client.pages import items
from graph.client.values.access import (
    API_KEY_FIELDS,
    VIEWER_FIELDS,
    ApiKey,
    CreatedApiKey,
    Viewer,
)
from graph.client.values.health import Health

_VIEWER: Final = f"{{ viewer {{ {VIEWER_FIELDS} }} }}"
_API_KEYS: Final = f"""query ($first: Int, $after: String) {{
  apiKeys(first: $first, after: $after) {{
    nodes {{ {API_KEY_FIELDS} }} pageInfo {{ hasNextPage endCursor }}
  }}
}}"""
_CREATE: Final = f"""mutation ($input: CreateApiKeyInput!) {{ createApiKey(input: $input) {{
  apiKey {{ {API_KEY_FIELDS} }} secret userErrors {{ code message field }}
}} }}"""
_REVOKE: Final = f"""mutation ($input: RevokeApiKeyInput!) {{ revokeApiKey(input: $input) {{
  apiKey {{ {API_KEY_FIELDS} }} userErrors {{ code message field }}
}} }}"""


class AccessCalls(Calls):
    """Callers and their credentials. All but `viewer` and `health` is for ADMIN."""

    def viewer(self) -> Viewer:
        """Tell who is asking, and what they may do."""
        data = self._api.query(_VIEWER)
        return understood(Viewer.of, member(data, "viewer"))

    def api_keys(self, *, page_size: int = 100) -> Iterator[ApiKey]:
        """List all keys as they are needed, the newest first."""

        def page(size: int, after: str | None) -> Answer:
            data = self._api.query(_API_KEYS, first=size, after=after)
            return member(data, "apiKeys")

        for node in items(page, page_size):
            yield understood(ApiKey.of, node)

    def create_api_key(
        self, *, name: str, role: str, expires_at: Instant | None = None
    ) -> CreatedApiKey:
        """Make a key for a job.

        The API takes no idempotency key here, so that nothing is sent again which may have been
        executed: after an Unreachable, look whether `api_keys` has it, and revoke it.

        Args:
            role: READER, WRITER or ADMIN.
        """
        fields = given(name=name, role=role, expires_at=expires_at)
        payload = self._api.mutate(_CREATE, fields, keyed=False, repeatable=False)
        return understood(CreatedApiKey.of, payload)

    def revoke_api_key(self, key_id: str) -> ApiKey:
        """Refuse a key from now on: within 60 seconds everywhere. Twice is the same as once.

        Raises:
            NotFound: there is no such key.
        """
        payload = self._api.mutate(_REVOKE, given(id=key_id), keyed=False)
        return understood(ApiKey.of, member(payload, "apiKey"))

    def health(self, *, deep: bool = False) -> Health:
        """Ask how the service is; it needs no credentials.

        Args:
            deep: have it look at its table and bucket. One that cannot be read is no error here.
        """
        return self._api.health(deep=deep)
