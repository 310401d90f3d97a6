"""The log line of every change."""

import json
import logging

import pytest

from models.audit import AUDIT_LOGGER, log_change
from models.history.chain import Attribution, link
from models.records import ChangeAction
from tests.unit.models.strategies import a_record


class TestLogChange:
    """One change, one line."""

    def test_names_the_model_the_version_and_the_hash(
        self, caplog: pytest.LogCaptureFixture
    ) -> None:
        made = link(None, a_record(), ChangeAction.CREATE, Attribution("a", "b", "secret"))
        assert made is not None
        with caplog.at_level(logging.INFO, AUDIT_LOGGER):
            log_change(made.entry)
        (record,) = caplog.records
        expected = {"model": made.entry.model_id, "version": 1, "hash": made.entry.hash}
        assert json.loads(record.getMessage()) == {"audit": expected}
