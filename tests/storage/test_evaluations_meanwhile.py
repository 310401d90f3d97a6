"""Evaluations that end while a history is verified."""

import pytest

from models.verification.reading import HistoryReading
from tests.storage.evaluations import Office, model_of


class TestMeanwhile:
    """An evaluation that ends between two reads of one verification."""

    @pytest.mark.parametrize(
        "step", ["current", "entries", "snapshots", "artifacts", "evaluations", "jobs"]
    )
    def test_is_no_tampering(
        self, office: Office, monkeypatch: pytest.MonkeyPatch, step: str
    ) -> None:
        model_id = model_of(office.evaluated())
        read = getattr(HistoryReading, step)

        def read_and_evaluate(reading: HistoryReading, *arguments: object) -> object:
            found = read(reading, *arguments)
            monkeypatch.setattr(HistoryReading, step, read)
            office.evaluated()
            return found

        monkeypatch.setattr(HistoryReading, step, read_and_evaluate)
        verdict = office.verdict(model_id)
        assert (verdict.intact, verdict.problem) == (True, None)
        assert office.model(model_id).version == 3
