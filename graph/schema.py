"""The GraphQL schema: its roots, its scalars, and what happens around an execution."""

from collections.abc import Sequence

import strawberry
from graphql import GraphQLError, GraphQLSchema
from strawberry.extensions import DisableIntrospection, ParserCache
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionContext

from graph.limits import Limits
from graph.mutations import Mutation
from graph.queries import Query
from graph.types.api_key import ApiKey
from graph.types.artifact import Artifact
from graph.types.change_entry import ChangeEntry
from graph.types.evaluation import Evaluation
from graph.types.model import Model
from graph.types.scalars import SCALARS

PARSED_DOCUMENTS = 128
"""Kept, the ones that were used last: of at most 2,000 tokens each."""


class Schema(strawberry.Schema):
    """The schema. Errors are logged where they are masked, not by strawberry."""

    def process_errors(
        self, errors: Sequence[GraphQLError], execution_context: ExecutionContext | None = None
    ) -> None:
        """Leave errors to `graph.errors`, which knows the request they belong to."""

    @property
    def graphql_schema(self) -> GraphQLSchema:
        """Return graphql-core's schema."""
        return self._schema


def build_schema(*, introspection: bool = True) -> Schema:
    """Build the schema.

    Args:
        introspection: whether clients may ask for it.
    """
    return Schema(
        query=Query,
        mutation=Mutation,
        types=[Model, ChangeEntry, Artifact, Evaluation, ApiKey],
        extensions=[
            Limits,
            lambda: ParserCache(maxsize=PARSED_DOCUMENTS),
            *([] if introspection else [DisableIntrospection]),
        ],
        config=StrawberryConfig(scalar_map=SCALARS),
    )


def export_sdl() -> str:
    """Return the schema as SDL, as it is committed in graph/schema.graphql."""
    return build_schema().as_str() + "\n"
