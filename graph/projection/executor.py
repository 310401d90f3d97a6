"""graphql-core's executor, but for objects that a plan answers."""

from typing import Any, TypeAlias

from graphql import (
    DocumentNode,
    GraphQLList,
    GraphQLObjectType,
    GraphQLResolveInfo,
    OperationDefinitionNode,
    get_nullable_type,
)
from graphql.execution.collect_fields import FieldDetailsList
from graphql.pyutils import Path
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from graph.projection.plan import Plan, Planner

_PLANS = "_plans_of_projection"
_ROOM_ALONE = 2_000
"""For columns of one execution."""
_Key: TypeAlias = tuple[object, ...]


class Plans:
    """The plans of a document, by type and nodes; all its operations have them in common.

    Args:
        room: for as many columns: a document's tokens, so that plans weigh no more than it does.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._kept: dict[_Key, tuple[Plan | None, FieldDetailsList]] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: _Key) -> tuple[Plan | None, FieldDetailsList] | None:
        """Return the plan of a selection, if one was made: None in its place where none can be."""
        return self._kept.get(key)

    def keep(self, key: _Key, plan: Plan | None, below: FieldDetailsList, columns: int) -> None:
        """Keep a plan if there is room, with its nodes: no other one may get the id of one."""
        if columns < self._room:
            self._room -= columns + 1
            self._kept[key] = (plan, below)


def share_plans(document: DocumentNode) -> None:
    """Let all operations of a document keep their plans in one place, as long as it is kept."""
    plans = Plans(document.token_count)
    for definition in document.definitions:
        if isinstance(definition, OperationDefinitionNode):
            vars(definition)[_PLANS] = plans


class ProjectingExecutor(StrawberryGraphQLCoreExecutionContext):
    """Executes one operation.

    Plans are kept with the document, if it is to share them (`share_plans`). Where directives let
    selections depend on variables, they serve one execution.
    """

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401  # graphql-core's
        super().__init__(*arguments, **options)
        location = self.operation.loc
        is_fixed = location is not None and "@" not in location.source.body
        shared = vars(self.operation).get(_PLANS) if is_fixed else None
        self._plans: Plans = Plans(_ROOM_ALONE) if shared is None else shared
        manager = self.middleware_manager
        self._may_plan = manager is None or not manager.middlewares

    def complete_list_value(
        self,
        return_type: GraphQLList[Any],
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,  # noqa: ANN401  # graphql-core's
        position_context: Any,  # noqa: ANN401  # graphql-core's
    ) -> Any:  # noqa: ANN401  # graphql-core's
        """Answer a list of objects by their plan, if all their fields are plain."""
        item = get_nullable_type(return_type.of_type)
        if isinstance(item, GraphQLObjectType) and type(result) is list:
            plan = self._plan(item, field_details_list)
            if plan is not None and not plan.resolved:
                answers = _answers(plan, result)
                if answers is not None:
                    return answers
        return super().complete_list_value(
            return_type, field_details_list, info, path, result, position_context
        )

    def complete_object_value(
        self,
        return_type: GraphQLObjectType,
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,  # noqa: ANN401  # graphql-core's
        position_context: Any,  # noqa: ANN401  # graphql-core's
    ) -> Any:  # noqa: ANN401  # graphql-core's
        """Answer an object's plain fields by its plan, and have the others resolved."""
        plan = self._plan(return_type, field_details_list)
        answers = None if plan is None else _answers(plan, [result])
        if plan is None or answers is None:
            return super().complete_object_value(
                return_type, field_details_list, info, path, result, position_context
            )
        (plain,) = answers
        if not plan.resolved:
            return plain
        resolved: Any = self.execute_fields(
            return_type, result, path, plan.resolved, position_context
        )
        if not self.is_awaitable(resolved):
            return plan.blank | plain | resolved

        async def answer() -> dict[str, Any]:
            others: dict[str, Any] = await resolved
            return plan.blank | plain | others

        return answer()

    def _plan(self, type_: GraphQLObjectType, below: FieldDetailsList) -> Plan | None:
        key = (type_, *[id(details.node) for details in below])
        found = self._plans.get(key)
        if found is not None:
            return found[0]
        plan, planner = None, Planner(self.schema, self.collect_subfields)
        if self._may_plan:
            plan = planner.plan(type_, below)
        self._plans.keep(key, plan, below, planner.columns)
        return plan


def _answers(plan: Plan, objects: list[Any]) -> list[dict[str, Any]] | None:
    """Return answers, or None where graphql-core has to say what is wrong with an object."""
    try:
        return plan.answers(objects)
    except Exception:  # noqa: BLE001  # an attribute can raise anything, and will again
        return None
