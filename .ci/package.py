"""Build the packages of the Lambda functions: dist/api.zip and dist/worker.zip.

The same commit gives the same bytes: what is in a package is pinned by hashes, and neither the
time, nor the place, nor the order of a directory shows. Everything is compiled beforehand, since a
function cannot write down what it compiles: without, its cold start takes several times as long.

Run it with the Python of the development environment. It needs npm for GraphiQL's files, and an
interpreter of the version that Lambda runs, to compile with.
"""

import argparse
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from interpreter import interpreter

from graph.playground.assets import SHIPPED, ensure_assets

ROOT = Path(__file__).parents[1]
FUNCTIONS = ("api", "worker")
PYTHON = "3.13"
MACHINE = "aarch64"
"""Lambda's arm64."""
ELF_MACHINES = {"aarch64": 183, "x86_64": 62}
"""By what bytes 18 and 19 of a compiled file say."""
TASK_DIR = "/var/task"
"""Where Lambda unpacks a function, which tracebacks show."""
MAX_BYTES = {"api": 14_000_000, "worker": 50_000_000}
"""Zipped: of the API's a cold start reads every byte; over 50 MB Lambda takes no direct upload."""

LOCAL_ONLY = ("graph/cli/", "graph/client/", "graph/local/")
"""Of our own: what only other machines run."""
WORKER_ONLY = ("graph/worker.py", "models/evaluation/metrics/", "models/evaluation/upstream/")
"""And what of the API's package is never imported."""
AWS_SERVICES = frozenset({"dynamodb", "s3", "sts"})
"""Of the 400 that botocore describes, those that a function or its credentials need."""
LEFT_OUT = re.compile(
    r"""
    (^|/)(bin|tests?|__pycache__)/   # programs, and tests of others
    | \.(pyi|pyx|c|h)$               # for tools that read source
    | \.dist-info/(RECORD|INSTALLER|REQUESTED|direct_url\.json|WHEEL|entry_points\.txt|sboms/.*)$
    | ^boto3/(data|examples)/        # of resources; clients have theirs from botocore
    | ^botocore/data/.*/examples-    # for documentation
    | ^dateutil/zoneinfo/.*\.tar\.gz$  # of time zones: all times here are UTC
    | ^(cffi|pycparser)/             # cryptography needs the compiled part of cffi alone
    | ^pycparser-
    | ^hf_xet[-/]                    # moves large files, of which none is read
    | ^strawberry/(aiohttp|chalice|channels|cli|codegen|codemods|django|flask|litestar|quart|sanic)/
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Target:
    """What a package is to run on.

    Attributes:
        python: the version, such as 3.13.
        machine: as `uname -m` calls it.
        interpreter: a program of that version, on this machine.
    """

    python: str
    machine: str
    interpreter: str

    @property
    def pip_options(self) -> list[str]:
        """Return what makes pip choose wheels for the target, and never build one."""
        libc_levels = ("manylinux2014", "manylinux_2_28", "manylinux_2_34")
        platforms = [f"--platform={level}_{self.machine}" for level in libc_levels]
        return [*platforms, f"--python-version={self.python}", "--only-binary=:all:"]


def main() -> None:
    """Build what the command line asks for, and print a digest, a size and a name for each."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument(
        "functions", nargs="*", metavar="FUNCTION", help="api, worker; both unless given"
    )
    parser.add_argument(
        "--out", type=Path, default=ROOT / "dist", help="directory; dist/ unless given"
    )
    parser.add_argument("--python", default=PYTHON, help=f"version; {PYTHON} unless given")
    parser.add_argument(
        "--machine",
        default=os.environ.get("PACKAGE_MACHINE", MACHINE),
        choices=ELF_MACHINES,
        help=f"PACKAGE_MACHINE of the environment, or {MACHINE}, unless given",
    )
    options = parser.parse_args()
    if options.machine not in ELF_MACHINES:  # which is not checked of a default
        parser.error(f"PACKAGE_MACHINE is {options.machine}, not one of {', '.join(ELF_MACHINES)}")
    target = Target(options.python, options.machine, interpreter(options.python))
    options.out.mkdir(parents=True, exist_ok=True)
    for function in options.functions or FUNCTIONS:
        package = options.out / f"{function}.zip"
        with tempfile.TemporaryDirectory() as directory:
            fill(Path(directory), function, target)
            write_zip(Path(directory), package)
        size = package.stat().st_size
        if size > MAX_BYTES[function]:
            sys.exit(
                f"{package.name} has {size} bytes, over the {MAX_BYTES[function]} that it may have"
            )
        print(f"{hashlib.sha256(package.read_bytes()).hexdigest()}  {size}  {package}")


def fill(directory: Path, function: str, target: Target) -> None:
    """Put everything into a directory that a function consists of."""
    lock = ROOT / f"requirements-{function}.lock"
    pip(directory, "--require-hashes", f"--requirement={lock}", *target.pip_options)
    pip(directory, "--no-build-isolation", str(ROOT))
    for path in files(directory):
        if is_left_out(path.relative_to(directory).as_posix(), function):
            path.unlink()
    if function == "api":
        add_graphiql(directory)
    add_methods(directory, target)
    compile_all(directory, target)
    for path in files(directory):
        check_machine(path, target)


def pip(directory: Path, *what: str) -> None:
    """Install into a directory, as it is locked, without what is not."""
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "install", "-qq", "--disable-pip-version-check"),
            *("--no-deps", "--no-compile", "--upgrade", f"--target={directory}", *what),
        ],
        check=True,
        env=os.environ | {"PIP_ROOT_USER_ACTION": "ignore"},
    )


def is_left_out(name: str, function: str) -> bool:
    """Tell whether a function does not need a file, by its name in the package."""
    if name.startswith((*LOCAL_ONLY, *(WORKER_ONLY if function == "api" else ()))):
        return True
    service = re.match(r"botocore/data/([^/]+)/", name)
    if service:
        return service[1] not in AWS_SERVICES
    return bool(LEFT_OUT.search(name))


def add_graphiql(directory: Path) -> None:
    """Add GraphiQL's files, from where the local server keeps them, or fetched anew."""
    assets = ensure_assets(ROOT / ".local" / "playground")
    if assets.problem:
        sys.exit(assets.problem)
    shutil.copytree(assets.directory, directory / SHIPPED.relative_to(ROOT))


def add_methods(directory: Path, target: Target) -> None:
    """Add the methods of dataclasses, as `graph.start.methods` wants them."""
    program = Path(__file__).with_name("generated_methods.py")
    written = subprocess.run(
        [target.interpreter, "-I", str(program), str(directory)],
        check=True,
        env=os.environ | {"PYTHONHASHSEED": "0"},
        stdout=subprocess.PIPE,
    )
    (directory / "graph" / "start" / "generated_methods.py").write_bytes(written.stdout)


def compile_all(directory: Path, target: Target) -> None:
    """Compile every module, so that nothing is compared with its source at run time."""
    subprocess.run(
        [
            *(target.interpreter, "-m", "compileall", "-q", "--invalidation-mode=unchecked-hash"),
            *(f"-s{directory}", f"-p{TASK_DIR}", str(directory)),
        ],
        check=True,
        env=os.environ | {"PYTHONHASHSEED": "0"},
    )


def check_machine(path: Path, target: Target) -> None:
    """Refuse a compiled file that the target cannot run."""
    with path.open("rb") as file:
        head = file.read(20)
    if (
        head.startswith(b"\x7fELF")
        and int.from_bytes(head[18:20], "little") != ELF_MACHINES[target.machine]
    ):
        sys.exit(f"{path} is not for {target.machine}")


def write_zip(directory: Path, package: Path) -> None:
    """Write a directory's files in the order of their names, at no time at all."""
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in files(directory):
            entry = zipfile.ZipInfo(path.relative_to(directory).as_posix())
            entry.external_attr = 0o100644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, path.read_bytes(), compresslevel=9)


def files(directory: Path) -> Iterator[Path]:
    """Yield every file, in an order that is always the same."""
    yield from sorted(path for path in directory.rglob("*") if path.is_file())


if __name__ == "__main__":
    main()
