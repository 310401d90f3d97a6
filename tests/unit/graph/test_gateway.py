"""Events of API Gateway's HTTP API."""

from mangum.handlers import HTTPGateway

from graph.gateway import HttpApi
from tests.api.doors import Call, FunctionContext, event_of

CONFIG = {"api_gateway_base_path": "/", "text_mime_types": ["text/"], "exclude_headers": []}


class TestScope:
    def test_is_mangums(self) -> None:
        event = event_of(Call("POST", headers={"X-One": "1"}, body=b"{}"))
        given = event, FunctionContext(), CONFIG
        assert HttpApi(*given).scope == HTTPGateway(*given).scope  # type: ignore[arg-type]

    def test_is_made_once(self) -> None:
        found = HttpApi(event_of(Call("GET")), FunctionContext(), CONFIG)  # type: ignore[arg-type]
        assert found.scope is found.scope
