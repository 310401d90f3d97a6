"""At most 5 MB are answered, since Lambda refuses more."""

import pytest

from tests.api.client import Api
from tests.api.registry import User

LARGE = "x" * 60_000


def aliased(field: str, count: int) -> str:
    return " ".join(f"a{number}: {field}" for number in range(count))


class TestResponseSize:
    """A small query for a large answer."""

    @pytest.mark.parametrize(
        "selection",
        [
            f"changeHistory(first: 20) {{ nodes {{ model {{ {aliased('metadata', 6)} }} }} }}",
            f"changeHistory(first: 20) {{ nodes {{ {aliased('changes { before after }', 6)} }} }}",
        ],
    )
    def test_is_refused_before_it_is_made(self, api: Api, user: User, selection: str) -> None:
        model_id = user.new_model(metadata=LARGE)
        for number in range(19):
            user.update(model_id, metadata=f"{LARGE}{number}")
        error = api.error(f'{{ model(id: "{model_id}") {{ {selection} }} }}')
        assert error["extensions"]["code"] == "RESPONSE_TOO_LARGE"

    def test_counts_what_has_no_budget_of_its_own(
        self, api: Api, user: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        model_id = user.new_model()
        monkeypatch.setattr("graph.http.RESPONSE_MAX_BYTES", 200)
        reply = api.post(f'{{ model(id: "{model_id}") {{ {aliased("name", 20)} }} }}')
        assert reply.status == 400
        assert reply.json["errors"][0]["extensions"]["code"] == "RESPONSE_TOO_LARGE"
