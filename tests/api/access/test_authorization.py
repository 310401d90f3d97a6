"""Who may do what: every root field of the schema against every role."""

from collections.abc import Callable
from typing import Any

import pytest
import strawberry
from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLScalarType,
    get_named_type,
    is_composite_type,
    is_required_argument,
    is_required_input_field,
)

from graph.authorization import READERS, Requires
from graph.mutations import Mutation
from graph.queries import Query
from graph.schema import build_schema
from models.principal import Role
from tests.api.access.gate import Gate
from tests.api.access.guest import VIEWER, Guest, bearer
from tests.api.client import Api
from tests.api.documents import CREATE, NODE, UPDATE
from tests.api.stored import Stored

SCHEMA = build_schema().graphql_schema
NO_MODEL = "00000000-0000-7000-8000-000000000000"
ROLES: dict[str, Role | None] = {
    "viewer": None,
    "node": Role.READER,
    "nodes": Role.READER,
    "model": Role.READER,
    "models": Role.READER,
    "licenseCheck": Role.READER,
    "apiKeys": Role.ADMIN,
    "createModel": Role.WRITER,
    "updateModel": Role.WRITER,
    "deleteModel": Role.WRITER,
    "restoreModel": Role.WRITER,
    "createArtifactUpload": Role.WRITER,
    "completeArtifactUpload": Role.WRITER,
    "deleteArtifact": Role.WRITER,
    "evaluateModel": Role.WRITER,
    "evaluateModels": Role.WRITER,
    "createApiKey": Role.ADMIN,
    "revokeApiKey": Role.ADMIN,
}
"""The least role that each root field takes; None for anybody who is authenticated."""
ORDER = list(Role)


def root_fields() -> dict[str, tuple[str, GraphQLField]]:
    """Return every root field of the schema, with the kind of its operation."""
    found: dict[str, tuple[str, GraphQLField]] = {}
    for kind, root in (
        ("query", SCHEMA.query_type),
        ("mutation", SCHEMA.mutation_type),
        ("subscription", SCHEMA.subscription_type),
    ):
        found |= {name: (kind, field) for name, field in (root.fields if root else {}).items()}
    return found


def undeclared(root: type) -> list[str]:
    """Return the fields of a root type that do not say, once, which role they take."""
    fields = root.__strawberry_definition__.fields  # type: ignore[attr-defined]  # strawberry's
    return [field.name for field in fields if len(requirements(field)) != 1]


def requirements(field: Any) -> list[Requires]:  # noqa: ANN401  # strawberry's field
    return [extension for extension in field.extensions if isinstance(extension, Requires)]


def document(name: str) -> str:
    """Write an operation that asks for one root field, with as little as it takes."""
    kind, field = root_fields()[name]
    arguments = ", ".join(
        f"{key}: {literal(argument.type)}"
        for key, argument in field.args.items()
        if is_required_argument(argument)
    )
    selection = "{ __typename }" if is_composite_type(get_named_type(field.type)) else ""
    return f"{kind} {{ {name}{f'({arguments})' if arguments else ''} {selection} }}"


def literal(kind: Any) -> str:  # noqa: ANN401  # any type of input
    """Write a value that GraphQL takes for a type."""
    match kind:
        case GraphQLNonNull():
            return literal(kind.of_type)
        case GraphQLList():
            return f"[{literal(kind.of_type)}]"
        case GraphQLEnumType():
            return str(next(iter(kind.values)))
        case GraphQLInputObjectType():
            required = {k: f for k, f in kind.fields.items() if is_required_input_field(f)}
            return f"{{{', '.join(f'{k}: {literal(f.type)}' for k, f in required.items())}}}"
        case GraphQLScalarType():
            return f'"{NO_MODEL}"' if kind.name in {"ID", "String"} else "1"
    raise AssertionError(kind)


class TestDeclarations:
    """What the fields say."""

    def test_every_root_field_is_in_the_table(self) -> None:
        assert set(root_fields()) == set(ROLES)

    @pytest.mark.parametrize("root", [Query, Mutation])
    def test_every_root_field_declares_one_role(self, root: type) -> None:
        assert undeclared(root) == []

    @pytest.mark.parametrize("root", [Query, Mutation])
    def test_it_is_the_tables(self, root: Any) -> None:  # noqa: ANN401  # strawberry's type
        for field in root.__strawberry_definition__.fields:
            name = SCHEMA_NAMES[field.name]
            assert requirements(field)[0].role == ROLES[name], name

    def test_one_that_was_forgotten_is_found(self) -> None:
        @strawberry.type
        class Root:
            forgotten: int = strawberry.field(default=1)
            declared: int = strawberry.field(default=1, extensions=[READERS])
            plain: int = 1

        assert sorted(undeclared(Root)) == ["forgotten", "plain"]

    def test_nothing_can_be_subscribed_to(self) -> None:
        assert SCHEMA.subscription_type is None


SCHEMA_NAMES = {
    "".join(f"_{c.lower()}" if c.isupper() else c for c in name): name for name in root_fields()
}


@pytest.mark.parametrize("name", root_fields())
class TestEveryRootField:
    """Each field, for each role."""

    def test_is_for_those_with_its_role(
        self, stored: Stored, person: Callable[..., Guest], name: str
    ) -> None:
        query, needed = document(name), ROLES[name]
        for role in (None, *ORDER):
            before = stored.items()
            guest = person(*([role.value] if role else []))
            reply = guest.post(query)
            codes = [error["extensions"]["code"] for error in reply.json.get("errors", [])]
            assert reply.status == 200
            if needed is None or (role and ORDER.index(role) >= ORDER.index(needed)):
                assert codes == []
                continue
            assert codes == ["FORBIDDEN"]
            assert reply.json["errors"][0]["message"] == f"this takes the role {needed}"
            assert not (reply.json["data"] or {}).get(name)
            assert reply.json["extensions"]["cost"]["dynamodb"]["requests"] == 0
            assert stored.items() == before

    def test_is_for_jobs_with_its_role(self, api: Api, gate: Gate, name: str) -> None:
        query, needed = document(name), ROLES[name]
        for role in ORDER:
            codes = Guest(api, bearer(gate.new_key(role).token)).codes(query)
            may = needed is None or ORDER.index(role) >= ORDER.index(needed)
            assert codes == ([] if may else ["FORBIDDEN"])

    def test_is_for_nobody_without_credentials(self, api: Api, stored: Stored, name: str) -> None:
        reply = api.post(document(name))
        assert (reply.status, reply.json["errors"][0]["extensions"]["code"]) == (
            401,
            "UNAUTHENTICATED",
        )
        assert stored.items() == {}


class TestMixed:
    """Several fields in one request."""

    def test_what_is_allowed_is_answered(self, person: Callable[..., Guest]) -> None:
        reply = person().post("{ viewer { subject } model(id: 1) { id } apiKeys { nodes { id } } }")
        codes = [error["extensions"]["code"] for error in reply.json["errors"]]
        assert set(codes) == {"FORBIDDEN"}

    def test_an_alias_or_a_fragment_hides_nothing(self, person: Callable[..., Guest]) -> None:
        query = "query { viewer: apiKeys { nodes { id } } } "
        assert person("WRITER").codes(query) == ["FORBIDDEN"]
        query = "query { ...F } fragment F on Query { a: apiKeys { nodes { id } } }"
        assert person("WRITER").codes(query) == ["FORBIDDEN"]

    def test_no_mutation_of_a_request_is_done_that_is_not_allowed(
        self, person: Callable[..., Guest], stored: Stored
    ) -> None:
        query = """mutation {
          createApiKey(input: {name: "n", role: ADMIN}) { secret }
          createModel(input: {name: "n", source: "s", license: "l"}) { model { id } }
        }"""
        assert "FORBIDDEN" in person("WRITER").codes(query)
        assert not [pk for pk, _ in stored.items() if pk == "APIKEY"]


class TestViewer:
    """viewer."""

    def test_anybody_may_ask_who_they_are(self, person: Callable[..., Guest]) -> None:
        assert person().execute(VIEWER)["viewer"] == {"subject": "user:ada", "roles": []}


class TestKeysAsNodes:
    """API keys by their ids, which only admins may see."""

    IDS = "query ($ids: [ID!]!) { nodes(ids: $ids) { id } }"

    def test_are_hidden_from_others(self, admin: Guest, person: Callable[..., Guest]) -> None:
        key_id = admin.execute("{ apiKeys { nodes { id } } }")["apiKeys"]["nodes"][0]["id"]
        query = "query ($id: ID!) { node(id: $id) { id ... on ApiKey { name role subject } } }"
        assert admin.execute(query, id=key_id)["node"]["name"] == "of the tests"
        assert admin.execute(self.IDS, ids=[key_id])["nodes"] == [{"id": key_id}]
        for role in ("READER", "WRITER"):
            assert person(role).execute(query, id=key_id)["node"] is None
            assert person(role).execute(self.IDS, ids=[key_id, key_id])["nodes"] == [None, None]
            assert person(role).requests(query, id=key_id) == 0


class TestChangedBy:
    """changedBy and authenticatedAs."""

    def test_a_job_may_attribute_its_change(self, api: Api, gate: Gate) -> None:
        created = gate.new_key(Role.WRITER)
        job = Guest(api, bearer(created.token))
        given = {"name": "n", "source": "s", "license": "l"}
        for by in ({}, {"changedBy": "user:bob"}, {"changedBy": "somebody else"}):
            entry = job.execute(CREATE, input=given | by)["createModel"]["changeEntry"]
            assert entry["authenticatedAs"] == f"key:{created.key.id}"
            assert entry["changedBy"] == by.get("changedBy", f"key:{created.key.id}")

    @pytest.mark.parametrize("role", ["WRITER", "ADMIN"])
    def test_a_person_may_not(
        self, person: Callable[..., Guest], stored: Stored, role: str
    ) -> None:
        ada = person(role)
        given = {"name": "n", "source": "s", "license": "l"}
        made = ada.execute(CREATE, input=given)["createModel"]
        assert made["changeEntry"]["changedBy"] == "user:ada"
        before = stored.items()
        other = {"changedBy": "user:bob"}
        assert ada.codes(CREATE, input=given | other) == ["FORBIDDEN"]
        changed = {"id": made["model"]["id"], "name": "x"}
        assert ada.codes(UPDATE, input=changed | other) == ["FORBIDDEN"]
        assert stored.items() == before
        entry = ada.execute(UPDATE, input=changed | {"changedBy": "user:ada"})["updateModel"]
        assert entry["changeEntry"]["authenticatedAs"] == "user:ada"

    def test_nobody_passes_for_another_kind_of_principal(
        self, person: Callable[..., Guest]
    ) -> None:
        given = {"name": "n", "source": "s", "license": "l"}
        for subject in ("local", "key:1", "user:bob"):
            entry = person("WRITER", subject=subject).execute(CREATE, input=given)
            assert entry["createModel"]["changeEntry"]["authenticatedAs"] == f"user:{subject}"

    def test_a_change_is_readable_by_readers(self, person: Callable[..., Guest]) -> None:
        given = {"name": "n", "source": "s", "license": "l"}
        entry = person("WRITER").execute(CREATE, input=given)["createModel"]["changeEntry"]
        read = person("READER", subject="eve").execute(NODE, id=entry["id"])["node"]
        assert (read["changedBy"], read["authenticatedAs"]) == ("user:ada", "user:ada")


class TestIdempotency:
    """Idempotency keys are everybody's own."""

    def test_anothers_is_another(self, api: Api, gate: Gate, person: Callable[..., Guest]) -> None:
        given = {"name": "n", "source": "s", "license": "l", "idempotencyKey": "k"}
        guests = [person("WRITER"), person("WRITER", subject="bob")]
        guests += [Guest(api, bearer(gate.new_key().token)) for _ in range(2)]
        made = [guest.execute(CREATE, input=given)["createModel"]["model"] for guest in guests]
        assert len({model["id"] for model in made}) == 4
        again = [guest.execute(CREATE, input=given)["createModel"]["model"] for guest in guests]
        assert again == made

    def test_a_persons_is_the_same_by_another_token(self, person: Callable[..., Guest]) -> None:
        given = {"name": "n", "source": "s", "license": "l", "idempotencyKey": "k"}
        one, other = (person("WRITER").execute(CREATE, input=given) for _ in range(2))
        assert one == other
