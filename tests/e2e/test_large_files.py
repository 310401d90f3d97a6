"""A large file whose hashing a stop of the server cut off."""

from pathlib import Path

import httpx2
import pytest

from graph.local.server import LocalServer
from models.artifacts import completion
from models.artifacts.hasher import Hasher
from models.evaluation.worker import Again
from tests.e2e.test_artifacts import SOON_S, Person
from tests.storage.depot import in_parts


class TestLargeFile:
    def test_is_hashed_at_the_next_start(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(completion, "REHASH_INLINE_MAX_BYTES", 2)
        with monkeypatch.context() as stuck, httpx2.Client(timeout=SOON_S) as client:
            stuck.setattr(Hasher, "run", lambda *_: Again(3_600))
            with LocalServer(state_dir=tmp_path) as server:
                person = Person(server.url, client)
                artifact_id = person.send(person.new_model(), b"abc", **in_parts(b"abc"))
                assert person.complete(artifact_id)["artifact"]["status"] == "VERIFYING"
        with LocalServer(state_dir=tmp_path) as server, httpx2.Client(timeout=SOON_S) as client:
            assert Person(server.url, client).until_settled(artifact_id)["status"] == "AVAILABLE"
