"""Find a Python of a version: `python .ci/interpreter.py 3.13` prints where it is."""

import os
import shutil
import subprocess
import sys
from pathlib import Path


def interpreter(version: str) -> str:
    """Find a Python of a version: this one, on the path, or among pyenv's."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [
        sys.executable,
        shutil.which(f"python{version}") or "",
        *map(str, sorted(pyenv.glob(f"{version}.*/bin/python"))),
    ]
    for candidate in filter(None, candidates):
        asked = [candidate, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
        answer = subprocess.run(asked, capture_output=True, text=True, check=False)
        if answer.stdout.strip() == version:
            return candidate
    sys.exit(f"There is no Python {version} on this machine: install it, or put it on the path.")


if __name__ == "__main__":
    print(interpreter(sys.argv[1]))
