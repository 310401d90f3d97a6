"""What others are compared with: graphql-core as it comes, with our types, on plain dicts."""

from pathlib import Path

from graphql import GraphQLSchema, build_schema

import graph


def stock_schema() -> GraphQLSchema:
    """Build the committed schema, whose fields take what is in a dict under their names."""
    sdl = Path(graph.__file__).with_name("schema.graphql")
    return build_schema(sdl.read_text(encoding="utf-8"))
