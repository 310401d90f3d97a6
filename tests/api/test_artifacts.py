"""Files through both doors: what needs no S3."""

import pytest

from tests.api.client import Answer, Api, code, field
from tests.api.registry import User
from tests.storage.depot import HISTORY, NODE

CREATE_UPLOAD = """mutation ($input: CreateArtifactUploadInput!) {
  createArtifactUpload(input: $input) {
    artifact { id sizeBytes } upload { parts { url } } userErrors { code message field }
  }
}"""
DIGEST = "ab" * 32
LONG_MAX = 2**53 - 1


def announce(api: Api, model_id: str, **fields: object) -> Answer:
    given = {"modelId": model_id, "filename": "a.bin", "sizeBytes": 3, "sha256": DIGEST}
    payload: Answer = api.execute(CREATE_UPLOAD, input=given | fields)["createArtifactUpload"]
    return payload


class TestCreateArtifactUpload:
    """Announcing a file takes no request to S3, where it comes in one PUT."""

    def test_answers_the_file_and_a_link(self, api: Api, user: User) -> None:
        query = """mutation ($input: CreateArtifactUploadInput!) {
          createArtifactUpload(input: $input) {
            artifact { status contentType sizeBytes sha256 createdBy }
            upload { multipart parts { partNumber offset sizeBytes headers { name } } }
            userErrors { code }
          }
        }"""
        given = {"modelId": user.new_model(), "filename": "a", "sizeBytes": 3}
        answer = api.execute(query, input=given | {"sha256": DIGEST.upper()})
        assert answer["createArtifactUpload"] == {
            "artifact": {
                "status": "PENDING",
                "contentType": "application/octet-stream",
                "sizeBytes": 3,
                "sha256": DIGEST,
                "createdBy": "local",
            },
            "upload": {
                "multipart": False,
                "parts": [
                    {
                        "partNumber": 1,
                        "offset": 0,
                        "sizeBytes": 3,
                        "headers": [
                            {"name": name}
                            for name in (
                                "x-amz-checksum-sha256",
                                "content-type",
                                "x-amz-tagging",
                                "if-none-match",
                            )
                        ],
                    }
                ],
            },
            "userErrors": [],
        }

    def test_reports_every_fault_at_once(self, api: Api, user: User) -> None:
        payload = announce(api, user.new_model(), filename="../a", sha256="", contentType="x")
        fields = [error["field"] for error in payload["userErrors"]]
        assert (payload["artifact"], payload["upload"]) == (None, None)
        assert fields == [["filename"], ["sha256"], ["contentType"]]


class TestNode:
    """A file by its id."""

    QUERY = NODE.replace("node(id: $id) {", "node(id: $id) { __typename")

    def test_is_found(self, api: Api, user: User) -> None:
        model_id = user.new_model()
        artifact_id = announce(api, model_id)["artifact"]["id"]
        node = api.execute(self.QUERY, id=artifact_id)["node"]
        assert (node["__typename"], node["model"]["id"]) == ("Artifact", model_id)
        assert api.execute(HISTORY, id=model_id)["model"]["version"] == 1


class TestLong:
    """Whole numbers beyond Int's range, as JSON numbers."""

    @pytest.mark.parametrize("value", [2**33, 2**40, LONG_MAX, -LONG_MAX, 1e15])
    def test_takes_any_that_json_keeps(self, api: Api, user: User, value: float) -> None:
        payload = announce(api, user.new_model(), sizeBytes=value)
        assert [error["field"] for error in payload["userErrors"]] in (
            [["sizeBytes"]],
            [["partSha256"]],
        )

    @pytest.mark.parametrize("size", [0, 3.0, 2**31, 5 * 2**30])
    def test_answers_one_as_a_number(self, api: Api, user: User, size: float) -> None:
        payload = announce(api, user.new_model(), sizeBytes=size)
        assert payload["artifact"]["sizeBytes"] == size

    @pytest.mark.parametrize(
        "value", [LONG_MAX + 1, -LONG_MAX - 1, 0.5, "3", True, [3], {"a": 3}, "", None, 10**400]
    )
    def test_refuses_anything_else(self, api: Api, user: User, value: object) -> None:
        given = {"modelId": user.new_model(), "filename": "a", "sha256": DIGEST}
        error = api.error(CREATE_UPLOAD, input=given | {"sizeBytes": value})
        assert code(error) == "BAD_USER_INPUT"
        assert field(error) == ["input", "sizeBytes"]

    @pytest.mark.parametrize(
        "literal", ["9007199254740992", "1.5", "1e400", '"3"', "true", "THREE", "{}", "9" * 5_000]
    )
    def test_refuses_other_literals(self, api: Api, literal: str) -> None:
        query = f"""mutation {{
          createArtifactUpload(input: {{
            modelId: "x", filename: "a", sha256: "x", sizeBytes: {literal}
          }}) {{ userErrors {{ code }} }}
        }}"""
        assert code(api.errors(query)[0]) in {"BAD_USER_INPUT", "GRAPHQL_VALIDATION_FAILED"}

    def test_takes_a_literal(self, api: Api) -> None:
        query = """mutation {
          createArtifactUpload(input: {
            modelId: "x", filename: "a", sha256: "x", sizeBytes: 9007199254740991
          }) { userErrors { field } }
        }"""
        payload = api.execute(query)["createArtifactUpload"]
        assert [error["field"] for error in payload["userErrors"]] == [["sha256"], ["sizeBytes"]]
