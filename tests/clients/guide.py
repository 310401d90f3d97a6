"""The program of docs/FRONTENDS.md: taken from the page, its types generated, checked and built."""

import re
import shutil
from pathlib import Path
from typing import Final

import graph
from tests.clients.node import ROOT, TOOLS, run

PAGE: Final = (ROOT / "docs" / "FRONTENDS.md").read_text()
SCHEMA: Final = Path(graph.__file__).with_name("schema.graphql")
SOURCES: Final = dict(re.findall(r"```ts\n// (\S+)\n(.*?)```", PAGE, re.DOTALL))
"""Each file's text by its name."""


def build(directory: Path) -> Path:
    """Build the program in a directory of its own, as the page says, and return its modules."""
    for name, text in SOURCES.items():
        path = directory / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    (configuration,) = re.findall(r'```json\n({\n  "compilerOptions".*?)```', PAGE, re.DOTALL)
    (directory / "tsconfig.json").write_text(configuration)
    (directory / "package.json").write_text('{"type": "module"}')
    (directory / "node_modules").symlink_to(TOOLS)
    shutil.copy(SCHEMA, directory)
    for tool in ("@graphql-codegen/cli/esm/bin.js", "typescript/bin/tsc"):
        ended = run(TOOLS / tool, cwd=directory)
        assert ended.returncode == 0, ended.stdout + ended.stderr
    return directory / "dist"
