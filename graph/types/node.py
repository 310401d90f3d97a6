"""The Node interface."""

import strawberry


@strawberry.interface(description="Anything that can be fetched again by its id")
class Node:
    """What every object with an id implements."""

    id: strawberry.ID = strawberry.field(description="Opaque and immutable")
