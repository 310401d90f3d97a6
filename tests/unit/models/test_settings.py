"""What a deployment can configure."""

from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from models.errors import Misconfigured
from models.settings import Settings

ENDPOINTS = ["HF_ENDPOINT", "GITHUB_API_URL"]
TOKENS = ["HF_TOKEN", "GITHUB_TOKEN"]
UPSTREAM = [*ENDPOINTS, *TOKENS]


class TestFromEnv:
    """Reading the environment."""

    def test_nothing_set_gives_the_defaults(self) -> None:
        assert Settings.from_env({}) == Settings(
            table="ml-model-evaluator",
            bucket="ml-evaluator-artifacts",
            region="us-east-1",
            log_level="1",
            log_sample_rate=0,
            stage="local",
            hub_endpoint="https://huggingface.co",
            hub_token=None,
            github_api_url="https://api.github.com",
            github_token=None,
            license_policy_path=None,
            endpoint_url=None,
            credentials=None,
        )

    def test_each_variable_counts(self) -> None:
        env = {"DYNAMODB_TABLE": "t", "S3_BUCKET": "b", "AWS_REGION": "eu-1", "LOG_LEVEL": "2"}
        assert Settings.from_env(env) == Settings("t", "b", "eu-1", "2")

    @pytest.mark.parametrize(
        ("text", "share"), [("0", 0), ("0.01", 0.01), ("1", 1), ("1e-3", 0.001)]
    )
    def test_a_share_of_requests_is_logged_whole(self, text: str, share: float) -> None:
        assert Settings.from_env({"LOG_SAMPLE_RATE": text}).log_sample_rate == share

    @pytest.mark.parametrize("text", ["-0.1", "1.1", "5", "nan", "inf", "5%", "on"])
    def test_what_is_no_share_is_refused(self, text: str) -> None:
        with pytest.raises(Misconfigured, match=r"^LOG_SAMPLE_RATE must be a number from 0 to 1"):
            Settings.from_env({"LOG_SAMPLE_RATE": text})

    @pytest.mark.parametrize("stage", ["prod", "pr-17", "eu_1.test", "x" * 64])
    def test_the_stage_is_a_word(self, stage: str) -> None:
        assert Settings.from_env({"STAGE": stage}).stage == stage

    @pytest.mark.parametrize("stage", [" ", "a b", ":a", "ä", "a\n", "x" * 65])
    def test_what_cannot_be_a_dimension_is_no_stage(self, stage: str) -> None:
        with pytest.raises(Misconfigured, match=r"^STAGE must be a word"):
            Settings.from_env({"STAGE": stage})

    @pytest.mark.parametrize(
        ("text", "origins"),
        [
            ("https://a.example", ("https://a.example",)),
            (
                "https://a.example, http://localhost:5173",
                ("https://a.example", "http://localhost:5173"),
            ),
            (" http://[::1]:8000  *,", ("http://[::1]:8000", "*")),
        ],
    )
    def test_origins_are_separated_by_commas_or_spaces(
        self, text: str, origins: tuple[str, ...]
    ) -> None:
        assert Settings.from_env({"CORS_ORIGINS": text}).cors_origins == origins

    @pytest.mark.parametrize(
        "origin",
        [
            *("a.example", "https://a.example/", "https://a.example/app", "https://", "null"),
            *("https://*.example", "HTTPS://A.EXAMPLE", "ftp://a.example", "https://a.example:0"),
            *("https://u@a.example", "https://a.example?", "javascript:x"),
        ],
    )
    def test_what_no_browser_sends_as_origin_is_refused(self, origin: str) -> None:
        with pytest.raises(Misconfigured, match=r"^CORS_ORIGINS "):
            Settings.from_env({"CORS_ORIGINS": f"https://a.example,{origin}"})

    @pytest.mark.parametrize(
        "name",
        ["DYNAMODB_TABLE", "S3_BUCKET", "AWS_REGION", "LOG_LEVEL", "LICENSE_POLICY", *UPSTREAM],
    )
    def test_an_empty_value_counts_as_absent(self, name: str) -> None:
        assert Settings.from_env({name: ""}) == Settings()

    def test_silence_can_be_asked_for(self) -> None:
        assert Settings.from_env({"LOG_LEVEL": "0"}).log_level == "0"

    def test_the_processes_environment_does_not_count(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("DYNAMODB_TABLE", "other")
        assert Settings.from_env({}).table == "ml-model-evaluator"

    def test_settings_cannot_be_changed(self) -> None:
        with pytest.raises(FrozenInstanceError):
            Settings().table = "other"  # type: ignore[misc]


class TestUpstream:
    """Where models are read, and on whose behalf."""

    def test_each_variable_counts(self) -> None:
        settings = Settings.from_env(
            {
                "HF_ENDPOINT": "http://mirror.example:8080/hub/",
                "HF_TOKEN": " hf_abc\n",
                "GITHUB_API_URL": "https://github.example/api/v3",
                "GITHUB_TOKEN": "ghp_abc",
                "LICENSE_POLICY": "/etc/policy.toml",
            }
        )
        assert settings.hub_endpoint == "http://mirror.example:8080/hub"
        assert settings.hub_token == "hf_abc"  # noqa: S105  # of nobody
        assert settings.github_api_url == "https://github.example/api/v3"
        assert settings.github_token == "ghp_abc"  # noqa: S105  # of nobody
        assert settings.license_policy_path == Path("/etc/policy.toml")

    @pytest.mark.parametrize("name", ENDPOINTS)
    @pytest.mark.parametrize(
        "url",
        [
            *("huggingface.co", "ftp://a.example", "file:///etc", "https://", "https://?a=1"),
            *("https://me:secret@a.example", "https://@a.example", "https://a.example/?q=1"),
            *("https://a.example#x", "https://a.example:0", "https://a.example:x", "https://a b"),
            *("https://[a", "https:\\\\a.example"),
        ],
    )
    def test_an_endpoint_is_a_plain_url(self, name: str, url: str) -> None:
        with pytest.raises(ValueError, match=f"^{name} must be an http or https URL"):
            Settings.from_env({name: url})

    @pytest.mark.parametrize("name", TOKENS)
    @pytest.mark.parametrize("token", ["two words", "line\r\nbreak", "né", "a\x00b"])
    def test_a_token_fits_into_a_header(self, name: str, token: str) -> None:
        with pytest.raises(ValueError, match=rf"^{name} must be one word of ASCII\.$"):
            Settings.from_env({name: token})

    @pytest.mark.parametrize("name", TOKENS)
    def test_tokens_are_not_shown(self, name: str) -> None:
        assert "secret" not in repr(Settings.from_env({name: "secret"}))
