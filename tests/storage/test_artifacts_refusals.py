"""What is refused, by S3 itself or with a code, and never becomes AVAILABLE."""

import base64
import hashlib
from datetime import timedelta
from typing import Any

import pytest

from graph.local.aws import EmbeddedAws
from models.artifacts.record import ArtifactStatus
from models.timestamps import now, shifted
from tests.api.client import Answer
from tests.storage.depot import (
    PART_BYTES,
    SEVERAL_PARTS,
    Depot,
    codes,
    in_parts,
    put,
    sha256,
    slice_of,
)

CONTENT = b"the very bytes"
OTHER = b"another's bytes"[: len(CONTENT)]
NO_MODEL = "00000000-0000-7000-8000-000000000000"


def checksum(content: bytes) -> str:
    return base64.b64encode(hashlib.sha256(content).digest()).decode()


def never_available(depot: Depot, artifact_id: str, code: str = "UPLOAD_INCOMPLETE") -> None:
    """Hold a file to staying what it is, whoever completes it."""
    assert codes(depot.complete(artifact_id)) == [code]
    node = depot.node(artifact_id)
    assert node["status"] != "AVAILABLE"
    assert node["downloadUrl"] is None
    assert "ARTIFACT_ADD" not in depot.actions(node["model"]["id"])
    assert depot.verification(node["model"]["id"])["intact"]


class TestOnePut:
    """S3 takes the declared bytes with the declared headers alone."""

    @pytest.fixture
    def announced(self, depot: Depot) -> Answer:
        return depot.announced(depot.user.new_model(), CONTENT, contentType="text/plain")

    @pytest.mark.parametrize(
        ("content", "headers"),
        [
            pytest.param(OTHER, {}, id="other bytes"),
            pytest.param(CONTENT + b"!", {}, id="a byte more"),
            pytest.param(CONTENT[:-1], {}, id="a byte less"),
            pytest.param(b"", {}, id="no bytes"),
            pytest.param(CONTENT, {"content_type": "text/html"}, id="another content type"),
            pytest.param(CONTENT, {"content_type": None}, id="no content type"),
            pytest.param(CONTENT, {"x_amz_tagging": None}, id="no tag"),
            pytest.param(CONTENT, {"x_amz_tagging": "pending=0"}, id="another tag"),
            pytest.param(CONTENT, {"if_none_match": None}, id="no condition"),
            pytest.param(CONTENT, {"x_amz_checksum_sha256": None}, id="no checksum"),
            pytest.param(
                OTHER, {"x_amz_checksum_sha256": checksum(OTHER)}, id="other bytes and checksum"
            ),
            pytest.param(OTHER, {"x_amz_checksum_sha256": None}, id="other bytes, no checksum"),
        ],
    )
    def test_anything_else_is_refused(
        self, depot: Depot, announced: Answer, content: bytes, headers: dict[str, str | None]
    ) -> None:
        (part,) = announced["upload"]["parts"]
        assert put(part, content, **headers).status_code in {400, 403}
        never_available(depot, announced["artifact"]["id"])

    @pytest.mark.parametrize("headers", [{"content_encoding": "gzip"}, {"content_language": "de"}])
    def test_headers_that_change_a_download_are_rejected(
        self, depot: Depot, announced: Answer, headers: dict[str, str]
    ) -> None:
        (part,) = announced["upload"]["parts"]
        assert put(part, CONTENT, **headers).status_code == 200
        artifact_id = announced["artifact"]["id"]
        (error,) = depot.complete(artifact_id)["userErrors"]
        assert error["code"] == "CHECKSUM_MISMATCH"
        assert depot.status(artifact_id) == "REJECTED"

    def test_the_right_bytes_are_taken_after_the_wrong_ones(
        self, depot: Depot, announced: Answer
    ) -> None:
        (part,) = announced["upload"]["parts"]
        put(part, OTHER)
        assert put(part, CONTENT).status_code == 200
        payload = depot.complete(announced["artifact"]["id"])
        assert payload["artifact"]["status"] == "AVAILABLE"

    def test_a_second_use_of_the_link_is_refused(self, depot: Depot, announced: Answer) -> None:
        (part,) = announced["upload"]["parts"]
        assert put(part, CONTENT).status_code == 200
        assert put(part, CONTENT).status_code == 412
        depot.complete(announced["artifact"]["id"])
        assert put(part, CONTENT).status_code == 412

    def test_an_altered_link_is_refused(self, depot: Depot, announced: Answer) -> None:
        (part,) = announced["upload"]["parts"]
        elsewhere = part | {"url": part["url"].replace("model.bin", "other.bin")}
        assert put(elsewhere, CONTENT).status_code == 403
        longer = part | {"url": part["url"].replace("X-Amz-Expires=3600", "X-Amz-Expires=3601")}
        assert put(longer, CONTENT).status_code == 403
        never_available(depot, announced["artifact"]["id"])

    def test_nothing_can_be_completed_before_it_is_sent(
        self, depot: Depot, announced: Answer
    ) -> None:
        never_available(depot, announced["artifact"]["id"])
        assert depot.status(announced["artifact"]["id"]) == "PENDING"

    def test_bytes_that_came_another_way_are_rejected(
        self, depot: Depot, announced: Answer
    ) -> None:
        client = depot.services.store._client
        (part,) = announced["upload"]["parts"]
        path = part["url"].partition("?")[0].partition(f"/{depot.settings.bucket}/")[2]
        client.put_object(Bucket=depot.settings.bucket, Key=path, Body=OTHER)
        never_available(depot, announced["artifact"]["id"], "CHECKSUM_MISMATCH")
        assert depot.status(announced["artifact"]["id"]) == "REJECTED"
        assert depot.upload(announced["artifact"]["id"]) is None


class TestExpiredLink:
    """A link is good for an hour."""

    @pytest.mark.parametrize("fields", [{}, in_parts(CONTENT)], ids=["one PUT", "parts"])
    def test_takes_nothing(
        self, depot: Depot, monkeypatch: pytest.MonkeyPatch, fields: dict[str, object]
    ) -> None:
        model_id = depot.user.new_model()
        with monkeypatch.context() as patch:
            an_hour_ago = lambda: shifted(now(), -timedelta(seconds=3605))  # noqa: E731  # a clock
            patch.setattr(depot.services.links, "_clock", an_hour_ago)
            payload = depot.announced(model_id, CONTENT, **fields)
        answer = put(payload["upload"]["parts"][0], CONTENT)
        assert answer.status_code == 403
        assert "expired" in answer.text
        never_available(depot, payload["artifact"]["id"])

    def test_a_fresh_one_takes_the_bytes(self, depot: Depot) -> None:
        payload = depot.announced(depot.user.new_model(), CONTENT)
        fresh = depot.upload(payload["artifact"]["id"])
        assert fresh is not None
        assert put(fresh["parts"][0], CONTENT).status_code == 200


class TestParts:
    """Each part has its own link."""

    @pytest.fixture
    def announced(self, depot: Depot) -> Answer:
        model_id = depot.user.new_model()
        return depot.announced(model_id, SEVERAL_PARTS, **in_parts(SEVERAL_PARTS))

    def test_part_2_is_not_taken_as_part_1(self, depot: Depot) -> None:
        content = b"1" * PART_BYTES + b"2" * PART_BYTES
        announced = depot.announced(depot.user.new_model(), content, **in_parts(content))
        first, second = announced["upload"]["parts"]
        assert put(first, slice_of(content, second)).status_code in {400, 403}
        swapped = second | {"url": first["url"]}
        assert put(swapped, slice_of(content, second)).status_code == 403
        renumbered = second | {"url": second["url"].replace("partNumber=2", "partNumber=1")}
        assert put(renumbered, slice_of(content, second)).status_code == 403
        never_available(depot, announced["artifact"]["id"])

    def test_a_missing_part_is_named(self, depot: Depot, announced: Answer) -> None:
        first, _, last = announced["upload"]["parts"]
        for part in (first, last):
            assert put(part, slice_of(SEVERAL_PARTS, part)).status_code == 200
        (error,) = depot.complete(announced["artifact"]["id"])["userErrors"]
        assert error["field"] == ["artifactId"]
        assert error["message"].endswith(" 2")
        never_available(depot, announced["artifact"]["id"])
        assert depot.status(announced["artifact"]["id"]) == "PENDING"

    @pytest.mark.parametrize(
        ("content", "headers"),
        [
            pytest.param(b"x" * 3, {}, id="other bytes"),
            pytest.param(b"end!", {}, id="a byte more"),
            pytest.param(b"en", {}, id="a byte less"),
            pytest.param(b"end", {"x_amz_checksum_sha256": None}, id="no checksum"),
            pytest.param(
                b"END", {"x_amz_checksum_sha256": checksum(b"END")}, id="another checksum"
            ),
        ],
    )
    def test_other_bytes_are_refused(
        self, announced: Answer, content: bytes, headers: dict[str, str | None]
    ) -> None:
        last = announced["upload"]["parts"][-1]
        assert put(last, content, **headers).status_code in {400, 403}

    def test_a_wrong_digest_of_the_whole_is_rejected(self, depot: Depot) -> None:
        fields = in_parts(SEVERAL_PARTS) | {"sha256": "00" * 32}
        artifact_id = depot.sent(depot.user.new_model(), SEVERAL_PARTS, **fields)
        never_available(depot, artifact_id, "CHECKSUM_MISMATCH")
        assert depot.status(artifact_id) == "REJECTED"
        assert sha256(SEVERAL_PARTS) in depot.node(artifact_id)["rejection"]
        never_available(depot, artifact_id, "CHECKSUM_MISMATCH")

    def test_an_upload_that_was_aborted_must_be_announced_anew(
        self, depot: Depot, announced: Answer
    ) -> None:
        client = depot.services.store._client
        bucket = depot.settings.bucket
        for upload in client.list_multipart_uploads(Bucket=bucket)["Uploads"]:
            client.abort_multipart_upload(
                Bucket=bucket, Key=upload["Key"], UploadId=upload["UploadId"]
            )
        (error,) = depot.complete(announced["artifact"]["id"])["userErrors"]
        assert "announce the file anew" in error["message"]
        never_available(depot, announced["artifact"]["id"])


class TestModel:
    """Files join and leave an ACTIVE model alone."""

    @pytest.mark.parametrize("fields", [{}, in_parts(CONTENT)], ids=["one PUT", "parts"])
    def test_one_that_was_deleted_meanwhile_gets_no_file(
        self, depot: Depot, fields: dict[str, object]
    ) -> None:
        model_id = depot.user.new_model()
        artifact_id = depot.sent(model_id, CONTENT, **fields)
        depot.user.delete(model_id)
        never_available(depot, artifact_id, "INVALID_STATE")
        depot.user.restore(model_id)
        assert depot.complete(artifact_id)["artifact"]["status"] == "AVAILABLE"

    def test_a_deleted_one_takes_no_announcement(self, depot: Depot) -> None:
        model_id = depot.user.new_model()
        depot.user.delete(model_id)
        assert codes(depot.announce(model_id, CONTENT)) == ["INVALID_STATE"]

    def test_a_deleted_one_loses_no_file(self, depot: Depot) -> None:
        model_id = depot.user.new_model()
        artifact = depot.available(model_id)
        depot.user.delete(model_id)
        assert codes(depot.delete(artifact["id"])) == ["INVALID_STATE"]
        assert depot.status(artifact["id"]) == "AVAILABLE"

    @pytest.mark.parametrize("model_id", [NO_MODEL, "", "no id", f"{NO_MODEL}@1", "\ud800"])
    def test_there_must_be_one(self, depot: Depot, model_id: str) -> None:
        payload = depot.announce(model_id, CONTENT)
        assert codes(payload) == ["NOT_FOUND"]
        assert payload["userErrors"][0]["field"] == ["modelId"]


class TestInput:
    """What is announced."""

    @pytest.mark.parametrize(
        "filename", ["../etc/passwd", "..", "a/b", "a\\b", "a\x00b", "x" * 300, "", "\ud800"]
    )
    def test_a_bad_file_name_is_refused(self, depot: Depot, filename: str) -> None:
        payload = depot.announce(depot.user.new_model(), CONTENT, filename=filename)
        assert codes(payload) == ["INVALID_INPUT"]
        assert payload["userErrors"][0]["field"] == ["filename"]

    def test_every_fault_is_told_at_once(self, depot: Depot) -> None:
        payload = depot.announce(
            NO_MODEL, CONTENT, filename="", sha256="x", contentType="x", sizeBytes=-1
        )
        fields = [error["field"] for error in payload["userErrors"]]
        assert fields == [["filename"], ["sha256"], ["contentType"], ["sizeBytes"]]

    @pytest.mark.parametrize("artifact_id", ["", "no id", NO_MODEL, "YXJ0aWZhY3Q", "\ud800"])
    def test_an_unknown_file_is_not_found(self, depot: Depot, artifact_id: str) -> None:
        assert codes(depot.complete(artifact_id)) == ["NOT_FOUND"]
        assert codes(depot.delete(artifact_id)) == ["NOT_FOUND"]

    def test_a_bad_reason_is_refused(self, depot: Depot) -> None:
        artifact_id = depot.sent(depot.user.new_model(), CONTENT)
        assert codes(depot.complete(artifact_id, reason="\x00")) == ["INVALID_INPUT"]
        assert codes(depot.delete(artifact_id, reason="\x00")) == ["INVALID_INPUT"]


@pytest.fixture(scope="module")
def ids(depot: Depot) -> dict[str, str]:
    """Return the ids of an intact model and its files, the model being at version 4."""
    model_id = depot.user.new_model()
    found = {
        "model": model_id,
        "kept": depot.available(model_id)["id"],
        "gone": depot.available(model_id, filename="gone")["id"],
        "pending": depot.announced(model_id, b"abc")["artifact"]["id"],
    }
    depot.delete(found["gone"])
    assert depot.verification(model_id) == {
        "intact": True,
        "complete": True,
        "brokenAtVersion": None,
        "problem": None,
    }
    return found


class TestTampering:
    """What was altered in the table is named."""

    @pytest.mark.parametrize(
        ("which", "attributes", "version", "problem"),
        [
            ("kept", {"sha256": {"S": "00" * 32}}, 2, "was altered"),
            ("kept", {"size_bytes": {"N": "4"}}, 2, "was altered"),
            ("kept", {"filename": {"S": "evil"}}, 2, "was altered"),
            ("kept", {"object_version": {"S": "evil"}}, 2, "was altered"),
            ("kept", {"added_in_version": {"N": "1"}}, 2, "was altered"),
            ("kept", {"kind": {"S": "Model"}}, None, "artifact"),
            ("kept", {"status": {"S": "REJECTED"}}, 4, "status that no entry gave"),
            ("kept", {"status": {"S": "NONSENSE"}}, 4, "cannot be read"),
            ("kept", {"status": {"S": "DELETED"}, "deleted_in_version": {"N": "3"}}, 3, "deleted"),
            ("kept", {"status": {"S": "DELETED"}, "deleted_in_version": {"N": "9"}}, 5, "9"),
            ("gone", {"status": {"S": "AVAILABLE"}, "deleted_in_version": None}, 4, "not deleted"),
            ("gone", {"sha256": {"S": "00" * 32}}, 3, "was altered"),
            ("pending", {"status": {"S": "AVAILABLE"}}, 4, "status that no entry gave"),
            (
                "pending",
                {
                    "verified_at": {"S": "2026-01-01T00:00:00.000000Z"},
                    "verification_method": {"S": "REHASH"},
                },
                4,
                "status that no entry gave",
            ),
            ("kept", {"rejection": {"S": "fake"}}, 4, "status that no entry gave"),
            ("kept", {"added_at": {"S": "2026-01-01T00:00:00.000000Z"}}, 2, "another instant"),
            (
                "pending",
                {"status": {"S": "AVAILABLE"}, "added_in_version": {"N": "4"}},
                4,
                "added without an entry",
            ),
            (
                "pending",
                {"status": {"S": "AVAILABLE"}, "added_in_version": {"N": "7"}},
                4,
                "status that no entry gave",
            ),
        ],
    )
    def test_is_found_and_named(
        self,
        depot: Depot,
        ids: dict[str, str],
        which: str,
        attributes: dict[str, Any],
        version: int | None,
        problem: str,
    ) -> None:
        with depot.tampered(ids[which], **attributes):
            found = depot.verification(ids["model"])
        assert not found["intact"]
        assert version is None or found["brokenAtVersion"] == version
        assert problem in found["problem"]


class TestDelete:
    """deleteArtifact, in each state of a file."""

    def test_an_available_one_leaves_an_entry(self, depot: Depot) -> None:
        model_id = depot.user.new_model()
        artifact = depot.available(model_id)
        payload = depot.delete(artifact["id"], reason="superseded")
        entry = payload["changeEntry"]
        assert payload["artifact"]["status"] == "DELETED"
        assert (entry["action"], entry["version"]) == ("ARTIFACT_DELETE", 3)
        assert entry["reason"] == "superseded"
        assert entry["changes"][0]["after"] is None
        assert entry["changes"][0]["before"]["id"] == artifact["id"]
        assert depot.node(artifact["id"])["downloadUrl"] is None
        assert depot.actions(model_id) == ["CREATE", "ARTIFACT_ADD", "ARTIFACT_DELETE"]
        assert depot.verification(model_id)["intact"]

    @pytest.mark.parametrize("status", [ArtifactStatus.PENDING, ArtifactStatus.REJECTED])
    def test_one_that_never_was_available_leaves_none(
        self, depot: Depot, status: ArtifactStatus
    ) -> None:
        model_id = depot.user.new_model()
        artifact_id = depot.sent(model_id, b"abc", **in_parts(b"abc"), sha256="00" * 32)
        if status is ArtifactStatus.REJECTED:
            depot.complete(artifact_id)
        assert depot.status(artifact_id) == status
        payload = depot.delete(artifact_id)
        assert payload["artifact"]["status"] == "DELETED"
        assert payload["changeEntry"] is None
        assert depot.actions(model_id) == ["CREATE"]
        assert depot.verification(model_id)["intact"]

    def test_one_that_is_being_hashed_never_becomes_available(
        self, depot: Depot, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("models.artifacts.completion.REHASH_INLINE_MAX_BYTES", 2)
        model_id = depot.user.new_model()
        artifact_id = depot.sent(model_id, b"abc", **in_parts(b"abc"))
        assert depot.complete(artifact_id)["artifact"]["status"] == "VERIFYING"
        assert depot.delete(artifact_id)["artifact"]["status"] == "DELETED"
        depot.hash(artifact_id)
        never_available(depot, artifact_id, "INVALID_STATE")
        assert depot.status(artifact_id) == "DELETED"

    def test_a_deleted_one_cannot_be_deleted_again(self, depot: Depot) -> None:
        model_id = depot.user.new_model()
        artifact = depot.available(model_id)
        depot.delete(artifact["id"])
        assert codes(depot.delete(artifact["id"])) == ["INVALID_STATE"]
        assert codes(depot.complete(artifact["id"])) == ["INVALID_STATE"]
        assert len(depot.actions(model_id)) == 3

    def test_its_bytes_stay(self, depot: Depot) -> None:
        artifact = depot.available(depot.user.new_model())
        client = depot.services.store._client
        depot.delete(artifact["id"])
        listed = client.list_objects_v2(Bucket=depot.settings.bucket)
        assert listed["KeyCount"] > 0


class TestAuth:
    """The embedded S3 takes nothing without a link."""

    def test_an_object_cannot_be_had_without_a_signature(
        self, depot: Depot, embedded_aws: EmbeddedAws
    ) -> None:
        artifact = depot.available(depot.user.new_model())
        url = depot.node(artifact["id"])["downloadUrl"]
        assert url.startswith(embedded_aws.endpoint_url)
        altered = url[:-1] + ("0" if url[-1] != "0" else "1")
        assert put({"url": altered, "headers": []}, b"").status_code == 403
