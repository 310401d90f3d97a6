"""What every test can rely on: repeatable examples, and no way out to an AWS account."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

SETTINGS = [
    *("CORS_ORIGINS", "DYNAMODB_TABLE", "GITHUB_API_URL", "GITHUB_TOKEN", "GRAPHQL_GET"),
    *("GRAPHQL_INTROSPECTION", "GRAPHQL_PLAYGROUND", "HF_ENDPOINT", "HF_TOKEN", "LICENSE_POLICY"),
    *(
        "LOG_LEVEL",
        "LOG_SAMPLE_RATE",
        "OIDC_AUDIENCE",
        "OIDC_ISSUER",
        "OIDC_ROLES_CLAIM",
        "S3_BUCKET",
        "STAGE",
    ),
]
"""The service's own, which a developer may have set."""

# Repeatable, since a change must not fail for an example that another change has found. For a
# hunt: `pytest --hypothesis-profile=exploring`.
settings.register_profile(
    "repeatable",
    derandomize=True,
    database=None,
    deadline=None,
    max_examples=100,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "exploring", settings.get_profile("repeatable"), derandomize=False, max_examples=3_000
)
settings.load_profile("repeatable")


@pytest.fixture(autouse=True, scope="session")
def _no_aws_account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Hide the machine's own credentials and settings, and what hands them out on EC2."""
    nowhere = str(tmp_path_factory.mktemp("aws") / "none")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_CONFIG_FILE", nowhere)
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", nowhere)
        patch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_DYNAMODB", *SETTINGS):
            patch.delenv(name, raising=False)
        yield
