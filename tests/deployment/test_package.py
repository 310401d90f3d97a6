"""The packages of the functions: the same bytes each time, and nothing in them but what runs."""

import hashlib
import os
import re
import shutil
import subprocess
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from graph.playground.assets import FETCHED, MARKER
from tests.deployment.packaging import ROOT, Build, build_all, contents, interpreter

API_MAX_BYTES = 14_000_000
WORKER_MAX_BYTES = 50_000_000
AARCH64 = 183
ELF = b"\x7fELF"
UNCHECKED_HASH = 0b01
"""In a .pyc's second word, by PEP 552: hash-based, and never compared with the source."""
NO_TIME = (1980, 1, 1, 0, 0, 0)
"""The first that a zip can tell."""
LONG_AGO = 1_000_000_000
LICENSE_FILE = re.compile(r"(^|/)(licen[sc]e|copying|notice)[^/]*$", re.IGNORECASE)


class Packages(NamedTuple):
    """Both functions', and the API's again, built elsewhere."""

    api: Path
    api_again: Path
    worker: Path


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Packages:
    """Build them. Elsewhere nothing is alike that must not show: place, times, modes, locale."""
    out = tmp_path_factory.mktemp("packages")
    elsewhere = out / "a checkout" / "at another place"
    copy_checkout(elsewhere)
    different = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "77"}
    return Packages(
        *build_all(
            Build("api", out / "here"),
            Build("api", out / "there", root=elsewhere, environment=different),
            Build("worker", out / "here"),
        )
    )


def copy_checkout(to: Path) -> None:
    """Copy what belongs to the checkout, committed or not, as if written down long ago."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = subprocess.run(listed, capture_output=True, check=True, cwd=ROOT, text=True).stdout  # noqa: S603  # git
    for name in filter(None, names.split("\0")):
        source, copy = ROOT / name, to / name
        if source.is_file():
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
            copy.chmod(0o600)
            os.utime(copy, (LONG_AGO, LONG_AGO))
    fetched = ROOT / ".local" / "playground"
    if fetched.is_dir():  # GraphiQL's files, as a server here has fetched them
        shutil.copytree(fetched, to / ".local" / "playground")


@pytest.fixture(scope="session")
def api(packages: Packages) -> dict[str, bytes]:
    return contents(packages.api)


@pytest.fixture(scope="session")
def worker(packages: Packages) -> dict[str, bytes]:
    return contents(packages.worker)


@pytest.fixture(params=["api", "worker"])
def either(request: pytest.FixtureRequest) -> dict[str, bytes]:
    """Return what is in each package in turn."""
    files: dict[str, bytes] = request.getfixturevalue(request.param)
    return files


@pytest.fixture(scope="session")
def magic_number() -> bytes:
    """Return what the .pyc files of Lambda's Python begin with."""
    asked = [interpreter(), "-c", "import importlib.util as u; print(u.MAGIC_NUMBER.hex())"]
    done = subprocess.run(asked, capture_output=True, check=True, text=True)  # noqa: S603  # a Python
    return bytes.fromhex(done.stdout.strip())


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def under(files: Mapping[str, bytes], *beginnings: str) -> list[str]:
    return [name for name in files if name.startswith(beginnings)]


def modules(files: Mapping[str, bytes]) -> Iterator[tuple[str, str]]:
    """Yield each module's name with that of what it is compiled to."""
    for name in files:
        if name.endswith(".py"):
            folder, _, file = name.rpartition("/")
            cached = f"__pycache__/{file.removesuffix('.py')}.cpython-313.pyc"
            yield name, f"{folder}/{cached}" if folder else cached


class TestReproducible:
    def test_another_build_has_the_same_bytes(self, packages: Packages) -> None:
        assert sha256(packages.api) == sha256(packages.api_again)

    @pytest.mark.parametrize("function", ["api", "worker"])
    def test_no_file_has_a_time_a_mode_or_a_place(self, packages: Packages, function: str) -> None:
        with zipfile.ZipFile(getattr(packages, function)) as archive:
            entries = archive.infolist()
        assert {entry.date_time for entry in entries} == {NO_TIME}
        assert {entry.external_attr >> 16 for entry in entries} == {0o100644}
        assert [entry.filename for entry in entries] == sorted(
            (entry.filename for entry in entries), key=lambda name: Path(name).parts
        )

    def test_nothing_names_the_place_where_it_was_built(
        self, packages: Packages, either: dict[str, bytes]
    ) -> None:
        for place in (str(ROOT), str(packages.api.parents[1])):
            assert [name for name, content in either.items() if place.encode() in content] == []


class TestSize:
    def test_the_apis_is_small(self, packages: Packages) -> None:
        assert packages.api.stat().st_size < API_MAX_BYTES

    def test_the_workers_can_be_uploaded_directly(self, packages: Packages) -> None:
        assert packages.worker.stat().st_size < WORKER_MAX_BYTES


class TestMachine:
    def test_every_compiled_file_is_for_aarch64(self, either: dict[str, bytes]) -> None:
        machines = {
            name: int.from_bytes(content[18:20], "little")
            for name, content in either.items()
            if content.startswith(ELF)
        }
        assert "cryptography/hazmat/bindings/_rust.abi3.so" in machines
        assert set(machines.values()) == {AARCH64}

    def test_every_library_is_a_compiled_file(self, either: dict[str, bytes]) -> None:
        libraries = [name for name in either if re.search(r"\.so(\.|$)", name)]
        assert [name for name in libraries if not either[name].startswith(ELF)] == []


class TestCompiled:
    def test_every_module_is_compiled_for_lambdas_python(
        self, either: dict[str, bytes], magic_number: bytes
    ) -> None:
        compiled = dict(modules(either))
        assert [name for name, pyc in compiled.items() if pyc not in either] == []
        assert {either[pyc][:4] for pyc in compiled.values()} == {magic_number}

    def test_nothing_is_compared_with_its_source(self, either: dict[str, bytes]) -> None:
        flags = {int.from_bytes(either[pyc][4:8], "little") for _, pyc in modules(either)}
        assert flags == {UNCHECKED_HASH}

    def test_nothing_is_compiled_without_a_source(self, either: dict[str, bytes]) -> None:
        known = {pyc for _, pyc in modules(either)}
        assert [name for name in either if name.endswith(".pyc") and name not in known] == []

    def test_tracebacks_name_the_place_where_lambda_unpacks(self, api: dict[str, bytes]) -> None:
        pyc = api["graph/__pycache__/handler.cpython-313.pyc"]
        assert b"/var/task/graph/handler.py" in pyc


class TestContents:
    def test_the_handlers_are_there(self, either: dict[str, bytes]) -> None:
        assert "graph/handler.py" in either

    def test_what_only_a_persons_machine_runs_is_not(self, either: dict[str, bytes]) -> None:
        assert under(either, "graph/local/", "graph/cli/", "ministack", "typer", "uvicorn") == []

    def test_no_tests_are_there(self, either: dict[str, bytes]) -> None:
        assert [name for name in either if re.search(r"(^|/)tests?/", name)] == []

    def test_no_library_is_there_that_nothing_uses(self, either: dict[str, bytes]) -> None:
        assert under(either, "hf_xet/", "cffi/", "pycparser/", "pip/", "setuptools/") == []

    def test_the_api_has_nothing_of_what_evaluates(self, api: dict[str, bytes]) -> None:
        assert under(api, "huggingface_hub/", "httpx2/", "httpcore2/", "markdown_it/") == []
        assert under(api, "graph/worker.py", "models/evaluation/metrics/") == []
        assert under(api, "models/evaluation/upstream/") == []

    def test_the_worker_has_it(self, worker: dict[str, bytes]) -> None:
        for library in ("huggingface_hub/", "httpx2/", "markdown_it/", "models/evaluation/"):
            assert under(worker, library)

    def test_graphiql_is_there_for_browsers_of_the_api(self, api: dict[str, bytes]) -> None:
        assets = {f"graph/playground/assets/{name}" for name in (*FETCHED, MARKER)}
        assert assets <= api.keys()
        assert all(api[name] for name in assets)

    def test_graphiql_is_not_there_for_the_worker(self, worker: dict[str, bytes]) -> None:
        assert under(worker, "graph/playground/assets/") == []


COMPILED_AT_START = """
import sys
sys.path.insert(0, sys.argv[1])
from graph.start import methods, quick_start
compiled = []
def execute(source, *namespaces):
    compiled.append(source)
    exec(source, *namespaces)
methods.exec = execute
from graph.handler import build_api
from graph.schema import build_schema
with quick_start():
    build_schema()
print(compiled)
"""


class TestStart:
    """What a package holds so that its function starts quickly."""

    def test_no_method_of_a_dataclass_is_compiled(
        self, packages: Packages, tmp_path: Path, function: str
    ) -> None:
        with zipfile.ZipFile(getattr(packages, function)) as archive:
            archive.extractall(tmp_path)
        asked = [interpreter(), "-I", "-B", "-c", COMPILED_AT_START, str(tmp_path)]
        done = subprocess.run(asked, capture_output=True, check=True, text=True)  # noqa: S603  # a Python
        assert done.stdout == "[]\n"

    @pytest.fixture(params=["api", "worker"])
    def function(self, request: pytest.FixtureRequest) -> str:
        name: str = request.param
        return name


class TestLicenses:
    def test_that_of_every_distribution_is_kept(self, either: dict[str, bytes]) -> None:
        distributions = {name.split("/")[0] for name in either if ".dist-info/" in name}
        licensed = {name.split("/")[0] for name in either if LICENSE_FILE.search(name)}
        assert distributions - licensed == set()

    @pytest.mark.parametrize("distribution", ["cffi", "cryptography", "ml_model_evaluator"])
    def test_no_distribution_is_forgotten(
        self, either: dict[str, bytes], distribution: str
    ) -> None:
        """Of cffi one compiled file is there: whose license is to be told all the same."""
        assert [name for name in under(either, f"{distribution}-") if LICENSE_FILE.search(name)]
