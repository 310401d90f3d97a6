"""Arguments that several fields share, described once."""

from typing import Annotated

import strawberry

First = Annotated[
    int | None,
    strawberry.argument(description="How many from the beginning: 1 to 100, 20 unless given"),
]
After = Annotated[
    str | None,
    strawberry.argument(description="A cursor of this list: begin right after its item"),
]
Last = Annotated[int | None, strawberry.argument(description="How many from the end: 1 to 100")]
Before = Annotated[
    str | None,
    strawberry.argument(description="A cursor of this list: end right before its item"),
]
