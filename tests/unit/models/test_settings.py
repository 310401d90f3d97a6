"""What a deployment can configure."""

from dataclasses import FrozenInstanceError

import pytest

from models.settings import Settings


class TestFromEnv:
    """Reading the environment."""

    def test_nothing_set_gives_the_defaults(self) -> None:
        assert Settings.from_env({}) == Settings(
            table="ml-model-evaluator",
            bucket="ml-evaluator-artifacts",
            region="us-east-1",
            log_level="1",
            endpoint_url=None,
            credentials=None,
        )

    def test_each_variable_counts(self) -> None:
        env = {"DYNAMODB_TABLE": "t", "S3_BUCKET": "b", "AWS_REGION": "eu-1", "LOG_LEVEL": "2"}
        assert Settings.from_env(env) == Settings("t", "b", "eu-1", "2")

    @pytest.mark.parametrize("name", ["DYNAMODB_TABLE", "S3_BUCKET", "AWS_REGION", "LOG_LEVEL"])
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
