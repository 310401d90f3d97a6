"""A file that is too large for a request, and is hashed beside it: the hasher, and its function."""

import logging
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from pynamodb.expressions.condition import Condition

from graph import handler
from graph.hashing import files_to_hash
from graph.local.stream import TableStream
from models.artifacts import arrival, completion
from models.artifacts.arrival import Arrival, artifact_ref
from models.artifacts.record import ArtifactRecord
from models.entities import ArtifactItem
from models.errors import Refusal
from models.registry import commit as registry_commit
from models.retry import time_limit
from models.storage.object_store import ObjectStore
from models.timestamps import now, shifted
from models.transaction import ConditionFailed, TransactionConflict
from tests.storage.depot import Depot, codes, in_parts, key_of, sha256

Told = Callable[[str], list[Mapping[str, Any]]]


@pytest.fixture(autouse=True)
def _all_are_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completion, "REHASH_INLINE_MAX_BYTES", 2)


def object_key(artifact_id: str) -> str:
    ref = artifact_ref(artifact_id)
    return f"artifacts/{ref.model_id}/{ref.artifact_id}/model.bin"


def is_asked_for(depot: Depot, artifact_id: str) -> bool:
    item = depot.services.table.get(key_of(artifact_id))
    assert isinstance(item, ArtifactItem)
    return item.to_record().hashing is not None


def raising(error: Exception) -> Callable[..., None]:
    def fail(*_: object) -> None:
        raise error

    return fail


@pytest.fixture
def told(depot: Depot) -> Told:
    """Gives what the stream has told of a file since it was last read."""
    stream = TableStream(depot.settings)

    def records(artifact_id: str) -> list[Mapping[str, Any]]:
        wanted = artifact_ref(artifact_id)
        return [
            record
            for record in stream.read()
            if [file.ref for file in files_to_hash([record])] == [wanted]
        ]

    return records


class TestHashing:
    """What comes of it."""

    def test_is_verifying_and_then_available(self, depot: Depot) -> None:
        model_id = depot.user.new_model()
        artifact_id = depot.sent(model_id, b"abc", **in_parts(b"abc"))
        payload = depot.complete(artifact_id)
        assert (payload["artifact"]["status"], payload["changeEntry"]) == ("VERIFYING", None)
        assert depot.status(artifact_id) == "VERIFYING"
        assert depot.node(artifact_id)["downloadUrl"] is None
        assert depot.upload(artifact_id) is None
        depot.hash(artifact_id)
        assert depot.status(artifact_id) == "AVAILABLE"
        assert depot.actions(model_id) == ["CREATE", "ARTIFACT_ADD"]
        assert depot.complete(artifact_id)["changeEntry"]["action"] == "ARTIFACT_ADD"
        assert depot.verification(model_id)["intact"]

    def test_its_entry_says_who_completed_it_and_why(self, depot: Depot) -> None:
        artifact_id = depot.sent(depot.user.new_model(), b"abc", **in_parts(b"abc"))
        depot.complete(artifact_id, reason="weights", changedBy="job:nightly")
        depot.hash(artifact_id)
        entry = depot.complete(artifact_id, reason="again")["changeEntry"]
        assert (entry["changedBy"], entry["reason"]) == ("job:nightly", "weights")

    def test_is_rejected_where_its_digest_is_wrong(self, depot: Depot) -> None:
        model_id = depot.user.new_model()
        artifact_id = depot.sent(model_id, b"abc", **in_parts(b"abc"), sha256="00" * 32)
        assert depot.complete(artifact_id)["artifact"]["status"] == "VERIFYING"
        depot.hash(artifact_id)
        assert depot.status(artifact_id) == "REJECTED"
        assert sha256(b"abc") in depot.node(artifact_id)["rejection"]
        assert codes(depot.complete(artifact_id)) == ["CHECKSUM_MISMATCH"]
        assert depot.actions(model_id) == ["CREATE"]

    def test_hashing_twice_makes_one_entry(self, depot: Depot) -> None:
        model_id = depot.user.new_model()
        artifact_id = depot.sent(model_id, b"abc", **in_parts(b"abc"))
        depot.complete(artifact_id)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(depot.hash, [artifact_id] * 4))
        depot.hash(artifact_id)
        assert depot.actions(model_id) == ["CREATE", "ARTIFACT_ADD"]

    def test_a_model_that_was_deleted_meanwhile_gets_no_file(self, depot: Depot) -> None:
        model_id = depot.user.new_model()
        artifact_id = depot.sent(model_id, b"abc", **in_parts(b"abc"))
        depot.complete(artifact_id)
        depot.user.delete(model_id)
        depot.hash(artifact_id)
        assert depot.status(artifact_id) == "VERIFYING"
        depot.user.restore(model_id)
        depot.hash(artifact_id)
        assert depot.status(artifact_id) == "VERIFYING"
        depot.complete(artifact_id)
        depot.hash(artifact_id)
        assert depot.status(artifact_id) == "AVAILABLE"

    def test_one_that_was_not_completed_is_not_hashed(self, depot: Depot) -> None:
        artifact_id = depot.sent(depot.user.new_model(), b"abc", **in_parts(b"abc"))
        depot.hash(artifact_id)
        assert depot.status(artifact_id) == "PENDING"

    def test_bytes_that_are_gone_are_not_taken_for_wrong(self, depot: Depot) -> None:
        artifact_id = depot.sent(depot.user.new_model(), b"abc", **in_parts(b"abc"))
        depot.complete(artifact_id)
        client = depot.services.store._client
        client.delete_object(Bucket=depot.settings.bucket, Key=object_key(artifact_id))
        depot.hash(artifact_id)
        assert depot.status(artifact_id) == "VERIFYING"
        assert codes(depot.complete(artifact_id)) == ["UPLOAD_INCOMPLETE"]

    def test_other_bytes_under_its_key_are_not_taken_for_its_own(self, depot: Depot) -> None:
        artifact_id = depot.sent(depot.user.new_model(), b"abc", **in_parts(b"abc"))
        depot.complete(artifact_id)
        depot.services.store.put(object_key(artifact_id), b"abc", "application/octet-stream")
        depot.hash(artifact_id)
        assert depot.status(artifact_id) == "VERIFYING"

    def test_bytes_that_go_meanwhile_make_no_file(
        self, depot: Depot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        artifact_id = depot.sent(depot.user.new_model(), b"abc", **in_parts(b"abc"))
        depot.complete(artifact_id)
        keep = ObjectStore.keep

        def keep_too_late(store: ObjectStore, key: str, version: str) -> None:
            keep(store, key, version)
            store._client.delete_object(Bucket=depot.settings.bucket, Key=key)

        monkeypatch.setattr(ObjectStore, "keep", keep_too_late)
        depot.hash(artifact_id)
        assert depot.status(artifact_id) == "VERIFYING"

    def test_one_that_is_deleted_meanwhile_stays_deleted(
        self, depot: Depot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        model_id = depot.user.new_model()
        artifact_id = depot.sent(model_id, b"abc", **in_parts(b"abc"))
        depot.complete(artifact_id)
        commit = registry_commit.commit

        def commit_too_late(*writes: Any) -> None:  # noqa: ANN401  # whatever is committed
            if depot.status(artifact_id) == "VERIFYING":
                depot.delete(artifact_id)
            commit(*writes)

        monkeypatch.setattr(arrival, "commit", commit_too_late)
        depot.hash(artifact_id)
        assert depot.status(artifact_id) == "DELETED"
        assert depot.actions(model_id) == ["CREATE"]

    def test_a_wrong_one_that_is_deleted_meanwhile_stays_deleted(
        self, depot: Depot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        fields = in_parts(b"abc") | {"sha256": "00" * 32}
        artifact_id = depot.sent(depot.user.new_model(), b"abc", **fields)
        depot.complete(artifact_id)

        def chunks(*_: object) -> list[bytes]:
            depot.delete(artifact_id)
            return [b"abc"]

        monkeypatch.setattr(ObjectStore, "chunks", chunks)
        with pytest.raises(TransactionConflict):
            depot.hash(artifact_id)
        depot.hash(artifact_id)
        assert depot.status(artifact_id) == "DELETED"

    def test_other_writers_who_are_always_faster_end_nothing(
        self, depot: Depot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        artifact_id = depot.sent(depot.user.new_model(), b"abc", **in_parts(b"abc"))
        depot.complete(artifact_id)
        with monkeypatch.context() as patch, time_limit(0.01):
            patch.setattr(arrival, "commit", raising(ConditionFailed({})))
            with pytest.raises(Refusal, match="others keep changing this"):
                depot.hash(artifact_id)
        depot.hash(artifact_id)
        assert depot.status(artifact_id) == "AVAILABLE"

    @pytest.mark.parametrize(
        ("sha256", "status"), [(sha256(b"abc"), "AVAILABLE"), ("00" * 32, "REJECTED")]
    )
    def test_what_is_settled_is_not_asked_for_any_more(
        self, depot: Depot, sha256: str, status: str
    ) -> None:
        fields = in_parts(b"abc") | {"sha256": sha256}
        artifact_id = depot.sent(depot.user.new_model(), b"abc", **fields)
        depot.complete(artifact_id)
        assert is_asked_for(depot, artifact_id)
        depot.hash(artifact_id)
        assert depot.status(artifact_id) == status
        assert not is_asked_for(depot, artifact_id)

    def test_a_deleted_one_is_not_asked_for_any_more(self, depot: Depot) -> None:
        artifact_id = depot.sent(depot.user.new_model(), b"abc", **in_parts(b"abc"))
        depot.complete(artifact_id)
        depot.delete(artifact_id)
        assert not is_asked_for(depot, artifact_id)

    def test_a_failure_of_s3_is_raised_and_changes_nothing(
        self, depot: Depot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        artifact_id = depot.sent(depot.user.new_model(), b"abc", **in_parts(b"abc"))
        depot.complete(artifact_id)
        with monkeypatch.context() as patch:
            patch.setattr(ObjectStore, "chunks", lambda *_: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                depot.hash(artifact_id)
        assert depot.status(artifact_id) == "VERIFYING"
        depot.hash(artifact_id)
        assert depot.status(artifact_id) == "AVAILABLE"


class TestAsking:
    """What the stream tells the hasher."""

    def test_completing_asks_once(self, depot: Depot, told: Told) -> None:
        artifact_id = depot.sent(depot.user.new_model(), b"abc", **in_parts(b"abc"))
        assert len(told(artifact_id)) == 0
        with ThreadPoolExecutor(4) as pool:
            payloads = list(pool.map(depot.complete, [artifact_id] * 4))
        assert {payload["artifact"]["status"] for payload in payloads} == {"VERIFYING"}
        depot.complete(artifact_id)
        assert len(told(artifact_id)) == 1
        assert artifact_ref(artifact_id) in depot.services.hasher.left_open()

    def test_it_asks_nothing_of_what_is_done(self, depot: Depot, told: Told) -> None:
        artifact_id = depot.sent(depot.user.new_model(), b"abc", **in_parts(b"abc"))
        depot.complete(artifact_id)
        assert len(told(artifact_id)) == 1
        depot.hash(artifact_id)
        depot.complete(artifact_id)
        depot.delete(artifact_id)
        assert len(told(artifact_id)) == 0
        assert artifact_ref(artifact_id) not in depot.services.hasher.left_open()

    def test_hashing_that_was_lost_is_asked_for_again(
        self, depot: Depot, told: Told, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        artifact_id = depot.sent(depot.user.new_model(), b"abc", **in_parts(b"abc"))
        depot.complete(artifact_id)
        monkeypatch.setattr(completion, "HASHING_MAX_SECONDS", 0)
        assert depot.complete(artifact_id)["artifact"]["status"] == "VERIFYING"
        assert len(told(artifact_id)) == 2
        depot.hash(artifact_id)
        assert depot.status(artifact_id) == "AVAILABLE"

    @pytest.mark.parametrize(("seconds_ago", "asks"), [(890, 0), (901, 1)])
    def test_of_many_who_complete_it_again_one_asks_once_it_may_be_lost(
        self, depot: Depot, told: Told, seconds_ago: int, asks: int
    ) -> None:
        artifact_id = depot.sent(depot.user.new_model(), b"abc", **in_parts(b"abc"))
        depot.complete(artifact_id)
        asked_at = shifted(now(), -timedelta(seconds=seconds_ago))
        with depot.tampered(artifact_id, hashing_asked_at={"S": asked_at}):
            told(artifact_id)
            with ThreadPoolExecutor(4) as pool:
                list(pool.map(depot.complete, [artifact_id] * 4))
            assert len(told(artifact_id)) == asks

    def test_a_file_that_became_available_meanwhile_is_not_asked_for(
        self, depot: Depot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        model_id = depot.user.new_model()
        artifact_id = depot.sent(model_id, b"abc", **in_parts(b"abc"))
        depot.complete(artifact_id)
        monkeypatch.setattr(completion, "HASHING_MAX_SECONDS", 0)
        put = Arrival.put

        def put_too_late(self: Arrival, after: ArtifactRecord, unchanged: Condition) -> None:
            monkeypatch.setattr(Arrival, "put", put)
            depot.hash(artifact_id)
            put(self, after, unchanged)

        monkeypatch.setattr(Arrival, "put", put_too_late)
        assert depot.complete(artifact_id)["artifact"]["status"] == "AVAILABLE"
        assert depot.actions(model_id) == ["CREATE", "ARTIFACT_ADD"]

    def test_hashing_in_the_request_asks_nobody(
        self, depot: Depot, told: Told, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(completion, "REHASH_INLINE_MAX_BYTES", 3)
        artifact_id = depot.available(depot.user.new_model(), b"abc", **in_parts(b"abc"))["id"]
        assert len(told(artifact_id)) == 0


class TestFunction:
    """graph.handler.hasher, with what the stream tells."""

    @pytest.fixture(autouse=True)
    def _built(self, depot: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(handler, "_hasher", depot.services.hasher)

    def test_hashes_what_it_is_told_of(self, depot: Depot, told: Told) -> None:
        artifact_id = depot.sent(depot.user.new_model(), b"abc", **in_parts(b"abc"))
        depot.complete(artifact_id)
        records = told(artifact_id)
        assert handler.hasher({"Records": records}, None) == {"batchItemFailures": []}
        assert depot.status(artifact_id) == "AVAILABLE"
        assert handler.hasher({"Records": records}, None) == {"batchItemFailures": []}

    def test_answers_what_it_could_not_hash_and_logs_why(
        self,
        depot: Depot,
        told: Told,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        artifact_id = depot.sent(depot.user.new_model(), b"abc", **in_parts(b"abc"))
        depot.complete(artifact_id)
        (record,) = told(artifact_id)
        monkeypatch.setattr(ObjectStore, "chunks", lambda *_: 1 / 0)
        with caplog.at_level(logging.ERROR):
            answer = handler.hasher({"Records": [record]}, None)
        number = record["dynamodb"]["SequenceNumber"]
        assert answer == {"batchItemFailures": [{"itemIdentifier": number}]}
        (line,) = caplog.records
        assert artifact_ref(artifact_id).artifact_id in line.getMessage()
        assert line.exc_info

    def test_builds_its_hasher_from_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(handler, "_hasher", None)
        monkeypatch.setattr(handler, "configure_logging", lambda _: None)
        monkeypatch.setenv("DYNAMODB_TABLE", "t")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
        assert handler.hasher({"Records": []}, None) == {"batchItemFailures": []}
        assert handler._hasher is not None
