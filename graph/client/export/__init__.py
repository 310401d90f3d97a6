"""A model's history as one JSON document, and its verification without the service.

`history` of the document is the very array that docs/HISTORY.md verifies in ten lines.
"""

from graph.client.export.document import FORMAT, FORMAT_VERSION, NewerFormat
from graph.client.export.reader import export
from graph.client.export.verifier import Verification, verify_export
from models.history.verification import Receipt

__all__ = [
    "FORMAT",
    "FORMAT_VERSION",
    "NewerFormat",
    "Receipt",
    "Verification",
    "export",
    "verify_export",
]
