"""docs/AWS_DEPLOYMENT.md and serverless.yml, for the tests that hold the one to the other."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs" / "AWS_DEPLOYMENT.md").read_text()

Json = dict[str, Any]


class Loader(yaml.SafeLoader):
    """Reads CloudFormation's short forms, such as !Ref, as what they are about."""


def _about(loader: yaml.SafeLoader, _tag: str, node: yaml.Node) -> Any:  # noqa: ANN401  # YAML
    match node:
        case yaml.ScalarNode():
            return loader.construct_scalar(node)
        case yaml.SequenceNode():
            return loader.construct_sequence(node, deep=True)
    raise AssertionError(node)


Loader.add_multi_constructor("!", _about)
STACK: Final[Json] = yaml.load((ROOT / "serverless.yml").read_text(), Loader)  # noqa: S506  # safe's heir
RESOURCES: Final[Json] = STACK["resources"]["Resources"]


def section(heading: str) -> str:
    """Return what stands under a heading, up to the next one of its level or above."""
    after = PAGE.partition(f"\n{heading}\n")[2]
    assert after, heading
    level = len(heading.partition(" ")[0])
    return re.split(rf"^#{{1,{level}}} ", after, maxsplit=1, flags=re.MULTILINE)[0]


def rows(heading: str, columns: int) -> Iterator[list[str]]:
    """Yield the rows of a section's tables with so many columns, headers left out."""
    for line in section(heading).splitlines():
        cells = [cell.strip().strip("`*") for cell in line.strip("|").split("|")]
        if line.startswith("| `") and len(cells) == columns:
            yield cells
