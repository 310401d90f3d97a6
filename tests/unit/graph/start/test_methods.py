"""Methods of dataclasses that were compiled beforehand are those that dataclasses makes."""

import dataclasses
import sys
from dataclasses import FrozenInstanceError, dataclass, field, make_dataclass
from types import ModuleType
from typing import Any

import pytest

from graph.start import methods
from graph.start.methods import GENERATED, compiled_methods, executing, module_of, noted_methods


def make_point() -> Any:  # noqa: ANN401  # a class made at run time
    """Make a class, whose methods are made with it."""

    @dataclass(frozen=True, slots=True, order=True)
    class Point:
        x: int
        y: int = 0
        tags: list[str] = field(default_factory=list, compare=False)

    return Point


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Give the generated module, for one class; return what is compiled all the same."""
    sources: dict[str, None] = {}
    with noted_methods(sources):
        make_point()
    generated = ModuleType(GENERATED)
    exec(module_of(sources), vars(generated))  # noqa: S102  # our own text
    monkeypatch.setitem(sys.modules, GENERATED, generated)
    told: list[str] = []

    def watched_exec(source: str, *namespaces: dict[str, Any]) -> None:
        told.append(source)
        exec(source, *namespaces)  # noqa: S102  # as it would be

    monkeypatch.setattr(methods, "exec", watched_exec, raising=False)
    return told


class TestAKnownClass:
    def test_is_not_compiled(self, compiled: list[str]) -> None:
        with compiled_methods():
            make_point()
        assert compiled == []

    def test_is_the_same(self, compiled: list[str]) -> None:
        del compiled
        with compiled_methods():
            point = make_point()
        stock = make_point()
        assert repr(point(1, 2)) == repr(stock(1, 2))
        assert point(1) == point(1, 0)
        assert point(1) != point(2)
        assert point(1) < point(2)
        assert hash(point(1)) == hash(stock(1))
        assert point(1).tags is not point(1).tags
        assert point.__init__.__qualname__ == stock.__init__.__qualname__
        assert point.__init__.__module__ == stock.__init__.__module__
        assert point.__init__.__annotations__ == stock.__init__.__annotations__
        assert point.__init__.__globals__ is stock.__init__.__globals__
        with pytest.raises(FrozenInstanceError):
            point(1).x = 2

    def test_two_of_the_same_source_share_no_defaults(self, compiled: list[str]) -> None:
        one, other = (
            make_dataclass("One", [("x", int, field(default=default))]) for default in (1, 2)
        )
        with compiled_methods():
            first, second = (
                make_dataclass("One", [("x", int, field(default=default))]) for default in (1, 2)
            )
        del compiled
        assert (first().x, second().x) == (one().x, other().x) == (1, 2)


class TestAnUnknownClass:
    def test_is_compiled(self, compiled: list[str]) -> None:
        with compiled_methods():
            other = make_dataclass("Other", [("unheard_of", int)])
        assert other(1).unheard_of == 1
        assert any("unheard_of" in source for source in compiled)


class TestWithoutTheModule:
    def test_everything_is_compiled(self) -> None:
        with compiled_methods():
            assert "exec" not in vars(dataclasses)
            assert make_point()(1).x == 1


class TestAfterwards:
    def test_a_block_within_another_leaves_it_as_it_was(self) -> None:
        def outer(*_: object) -> None:
            """Do nothing."""

        with executing(outer):
            with executing(lambda *_: None):
                pass
            assert vars(dataclasses)["exec"] is outer
        assert "exec" not in vars(dataclasses)

    def test_dataclasses_compile_again(self, compiled: list[str]) -> None:
        with compiled_methods():
            assert "exec" in vars(dataclasses)
        assert "exec" not in vars(dataclasses)
        del compiled
