"""What is told of failures: never a secret, and nothing that a terminal obeys."""

import sys

import pytest
import typer

from graph.cli import exits
from graph.cli.connection import connected, failures_told, mistaken
from graph.client import ApiError, ChecksumMismatch, Problem, Unreachable


class TestFailuresTold:
    @pytest.mark.parametrize(
        ("error", "code"),
        [
            (ApiError([Problem("X", "no", ("a",))], "request-1"), exits.FAILED),
            (ChecksumMismatch([Problem("CHECKSUM_MISMATCH", "other bytes")]), exits.TAMPERED),
            (Unreachable("nobody answers"), exits.FAILED),
            (FileNotFoundError(2, "No such file"), exits.FAILED),
        ],
    )
    def test_end_with_a_code(self, error: Exception, code: int) -> None:
        with pytest.raises(typer.Exit) as ended, failures_told():
            raise error
        assert ended.value.exit_code == code

    def test_never_tell_the_key(self, capsys: pytest.CaptureFixture[str]) -> None:
        said = ApiError([Problem("X", "you sent mle_secret"), Problem("Y", "mle_secret!")])
        with pytest.raises(typer.Exit), failures_told("mle_secret"):
            raise said
        assert capsys.readouterr().err == "X: you sent (the API key)\nY: (the API key)!\n"

    def test_a_closed_pipe_is_no_failure_of_theirs(self) -> None:
        with pytest.raises(BrokenPipeError), failures_told():
            raise BrokenPipeError

    def test_mistakes_have_nothing_that_a_terminal_obeys(self) -> None:
        assert "\x1b" not in str(mistaken("\x1b[31mred", "--x"))


class TestConnected:
    """What is at fault is named by its option."""

    @pytest.mark.parametrize(
        ("url", "key", "option"),
        [
            ("https://svc.example", "two words", "--api-key"),
            ("https://svc.example", "schl\u00fcssel", "--api-key"),
            ("http://svc.example", "mle_secret", "--api-key"),
            ("svc.example", "mle_secret", "--url"),
            ("https://key:secret@svc.example", "mle_secret", "--url"),
            ("https://[", None, "--url"),
            ("http://localhost:abc", None, "--url"),
            ("http://localhost:99999", None, "--url"),
            ("http://localhost:0", None, "--url"),
        ],
    )
    def test_a_mistake_is_blamed_on_its_option(
        self, url: str, key: str | None, option: str
    ) -> None:
        with pytest.raises(typer.BadParameter) as raised, connected(url, key):
            pass
        assert raised.value.param_hint == option
        assert key is None or key not in raised.value.message

    @pytest.mark.parametrize("proxy", ["socks5://x:secret@127.0.0.1:1", "foo://x:secret@y", "x:y"])
    def test_a_proxy_that_cannot_be_used_is_told_in_a_line(
        self, proxy: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setitem(sys.modules, "socksio", None)  # as where it is not installed
        monkeypatch.setenv("ALL_PROXY", proxy)
        with pytest.raises(typer.Exit) as ended, connected("https://svc.example", None):
            pass
        said = capsys.readouterr().err
        assert ended.value.exit_code == exits.FAILED
        assert said.count("\n") == 1
        assert "unset it" in said
        assert ("pip install socksio" in said) is proxy.startswith("socks5")
        assert "secret" not in said

    def test_an_empty_key_is_none(self) -> None:
        with connected("http://svc.example", "") as client:
            assert "svc.example" in repr(client)
