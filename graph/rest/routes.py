"""The table of routes. What is answered, what is documented and what is tested come from it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from functools import cached_property
from http import HTTPStatus
from typing import Any, cast

from graphql import DocumentNode, FieldNode, OperationDefinitionNode, parse

from graph.rest import documents
from graph.rest.revision import REVISION, with_revision

Given = dict[str, Any]


class Body(Enum):
    """Whether parameters may come in a JSON body."""

    NONE = auto()
    REQUIRED = auto()
    OPTIONAL = auto()
    """They may come in the query string as well."""


@dataclass(frozen=True, eq=False)
class Operation:
    """A document, and how its answer is shown.

    Attributes:
        document: of one operation with one root field.
        summary: what it does, for the documentation.
        subject: the field of a mutation's payload that is shown, with the others inside it.
        missing: what is not there where the answer is null.
        status: of a success.
        may_be_under_way: whether what is shown may not have ended yet, which is a 202.
        extra: parameters that the document does not have, with their descriptions.
        prepare: makes the document's parameters of those that were given.
    """

    document: str
    summary: str
    subject: str | None = None
    missing: str = ""
    status: HTTPStatus = HTTPStatus.OK
    may_be_under_way: bool = False
    extra: Mapping[str, str] | None = None
    prepare: Callable[[Given], Given] = lambda given: given

    @cached_property
    def parsed(self) -> DocumentNode:
        """Return the document, parsed where it is first needed."""
        return parse(self.document)

    @property
    def definition(self) -> OperationDefinitionNode:
        """Return the document's operation."""
        (found,) = (
            node for node in self.parsed.definitions if isinstance(node, OperationDefinitionNode)
        )
        return found

    @property
    def name(self) -> str:
        """Return the name of the document's operation."""
        return self.definition.name.value if self.definition.name else ""

    @property
    def root(self) -> FieldNode:
        """Return the document's root field."""
        (field,) = self.definition.selection_set.selections
        return cast("FieldNode", field)


@dataclass(frozen=True)
class Route:
    """What a method does at a path.

    Attributes:
        by_id: the operation, of one thing where `others` is of all.
        others: the operation where no `id` is given.
    """

    method: str
    path: str
    by_id: Operation
    others: Operation | None = None
    body: Body = Body.NONE

    @property
    def operations(self) -> tuple[Operation, ...]:
        """Return all operations of the route."""
        return (self.by_id, self.others) if self.others else (self.by_id,)

    def chosen(self, has_id: bool) -> Operation:  # it is the whole question
        """Return the operation for a request with or without an id."""
        return self.by_id if has_id or self.others is None else self.others


_CREATE = Operation(
    documents.CREATE_MODEL, "Register a model", subject="model", status=HTTPStatus.CREATED
)
_READ = Operation(documents.READ_MODEL, "Read one model, with its newest changes", missing="model")
_LIST = Operation(documents.LIST_MODELS, "List models, the newest change first")
_UPDATE = Operation(documents.UPDATE_MODEL, "Change the fields that are given", subject="model")
_DELETE = Operation(
    documents.DELETE_MODEL,
    "Delete a model softly: the record and its history stay readable",
    subject="model",
)
_RESTORE = Operation(documents.RESTORE_MODEL, "Make a DELETED model ACTIVE again", subject="model")
_EVALUATE = Operation(
    documents.EVALUATE_MODEL,
    "Score the model behind a URL, registering it first where it is new",
    subject="evaluation",
    may_be_under_way=True,
    extra=REVISION,
    prepare=with_revision,
)
_POLL = Operation(
    documents.READ_EVALUATION,
    "Read an evaluation, as far as it has come",
    missing="evaluation",
    may_be_under_way=True,
)

ROUTES = (
    Route("POST", "/models", _CREATE, body=Body.REQUIRED),
    Route("GET", "/models", _READ, others=_LIST),
    Route("PUT", "/models", _UPDATE, body=Body.REQUIRED),
    Route("DELETE", "/models", _DELETE, body=Body.OPTIONAL),
    Route("POST", "/models/restore", _RESTORE, body=Body.REQUIRED),
    Route("POST", "/evaluate", _EVALUATE, body=Body.REQUIRED),
    Route("GET", "/evaluate", _POLL),
)
"""A parameter goes by its GraphQL name, in snake case."""
METHODS = tuple(sorted({route.method for route in ROUTES}))
