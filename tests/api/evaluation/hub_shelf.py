"""What stands on the stand-in Hub: models, datasets and repositories, as tests write them."""

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

MODEL = "acme/tiny"
DATASET = "acme/data"
REPOSITORY = "acme/code"
URL = f"https://huggingface.co/{MODEL}"

CARD = f"""---
license: apache-2.0
datasets: [{DATASET}]
---
# Tiny

Tiny sorts short texts into two classes, and was made to be read by tests. It is one small encoder
with a head of two outputs, which somebody trained in an afternoon on a laptop, from the texts of
one dataset that anybody can download. There is nothing else to say of it.
Code: https://github.com/{REPOSITORY}

## Usage

```python
from transformers import pipeline

classify = pipeline("text-classification", model="{MODEL}")
```

## Limitations

It knows nothing of texts in other languages than English.

## Evaluation

| dataset | split | accuracy |
|---|---|---|
| {DATASET} | test | 0.91 |

Trained with seed 7, learning rate 3e-5, batch size 32 and 3 epochs.
"""

_FILES: Sequence[tuple[str, int]] = (
    ("README.md", len(CARD)),
    ("config.json", 700),
    ("model.safetensors", 4_000_000),
    ("tokenizer.json", 9_000),
)


class Shelf:
    """Writes the folder that the stand-in Hub answers from; it looks at every request."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def clear(self) -> None:
        """Take everything off."""
        for file in self._directory.rglob("*.*"):
            file.unlink()

    def stock(self) -> None:
        """Put there a model that every metric can measure."""
        self.add_model(MODEL)
        self.add_dataset(DATASET)
        self.add_repository(REPOSITORY)

    def add_model(self, name: str, card: str | None = CARD, **fields: object) -> None:
        """Put there a model, which differs by `fields` from the usual one."""
        described: dict[str, object] = {
            "_id": "0",
            "id": name,
            "modelId": name,
            "sha": sha_of(name),
            "private": False,
            "gated": False,
            "disabled": False,
            "downloads": 7,
            "likes": 1,
            "createdAt": "2026-01-02T03:04:05.000Z",
            "pipeline_tag": "text-classification",
            "library_name": "transformers",
            "tags": ["transformers", "safetensors", "license:apache-2.0", f"dataset:{DATASET}"],
            "cardData": {"license": "apache-2.0", "datasets": [DATASET]},
            "config": {"model_type": "bert"},
            "siblings": [{"rfilename": path, "size": size} for path, size in _FILES],
            "safetensors": {"parameters": {"F32": 1_000_000}, "total": 1_000_000},
            "securityRepoStatus": {"scansDone": True, "filesWithIssues": []},
        }
        self._write("models", name, described | fields)
        self._write("commits", name, [_commit("ann", 3), _commit("bob", 2), _commit("ann", 1)])
        if card is not None:
            path = self._path("readmes", name, "md")
            path.parent.mkdir(exist_ok=True)
            path.write_text(card)

    def add_dataset(self, name: str, **fields: object) -> None:
        """Put there a dataset."""
        described: dict[str, object] = {
            "_id": "0",
            "id": name,
            "sha": sha_of(name),
            "private": False,
            "gated": False,
            "disabled": False,
            "tags": ["license:mit", "size_categories:1K<n<10K"],
            "description": "Short texts.",
            "downloads": 3,
            "likes": 0,
            "cardData": {"license": "mit"},
            "siblings": [{"rfilename": "README.md"}],
            "createdAt": "2026-01-02T03:04:05.000Z",
        }
        self._write("datasets", name, described | fields)

    def add_repository(self, name: str, **fields: object) -> None:
        """Put there a repository on GitHub, with a commit of last month."""
        paths = ("LICENSE", "train.py", "tests/test_train.py")
        described: dict[str, object] = {
            "id": int(sha_of(name)[:8], 16),
            "full_name": name,
            "default_branch": "main",
            "archived": False,
            "license": {"spdx_id": "MIT"},
            "stargazers_count": 4,
        }
        replies = {
            "repo": described | fields,
            "commit": {"sha": sha_of(name), "commit": {"committer": {"date": days_ago(30)}}},
            "tree": {
                "sha": sha_of(f"{name} tree"),
                "tree": [{"path": path, "type": "blob"} for path in paths],
                "truncated": False,
            },
            "releases": [],
            "tags": [{"name": "v1"}],
        }
        self._write("github", name, replies)

    def change(self, kind: str, name: str, **fields: object) -> None:
        """Change what is said of a model, a dataset or (as its `repo`) a repository."""
        path = self._path(kind, name, "json")
        self._write(kind, name, json.loads(path.read_text()) | fields)

    def rename(self, *old: str, to: str) -> None:
        """Let a model's former names lead to it."""
        renames = {"models": dict.fromkeys(old, to)}
        (self._directory / "renames.json").write_text(json.dumps(renames))

    def _write(self, kind: str, name: str, content: Any) -> None:  # noqa: ANN401  # JSON
        path = self._path(kind, name, "json")
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps(content))

    def _path(self, kind: str, name: str, suffix: str) -> Path:
        return self._directory / kind / f"{name.replace('/', '__')}.{suffix}"


def sha_of(name: str) -> str:
    """Make up a commit."""
    return hashlib.sha256(name.encode()).hexdigest()[:40]


def days_ago(days: int) -> str:
    """Return an instant as the APIs write them."""
    moment = datetime.now(UTC) - timedelta(days=days)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _commit(author: str, month: int) -> dict[str, object]:
    date = f"2026-{month:02}-01T00:00:00.000Z"
    return {"id": sha_of(date), "title": "x", "authors": [{"user": author}], "date": date}
