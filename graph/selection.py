"""What a query selects below a field, for reads that can be made together with it."""

from strawberry.types.nodes import FragmentSpread, InlineFragment, SelectedField, Selection

from graph.context import Info
from models.limits import PAGE_DEFAULT_ITEMS, PAGE_MAX_ITEMS


def requested_page_size(info: Info, connection: str) -> int | None:
    """Return how many items of a connection below this field are wanted from its beginning.

    None where that is not asked for, or with arguments that its own resolver has to refuse.
    """
    sizes = [
        _size(field)
        for root in info.selected_fields
        for field in _fields(root.selections)
        if field.name == connection and field.arguments.get("after") is None
    ]
    return max((size for size in sizes if 1 <= size <= PAGE_MAX_ITEMS), default=None)


def _size(field: SelectedField) -> int:
    first = field.arguments.get("first")
    return first if isinstance(first, int) else PAGE_DEFAULT_ITEMS


def _fields(selections: list[Selection]) -> list[SelectedField]:
    fields: list[SelectedField] = []
    for selection in selections:
        if isinstance(selection, SelectedField):
            fields.append(selection)
        elif isinstance(selection, InlineFragment | FragmentSpread):
            fields += _fields(selection.selections)
    return fields
