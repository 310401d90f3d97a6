"""The models that are read again and again: as long as those of the Hugging Face Hub are."""

from collections.abc import Iterator
from uuid import UUID

from models.records import ModelRecord, ModelState, Prose
from models.timestamps import Timestamp

_METADATA = '{"datasets":["wikipedia","bookcorpus"],"framework":"pytorch","parameters":110000000}'
_RISK_NOTES = "Trained on text of the web, whose biases it repeats. Not for medical advice."


def model_records(count: int) -> Iterator[ModelRecord]:
    """Make current models, each changed a second after the one before."""
    for number in range(count):
        instant = Timestamp(f"2026-01-01T00:{number // 60 % 60:02}:{number % 60:02}.000000Z")
        yield ModelRecord(
            id=str(UUID(int=0x01890000_0000_7000_8000_000000000000 + number)),
            name=f"northwind/harbor-tides-base-{number}",
            source="hf",
            source_url=f"https://huggingface.co/northwind/harbor-tides-base-{number}",
            license="apache-2.0",
            state=ModelState.ACTIVE,
            version=3,
            created_at=instant,
            updated_at=instant,
            net_score=0.7321,
            prose=Prose(_METADATA, _RISK_NOTES),
            head_hash="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            latest_evaluation_id="01890000-0000-7000-9000-000000000000",
        )
