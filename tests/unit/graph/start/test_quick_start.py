"""No garbage is looked for while a function starts."""

import gc

import pytest

from graph.start import quick_start


class TestQuickStart:
    def test_collects_nothing_meanwhile(self) -> None:
        with quick_start():
            assert not gc.isenabled()
        assert gc.isenabled()

    def test_collects_again_where_it_fails(self) -> None:
        with pytest.raises(ValueError, match="broken"), quick_start():
            raise ValueError("broken")
        assert gc.isenabled()

    def test_leaves_it_off_where_it_was_off(self) -> None:
        gc.disable()
        try:
            with quick_start():
                pass
            assert not gc.isenabled()
        finally:
            gc.enable()

    def test_freezes_what_was_made(self) -> None:
        with quick_start():
            made: list[list[int]] = [[]]
        assert not any(found is made for found in gc.get_objects())
