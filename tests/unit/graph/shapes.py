"""A schema with a field of each kind that a plan knows or has to leave, and its objects."""

from enum import Enum, StrEnum
from random import Random
from typing import Any, Generic, NewType, TypeVar

import strawberry
from graphql.pyutils import Undefined
from strawberry.schema.config import StrawberryConfig

T = TypeVar("T")
Even = NewType("Even", int)
Anything = NewType("Anything", object)


@strawberry.enum
class Hue(Enum):
    """An enum whose values are no texts."""

    WARM = 1
    COLD = 2


@strawberry.enum
class Tone(StrEnum):
    """An enum whose members equal texts, other ones than their names."""

    DARK = "dark"
    LIGHT = "light"


def _serialize_even(value: Any) -> Any:  # noqa: ANN401  # what a scalar gets can be anything
    if value % 2:
        raise ValueError(f"{value} is odd")
    return None if value == 0 else str(value)


def _serialize_anything(value: object) -> object:
    return str(value) if isinstance(value, Exception) else value


class Denied(strawberry.BasePermission):
    """A permission, which makes an attribute more than plain."""

    message = "denied"

    def has_permission(self, source: Any, info: object, **_kwargs: object) -> bool:  # noqa: ANN401, ARG002
        """Deny those who have no name."""
        return bool(source.name)


@strawberry.interface
class Named:
    """An interface that objects are also fetched by."""

    id: strawberry.ID
    name: str


@strawberry.type
class Point:
    """A type without an interface, so that nothing tells its objects apart."""

    x: int
    y: float | None
    even: Even | None


@strawberry.type
class Edge(Generic[T]):
    """A generic type."""

    cursor: str
    node: T


@strawberry.type
class Page(Generic[T]):
    """Another, with a field that is computed."""

    nodes: list[T]
    start: Point | None

    @strawberry.field
    def edges(self) -> list[Edge[T]]:
        """Pair items with cursors."""
        return [Edge(cursor=str(index), node=node) for index, node in enumerate(self.nodes)]


@strawberry.type
class Figure(Named):
    """Everything else."""

    is_round: bool
    hue: Hue
    tone: Tone | None
    even: Even
    anything: Anything | None
    tags: list[str]
    marks: list[int | None] | None
    grid: list[list[Tone] | None]
    center: Point
    corners: list[Point | None]
    inside: "Figure | None"
    among: list["Figure"]
    page: "Page[Figure] | None"
    next: Named | None
    guarded: str = strawberry.field(permission_classes=[Denied])

    @strawberry.field
    def loud(self) -> str:
        """Fail for what is no text."""
        return self.name.upper()

    @strawberry.field
    def perhaps(self, default: str = "none") -> str | None:
        """Fail where it does not hurt."""
        return self.name.lower() if self.is_round else default.removeprefix(self.id)

    @strawberry.field
    def others(self) -> list["Figure | None"]:
        """Be computed, and have objects of plain fields."""
        return [*self.among]


@strawberry.type
class Query:
    """Where objects come in."""

    one: Figure | None
    must: Figure
    many: list[Figure]
    some: list[Figure | None] | None
    named: Named | None
    page: Page[Figure] | None
    points: list[list[Point]] | None


CONFIG = StrawberryConfig(
    scalar_map={
        Even: strawberry.scalar(name="Even", serialize=_serialize_even),
        Anything: strawberry.scalar(name="Anything", serialize=_serialize_anything),
    }
)
SCHEMA = strawberry.Schema(Query, config=CONFIG)


class Subfigure(Figure):
    """An object of a class that is not the type's own."""


class Text(str):
    """A text of a class that is not str."""

    __slots__ = ()


ABSENT = object()
"""For an attribute that cannot be read."""
ODDITIES: tuple[object, ...] = (
    *(None, Undefined, ABSENT, "text", Text("own"), "WARM", "dark", "", 0, 1, 2, 3, 2**31),
    *(-(2**31) - 1, True, 1.0, 0.5, float("nan"), float("inf"), [], [None], ["a", 1], ("a",)),
    *({}, {"a": None}, [[]], [["dark"]], Hue.COLD, Tone.DARK, ValueError("held"), object),
    Point(x=1, y=None, even=None),
)


_MARKS: tuple[list[int | None] | None, ...] = (None, [], [1, None], [2])


class Maker:
    """Makes objects by chance, which a seed repeats; some have an attribute that is odd.

    Args:
        odd: how likely an object is to have one.
    """

    def __init__(self, seed: int, odd: float) -> None:
        self._random = Random(seed)  # noqa: S311  # for tests
        self._odd = odd

    def root(self) -> Query:
        """Make the root of a query."""
        made = Query(
            one=self._maybe(self._figure),
            must=self._figure(),
            many=self._several(self._figure),
            some=self._maybe(self._several, self._figure_or_none),
            named=self._maybe(self._figure),
            page=self._maybe(self._page),
            points=[self._several(self._point), self._several(self._point)],
        )
        return self._spoilt(made, self._odd / 4)

    def _figure(self, depth: int = 2) -> Figure:
        pick, deeper = self._random.choice, depth - 1
        made = pick([Figure, Figure, Figure, Figure, Figure, Subfigure])(
            id=strawberry.ID(pick("12")),
            name=pick(["Ada", "Ida", ""]),
            is_round=pick([True, False]),
            hue=pick(list(Hue)),
            tone=pick([None, *Tone]),
            even=Even(pick([2, 4])),
            anything=Anything(pick([None, 1, "a", [1], {"a": [None]}])),
            tags=pick([[], ["a"], ["a", "b"]]),
            marks=pick(_MARKS),
            grid=pick([[], [None], [[Tone.DARK], [], [Tone.LIGHT, Tone.DARK]]]),
            center=self._point(),
            corners=self._several(lambda: self._maybe(self._point)),
            inside=self._maybe(self._figure, deeper) if depth else None,
            among=self._several(lambda: self._figure(deeper)) if depth else [],
            page=self._maybe(self._page, deeper) if depth else None,
            next=self._maybe(self._figure, deeper) if depth else None,
            guarded="secret",
        )
        return self._spoilt(made)

    def _figure_or_none(self) -> Figure | None:
        made: Figure | None = self._maybe(self._figure)
        return made

    def _page(self, depth: int = 2) -> Page[Figure]:
        nodes = self._several(lambda: self._figure(depth - 1)) if depth else []
        return self._spoilt(Page(nodes=nodes, start=self._maybe(self._point)))

    def _point(self) -> Point:
        pick = self._random.choice
        even = Even(pick([2, 4]))
        return self._spoilt(Point(x=pick([-1, 0, 1]), y=pick([None, 0.5]), even=pick([None, even])))

    def _maybe(self, make: Any, *arguments: Any) -> Any:  # noqa: ANN401  # any object
        return make(*arguments) if self._random.random() < 0.8 else None

    def _several(self, make: Any) -> list[Any]:  # noqa: ANN401  # any object
        return [make() for _ in range(self._random.randrange(4))]

    def _spoilt(self, made: T, odd: float | None = None) -> T:
        if self._random.random() < (self._odd if odd is None else odd):
            name = self._random.choice(sorted(vars(made)))
            oddity = self._random.choice(ODDITIES)
            if oddity is ABSENT:
                delattr(made, name)
            else:
                setattr(made, name, oddity)
        return made
