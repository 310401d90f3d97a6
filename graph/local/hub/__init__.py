"""A stand-in for the Hugging Face Hub and for GitHub: for tests, work offline and the demo.

It listens on this machine only, and answers like the two from a folder of data.
"""

from pathlib import Path
from typing import Final

from graph.local.hub.recorder import Recorder
from graph.local.hub.server import StandInHub

DEMO_DATA: Final = Path(__file__).parent / "data"
"""Fictional models, datasets and repositories, one of each kind that an evaluation can meet."""

__all__ = ["DEMO_DATA", "Recorder", "StandInHub"]
