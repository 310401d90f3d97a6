"""What plans answer, held to graphql-core's own executor: answers, errors and their order."""

from collections.abc import Callable
from typing import Any, cast

import pytest
import strawberry
from graphql import (
    DocumentNode,
    ExecutionResult,
    Executor,
    GraphQLError,
    GraphQLSchema,
    execute,
    parse,
    validate,
)
from hypothesis import given
from hypothesis import strategies as st
from strawberry.execution import optimized_is_awaitable
from strawberry.extensions import SchemaExtension
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from graph.projection import ProjectingExecutor, share_plans
from graph.projection.executor import _PLANS, Plans
from tests.unit.graph import shapes
from tests.unit.graph.selections import documents
from tests.unit.graph.shapes import (
    Even,
    Figure,
    Hue,
    Maker,
    Page,
    Point,
    Query,
    Subfigure,
    Text,
    Tone,
)

STOCK = StrawberryGraphQLCoreExecutionContext
SCHEMA: GraphQLSchema = shapes.SCHEMA._schema


def figure(**changed: Any) -> Figure:  # noqa: ANN401  # any attribute
    plain: dict[str, Any] = {
        "id": "1",
        "name": "Ada",
        "is_round": True,
        "hue": Hue.COLD,
        "tone": Tone.DARK,
        "even": Even(2),
        "anything": {"a": 1},
        "tags": ["a"],
        "marks": [1, None],
        "grid": [[Tone.LIGHT], None],
        "center": Point(x=1, y=0.5, even=None),
        "corners": [None, Point(x=2, y=None, even=Even(4))],
        "inside": None,
        "among": [],
        "page": None,
        "next": None,
        "guarded": "secret",
    }
    return Figure(**plain | changed)


def root_of(*figures: Figure) -> Query:
    return Query(
        one=figures[0],
        must=figures[0],
        many=[*figures],
        some=[None, *figures],
        named=figures[0],
        page=Page(nodes=[*figures], start=Point(x=1, y=1.0, even=None)),
        points=None,
    )


ROOT = root_of(figure(), figure(inside=figure(among=[figure(), figure(name="Ida")])))


class Counting(ProjectingExecutor):
    """Counts the fields that graphql-core resolves and completes."""

    resolved: list[str]

    def __init__(self, *arguments: Any, **options: Any) -> None:  # noqa: ANN401  # graphql-core's
        super().__init__(*arguments, **options)
        self.resolved = self.context_value

    def execute_field(self, *arguments: Any) -> Any:  # noqa: ANN401  # graphql-core's
        """Note the field's path."""
        self.resolved.append(".".join(str(key) for key in arguments[3].as_list()))
        return super().execute_field(*arguments)


def run(
    executor: type[Executor[Any]],
    document: DocumentNode,
    root: Query,
    variables: dict[str, bool] | None = None,
    context: object = None,
    operation_name: str | None = None,
) -> ExecutionResult:
    result = execute(
        SCHEMA,
        document,
        root_value=root,
        context_value=context,
        variable_values=variables,
        operation_name=operation_name,
        executor_class=executor,
        is_awaitable=cast("Any", optimized_is_awaitable),
    )
    assert isinstance(result, ExecutionResult)
    return result


def told(result: ExecutionResult) -> tuple[str, list[Any]]:
    """Return all that can be told of a result; keys in their order, 1 apart from 1.0 and True."""
    errors: list[GraphQLError] = result.errors or []
    return repr(result.data), [
        (error.message, error.path, error.locations, type(error.original_error)) for error in errors
    ]


def resolved_for(query: str, root: Query, **variables: bool) -> list[str]:
    """Return which fields graphql-core resolved, after checking that the answer is its own."""
    document = parse(query)
    assert not validate(SCHEMA, document)
    resolved: list[str] = []
    ours = run(Counting, document, root, variables, resolved)
    stock = run(STOCK, document, root, variables)
    assert told(ours) == told(stock)
    return resolved


@given(
    document=documents(SCHEMA),
    seed=st.integers(0, 2**32),
    odd=st.sampled_from([0, 0.02, 0.2]),
    flags=st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=3),
)
def test_answers_and_errors_are_those_of_the_stock_executor(
    document: str, seed: int, odd: float, flags: list[tuple[bool, bool]]
) -> None:
    parsed, root = parse(document), Maker(seed, odd).root()
    assert not validate(SCHEMA, parsed), document
    for yes, no in flags:
        variables = {"yes": yes, "no": no}
        ours = run(ProjectingExecutor, parsed, root, variables)
        assert told(ours) == told(run(STOCK, parsed, root, variables))


class TestWhatIsPlanned:
    """What graphql-core does not resolve, so that the property above compares two ways."""

    def test_a_list_of_plain_objects(self) -> None:
        query = """{ many {
          __typename also: name id isRound hue tone even anything tags marks grid
          center { x y } corners { even } inside { among { name } } ...Named ... { guarded: id }
        } } fragment Named on Named { name }"""
        assert resolved_for(query, ROOT) == ["many"]

    def test_an_object(self) -> None:
        assert resolved_for("{ one { name inside { name } } }", ROOT) == ["one"]

    def test_an_object_of_an_interface(self) -> None:
        assert resolved_for("{ named { name ... on Figure { hue } } }", ROOT) == ["named"]

    def test_a_generic_page(self) -> None:
        assert resolved_for("{ page { nodes { name } start { x } } }", ROOT) == ["page"]

    def test_plain_fields_beside_those_that_have_to_be_resolved(self) -> None:
        query = "{ page { start { x } edges { cursor node { name } } nodes { name loud id } } }"
        paths = ["page", "page.edges", "page.nodes", "page.nodes.0.loud", "page.nodes.1.loud"]
        assert resolved_for(query, ROOT) == paths

    def test_a_fragment_in_two_places_with_more_beside_it_in_one(self) -> None:
        query = """{ page { ...Nodes } more: page { ...Nodes nodes { id } } }
        fragment Nodes on FigurePage { nodes { name loud } }"""
        assert "more.nodes.0.loud" in resolved_for(query, ROOT)

    def test_as_variables_say(self) -> None:
        query = "query ($loud: Boolean!) { many { name loud @include(if: $loud) } }"
        document = parse(query)
        for loud, paths in (True, ["many", "many.0.loud", "many.1.loud"]), (False, ["many"]):
            resolved: list[str] = []
            run(Counting, document, ROOT, {"loud": loud}, resolved)
            assert resolved == paths


class TestWhatIsNotPlanned:
    """What graphql-core resolves, and completes from the start."""

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            *(("name", None), ("name", 1), ("name", Text("own")), ("name", ValueError("held"))),
            *(("id", 2), ("hue", "WARM"), ("tone", "dark"), ("even", 0), ("even", 3)),
            *(("marks", (1,)), ("marks", [2**31]), ("marks", [-(2**31) - 1]), ("marks", [True])),
            *(
                ("tags", [None]),
                ("anything", ValueError("held")),
                ("center", None),
                ("center", Hue.COLD),
            ),
            *(("center", Point(x=1, y=y, even=None)) for y in (1, float("nan"), float("inf"))),
        ],
    )
    def test_a_list_with_an_odd_object(self, field: str, value: object) -> None:
        query = "{ many { name id hue tone even marks tags anything center { y } } }"
        root = root_of(figure(), figure(**{field: value}))
        assert f"many.1.{field}" in resolved_for(query, root)

    def test_an_object_of_another_class(self) -> None:
        made = vars(figure())
        assert "one.name" in resolved_for("{ one { name } }", root_of(Subfigure(**made)))

    def test_a_field_with_a_permission(self) -> None:
        assert resolved_for("{ one { guarded name } }", ROOT) == ["one", "one.guarded"]

    def test_anything_beside_a_middleware(self) -> None:
        class Shouting(SchemaExtension):
            def resolve(
                self,
                _next: Callable[..., object],
                root: object,
                info: Any,  # noqa: ANN401  # strawberry passes graphql-core's
                *_: str,
                **kwargs: object,
            ) -> object:
                found = _next(root, info, **kwargs)
                return found.upper() if isinstance(found, str) else found

        schema = strawberry.Schema(
            Query,
            config=shapes.CONFIG,
            extensions=[Shouting],
            execution_context_class=ProjectingExecutor,
        )
        assert schema.execute_sync("{ one { name } }", root_value=ROOT).data == {
            "one": {"name": "ADA"}
        }


class TestMemory:
    """How long plans are kept, and how many."""

    def test_as_long_as_their_document_and_once_for_all_its_operations(self) -> None:
        spread = "{ many { ...Figure } } "
        document = parse(
            f"query a {spread} query b {spread} fragment Figure on Figure {{ name center {{ x }} }}"
        )
        share_plans(document)
        for name in ("a", "b", "a"):
            run(ProjectingExecutor, document, ROOT, operation_name=name)
        one, other = (vars(node)[_PLANS] for node in document.definitions[:2])
        assert one is other
        assert len(one) == 2  # each operation has a node of its own for its list

    def test_for_one_execution_where_nobody_shares_them(self) -> None:
        document = parse("{ many { name } }")
        run(ProjectingExecutor, document, ROOT)
        assert _PLANS not in vars(document.definitions[0])

    def test_no_more_than_there_is_room_for(self) -> None:
        plans = Plans(room=5)
        for number in range(10):
            plans.keep((number,), None, [], columns=1)
        assert len(plans) == 2
        assert plans.get((1,)) == (None, [])
        assert plans.get((2,)) is None
