"""What the API answers, as values. Each has its selection of fields beside it.

What only a newer service knows does no harm: closed sets of the schema are plain strings here, and
only the fields that are selected are read. Instants are text as the API has it: RFC 3339 in UTC
with six decimals, so that their order as text is their order in time.
"""

from graph.client.values.access import ApiKey, CreatedApiKey, Viewer
from graph.client.values.artifact import Artifact
from graph.client.values.change import ChangeEntry, FieldChange, Outcome
from graph.client.values.evaluation import Evaluation, Evidence, Metric, SizeScore
from graph.client.values.health import Health
from graph.client.values.license_decision import LicenseDecision
from graph.client.values.model import Model
from graph.client.values.problem import Problem
from graph.client.values.verification import HistoryVerification

__all__ = [
    "ApiKey",
    "Artifact",
    "ChangeEntry",
    "CreatedApiKey",
    "Evaluation",
    "Evidence",
    "FieldChange",
    "Health",
    "HistoryVerification",
    "LicenseDecision",
    "Metric",
    "Model",
    "Outcome",
    "Problem",
    "SizeScore",
    "Viewer",
]
