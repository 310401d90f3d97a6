"""The Hub's descriptions of a model, a dataset and commits, as facts."""

from collections.abc import Mapping
from typing import Final

from huggingface_hub import CardData, DatasetInfo, ModelInfo

from models.evaluation.facts import Commit, DatasetFacts, ModelFacts, RepoFile, Scan
from models.evaluation.upstream.names import is_repo_id, is_sha
from models.evaluation.upstream.replies import (
    day,
    fields,
    items,
    plain,
    plain_fields,
    text,
    texts,
    whole,
)
from models.json_text import Json

README: Final = "README.md"


def model_facts(info: ModelInfo) -> ModelFacts:
    """Take what metrics may see: nothing of how popular the model is.

    Raises:
        ValueError: it does not say what was read, and at which commit.
    """
    return ModelFacts(
        repo_id=_repo_id(info.id),
        revision=_sha(info.sha),
        card_data=_front_matter(info.card_data),
        model_index=plain(info.model_index),
        config=plain_fields(info.config),
        tags=texts(info.tags),
        pipeline_tag=text(info.pipeline_tag),
        library_name=text(info.library_name),
        parameters=_parameters(info),
        files=_files(info),
        scan=_scan(info.security_repo_status),
    )


def dataset_facts(info: DatasetInfo) -> DatasetFacts:
    """Take what metrics may see.

    Raises:
        ValueError: it does not say what was read, and at which commit.
    """
    return DatasetFacts(
        repo_id=_repo_id(info.id),
        revision=_sha(info.sha),
        card_data=_front_matter(info.card_data),
        tags=texts(info.tags),
        description=text(info.description) or "",
        citation=text(info.citation) or "",
        has_card=any(file.path == README for file in _files(info)),
        is_disabled=info.disabled is True,
    )


def commit_facts(reply: object) -> Commit:
    """Read one item of the list of commits.

    Raises:
        ValueError: it has no date.
    """
    commit = fields(reply)
    date = day(commit.get("date"))
    if date is None:
        raise ValueError("a commit has no date")
    authors = (text(fields(author).get("user")) for author in items(commit.get("authors")))
    return Commit(authors=tuple(name for name in authors if name is not None), date=date)


def _repo_id(value: object) -> str:
    if not isinstance(value, str) or not is_repo_id(value):
        raise ValueError("the id is no name of a repository")
    return value


def _sha(value: object) -> str:
    if not isinstance(value, str) or not is_sha(value):
        raise ValueError("the revision is no commit")
    return value


def _front_matter(card: CardData | None) -> Mapping[str, Json]:
    if not isinstance(card, CardData):
        return {}
    return plain_fields(card.to_dict())  # type: ignore[no-untyped-call]  # its types end here


def _parameters(info: ModelInfo) -> Mapping[str, int]:
    declared = fields(info.safetensors.parameters) if info.safetensors else {}
    counts = {text(kind): whole(count) for kind, count in declared.items()}
    return {kind: count for kind, count in counts.items() if kind and count is not None}


def _files(info: ModelInfo | DatasetInfo) -> tuple[RepoFile, ...]:
    return tuple(
        RepoFile(path, whole(sibling.size))
        for sibling in info.siblings or []
        if (path := text(sibling.rfilename))
    )


def _scan(status: object) -> Scan | None:
    if not isinstance(status, dict):
        return None
    found = [fields(issue) for issue in items(status.get("filesWithIssues"))]
    return Scan(
        is_done=status.get("scansDone") is True,
        issues={
            path: text(issue.get("level")) or "unknown"
            for issue in found
            if (path := text(issue.get("path")))
        },
    )
