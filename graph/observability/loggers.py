"""The loggers whose lines have a reader of their own."""

import logging

from models.audit import AUDIT_LOGGER

REQUEST_LOGGER = "ml_evaluator.requests"
"""One line a request, with its metrics."""
ERROR_LOGGER = "ml_evaluator.errors"
"""The errors of a request, counted by code: for CloudWatch alone."""
EVALUATION_LOGGER = "ml_evaluator.evaluations"
"""One line an evaluation that ended, with its metrics."""

ALWAYS_LOGGED = frozenset({AUDIT_LOGGER, REQUEST_LOGGER, ERROR_LOGGER, EVALUATION_LOGGER})
"""Whatever LOG_LEVEL is: a trail with gaps is none, and alarms stand on the metrics."""
NOT_FOR_PEOPLE = frozenset({AUDIT_LOGGER, ERROR_LOGGER})
"""What a terminal is spared: changes are in a file of their own, and counts are CloudWatch's."""
OURS = ("graph", "models", "ml_evaluator")
"""All that this service logs. Libraries log signatures and bodies below WARNING."""


def logger(name: str) -> logging.Logger:
    """Return one of these loggers."""
    return logging.getLogger(name)
