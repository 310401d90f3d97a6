"""A file's way into the registry and back, on ministack, with a client that has only links."""

import os
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import parse_qs, urlsplit

import httpx2
import pytest

from models.table import Table
from models.transaction import TransactionConflict
from tests.storage.depot import (
    PART_BYTES,
    SEVERAL_PARTS,
    Depot,
    codes,
    in_parts,
    put,
    requests_counted,
    sha256,
    slice_of,
)

CONTENT = os.urandom(100_000)


class TestOnePut:
    """A file that is sent at once."""

    @pytest.mark.parametrize("content", [CONTENT, b""], ids=["some", "empty"])
    def test_comes_back_byte_for_byte(self, depot: Depot, content: bytes) -> None:
        artifact = depot.available(depot.user.new_model(), content)
        assert artifact["status"] == "AVAILABLE"
        assert artifact["verification"]["method"] == "S3_CHECKSUM"
        assert artifact["verification"]["sha256"] == sha256(content)
        answer = httpx2.get(depot.node(artifact["id"])["downloadUrl"])
        assert answer.status_code == 200
        assert answer.content == content

    def test_has_its_name_and_type(self, depot: Depot) -> None:
        artifact = depot.available(
            depot.user.new_model(), filename='Öl "大".txt', contentType="text/plain; charset=utf-8"
        )
        answer = httpx2.get(depot.node(artifact["id"])["downloadUrl"])
        assert answer.headers["content-type"] == "text/plain; charset=utf-8"
        assert answer.headers["content-disposition"] == (
            "attachment; filename=\"_l ___.txt\"; filename*=UTF-8''%C3%96l%20%22%E5%A4%A7%22.txt"
        )

    @pytest.mark.parametrize("filename", ["a+b&c=d?e#f%2F%.bin", "...", "x" * 255])
    def test_may_have_an_odd_name(self, depot: Depot, filename: str) -> None:
        artifact = depot.available(depot.user.new_model(), filename=filename)
        assert artifact["filename"] == filename
        assert httpx2.get(depot.node(artifact["id"])["downloadUrl"]).content == b"abc"

    def test_makes_one_entry(self, depot: Depot) -> None:
        model_id = depot.user.new_model()
        payload = depot.complete(depot.sent(model_id, CONTENT), reason="weights")
        entry = payload["changeEntry"]
        assert (entry["action"], entry["version"], entry["reason"]) == (
            "ARTIFACT_ADD",
            2,
            "weights",
        )
        assert entry["fieldsChanged"] == ["artifacts"]
        assert entry["changes"][0]["before"] is None
        assert entry["changes"][0]["after"]["sha256"] == sha256(CONTENT)
        assert payload["artifact"]["addedInVersion"] == 2
        assert depot.actions(model_id) == ["CREATE", "ARTIFACT_ADD"]
        assert depot.verification(model_id)["intact"]

    def test_announcing_it_makes_no_version(self, depot: Depot) -> None:
        model_id = depot.user.new_model()
        artifact = depot.announced(model_id, CONTENT)["artifact"]
        assert (artifact["status"], artifact["verification"]) == ("PENDING", None)
        assert artifact["addedInVersion"] is None
        assert depot.node(artifact["id"])["downloadUrl"] is None
        assert depot.actions(model_id) == ["CREATE"]

    def test_keeps_the_tag_only_until_it_is_complete(self, depot: Depot) -> None:
        artifact_id = depot.sent(depot.user.new_model(), CONTENT)
        client = depot.services.store._client
        (key,) = [
            found["Key"]
            for found in client.list_objects_v2(Bucket=depot.settings.bucket)["Contents"]
            if found["Size"] == len(CONTENT)
            and client.get_object_tagging(Bucket=depot.settings.bucket, Key=found["Key"])["TagSet"]
        ]
        depot.complete(artifact_id)
        tags = client.get_object_tagging(Bucket=depot.settings.bucket, Key=key)["TagSet"]
        assert tags == []


class TestParts:
    """A file that is sent in parts."""

    def test_comes_back_byte_for_byte(self, depot: Depot) -> None:
        model_id = depot.user.new_model()
        artifact = depot.available(model_id, SEVERAL_PARTS, **in_parts(SEVERAL_PARTS))
        assert artifact["status"] == "AVAILABLE"
        assert artifact["verification"]["method"] == "REHASH"
        assert httpx2.get(depot.node(artifact["id"])["downloadUrl"]).content == SEVERAL_PARTS
        assert depot.actions(model_id) == ["CREATE", "ARTIFACT_ADD"]
        assert depot.verification(model_id)["intact"]

    def test_a_small_file_may_come_in_one_part(self, depot: Depot) -> None:
        artifact = depot.available(depot.user.new_model(), b"abc", **in_parts(b"abc"))
        assert artifact["verification"]["method"] == "REHASH"

    def test_parts_may_come_in_any_order_and_twice(self, depot: Depot) -> None:
        payload = depot.announced(depot.user.new_model(), SEVERAL_PARTS, **in_parts(SEVERAL_PARTS))
        parts = payload["upload"]["parts"]
        for part in [*parts[::-1], parts[0]]:
            assert put(part, slice_of(SEVERAL_PARTS, part)).status_code == 200
        assert depot.complete(payload["artifact"]["id"])["artifact"]["status"] == "AVAILABLE"

    def test_an_upload_can_be_resumed(self, depot: Depot) -> None:
        payload = depot.announced(depot.user.new_model(), SEVERAL_PARTS, **in_parts(SEVERAL_PARTS))
        artifact_id, parts = payload["artifact"]["id"], payload["upload"]["parts"]
        assert [part["uploaded"] for part in parts] == [False, False, False]
        put(parts[1], slice_of(SEVERAL_PARTS, parts[1]))
        again = depot.upload(artifact_id)
        assert again is not None
        assert [part["uploaded"] for part in again["parts"]] == [False, True, False]
        for part in again["parts"]:
            if not part["uploaded"]:
                assert put(part, slice_of(SEVERAL_PARTS, part)).status_code == 200
        assert depot.complete(artifact_id)["artifact"]["status"] == "AVAILABLE"
        assert depot.upload(artifact_id) is None

    def test_the_links_cover_the_file(self, depot: Depot) -> None:
        payload = depot.announced(depot.user.new_model(), SEVERAL_PARTS, **in_parts(SEVERAL_PARTS))
        upload = payload["upload"]
        assert upload["multipart"]
        assert [
            (part["partNumber"], part["offset"], part["sizeBytes"]) for part in upload["parts"]
        ] == [(1, 0, PART_BYTES), (2, PART_BYTES, PART_BYTES), (3, 2 * PART_BYTES, 3)]


class TestCompletingAgain:
    """Twice is the same as once."""

    @pytest.mark.parametrize("fields", [{}, in_parts(b"abc")], ids=["one PUT", "parts"])
    def test_one_after_the_other(self, depot: Depot, fields: dict[str, object]) -> None:
        model_id = depot.user.new_model()
        artifact_id = depot.sent(model_id, b"abc", **fields)
        first, second = depot.complete(artifact_id), depot.complete(artifact_id)
        assert first == second
        assert depot.actions(model_id) == ["CREATE", "ARTIFACT_ADD"]

    def test_after_other_changes(self, depot: Depot) -> None:
        model_id = depot.user.new_model()
        first = depot.complete(artifact_id := depot.sent(model_id, b"abc"))
        depot.user.update(model_id, name="other")
        assert depot.complete(artifact_id) == first
        assert depot.actions(model_id) == ["CREATE", "ARTIFACT_ADD", "UPDATE"]

    def test_after_a_crash_between_joining_the_parts_and_writing_it_down(
        self, depot: Depot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        model_id = depot.user.new_model()
        artifact_id = depot.sent(model_id, SEVERAL_PARTS, **in_parts(SEVERAL_PARTS))

        def crash(*_: object) -> None:
            raise OSError("the process was killed")

        with monkeypatch.context() as patch:
            patch.setattr(Table, "transact", crash)
            with pytest.raises(AssertionError, match="INTERNAL_SERVER_ERROR"):
                depot.complete(artifact_id)
        assert depot.status(artifact_id) == "PENDING"
        assert depot.complete(artifact_id)["artifact"]["status"] == "AVAILABLE"
        assert depot.actions(model_id) == ["CREATE", "ARTIFACT_ADD"]

    def test_where_others_keep_getting_in_the_way(
        self, depot: Depot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        artifact_id = depot.sent(depot.user.new_model(), b"abc")
        transact, left = Table.transact, [2]

        def conflict(table: Table, writes: object) -> None:
            left[0] -= 1
            if left[0] >= 0:
                raise TransactionConflict("somebody else was faster")
            transact(table, writes)  # type: ignore[arg-type]  # as it was given

        monkeypatch.setattr(Table, "transact", conflict)
        assert depot.complete(artifact_id)["artifact"]["status"] == "AVAILABLE"


class TestIdempotencyKey:
    """Of createArtifactUpload."""

    def test_a_resend_announces_the_same_file(self, depot: Depot) -> None:
        model_id = depot.user.new_model()
        first, second = (depot.announced(model_id, b"abc", idempotencyKey="k") for _ in range(2))
        assert first["artifact"] == second["artifact"]
        assert put(second["upload"]["parts"][0], b"abc").status_code == 200

    def test_a_resend_begins_one_upload_in_parts(self, depot: Depot) -> None:
        model_id = depot.user.new_model()
        uploads = {
            parse_qs(urlsplit(payload["upload"]["parts"][0]["url"]).query)["uploadId"][0]
            for payload in (
                depot.announced(model_id, b"abc", **in_parts(b"abc"), idempotencyKey="parts")
                for _ in range(2)
            )
        }
        assert len(uploads) == 1

    def test_a_resend_after_completion_answers_the_file_and_no_links(self, depot: Depot) -> None:
        model_id = depot.user.new_model()
        depot.available(model_id, b"abc", idempotencyKey="late")
        again = depot.announced(model_id, b"abc", idempotencyKey="late")
        assert (again["artifact"]["status"], again["upload"]) == ("AVAILABLE", None)

    def test_another_input_is_a_conflict(self, depot: Depot) -> None:
        model_id = depot.user.new_model()
        depot.announced(model_id, b"abc", idempotencyKey="conflict")
        payload = depot.announce(model_id, b"abcd", idempotencyKey="conflict")
        assert codes(payload) == ["IDEMPOTENCY_CONFLICT"]

    def test_without_a_key_each_sending_announces_a_file(self, depot: Depot) -> None:
        model_id = depot.user.new_model()
        ids = {depot.announced(model_id, b"abc")["artifact"]["id"] for _ in range(2)}
        assert len(ids) == 2

    def test_resends_at_once_announce_one_file(self, depot: Depot) -> None:
        model_id = depot.user.new_model()
        with ThreadPoolExecutor(8) as threads:
            payloads = list(
                threads.map(
                    lambda _: depot.announced(model_id, b"abc", idempotencyKey="at once"), range(8)
                )
            )
        assert len({payload["artifact"]["id"] for payload in payloads}) == 1


class TestRequests:
    """What it costs."""

    def test_a_list_with_links_is_one_request_and_none_to_s3(
        self, depot: Depot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        model_id = depot.user.new_model()
        for _ in range(3):
            depot.available(model_id)
        monkeypatch.setattr(depot.services.store, "_made_client", None)
        query = """query ($id: ID!) {
          model(id: $id) { name artifacts { nodes { id filename downloadUrl } } }
        }"""
        with requests_counted() as sent:
            nodes = depot.api.execute(query, id=model_id)["model"]["artifacts"]["nodes"]
        assert len(nodes) == 3
        assert all(node["downloadUrl"] for node in nodes)
        assert sent == ["DynamoDB_20120810.Query"]
        assert depot.services.store._made_client is None

    def test_announcing_a_file_takes_two_and_none_to_s3(self, depot: Depot) -> None:
        query = """mutation ($input: CreateArtifactUploadInput!) {
          createArtifactUpload(input: $input) { upload { parts { url } } userErrors { code } }
        }"""
        given = {"modelId": depot.user.new_model(), "filename": "a", "sizeBytes": 3}
        with requests_counted() as sent:
            depot.api.execute(query, input=given | {"sha256": sha256(b"abc")})
        assert sent == [
            "DynamoDB_20120810.BatchGetItem",
            "DynamoDB_20120810.TransactWriteItems",
        ]
