"""How large a query may be. docs/API.md states the same figures."""

from collections.abc import Iterator

from graphql import (
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    validate,
)
from graphql.validation import ASTValidationRule
from graphql.validation.rules import overlapping_fields_can_be_merged
from strawberry.extensions import SchemaExtension

from graph.context import Context
from graph.documents import Execution
from graph.errors import ErrorCode, RequestError
from graph.measure import Size
from models.limits import INTEGER_MAX_DIGITS

MAX_CHARACTERS = 100_000
"""Of a query, whose long texts belong into variables: reading more takes longer than 100 ms."""
MAX_TOKENS = 2_000
MAX_DEPTH = 12
MAX_ALIASES = 30
MAX_DIRECTIVES = 10
MAX_NODES = 5_000
MAX_VALUES = 100_000
"""In the variables, counted at each use: every use looks at all of them."""
MAX_VALIDATION_ERRORS = 5
"""Told at once. Each quotes what it objects to, which can be most of the query."""
MAX_FIELD_COMPARISONS = 20_000
"""Of fields that answer under one name, which must not contradict each other: all with all."""
_ABORTED = "Validation aborted."
"""What graphql-core says alone where it stopped comparing fields."""
_LARGEST_TOLD = 2**53 - 1
"""What every JSON reader can hold; a query can ask for much more."""

overlapping_fields_can_be_merged.MAX_COMPLEXITY_BUDGET = MAX_FIELD_COMPARISONS


class Limits(SchemaExtension):
    """Refuses what is too large, before it is validated and before anything of it runs."""

    execution_context: Execution

    def on_operation(self) -> Iterator[None]:
        """Bound the parser: it stops at the token after the last that is allowed.

        Raises:
            RequestError: the query is too long to be looked at.
        """
        execution = self.execution_context
        length = len(execution.query or "")
        if length > MAX_CHARACTERS:
            raise _excess("characters", length, MAX_CHARACTERS)
        execution.parse_options["max_tokens"] = MAX_TOKENS
        yield

    def on_validate(self) -> Iterator[None]:
        """Measure the query, then validate it, unless the same text was valid before."""
        execution = self.execution_context
        document = execution.document
        if document is not None:
            context: Context = execution.context
            size = document.size(context.operation_name, execution.variables or {})
            context.complexity.requested = min(size.nodes, _LARGEST_TOLD)
            errors = [*_ambiguities(document.node, context.operation_name), *_excesses(size)]
            if not errors and not document.is_valid:
                errors = _validate(
                    execution.schema._schema,  # noqa: SLF001  # strawberry's own caches read it too
                    document.node,
                    execution.validation_rules,
                )
                document.is_valid = not errors
            execution.pre_execution_errors = errors
        yield


def _ambiguities(document: DocumentNode, operation_name: str | None) -> Iterator[GraphQLError]:
    """Refuse to guess an operation, as strawberry would: the first."""
    operations = [
        node for node in document.definitions if isinstance(node, OperationDefinitionNode)
    ]
    if operation_name is None and len(operations) > 1:
        yield RequestError(
            ErrorCode.BAD_USER_INPUT,
            "the document has several operations: say which with operationName",
            ["operationName"],
        )


def _excesses(size: Size) -> Iterator[GraphQLError]:
    limits = (
        ("levels", size.depth, MAX_DEPTH),
        ("aliases", size.aliases, MAX_ALIASES),
        ("directives", size.directives, MAX_DIRECTIVES),
        ("nodes", size.nodes, MAX_NODES),
        ("values in variables", size.values, MAX_VALUES),
    )
    for what, found, allowed in limits:
        if found > allowed:
            yield _excess(what, min(found, _LARGEST_TOLD), allowed)


def _excess(what: str, found: int, allowed: int) -> RequestError:
    return RequestError(
        ErrorCode.QUERY_TOO_COMPLEX, f"the query has {found} {what}; {allowed} are allowed"
    )


def _validate(
    schema: GraphQLSchema, document: DocumentNode, rules: tuple[type[ASTValidationRule], ...]
) -> list[GraphQLError]:
    try:
        errors = validate(
            schema, document, rules, max_errors=MAX_VALIDATION_ERRORS, hide_suggestions=True
        )
    except RecursionError:
        return [RequestError(ErrorCode.QUERY_TOO_COMPLEX, "the query is nested too deep")]
    for error in errors:
        error.extensions = {"code": ErrorCode.GRAPHQL_VALIDATION_FAILED.value}
        if isinstance(error.original_error, ValueError):  # Python's, about its own switch
            error.message = f"the query holds a number of over {INTEGER_MAX_DIGITS} digits"
    if [error.message for error in errors] == [_ABORTED]:
        message = f"the query compares over {MAX_FIELD_COMPARISONS} fields of one name"
        return [RequestError(ErrorCode.QUERY_TOO_COMPLEX, message)]
    return errors
