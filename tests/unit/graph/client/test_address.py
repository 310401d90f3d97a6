"""Where credentials may go."""

import pytest

from graph.client import Client
from graph.client.address import address_of, authorization

SECRET = "mle_secret"  # noqa: S105  # of no service


class TestAddress:
    """The service's URL."""

    @pytest.mark.parametrize(
        "url",
        ["https://a.example/dev", "https://a.example/dev/", "https://a.example/dev/graphql/"],
    )
    def test_may_have_graphql_at_its_end(self, url: str) -> None:
        address = address_of(url)
        assert address.graphql == "https://a.example/dev/graphql"
        assert address.health == "https://a.example/dev/health"

    @pytest.mark.parametrize(
        "url",
        [
            "",
            "a.example",
            "ftp://a.example",
            "https://",
            "https://user:pass@a.example",
            "https://a.example?x=1",
            "https://a.example#x",
        ],
    )
    def test_must_make_sense(self, url: str) -> None:
        with pytest.raises(ValueError, match="URL") as raised:
            address_of(url)
        assert "pass" not in str(raised.value)


class TestAuthorization:
    """Keys and tokens."""

    @pytest.mark.parametrize(
        "url",
        [
            "https://a.example",
            "http://localhost:8000",
            "http://127.0.0.1",
            "http://127.1.2.3",
            "http://[::1]:8000",
        ],
    )
    def test_go_over_https_or_to_this_machine(self, url: str) -> None:
        headers = {"Authorization": f"Bearer {SECRET}"}
        assert authorization(address_of(url), SECRET, None) == headers
        assert authorization(address_of(url), None, SECRET) == headers
        assert authorization(address_of(url), None, None) == {}

    @pytest.mark.parametrize(
        "url",
        [
            "http://a.example",
            "http://localhost.example",
            "http://127.0.0.1.example",
            "http://0.0.0.0",
            "http://10.0.0.1",
        ],
    )
    def test_do_not_go_anywhere_else_in_plain_sight(self, url: str) -> None:
        with pytest.raises(ValueError, match="https") as raised:
            Client(url, SECRET)
        assert SECRET not in str(raised.value)
        Client(url).close()

    @pytest.mark.parametrize("secret", ["", "a b", "a\nb", "é"])
    def test_must_fit_a_header(self, secret: str) -> None:
        with pytest.raises(ValueError, match="printable ASCII"):
            Client("https://a.example", secret)

    def test_are_not_two(self) -> None:
        with pytest.raises(ValueError, match="not both"):
            Client("https://a.example", SECRET, token=SECRET)


class TestFromEnv:
    """ML_EVALUATOR_URL and ML_EVALUATOR_API_KEY."""

    def test_the_url_must_be_there(self) -> None:
        with pytest.raises(ValueError, match="ML_EVALUATOR_URL"):
            Client.from_env({})

    def test_an_empty_key_is_none(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("ML_EVALUATOR_URL", "http://a.example")
        monkeypatch.setenv("ML_EVALUATOR_API_KEY", "")
        with Client.from_env() as client:
            assert repr(client) == "Client('http://a.example')"
