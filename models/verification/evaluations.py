"""Whether a model's evaluations are what its entries say: pure."""

from collections.abc import Iterable, Mapping

from models.evaluation.change import EvaluationMention
from models.evaluation.text import parse_record
from models.history.chain import sha256_hex
from models.history.verification import Broken


def check_mentioned(mentions: Iterable[EvaluationMention], texts: Mapping[str, str]) -> None:
    """Check the text of each evaluation that entries mention.

    Args:
        texts: of the model's evaluations, by their ids.

    Raises:
        Broken: at the version of the entry with which a text does not agree.
    """
    for mention in mentions:
        text = texts.get(mention.evaluation_id)
        if text is None:
            message = f"evaluation {mention.evaluation_id} is missing or cannot be read"
            raise Broken(mention.version, message)
        if sha256_hex(text) != mention.sha256:
            message = f"the record of evaluation {mention.evaluation_id} was altered"
            raise Broken(mention.version, message)


def check_unmentioned(
    mentions: Iterable[EvaluationMention], versions: Mapping[str, int], newest: int
) -> None:
    """Check, knowing all entries, that no evaluation joined its model without one.

    Args:
        versions: which version of the model each evaluation says that it made, by its id.
        newest: the model's newest version; what was made since is not looked at.
    """
    mentioned = {mention.evaluation_id for mention in mentions}
    for evaluation_id, version in versions.items():
        if version <= newest and evaluation_id not in mentioned:
            raise Broken(version, f"evaluation {evaluation_id} was added without an entry")


def check_job(mention: EvaluationMention, text: str | None, details: str | None) -> None:
    """Check that an evaluation's own record says the same as its model's, and its details too.

    Args:
        text: what the evaluation's own record says; None where there is none.
        details: of the metrics, with the digest that `text` names.
    """
    if text is None or details is None or sha256_hex(text) != mention.sha256:
        message = f"evaluation {mention.evaluation_id} is not what its model's record says"
        raise Broken(mention.version, message)
    result = parse_record(text).result
    if result is None or sha256_hex(details) != result.details_sha256:
        message = f"the details of evaluation {mention.evaluation_id} were altered"
        raise Broken(mention.version, message)
