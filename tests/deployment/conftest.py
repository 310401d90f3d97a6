"""The compiled templates of both stages."""

import pytest

from tests.deployment.template import Template, compile_template


@pytest.fixture(scope="session", params=["staging", "production"])
def stage(request: pytest.FixtureRequest) -> str:
    """Return each stage's name in turn."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def template(stage: str, tmp_path_factory: pytest.TempPathFactory) -> Template:
    """Return the template of the stage."""
    return compile_template(stage, tmp_path_factory.mktemp(stage))
