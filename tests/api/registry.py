"""A user of the registry: the mutations, as short as a test wants them."""

from tests.api.client import Answer, Api
from tests.api.documents import CREATE, DELETE, RESTORE, UPDATE


class User:
    """Makes changes through the API."""

    def __init__(self, api: Api) -> None:
        self._api = api

    def create(self, **fields: object) -> Answer:
        """Send createModel, and return its payload."""
        given = {"name": "bert-base", "source": "hf", "license": "apache-2.0"} | fields
        return self._send("createModel", CREATE, given)

    def update(self, model_id: str, **fields: object) -> Answer:
        """Send updateModel, and return its payload."""
        return self._send("updateModel", UPDATE, {"id": model_id} | fields)

    def delete(self, model_id: str, **fields: object) -> Answer:
        """Send deleteModel, and return its payload."""
        return self._send("deleteModel", DELETE, {"id": model_id} | fields)

    def restore(self, model_id: str, **fields: object) -> Answer:
        """Send restoreModel, and return its payload."""
        return self._send("restoreModel", RESTORE, {"id": model_id} | fields)

    def new_model(self, **fields: object) -> str:
        """Register a model, and return its id."""
        payload = self.create(**fields)
        assert payload["userErrors"] == []
        model_id: str = payload["model"]["id"]
        return model_id

    def updated_model(self, versions: int, **fields: object) -> str:
        """Register a model, bring it to version `versions` by new names, and return its id."""
        model_id = self.new_model(**fields)
        for version in range(2, versions + 1):
            self.update(model_id, name=f"name at {version}")
        return model_id

    def _send(self, name: str, document: str, given: Answer) -> Answer:
        payload: Answer = self._api.execute(document, input=given)[name]
        return payload


def faults(payload: Answer) -> list[tuple[str, list[str] | None]]:
    """Return code and field of each reason for a refusal, of which a payload holds nothing else."""
    assert payload["model"] is None
    assert payload["changeEntry"] is None
    assert all(error["message"] for error in payload["userErrors"])
    return [(error["code"], error["field"]) for error in payload["userErrors"]]
