"""A client of the API with credentials."""

from tests.api.client import Answer, Api, code
from tests.api.doors import Reply
from tests.api.issuer import Issuer

VIEWER = "{ viewer { subject roles } }"


def bearer(token: str) -> dict[str, str]:
    """Return the header that shows a token, or a key."""
    return {"authorization": f"Bearer {token}"}


def bearer_of(issuer: Issuer, *roles: str, subject: str = "ada") -> dict[str, str]:
    """Return the header of a person with some roles."""
    return bearer(issuer.token(sub=subject, roles=list(roles)))


class Guest:
    """Sends every request with the same headers."""

    def __init__(self, api: Api, headers: dict[str, str]) -> None:
        self._api = api
        self._headers = headers

    def post(self, query: str, /, **variables: object) -> Reply:
        """Send a request, whatever comes of it."""
        return self._api.post(query, variables, headers=self._headers)

    def execute(self, query: str, /, **variables: object) -> Answer:
        """Return the data of a request that must succeed."""
        answer = self.post(query, **variables).json
        assert "errors" not in answer, answer["errors"]
        data: Answer = answer["data"]
        return data

    def codes(self, query: str, /, **variables: object) -> list[str]:
        """Return the codes of all errors."""
        return [code(error) for error in self.post(query, **variables).json.get("errors", [])]

    def requests(self, query: str, /, **variables: object) -> int:
        """Return how many requests to DynamoDB a request takes, which must succeed."""
        reply = self.post(query, **variables).json
        assert "errors" not in reply, reply["errors"]
        requests: int = reply["extensions"]["cost"]["dynamodb"]["requests"]
        return requests
