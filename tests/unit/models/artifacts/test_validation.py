"""What is announced of a file, at every limit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.artifacts.parts import (
    FILE_MAX_BYTES,
    GIB,
    MIB,
    PART_MAX_BYTES,
    PART_MIN_BYTES,
    PARTS_MAX,
    SINGLE_PUT_MAX_BYTES,
)
from models.artifacts.validation import validate_upload
from models.errors import Refusal, UserErrorCode
from tests.unit.models.artifacts.artifacts import DIGEST, an_announcement, filenames
from tests.unit.models.strategies import ANY_TEXT


def faults(**fields: object) -> list[str]:
    """Return the fields at fault in an announcement."""
    try:
        validate_upload(an_announcement(**fields))
    except Refusal as refusal:
        found = refusal.faults
    else:
        return []
    assert {fault.code for fault in found} == {UserErrorCode.INVALID_INPUT}
    assert all(fault.message.startswith(fault.field[0]) for fault in found)
    return [fault.field[0] for fault in found]


def in_parts(size: int, part_size: int | None, count: int) -> list[str]:
    return faults(size_bytes=size, part_size_bytes=part_size, part_sha256=(DIGEST,) * count)


class TestFilename:
    """A name without a path, 1 to 255 bytes."""

    @pytest.mark.parametrize(
        "filename",
        [
            "a",
            ".gitattributes",
            "...",
            "a..b",
            "model-00001-of-00002.safetensors",
            "Öl 大 𝄞.bin",
            "a b+c&d=e%2F#f?.txt",
            '"quoted".txt',
            "x" * 255,
            "é" * 127,
        ],
    )
    def test_a_name_is_taken(self, filename: str) -> None:
        assert faults(filename=filename) == []

    @pytest.mark.parametrize(
        "filename",
        [
            "",
            ".",
            "..",
            "../",
            "../secret",
            "a/b",
            "/a",
            "a\\b",
            "\\",
            "a\x00b",
            "\x00",
            "a\nb",
            "a\tb",
            "a\x7fb",
            "a\x85b",
            "\ud800",
            "a\udfffb",
            " a",
            "a ",
            "\u3000a",
            "x" * 256,
            "x" * 300,
            "é" * 128,
            "𝄞" * 64,
        ],
    )
    def test_anything_else_is_refused(self, filename: str) -> None:
        assert faults(filename=filename) == ["filename"]

    @given(filenames.filter(lambda name: name not in {".", ".."}))
    def test_any_short_name_without_a_path_is_taken(self, filename: str) -> None:
        assert faults(filename=filename) == []

    @given(ANY_TEXT)
    def test_what_is_taken_can_be_stored_and_has_no_path(self, filename: str) -> None:
        if not faults(filename=filename):
            assert 1 <= len(filename.encode()) <= 255
            assert not {"/", "\\", "\x00"} & set(filename)

    @pytest.mark.parametrize("character", ["\u202e", "\u2066", "\ufffe", "\uffff"])
    def test_treacherous_characters_are_refused(self, character: str) -> None:
        assert faults(filename=f"a{character}b") == ["filename"]


class TestDigest:
    """64 hex digits."""

    @pytest.mark.parametrize("digest", ["0" * 64, "f" * 64, "AbCdEf01" * 8])
    def test_hex_is_taken_in_either_case(self, digest: str) -> None:
        assert faults(sha256=digest) == []

    @pytest.mark.parametrize(
        "digest",
        [
            "",
            "0" * 63,
            "0" * 65,
            "g" * 64,
            "0" * 63 + "\n",
            "0" * 64 + "\n",
            "\u0660" * 64,
            "\ud800",
        ],
    )
    def test_anything_else_is_refused(self, digest: str) -> None:
        assert faults(sha256=digest) == ["sha256"]


class TestContentType:
    """A media type, which becomes a header."""

    @pytest.mark.parametrize(
        "content_type",
        [
            None,
            "text/plain",
            "application/octet-stream",
            "application/vnd.api+json",
            "text/plain; charset=utf-8",
            "text/plain;charset=utf-8",
            'text/plain; title="a b; c"; x=y',
            "a/" + "b" * 253,
        ],
    )
    def test_a_media_type_is_taken(self, content_type: str | None) -> None:
        assert faults(content_type=content_type) == []

    @pytest.mark.parametrize(
        "content_type",
        [
            "",
            "text",
            "/",
            "text/",
            "/plain",
            "text/plain/x",
            " text/plain",
            "text/plain ",
            "text/plain\r\nx-amz-acl: public-read",
            "text/plain\n",
            "text/plain; charset",
            'text/plain; a="b',
            'text/plain; a="\x00"',
            'text/plain; a="é"',
            'text/plain; a="大"',
            'text/plain; a="\ud800"',
            "têxt/plain",
            "a/" + "b" * 254,
        ],
    )
    def test_anything_else_is_refused(self, content_type: str) -> None:
        assert faults(content_type=content_type) == ["contentType"]

    @given(st.tuples(st.just('text/plain; a="'), ANY_TEXT, st.just('"')).map("".join))
    def test_what_is_taken_can_be_a_header(self, content_type: str) -> None:
        if not faults(content_type=content_type):
            assert content_type.isascii()
            assert content_type.isprintable()


class TestSize:
    """0 to 5 GiB in one PUT, to 50 GiB in parts."""

    @pytest.mark.parametrize("size", [0, 1, SINGLE_PUT_MAX_BYTES])
    def test_one_put_takes_up_to_5_gib(self, size: int) -> None:
        assert faults(size_bytes=size) == []

    @pytest.mark.parametrize("size", [SINGLE_PUT_MAX_BYTES + 1, FILE_MAX_BYTES])
    def test_a_larger_file_comes_in_parts(self, size: int) -> None:
        assert faults(size_bytes=size) == ["partSha256"]

    @pytest.mark.parametrize("size", [-1, FILE_MAX_BYTES + 1, 2**53 - 1])
    def test_no_other_size_is_taken(self, size: int) -> None:
        assert faults(size_bytes=size) == ["sizeBytes"]
        assert in_parts(size, GIB, 50) == ["sizeBytes"]


class TestParts:
    """Part sizes, and a digest for each part."""

    @pytest.mark.parametrize(
        ("size", "part_size", "count"),
        [
            (0, PART_MIN_BYTES, 1),
            (1, PART_MIN_BYTES, 1),
            (PART_MIN_BYTES, PART_MIN_BYTES, 1),
            (PART_MIN_BYTES + 1, PART_MIN_BYTES, 2),
            (PART_MIN_BYTES * PARTS_MAX, PART_MIN_BYTES, PARTS_MAX),
            (FILE_MAX_BYTES, PART_MAX_BYTES, 10),
            (FILE_MAX_BYTES, 52 * MIB, 985),
        ],
    )
    def test_as_many_digests_as_parts_are_taken(
        self, size: int, part_size: int, count: int
    ) -> None:
        assert in_parts(size, part_size, count) == []

    @pytest.mark.parametrize("count", [0, 1, 3, 1_001])
    def test_another_count_is_refused(self, count: int) -> None:
        assert in_parts(PART_MIN_BYTES + 1, PART_MIN_BYTES, count) == ["partSha256"]

    @pytest.mark.parametrize("part_size", [None, -1, 0, PART_MIN_BYTES - 1, PART_MAX_BYTES + 1])
    def test_a_part_size_that_s3_refuses_is_refused(self, part_size: int | None) -> None:
        assert in_parts(3, part_size, 1) == ["partSizeBytes"]

    def test_more_than_1000_parts_are_refused(self) -> None:
        size = PART_MIN_BYTES * PARTS_MAX + 1
        assert in_parts(size, PART_MIN_BYTES, PARTS_MAX + 1) == ["partSizeBytes"]

    def test_every_digest_must_be_one(self) -> None:
        digests = (DIGEST, "no digest")
        given = {"size_bytes": PART_MIN_BYTES + 1, "part_size_bytes": PART_MIN_BYTES}
        assert faults(**given, part_sha256=digests) == ["partSha256"]

    def test_a_part_size_without_digests_is_refused(self) -> None:
        assert faults(part_size_bytes=PART_MIN_BYTES) == ["partSizeBytes"]


class TestAll:
    """Everything at once."""

    def test_every_fault_is_told(self) -> None:
        found = faults(
            filename="../x",
            size_bytes=SINGLE_PUT_MAX_BYTES + 1,
            sha256="x",
            content_type="x",
            part_size_bytes=1,
            part_sha256=("x",),
            changed_by=" ",
            idempotency_key="",
        )
        assert found == [
            "filename",
            "sha256",
            "contentType",
            "partSha256",
            "partSizeBytes",
            "changedBy",
            "idempotencyKey",
        ]

    def test_a_size_out_of_range_is_told_with_the_rest(self) -> None:
        assert faults(filename="", size_bytes=-1) == ["filename", "sizeBytes"]
