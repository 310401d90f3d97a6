"""The stack as CloudFormation gets it: serverless.yml, compiled by osls."""

import json
import shutil
import zipfile
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from tests.clients import node
from tests.deployment.packaging import ROOT, do_without

OSLS: Final = node.TOOLS / ".bin" / "osls"
COMPILED: Final = "cloudformation-template-update-stack.json"
_UNSET: Final = ("CORS_ORIGINS", "OIDC_ISSUER", "OIDC_AUDIENCE", "ALARM_EMAIL", "HF_TOKEN")

Json = dict[str, Any]


@dataclass(frozen=True)
class Template:
    """A compiled template."""

    raw: Json

    @cached_property
    def resources(self) -> dict[str, Json]:
        """Return every resource by its logical id."""
        resources: dict[str, Json] = self.raw["Resources"]
        return resources

    def of_type(self, resource_type: str) -> dict[str, Json]:
        """Return the properties of all resources of a type, by logical id."""
        return {
            logical_id: resource["Properties"]
            for logical_id, resource in self.resources.items()
            if resource["Type"] == resource_type
        }

    def __getitem__(self, logical_id: str) -> Json:
        """Return the properties of a resource."""
        properties: Json = self.resources[logical_id]["Properties"]
        return properties

    def variables(self, function: str) -> Json:
        """Return a function's environment: api's or worker's."""
        variables: Json = self[f"{function.title()}LambdaFunction"]["Environment"]["Variables"]
        return variables

    def statements(self, function: str) -> list[Json]:
        """Return what a function's role allows: actions and resources are lists."""
        (policy,) = self[f"{function.title()}Role"]["Policies"]
        return [
            statement | {name: as_list(statement[name]) for name in ("Action", "Resource")}
            for statement in policy["PolicyDocument"]["Statement"]
        ]


def as_list(value: Any) -> list[Any]:  # noqa: ANN401  # what IAM takes alone or in a list
    """Return a value as IAM reads it."""
    return value if isinstance(value, list) else [value]


def text_of(value: object) -> str:
    """Return a value as text, what CloudFormation fills in as ${...}."""
    match value:
        case {"Fn::Sub": str(text)}:
            return text
        case {"Fn::GetAtt": [str(logical_id), str(attribute)]}:
            return f"${{{logical_id}.{attribute}}}"
        case {"Ref": str(logical_id)}:
            return f"${{{logical_id}}}"
    assert isinstance(value, str), value
    return value


def compile_template(stage: str, directory: Path) -> Template:
    """Compile the template of a stage, with packages of no matter what in them."""
    if not OSLS.exists():
        do_without("there is no osls: run `npm ci`")
    shutil.copy(ROOT / "serverless.yml", directory)
    (directory / "dist").mkdir()
    for function in ("api", "worker"):
        with zipfile.ZipFile(directory / "dist" / f"{function}.zip", "w") as package:
            package.writestr("nothing", "")
    environment = {
        **dict.fromkeys(_UNSET, ""),
        "AWS_REGION": "us-east-1",
        "HOME": str(directory),
        "SLS_NOTIFICATIONS_MODE": "off",
    }
    done = node.run(
        *(OSLS, "package", "--stage", stage, "--package", "compiled"),
        environment=environment,
        cwd=directory,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return Template(json.loads((directory / "compiled" / COMPILED).read_text(encoding="utf-8")))
