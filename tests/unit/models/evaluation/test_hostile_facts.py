"""Whatever a model's owner puts on the Hub, up to what is let in, scoring it takes bounded work."""

from collections.abc import Callable, Mapping

import pytest

from models.evaluation.assessment import Assessment, assess
from models.evaluation.catalog import metrics
from models.evaluation.facts import Commits, Facts, Scan
from models.evaluation.links import declared_datasets, linked_repository
from models.json_text import Json
from models.license.decision import LicenseDecision, Verdict
from tests.unit.models.evaluation.facts_builder import a_model, a_repository, by, facts

pytestmark = pytest.mark.timeout(60)
"""Each takes a second or two; quadratic work takes many minutes."""

MIB = 1 << 20
CARD = MIB
MODEL = 16 * MIB
REPOSITORY = 8 * MIB
RESULTS = "## Results\n\n"

CARDS = {
    "wide row": RESULTS + "|a" * 11_500 + "\n" + "|-" * 11_500 + "\n" + "|1" * 8_000 + "|x" * 3_500,
    "wide rows": RESULTS
    + "|a" * 150
    + "\n"
    + "|-" * 150
    + ("\n" + "|1" * 75 + "|x" * 75) * (CARD // 300),
    "missing cells": RESULTS + "|a" * 20_000 + "\n" + "|-" * 20_000 + "\n" + "1\n" * 4_900,
    "wide HTML": "<h2>Results</h2><table><tr>" + "<td>f1<tr>" + "<td>1" * 8_000 + "<td>x" * 15_000,
    "HTML rows": "<h2>Results</h2><table>" + "<tr><td>f1<td>1" * (CARD // 15),
    "HTML tables": "<h2>" + "f1 " * 20_000 + "</h2>" + "<table><tr><td>1" * (CARD // 16),
    "headings": "# usage bias hyperparameters\n" * (CARD // 30),
    "nested headings": "".join("#" * (at % 6 + 1) + " usage\n" for at in range(CARD // 12)),
    "blocks of code": "```\nimport acme/tiny\n```\n" * (CARD // 25),
    "links": "[code](https://github.com/a/b) " * (CARD // 31),
    "libraries": "https://github.com/huggingface/peft " * (CARD // 36),
    "spaces in cells": RESULTS + "|a|\n|-|\n" + ("|1" + "\u2003" * 190 + "x|\n") * (CARD // 200),
    "calls": "load_dataset(" * 22 + "revision " * 30 + " " * CARD,
    "revisions": "dump 1 of a a a data " * (CARD // 20),
    "training scripts": "```\n" + ("finetune" * 24 + "!x.py ") * (CARD // 200) + "\n```",
    "unclosed front matter": "---\n" + "a\n" * (CARD // 2),
}
METRIC: Json = {"type": "f1", "value": 1}
MODELS: Mapping[str, Callable[[], Facts]] = {
    "results": lambda: facts(
        a_model(model_index=[{"results": [{"metrics": [METRIC]}]}] * (MODEL // 60))
    ),
    "metrics of one long link": lambda: facts(
        a_model(
            model_index=[
                {
                    "results": [
                        {
                            "source": {"url": "https://" + "a" * (MODEL // 2)},
                            "dataset": {"split": "a" + " " * (MODEL // 4)},
                            "metrics": [METRIC] * (MODEL // 100),
                        }
                    ]
                }
            ]
        )
    ),
    "empty entries": lambda: facts(a_model(model_index=[{}] * (MODEL // 3))),
    "long names": lambda: facts(
        a_model(files=[f"{at}{'a' * 1_000}.bin" for at in range(MODEL // 1_024)])
    ),
    "deep names": lambda: facts(
        a_model(files=[f"{at}{'/a' * 500}.py" for at in range(MODEL // 1_024)])
    ),
    "names of scripts": lambda: facts(
        a_model(files=[f"{at}{'finetune' * 120}!.py" for at in range(MODEL // 1_024)])
    ),
    "many files": lambda: facts(a_model(files=[f"{at}.bin" for at in range(50_000)])),
    "first shards": lambda: facts(
        a_model(files=[f"{at}-00001-of-99999.bin" for at in range(50_000)])
    ),
    "tags": lambda: facts(a_model(tags=[f"license:{at}" for at in range(MODEL // 16)])),
    "tags of datasets": lambda: facts(a_model(tags=["dataset:a"] * (MODEL // 12))),
    "licenses": lambda: facts(
        a_model(card_data={"license": [f"l{at}" for at in range(MODEL // 10)]})
    ),
    "datasets": lambda: facts(
        a_model(card_data={"datasets": [f"d{at}" for at in range(MODEL // 10)]})
    ),
    "keys": lambda: facts(
        a_model(
            config={str(at): at for at in range(MODEL // 16)},
            parameters={f"F{at}": 1 for at in range(MODEL // 16)},
        )
    ),
    "findings": lambda: facts(
        a_model(
            files=["a.bin"],
            scan=Scan(is_done=True, issues={str(at): "unsafe" for at in range(MODEL // 40)}),
        )
    ),
    "paths": lambda: facts(
        repository=a_repository(paths=[str(at) for at in range(REPOSITORY // 60)])
    ),
    "one long path": lambda: facts(repository=a_repository(paths=["_test/" * MIB + "\n"])),
    "authors": lambda: facts(
        commits=Commits(
            tuple(by(*(f"{at}-{who}bot" for who in range(200))) for at in range(1_000)), is_cut=True
        )
    ),
}


class Policy:
    """Knows no license."""

    def decide(self, declared: str | None) -> LicenseDecision:
        return LicenseDecision(declared, None, Verdict.UNKNOWN, ("unknown",))


def score(read: Facts) -> Assessment:
    """Find all links, and take all metrics together."""
    declared_datasets(read.model)
    if isinstance(read.card, str):
        linked_repository(read.card)
    return assess(read, metrics(Policy()), {})


@pytest.mark.parametrize("card", CARDS.values(), ids=CARDS)
def test_a_card_takes_bounded_work(card: str) -> None:
    assert score(facts(card=card[:CARD])).net


@pytest.mark.parametrize("build", MODELS.values(), ids=MODELS)
def test_descriptions_take_bounded_work(build: Callable[[], Facts]) -> None:
    assert score(build()).net
