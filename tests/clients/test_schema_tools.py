"""The tools that look after the schema in CI find what they are there for, and nothing now."""

import subprocess
from pathlib import Path

import pytest

from tests.clients.node import ROOT, TOOLS, run

CONFIGURATION = ROOT / "tests" / "schema"
SCHEMA = Path("graph", "schema.graphql")
LINTERS = {
    "eslint": (TOOLS / "eslint" / "bin" / "eslint.js", "--config=tests/schema/eslint.config.mjs"),
    "graphql-schema-linter": (
        TOOLS / "graphql-schema-linter" / "lib" / "cli.js",
        "--config-directory=tests/schema",
    ),
}


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A clone with the schema and one commit."""
    (tmp_path / SCHEMA).parent.mkdir()
    (tmp_path / SCHEMA).write_text((ROOT / SCHEMA).read_text())
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "schema").symlink_to(CONFIGURATION)
    (tmp_path / "tests" / "api").symlink_to(ROOT / "tests" / "api")
    (tmp_path / "node_modules").symlink_to(TOOLS)
    git(tmp_path, "init", "--quiet")
    commit(tmp_path)
    return tmp_path


def git(checkout: Path, *arguments: str) -> None:
    author = ("-c", "user.name=tests", "-c", "user.email=tests@example.com")
    subprocess.run(["/usr/bin/git", *author, *arguments], check=True, cwd=checkout)  # noqa: S603  # constants


def commit(checkout: Path) -> None:
    git(checkout, "add", str(SCHEMA))
    git(checkout, "commit", "--quiet", "--message=schema")


def replace(checkout: Path, old: str, new: str) -> None:
    text = (checkout / SCHEMA).read_text()
    assert old in text
    (checkout / SCHEMA).write_text(text.replace(old, new, 1))


@pytest.mark.parametrize("linter", LINTERS)
class TestLinters:
    """@graphql-eslint and graphql-schema-linter."""

    def test_have_no_objection(self, linter: str) -> None:
        ended = run(*LINTERS[linter], SCHEMA)
        assert ended.returncode == 0, ended.stdout + ended.stderr

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ('"""Who is asking"""\ntype Viewer', "type Viewer"),
            ("  edges: [ModelEdge!]!", '  edges: [Model!]! @deprecated(reason: "")'),
            ("  brokenAtVersion: Int", "  BrokenAtVersion: Int"),
        ],
    )
    def test_object_to_a_fault(self, checkout: Path, linter: str, old: str, new: str) -> None:
        replace(checkout, old, new)
        assert run(*LINTERS[linter], SCHEMA, cwd=checkout).returncode == 1


class TestBreakingChanges:
    """graphql-inspector, over what was committed."""

    def ended(self, checkout: Path) -> tuple[int, str]:
        run_ = run(CONFIGURATION / "breaking.mjs", cwd=checkout)
        return run_.returncode, run_.stdout

    def test_are_none_now(self) -> None:
        code, told = self.ended(ROOT)
        assert code == 0, told

    def test_are_none_after_one_commit(self, checkout: Path) -> None:
        assert self.ended(checkout)[0] == 0

    def test_are_found_before_and_after_the_commit(self, checkout: Path) -> None:
        replace(checkout, "  brokenAtVersion: Int\n", "  brokenAt: Int\n")
        code, told = self.ended(checkout)
        assert code == 1
        assert "BREAKING: Field 'brokenAtVersion' was removed" in told
        commit(checkout)
        assert self.ended(checkout)[0] == 1

    def test_are_not_what_is_added(self, checkout: Path) -> None:
        replace(checkout, "  brokenAtVersion: Int\n", "  brokenAtVersion: Int\n\n  more: Int\n")
        assert self.ended(checkout)[0] == 0
