"""The methods of dataclasses, compiled beforehand.

`dataclasses` writes the source of each class's methods and compiles it, every time that a process
starts, which for the classes here and in the libraries takes a fifth of a cold start. So a package
holds that source as a module, which is compiled with all others: `.ci/package.py` writes it.
A method that the module does not know, by its very source, is compiled as ever.
"""

import dataclasses
import importlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from types import CodeType, FunctionType
from typing import Any, Final

GENERATED: Final = "graph.start.generated_methods"
"""In a package; nowhere else."""
_FUNCTION = "__create_fn__"
"""What `dataclasses` calls the function that makes the methods of a class."""

Execute = Callable[..., None]
"""As `exec` is called: source, globals, locals."""


@contextmanager
def compiled_methods() -> Iterator[None]:
    """Take the methods of the classes that are made inside the block from the generated module."""
    try:
        known: Mapping[str, CodeType] = importlib.import_module(GENERATED).CODE
    except ModuleNotFoundError:
        yield
        return
    with executing(_execute_with(known)):
        yield


@contextmanager
def noted_methods(into: dict[str, None]) -> Iterator[None]:
    """Note the source of the methods of each class that is made inside the block, each once."""

    def execute(source: str, *namespaces: dict[str, Any]) -> None:
        into[source] = None
        exec(source, *namespaces)  # noqa: S102  # as dataclasses does

    with executing(execute):
        yield


@contextmanager
def executing(execute: Execute) -> Iterator[None]:
    """Let `dataclasses` execute by another function than the built-in one."""
    namespace = vars(dataclasses)
    before = namespace.get("exec")
    namespace["exec"] = execute
    try:
        yield
    finally:
        if before is None:
            del namespace["exec"]
        else:
            namespace["exec"] = before


def module_of(sources: Iterable[str]) -> str:
    """Return the source of the generated module."""
    lines = ["CODE = {}"]
    for source in sources:
        lines += [source, f"CODE[{_digest(source)!r}] = {_FUNCTION}.__code__"]
    return "\n".join(lines) + "\n"


def _execute_with(known: Mapping[str, CodeType]) -> Execute:
    def execute(
        source: str, global_names: dict[str, Any], local_names: dict[str, Any] | None = None
    ) -> None:
        code = known.get(_digest(source))
        if code is None or local_names is None:
            exec(source, global_names, local_names)  # noqa: S102  # as dataclasses does
        else:
            local_names[_FUNCTION] = FunctionType(code, global_names)

    return execute


def _digest(source: str) -> str:
    return sha256(source.encode()).hexdigest()
