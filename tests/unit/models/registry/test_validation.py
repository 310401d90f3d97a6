"""What an input must be like."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given

from models.errors import Fault, Refusal, UserErrorCode
from models.registry.commands import (
    UNSET,
    Command,
    CreateModel,
    DeleteModel,
    RestoreModel,
    UpdateModel,
    input_sha256,
)
from models.registry.validation import validate_change, validate_create, validate_update
from tests.unit.models.strategies import json_values

CREATE = CreateModel(name="bert", source="hf", license="mit")
UPDATE = UpdateModel(id="x")
DELETE = DeleteModel(id="x")
BOTH = pytest.mark.parametrize("command", [CREATE, UPDATE])
EVERY = pytest.mark.parametrize("command", [CREATE, UPDATE, DELETE, RestoreModel(id="x")])

INPUT_NAMES = {
    "source_url": "sourceUrl",
    "metadata_patch": "metadataPatch",
    "risk_notes": "riskNotes",
    "changed_by": "changedBy",
    "idempotency_key": "idempotencyKey",
    "expected_version": "expectedVersion",
}


def validate(command: Command) -> None:
    check: Callable[[Any], None] = validate_change
    if isinstance(command, CreateModel):
        check = validate_create
    elif isinstance(command, UpdateModel):
        check = validate_update
    check(command)


def faulty_fields(command: Command) -> list[str]:
    """Return the input fields at fault, in the order in which they are reported."""
    faults: tuple[Fault, ...] = ()
    try:
        validate(command)
    except Refusal as refusal:
        faults = refusal.faults
    assert {fault.code for fault in faults} <= {UserErrorCode.INVALID_INPUT}
    assert all(fault.message.startswith(fault.field[0]) for fault in faults)
    return [fault.field[0] for fault in faults]


def is_valid(command: Command, **fields: object) -> bool:
    (name,) = fields
    faults = faulty_fields(replace(command, **fields))  # type: ignore[arg-type]
    assert faults in ([], [INPUT_NAMES.get(name, name)])
    return not faults


def metadata_of(size: int) -> dict[str, str]:
    """Return metadata whose compact JSON has `size` bytes."""
    return {"a": "é" * ((size - 8) // 2) + "x" * (size % 2)}


def nested(levels: int) -> object:
    value: object = {}
    for _ in range(levels - 1):
        value = {"a": value}
    return value


class TestLabels:
    """Name, source, license and changedBy."""

    @BOTH
    @pytest.mark.parametrize(
        ("field", "longest"), [("name", 256), ("source", 64), ("license", 256)]
    )
    def test_have_a_character_and_no_more_than_the_limit(
        self, command: Command, field: str, longest: int
    ) -> None:
        assert is_valid(command, **{field: "x"})
        assert is_valid(command, **{field: "😀" * longest})
        assert not is_valid(command, **{field: "x" * (longest + 1)})
        assert not is_valid(command, **{field: ""})

    @EVERY
    def test_changed_by_has_up_to_256_characters(self, command: Command) -> None:
        assert is_valid(command, changed_by="x" * 256)
        assert not is_valid(command, changed_by="x" * 257)
        assert not is_valid(command, changed_by="")

    @BOTH
    @pytest.mark.parametrize("field", ["name", "source", "license", "changed_by"])
    @pytest.mark.parametrize(
        "text", [" a", "a ", "\u00a0a", "a\u3000", " ", "a\nb", "a\tb", "\x00", "a\x85b", "\ud83d"]
    )
    def test_are_one_line_of_text_without_space_around(
        self, command: Command, field: str, text: str
    ) -> None:
        assert not is_valid(command, **{field: text})

    @BOTH
    def test_may_be_in_any_script(self, command: Command) -> None:
        assert is_valid(command, name="模型 zoë 😀 <b>'\"&")

    @pytest.mark.parametrize("field", ["name", "source", "license"])
    def test_cannot_be_cleared(self, field: str) -> None:
        assert not is_valid(UPDATE, **{field: None})


class TestProse:
    """Risk notes and reason."""

    @BOTH
    @pytest.mark.parametrize("field", ["risk_notes", "reason"])
    def test_have_up_to_10_000_characters(self, command: Command, field: str) -> None:
        assert is_valid(command, **{field: ""})
        assert is_valid(command, **{field: "😀" * 10_000})
        assert not is_valid(command, **{field: "x" * 10_001})

    @BOTH
    @pytest.mark.parametrize("field", ["risk_notes", "reason"])
    def test_may_have_lines_and_tabs_but_no_other_control_character(
        self, command: Command, field: str
    ) -> None:
        assert is_valid(command, **{field: " a\r\n\tb\n"})
        assert not is_valid(command, **{field: "a\x1b[0m"})
        assert not is_valid(command, **{field: "a\udc00"})

    def test_risk_notes_cannot_be_cleared_by_null(self) -> None:
        assert not is_valid(UPDATE, risk_notes=None)

    def test_risk_notes_may_be_left_out_of_a_new_model(self) -> None:
        assert is_valid(CREATE, risk_notes=None)


class TestSourceUrl:
    """Where a model comes from."""

    @BOTH
    def test_has_up_to_2_048_characters(self, command: Command) -> None:
        assert is_valid(command, source_url="https://a/".ljust(2_048, "x"))
        assert not is_valid(command, source_url="https://a/".ljust(2_049, "x"))

    @BOTH
    @pytest.mark.parametrize(
        "url", ["", "a", "ftp://a/", "https://a/ b", "https://a/\x00", "http://\udc00/"]
    )
    def test_is_an_http_url(self, command: Command, url: str) -> None:
        assert not is_valid(command, source_url=url)

    @BOTH
    def test_may_be_null(self, command: Command) -> None:
        assert is_valid(command, source_url=None)


class TestMetadata:
    """Any JSON value, within bounds."""

    @BOTH
    def test_has_up_to_64_kib_as_compact_utf8(self, command: Command) -> None:
        assert is_valid(command, metadata=metadata_of(65_536))
        assert not is_valid(command, metadata=metadata_of(65_537))
        assert not is_valid(command, metadata="x" * 10_000_000)

    @BOTH
    def test_has_up_to_32_levels(self, command: Command) -> None:
        assert is_valid(command, metadata=nested(32))
        assert not is_valid(command, metadata=nested(33))
        assert not is_valid(command, metadata=nested(10_000))

    @BOTH
    @pytest.mark.parametrize(
        "number",
        [float("nan"), float("inf"), -1e400, 10**4_300, -(10**4_300)],
        ids=["nan", "inf", "-1e400", "10**4300", "-10**4300"],
    )
    def test_holds_only_numbers_that_can_be_read_back(
        self, command: Command, number: float
    ) -> None:
        assert not is_valid(command, metadata={"n": [number]})

    @BOTH
    def test_holds_only_text(self, command: Command) -> None:
        assert is_valid(command, metadata={"ключ\n": "日本"})
        assert not is_valid(command, metadata={"\ud800": 1})
        assert not is_valid(command, metadata=["\x00"])

    @BOTH
    def test_cannot_be_null(self, command: Command) -> None:
        assert not is_valid(command, metadata=None)

    @given(json_values.filter(lambda value: value is not None))
    def test_may_be_any_other_value(self, value: object) -> None:
        assert is_valid(CREATE, metadata=value)
        assert is_valid(UPDATE, metadata=value)
        assert is_valid(UPDATE, metadata_patch=value)


class TestMetadataPatch:
    """A change to the metadata."""

    def test_is_bound_as_metadata_is(self) -> None:
        assert is_valid(UPDATE, metadata_patch=metadata_of(65_536))
        assert not is_valid(UPDATE, metadata_patch=metadata_of(65_537))
        assert not is_valid(UPDATE, metadata_patch=nested(33))
        assert not is_valid(UPDATE, metadata_patch={"a": float("nan")})
        assert not is_valid(UPDATE, metadata_patch=None)

    def test_removes_by_null(self) -> None:
        assert is_valid(UPDATE, metadata_patch={"a": None})

    def test_does_not_go_with_metadata(self) -> None:
        assert faulty_fields(replace(UPDATE, metadata={}, metadata_patch={})) == ["metadataPatch"]


class TestCommon:
    """What every change can carry."""

    @EVERY
    def test_an_idempotency_key_has_1_to_255_printable_characters(self, command: Command) -> None:
        assert is_valid(command, idempotency_key="x")
        assert is_valid(command, idempotency_key="é" * 255)
        assert is_valid(command, idempotency_key="a key")
        for key in ("", "x" * 256, "a\n", "\x00", "\u200b", "\ud800"):
            assert not is_valid(command, idempotency_key=key)

    @pytest.mark.parametrize("command", [UPDATE, DELETE])
    def test_an_expected_version_is_at_least_1(self, command: Command) -> None:
        assert is_valid(command, expected_version=1)
        assert is_valid(command, expected_version=2**31)
        assert not is_valid(command, expected_version=0)
        assert not is_valid(command, expected_version=-1)

    @EVERY
    def test_a_reason_is_checked(self, command: Command) -> None:
        assert not is_valid(command, reason="\x00")


class TestSeveralFaults:
    """All faults are reported at once."""

    def test_of_a_new_model(self) -> None:
        command = CreateModel(
            name="",
            source=" hf",
            license="\x00",
            source_url="x",
            metadata=None,
            risk_notes="\x00",
            reason="\x00",
            changed_by="",
            idempotency_key="",
        )
        assert faulty_fields(command) == [
            "name",
            "source",
            "license",
            "sourceUrl",
            "metadata",
            "riskNotes",
            "reason",
            "changedBy",
            "idempotencyKey",
        ]

    def test_of_an_update(self) -> None:
        command = UpdateModel(
            id="x",
            name=None,
            source=None,
            license=None,
            source_url="x",
            metadata=None,
            metadata_patch=None,
            risk_notes=None,
            expected_version=0,
            reason="\x00",
        )
        assert set(faulty_fields(command)) == {
            *("name", "source", "license", "sourceUrl", "metadata", "metadataPatch"),
            *("riskNotes", "expectedVersion", "reason"),
        }

    def test_the_refusal_says_them_all(self) -> None:
        with pytest.raises(Refusal, match=r"^name must have .*; source must have ") as caught:
            validate(replace(CREATE, name="", source=""))
        assert len(caught.value.faults) == 2


class TestInputSha256:
    """Telling a resend from another request."""

    def test_is_the_same_for_the_same_input_under_any_key(self) -> None:
        one, other = replace(CREATE, idempotency_key="a"), replace(CREATE, idempotency_key="b")
        assert input_sha256(one) == input_sha256(other)

    def test_takes_no_notice_of_the_order_of_metadatas_keys(self) -> None:
        one, other = {"a": 1, "b": {"c": 2, "d": 3}}, {"b": {"d": 3, "c": 2}, "a": 1}
        assert input_sha256(replace(CREATE, metadata=one)) == input_sha256(
            replace(CREATE, metadata=other)
        )

    def test_differs_with_every_field(self) -> None:
        others: list[UpdateModel] = [
            replace(UPDATE, id="y"),
            replace(UPDATE, name="x"),
            replace(UPDATE, source="x"),
            replace(UPDATE, license="x"),
            replace(UPDATE, source_url=None),
            replace(UPDATE, source_url="x"),
            replace(UPDATE, metadata={}),
            replace(UPDATE, metadata_patch={}),
            replace(UPDATE, metadata=1),
            replace(UPDATE, metadata=1.0),
            replace(UPDATE, metadata=True),
            replace(UPDATE, risk_notes="x"),
            replace(UPDATE, expected_version=1),
            replace(UPDATE, reason="x"),
            replace(UPDATE, changed_by="x"),
            UPDATE,
        ]
        assert len({input_sha256(command) for command in others}) == len(others)

    def test_what_was_left_out_is_not_null(self) -> None:
        assert UPDATE.source_url is UNSET
        assert input_sha256(UPDATE) != input_sha256(replace(UPDATE, source_url=None))
