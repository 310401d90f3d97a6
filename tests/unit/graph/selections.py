"""Valid documents for any schema: fields, aliases, fragments, and directives with variables."""

from typing import Any

from graphql import GraphQLObjectType, GraphQLSchema, get_named_type, is_composite_type
from hypothesis import strategies as st

_VARIABLES = "query ($yes: Boolean! = true, $no: Boolean! = false)"
_DIRECTIVES = ("", "", "", " @include(if: $yes)", " @skip(if: $no)", " @skip(if: false)")


@st.composite
def documents(draw: st.DrawFn, schema: GraphQLSchema) -> str:
    """Draw a document, of which some have no directive."""
    assert schema.query_type
    writer = _Writer(draw, schema, draw(st.sampled_from([_DIRECTIVES, ("",)])))
    body = writer.selection(schema.query_type, 4)
    fragments = " ".join(writer.fragments)
    if writer.directives is _DIRECTIVES:
        body = f"used: __typename @skip(if: $no) @include(if: $yes) {body}"
        return f"{_VARIABLES} {{ {body} }} {fragments}"
    return f"{{ {body} }} {fragments}"


class _Writer:
    """Writes selections. A response name belongs to one field, so that all of them merge."""

    def __init__(self, draw: st.DrawFn, schema: GraphQLSchema, directives: tuple[str, ...]) -> None:
        self._draw = draw
        self._schema = schema
        self.directives = directives
        self.fragments: list[str] = []

    def selection(self, type_: Any, depth: int) -> str:  # noqa: ANN401  # graphql-core's types
        """Draw what is selected of a type."""
        size = self._draw(st.integers(1, 5 if depth else 3))
        return " ".join(self._part(type_, depth) for _ in range(size))

    def _part(self, type_: Any, depth: int) -> str:  # noqa: ANN401  # graphql-core's types
        directive = self._draw(st.sampled_from(self.directives))
        kind = self._draw(st.sampled_from(["field"] * 7 + ["inline", "typed", "spread"]))
        if kind == "field" or not depth:
            return self._field(type_, depth, directive)
        if kind == "inline":
            return f"...{directive} {{ {self.selection(type_, depth - 1)} }}"
        narrowed = self._draw(st.sampled_from(self._overlapping(type_)))
        body = self.selection(narrowed, depth - 1)
        if kind == "typed":
            return f"... on {narrowed.name}{directive} {{ {body} }}"
        name = f"F{len(self.fragments)}"
        self.fragments.append(f"fragment {name} on {narrowed.name} {{ {body} }}")
        return f"...{name}{directive}"

    def _field(self, type_: Any, depth: int, directive: str) -> str:  # noqa: ANN401
        choices = [
            "__typename",
            *(
                name
                for name, field in type_.fields.items()
                if depth or not is_composite_type(get_named_type(field.type))
            ),
        ]
        name = self._draw(st.sampled_from(choices))
        alias = self._draw(st.sampled_from(["", "", "", f"a_{name}: ", f"b_{name}: "]))
        field = type_.fields.get(name)
        below = get_named_type(field.type) if field else None
        if not is_composite_type(below):
            return f"{alias}{name}{directive}"
        return f"{alias}{name}{directive} {{ {self.selection(below, depth - 1)} }}"

    def _overlapping(self, type_: Any) -> list[Any]:  # noqa: ANN401  # graphql-core's types
        if isinstance(type_, GraphQLObjectType):
            return [type_, *type_.interfaces]
        return [type_, *self._schema.get_possible_types(type_)]
