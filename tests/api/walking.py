"""Walking a list of models, page by page."""

from collections.abc import Iterator

from tests.api.client import Answer, Api

LIST = """query (
  $first: Int, $after: String, $last: Int, $before: String,
  $filter: ModelFilter, $orderBy: ModelOrder
) {
  models(
    first: $first, after: $after, last: $last, before: $before,
    filter: $filter, orderBy: $orderBy
  ) {
    nodes { id }
    edges { cursor node { id } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
  }
}"""


def ordered(order: tuple[str, str]) -> dict[str, str]:
    return {"field": order[0], "direction": order[1]}


def page_of(api: Api, **arguments: object) -> Answer:
    page: Answer = api.execute(LIST, **arguments)["models"]
    return page


def ids(page: Answer) -> list[str]:
    return [node["id"] for node in page["nodes"]]


def forward(api: Api, size: int, **arguments: object) -> Iterator[Answer]:
    """Walk a list from its beginning."""
    after = None
    while True:
        page = page_of(api, first=size, after=after, **arguments)
        yield page
        assert len(page["nodes"]) <= size
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def backward(api: Api, size: int, **arguments: object) -> Iterator[Answer]:
    """Walk a list from its end."""
    before = None
    while True:
        page = page_of(api, last=size, before=before, **arguments)
        yield page
        assert len(page["nodes"]) <= size
        assert page["pageInfo"]["hasNextPage"] is (before is not None)
        if not page["pageInfo"]["hasPreviousPage"]:
            return
        before = page["pageInfo"]["startCursor"]


def walked(pages: Iterator[Answer]) -> list[str]:
    return [model_id for page in pages for model_id in ids(page)]


def walked_back(pages: Iterator[Answer]) -> list[str]:
    return [model_id for page in pages for model_id in reversed(ids(page))][::-1]
