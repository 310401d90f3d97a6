"""The demo's data: whole, consistent, and of every kind."""

import json
from datetime import date
from pathlib import Path

import pytest
from huggingface_hub import ModelCard

from graph.local.hub import DEMO_DATA

MODELS = sorted((DEMO_DATA / "models").glob("*.json"))


def load(path: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(path.read_text())
    return found


def name_of(path: Path) -> str:
    return path.stem.replace("__", "/")


@pytest.mark.parametrize("path", MODELS, ids=name_of)
class TestEveryModel:
    """What the Hub guarantees, the demo keeps."""

    def test_the_file_is_named_by_the_model(self, path: Path) -> None:
        assert load(path)["id"] == name_of(path)

    def test_the_revision_is_the_newest_commit(self, path: Path) -> None:
        commits = json.loads((DEMO_DATA / "commits" / path.name).read_text())
        assert commits[0]["id"] == load(path)["sha"]
        dates = [commit["date"] for commit in commits]
        assert dates == sorted(dates, reverse=True)
        assert all("2025" <= day < "2026-11-23" for day in dates)

    def test_the_card_is_the_one_that_is_described(self, path: Path) -> None:
        card = (DEMO_DATA / "readmes" / f"{path.stem}.md").read_text()
        model = load(path)
        front_matter = ModelCard(card).data.to_dict()  # type: ignore[no-untyped-call]
        assert front_matter == model["cardData"]
        files = model["siblings"]
        assert isinstance(files, list)
        sizes = {file["rfilename"]: file["size"] for file in files}
        assert sizes["README.md"] == len(card.encode())

    def test_large_files_have_a_hash(self, path: Path) -> None:
        files = load(path)["siblings"]
        assert isinstance(files, list)
        for file in files:
            assert ("lfs" in file) == file["rfilename"].endswith(
                (".safetensors", ".bin", ".pt", ".pkl")
            )


class TestKinds:
    """What an evaluation can meet."""

    def test_licenses(self) -> None:
        cards = [load(path)["cardData"] for path in MODELS]
        declared = {card.get("license") for card in cards if isinstance(card, dict)}
        assert declared == {"apache-2.0", "llama3", "openrail++", "mit", None}

    def test_one_is_gated(self) -> None:
        assert [load(path)["gated"] for path in MODELS].count("manual") == 1

    def test_one_was_found_unsafe(self) -> None:
        assert sum('"unsafe"' in path.read_text() for path in MODELS) == 1

    def test_one_was_renamed(self) -> None:
        renames = load(DEMO_DATA / "renames.json")["models"]
        assert isinstance(renames, dict)
        for new_name in renames.values():
            assert (DEMO_DATA / "models" / f"{new_name.replace('/', '__')}.json").is_file()

    def test_code_is_recent_in_one_and_archived_in_another(self) -> None:
        repositories = [load(path)["repo"] for path in (DEMO_DATA / "github").glob("*.json")]
        archived = {
            one["archived"]: one["pushed_at"] for one in repositories if isinstance(one, dict)
        }
        assert archived.keys() == {False, True}
        assert date.fromisoformat(archived[False][:10]).year == 2026
