"""The GraphQL schema: its roots, its scalars, and what happens around an execution."""

from collections.abc import Iterable, Iterator
from typing import Any, cast

import strawberry
from graphql import GraphQLError, GraphQLSchema, execute_sync
from strawberry.exceptions import MissingQueryError
from strawberry.extensions import DisableIntrospection
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.exceptions import CannotGetOperationTypeError, InvalidOperationTypeError
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType

from graph.documents import Documents, Execution
from graph.limits import Limits
from graph.mutations import Mutation
from graph.projection import ProjectingExecutor
from graph.queries import Query
from graph.types.api_key import ApiKey
from graph.types.artifact import Artifact
from graph.types.change_entry import ChangeEntry
from graph.types.evaluation import Evaluation
from graph.types.model import Model
from graph.types.scalars import SCALARS

KNOWN_DOCUMENTS = 128
"""Kept by a schema: those that were used last."""
KNOWN_DOCUMENTS_TOKENS = 20_000
"""That they weigh together, at 1 to 2 KB each with their plans."""


class Schema(strawberry.Schema):
    """The schema, which executes documents itself.

    Strawberry spends as long on looking for what extensions hook into, at each request and stage,
    as on executing a small query. Here they have what they need: to look at an operation before it
    is parsed, and after. They end there, so nothing may follow a hook's yield.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401  # strawberry's
        super().__init__(*arguments, **options)
        self._documents = Documents(KNOWN_DOCUMENTS, KNOWN_DOCUMENTS_TOKENS)

    def execute_sync(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any | None = None,  # noqa: ANN401  # strawberry's
        root_value: Any | None = None,  # noqa: ANN401  # strawberry's
        operation_name: str | None = None,
        allowed_operation_types: Iterable[OperationType] | None = None,
        operation_extensions: dict[str, Any] | None = None,
    ) -> ExecutionResult:
        """Execute a document. Errors are left to `graph.errors`, which knows their request.

        Raises:
            MissingQueryError: there is no document.
            CannotGetOperationTypeError: it has no operation of that name.
            InvalidOperationTypeError: the operation is of a kind that is not allowed.
        """
        execution = Execution(
            query=query,
            schema=self,
            allowed_operations=list(OperationType)
            if allowed_operation_types is None
            else allowed_operation_types,
            context=context_value,
            root_value=root_value,
            variables=variable_values,
            provided_operation_name=operation_name,
            operation_extensions=operation_extensions,
        )
        try:
            return self._execute(execution)
        except (MissingQueryError, CannotGetOperationTypeError, InvalidOperationTypeError):
            raise
        except GraphQLError as error:
            return ExecutionResult(None, [error])
        except Exception as error:  # noqa: BLE001  # masked for the client, and logged whole
            return ExecutionResult(None, [GraphQLError(str(error), original_error=error)])

    def _execute(self, execution: Execution) -> ExecutionResult:
        extensions = self.get_extensions(sync=True)
        for extension in extensions:
            extension.execution_context = execution
            _run(extension.on_operation())
        if not execution.query:
            raise MissingQueryError
        document = self._documents.read(execution.query, **execution.parse_options)
        execution.document, execution.graphql_document = document, document.node
        try:
            kind = execution.operation_type
        except RuntimeError as error:
            raise CannotGetOperationTypeError(execution.operation_name) from error
        if kind not in execution.allowed_operations:
            raise InvalidOperationTypeError(kind)
        for extension in extensions:
            _run(extension.on_validate())
        if execution.pre_execution_errors:
            return ExecutionResult(None, execution.pre_execution_errors)
        result = execute_sync(
            self._schema,
            document.node,
            execution.root_value,
            execution.context,
            execution.variables,
            execution.operation_name,
            executor_class=ProjectingExecutor,
        )
        return ExecutionResult(result.data, result.errors)

    @property
    def graphql_schema(self) -> GraphQLSchema:
        """Return graphql-core's schema."""
        return self._schema


def _run(hook: object) -> None:
    """Run what an extension does before its yield."""
    next(cast("Iterator[None]", hook))


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
            *([] if introspection else [DisableIntrospection]),
        ],
        config=StrawberryConfig(scalar_map=SCALARS),
    )


def export_sdl() -> str:
    """Return the schema as SDL, as it is committed in graph/schema.graphql."""
    return build_schema().as_str() + "\n"
