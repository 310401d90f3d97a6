"""Identifiers."""

import base64
import uuid

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from models.ids import (
    ChangeRef,
    ModelRef,
    change_id,
    is_model_id,
    model_version_id,
    new_id,
    parse_node_id,
)
from models.timestamps import Timestamp
from tests.unit.models.strategies import ANY_TEXT, all_instants, model_ids

MODEL_ID = "0198c0de-0000-7000-8000-00000000000a"
AT = Timestamp("2026-11-23T10:15:30.123456Z")


def encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


class TestNewModelId:
    """Making a model's id."""

    def test_is_a_version_7_uuid_in_canonical_form(self) -> None:
        made = new_id()
        assert is_model_id(made)
        assert uuid.UUID(made).version == 7

    def test_text_order_is_the_order_of_creation(self) -> None:
        made = [new_id() for _ in range(1_000)]
        assert made == sorted(set(made))


class TestIsModelId:
    """Telling a model's id from other texts."""

    @pytest.mark.parametrize(
        "text",
        [
            "",
            MODEL_ID.upper(),
            MODEL_ID.replace("-", ""),
            f"{{{MODEL_ID}}}",
            f"urn:uuid:{MODEL_ID}",
            f"{MODEL_ID}\n",
            f" {MODEL_ID}",
            MODEL_ID[:-1],
            MODEL_ID[:-1] + "g",
            MODEL_ID[:-1] + "\u0661",
        ],
    )
    def test_only_the_canonical_form_counts(self, text: str) -> None:
        assert not is_model_id(text)


class TestParseNodeId:
    """Finding out what an id names."""

    @given(model_ids)
    def test_finds_a_model(self, model_id: str) -> None:
        assert parse_node_id(model_id) == ModelRef(model_id)

    @given(model_ids, st.integers(1, 9_999_999_999))
    def test_finds_a_model_at_a_version(self, model_id: str, version: int) -> None:
        assert parse_node_id(model_version_id(model_id, version)) == ModelRef(model_id, version)

    @given(model_ids, all_instants)
    def test_finds_a_change(self, model_id: str, at: Timestamp) -> None:
        assert parse_node_id(change_id(model_id, at)) == ChangeRef(model_id, at)

    @given(model_ids, all_instants)
    def test_a_changes_id_is_opaque_and_fit_for_urls(self, model_id: str, at: Timestamp) -> None:
        assert change_id(model_id, at).replace("-", "").replace("_", "").isalnum()

    @pytest.mark.parametrize(
        "text",
        [
            f"{MODEL_ID}@",
            f"{MODEL_ID}@0",
            f"{MODEL_ID}@01",
            f"{MODEL_ID}@-1",
            f"{MODEL_ID}@+1",
            f"{MODEL_ID}@1.0",
            f"{MODEL_ID}@٣",
            f"{MODEL_ID}@1\n",
            f"{MODEL_ID}@12345678901",
            f"{MODEL_ID}@1@1",
            f"{MODEL_ID.upper()}@1",
            "@1",
        ],
    )
    def test_other_spellings_of_a_version_are_not_found(self, text: str) -> None:
        assert parse_node_id(text) is None

    @pytest.mark.parametrize(
        "text",
        [
            change_id(MODEL_ID, AT) + "=",
            change_id(MODEL_ID, AT) + "\n",
            "!" + change_id(MODEL_ID, AT),
            encoded(f"{MODEL_ID}:{AT}"),
            encoded(f"change:change:{MODEL_ID}:{AT}"),
            encoded(f"change:{MODEL_ID}:2026-11-23T10:15:30.123456+00:00"),
            encoded(f"change:{MODEL_ID}:2026-11-23T10:15:30Z"),
            encoded(f"change:{MODEL_ID.upper()}:{AT}"),
            encoded(f"change:{MODEL_ID}"),
            encoded("change:"),
        ],
    )
    def test_other_spellings_of_a_change_are_not_found(self, text: str) -> None:
        assert parse_node_id(text) is None

    @given(ANY_TEXT)
    @example("\ud800")
    @example("a\ud800@1")
    @example("\x00")
    @example("=")
    @example("a")
    @example("a" * 1_000_000)
    @example("@" * 100_000)
    @example(f"{MODEL_ID}@" + "9" * 100_000)
    @example("é" * 1_000)
    def test_garbage_is_not_found(self, text: str) -> None:
        assert parse_node_id(text) is None

    @given(st.binary(max_size=80))
    def test_bytes_that_are_no_text_are_not_found(self, raw: bytes) -> None:
        assert parse_node_id(base64.urlsafe_b64encode(raw).decode().rstrip("=")) is None
