"""What can go wrong upstream, and the times of a worker that does not wait for it."""

from graph.local.hub.faults import Delay, Drip, Fault
from models.evaluation.times import Times
from models.evaluation.upstream.pacing import Pacing
from tests.api.evaluation.hub_shelf import DATASET, MODEL, REPOSITORY

MODEL_PATH = f"/api/models/{MODEL}"
COMMITS_PATH = f"{MODEL_PATH}/commits"
CARD_PATH = f"/{MODEL}/resolve"
DATASET_PATH = f"/api/datasets/{DATASET}"
GITHUB_PATH = f"/repos/{REPOSITORY}"

OVERLOADED = (("Retry-After", "3600"),)
USED_UP = (("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", "9999999999"))

SHORT = Times(deadline_seconds=30, reading_seconds=0.8, max_attempts=2, pause_seconds=0.01)
"""For what never comes: each attempt reads until its time is over."""
IMPATIENT = Pacing(silence_seconds=0.3, request_seconds=0.6, first_pause_seconds=0.01)
SLOW: dict[str, Fault] = {"silence": Delay(60), "drip": Drip(0.05)}
