"""What the client needs: it must be usable where no server is."""

import ast
import subprocess
import sys
from pathlib import Path

import graph.client

PACKAGE = Path(graph.client.__file__).parent
NOT_NEEDED = (
    "strawberry",
    "graphql",
    "starlette",
    "mangum",
    "pynamodb",
    "boto3",
    "botocore",
    "jwt",
)
PURE = (
    "models.artifacts.parts",
    "models.history",
    "models.ids",
    "models.json_text",
    "models.records",
    "models.strict_json",
    "models.timestamps",
)


def imported(file: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom):
            packages = {"models", "graph"}
            names = (f"{node.module}.{name.name}" for name in node.names)
            found |= {*names} if node.module in packages else {str(node.module)}
        elif isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
    return found


def test_of_ours_it_imports_pure_modules_alone() -> None:
    for file in PACKAGE.rglob("*.py"):
        for module in imported(file):
            if module.startswith(("graph", "models")):
                assert module.startswith(("graph.client", *PURE)), f"{file.name}: {module}"


def test_importing_it_imports_nothing_of_a_server() -> None:
    program = (
        "import sys, graph.client, graph.client.export\n"
        f"print([name for name in {NOT_NEEDED} if name in sys.modules])\n"
        "print(sorted(n for n in sys.modules if n.startswith('graph.') "
        "and not n.startswith('graph.client')))"
    )
    done = subprocess.run(  # noqa: S603  # our own program
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n[]\n"
