"""Relay's compiler knows the schema for one of its own: nodes, connections, refetching."""

import re
import shutil
from pathlib import Path

import graph
from tests.clients.node import SCRIPTS, TOOLS, run

SOURCES = SCRIPTS / "relay"
DECLARED = re.compile(r"(?:query |mutation |fragment |queryName: \")(Models\w+)")
SCHEMA = Path(graph.__file__).with_name("schema.graphql")


class TestCompiler:
    """An application's queries, fragments and mutations."""

    def test_compiles_them(self, tmp_path: Path) -> None:
        directory = shutil.copytree(SOURCES, tmp_path / "relay")
        shutil.copy(SCHEMA, directory)
        artifacts = directory / "__generated__"
        artifacts.mkdir()
        ended = run(TOOLS / "relay-compiler" / "cli.js", "relay.config.json", cwd=directory)
        assert ended.returncode == 0, ended.stderr
        compiled = {path.name.partition(".")[0] for path in artifacts.iterdir()}
        assert compiled == set(DECLARED.findall((SOURCES / "Models.js").read_text()))
