"""The command says what to install where an extra is missing."""

import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from graph import cli


class TestMain:
    """The entry point."""

    def test_without_typer_it_names_the_extra(self, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in [name for name in sys.modules if name.startswith("graph.cli.")]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.setitem(sys.modules, "typer", None)
        with pytest.raises(SystemExit, match=r"'ml-model-evaluator\[cli\]'"):
            cli.main()

    def test_another_missing_module_is_a_fault_of_ours(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "graph.cli.app", None)
        with pytest.raises(ModuleNotFoundError):
            cli.main()


class TestServe:
    """`ml-evaluator serve`."""

    @pytest.mark.parametrize("missing", ["ministack", "uvicorn"])
    def test_without_the_local_extra_it_names_it(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, missing: str
    ) -> None:
        from graph.cli.app import app  # noqa: PLC0415 - the tests above have it imported anew

        monkeypatch.setattr("graph.cli.serve.find_spec", lambda name: name != missing or None)
        result = CliRunner().invoke(app, ["serve", f"--state-dir={tmp_path}"])
        assert result.exit_code == 1
        assert result.stderr == (
            "serve needs the extra `local`: pip install 'ml-model-evaluator[local]'\n"
        )
