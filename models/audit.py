"""The log line of every change: what a chain inside the table cannot show about itself.

Somebody who may write the table could rewrite a model's whole chain. The functions may append to
their log and never delete from it, so the hash that was logged at the time gives such a rewrite
away.
"""

import json
import logging

from models.records import ChangeRecord

AUDIT_LOGGER = "ml_evaluator.audit"
_log = logging.getLogger(AUDIT_LOGGER)


def log_change(entry: ChangeRecord) -> None:
    """Log the hash of a change that was written."""
    line = {"audit": {"model": entry.model_id, "version": entry.version, "hash": entry.hash}}
    _log.info("%s", json.dumps(line))


def log_api_key(key_id: str, action: str, by: str) -> None:
    """Log that a key was made or revoked, and by whom."""
    line = {"audit": {"apiKey": key_id, "action": action, "by": by}}
    _log.info("%s", json.dumps(line))
