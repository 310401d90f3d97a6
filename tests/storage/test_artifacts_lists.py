"""The files of a model: page by page, by status, and in the past."""

from collections.abc import Iterator
from itertools import pairwise

import httpx2
import pytest

from models.ids import ArtifactRef, artifact_node_id, parse_node_id
from tests.api.client import Answer, code, field
from tests.storage.depot import ARTIFACT_FIELDS, NODE, Depot, in_parts, requests_counted

LIST = f"""query (
  $id: ID!, $version: Int, $first: Int, $after: String, $statuses: [ArtifactStatus!]
) {{
  model(id: $id, version: $version) {{
    id artifacts(first: $first, after: $after, statuses: $statuses) {{
      nodes {{ ...ArtifactFields downloadUrl model {{ id }} }}
      edges {{ cursor node {{ id }} }}
      pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }}
    }}
  }}
}}{ARTIFACT_FIELDS}"""
AS_OF = """query ($id: ID!, $asOf: DateTime!) {
  model(id: $id, asOf: $asOf) { version artifacts { nodes { filename status } } }
}"""
STATUSES = ["PENDING", "VERIFYING", "AVAILABLE", "REJECTED", "DELETED"]


def page_of(depot: Depot, model_id: str, **arguments: object) -> Answer:
    page: Answer = depot.api.execute(LIST, id=model_id, **arguments)["model"]["artifacts"]
    return page


def pages(depot: Depot, model_id: str, first: int, **arguments: object) -> Iterator[Answer]:
    after = None
    while True:
        page = page_of(depot, model_id, first=first, after=after, **arguments)
        assert len(page["nodes"]) <= first
        assert page["pageInfo"]["hasPreviousPage"] is (after is not None)
        yield page
        if not page["pageInfo"]["hasNextPage"]:
            return
        after = page["pageInfo"]["endCursor"]


def names(page: Answer) -> list[str]:
    assert [edge["node"]["id"] for edge in page["edges"]] == [node["id"] for node in page["nodes"]]
    return [node["filename"] for node in page["nodes"]]


def walked(found: Iterator[Answer]) -> list[str]:
    return [name for page in found for name in names(page)]


@pytest.fixture(scope="module")
def mixed(depot: Depot) -> str:
    """Return a model with twelve files, of which every third is AVAILABLE, and others."""
    model_id = depot.user.new_model()
    for number in range(0, 12, 3):
        depot.available(model_id, filename=f"available {number}")
        depot.announced(model_id, b"abc", filename=f"pending {number + 1}")
        rejected = in_parts(b"abc") | {"sha256": "00" * 32}
        depot.complete(depot.sent(model_id, b"abc", filename=f"rejected {number + 2}", **rejected))
    return model_id


class TestPages:
    """Newest first, as many as asked for."""

    AVAILABLE = tuple(f"available {number}" for number in (9, 6, 3, 0))

    @pytest.mark.parametrize("first", [1, 2, 3, 4, 5, 100])
    def test_walk_every_available_file_once(self, depot: Depot, mixed: str, first: int) -> None:
        found = list(pages(depot, mixed, first))
        assert tuple(walked(iter(found))) == self.AVAILABLE
        assert all(len(page["nodes"]) == first for page in found[:-1])

    @pytest.mark.parametrize("first", [1, 5, 12, 13])
    def test_walk_every_file_where_every_status_counts(
        self, depot: Depot, mixed: str, first: int
    ) -> None:
        found = walked(pages(depot, mixed, first, statuses=STATUSES))
        assert [int(name.split()[1]) for name in found] == list(range(11, -1, -1))

    @pytest.mark.parametrize("status", ["PENDING", "REJECTED"])
    def test_show_one_status(self, depot: Depot, mixed: str, status: str) -> None:
        found = names(page_of(depot, mixed, statuses=[status]))
        assert len(found) == 4
        assert all(name.startswith(status.lower()) for name in found)

    def test_are_empty_where_no_status_counts(self, depot: Depot, mixed: str) -> None:
        page = page_of(depot, mixed, statuses=[])
        assert page["nodes"] == []
        assert not page["pageInfo"]["hasNextPage"]

    def test_are_empty_for_a_model_without_files(self, depot: Depot) -> None:
        page = page_of(depot, depot.user.new_model())
        assert page == {
            "nodes": [],
            "edges": [],
            "pageInfo": {
                "hasNextPage": False,
                "hasPreviousPage": False,
                "startCursor": None,
                "endCursor": None,
            },
        }

    def test_go_on_from_any_edge(self, depot: Depot, mixed: str) -> None:
        edges = page_of(depot, mixed)["edges"]
        for edge, following in pairwise(edges):
            page = page_of(depot, mixed, first=1, after=edge["cursor"])
            assert page["nodes"][0]["id"] == following["node"]["id"]

    def test_only_available_ones_have_a_link(self, depot: Depot, mixed: str) -> None:
        for node in page_of(depot, mixed, statuses=STATUSES)["nodes"]:
            assert (node["downloadUrl"] is not None) == (node["status"] == "AVAILABLE")
            assert (node["rejection"] is not None) == (node["status"] == "REJECTED")

    def test_one_request_reads_a_model_and_its_files(self, depot: Depot) -> None:
        model_id = depot.user.new_model()
        for _ in range(3):
            depot.available(model_id)
        query = "query ($id: ID!) { model(id: $id) { artifacts(first: 2) { nodes { id } } } }"
        with requests_counted() as sent:
            depot.api.execute(query, id=model_id)
        assert len(sent) == 1

    def test_one_request_reads_them_with_the_history(self, depot: Depot) -> None:
        model_id = depot.user.new_model()
        files = [depot.available(model_id, filename=f"file {number}") for number in range(4)]
        depot.delete(files[2]["id"])
        depot.announced(model_id, b"abc", filename="pending")
        both = """query ($id: ID!) { model(id: $id) {
          artifacts(first: 2) { nodes { filename } pageInfo { hasNextPage endCursor } }
          changeHistory(first: 3) { nodes { version action } pageInfo { hasNextPage } }
        } }"""
        with requests_counted() as sent:
            shown = depot.api.execute(both, id=model_id)["model"]
        assert len(sent) == 1
        assert [file["filename"] for file in shown["artifacts"]["nodes"]] == ["file 3", "file 1"]
        assert [entry["action"] for entry in shown["changeHistory"]["nodes"]] == [
            *("ARTIFACT_DELETE", "ARTIFACT_ADD", "ARTIFACT_ADD")
        ]
        assert shown["changeHistory"]["pageInfo"]["hasNextPage"]
        place = shown["artifacts"]["pageInfo"]
        assert place["hasNextPage"]
        assert names(page_of(depot, model_id, after=place["endCursor"])) == ["file 0"]

    @pytest.mark.parametrize("first", [0, -1, 101])
    def test_have_1_to_100_files(self, depot: Depot, mixed: str, first: int) -> None:
        error = depot.api.error(LIST, id=mixed, first=first)
        assert (code(error), field(error)) == ("BAD_USER_INPUT", ["first"])


class TestCursors:
    """A cursor is bound to its list."""

    def test_one_of_another_model_is_refused(self, depot: Depot, mixed: str) -> None:
        cursor = page_of(depot, mixed, first=1)["pageInfo"]["endCursor"]
        error = depot.api.error(LIST, id=depot.user.new_model(), after=cursor)
        assert (code(error), field(error)) == ("BAD_USER_INPUT", ["after"])

    @pytest.mark.parametrize("arguments", [{"statuses": ["PENDING"]}, {"version": 2}])
    def test_one_of_another_filter_or_version_is_refused(
        self, depot: Depot, mixed: str, arguments: dict[str, object]
    ) -> None:
        cursor = page_of(depot, mixed, first=1)["pageInfo"]["endCursor"]
        error = depot.api.error(LIST, id=mixed, after=cursor, **arguments)
        assert code(error) == "BAD_USER_INPUT"

    def test_the_order_of_the_statuses_makes_no_difference(self, depot: Depot, mixed: str) -> None:
        cursor = page_of(depot, mixed, first=1, statuses=STATUSES)["pageInfo"]["endCursor"]
        page = page_of(depot, mixed, first=1, statuses=STATUSES[::-1], after=cursor)
        assert len(page["nodes"]) == 1

    @pytest.mark.parametrize("after", ["", "x", "\ud800"])
    def test_what_is_none_is_refused(self, depot: Depot, mixed: str, after: str) -> None:
        assert code(depot.api.error(LIST, id=mixed, after=after)) == "BAD_USER_INPUT"


class TestPast:
    """A model's files as of a version: kept added at 2, gone at 3 and deleted at 4, late at 5."""

    @pytest.fixture
    def model_id(self, depot: Depot) -> str:
        model_id = depot.user.new_model()
        depot.available(model_id, filename="kept")
        gone = depot.available(model_id, filename="gone")
        depot.delete(gone["id"])
        depot.available(model_id, filename="late")
        depot.announced(model_id, b"abc", filename="pending")
        return model_id

    @pytest.mark.parametrize(
        ("version", "status"), [(3, None), (6, "AVAILABLE"), (7, "DELETED"), (8, None)]
    )
    def test_a_file_is_found_as_of_versions_that_were_made(
        self, depot: Depot, model_id: str, version: int, status: str | None
    ) -> None:
        ref = parse_node_id(depot.available(model_id, filename="latest")["id"])
        assert isinstance(ref, ArtifactRef)
        depot.delete(artifact_node_id(model_id, ref.artifact_id))
        asked = artifact_node_id(model_id, ref.artifact_id, version)
        query = "query ($id: ID!) { node(id: $id) { ... on Artifact { status } } }"
        node = depot.api.execute(query, id=asked)["node"]
        assert node == (status and {"status": status})

    @pytest.mark.parametrize(
        ("version", "expected"),
        [
            (1, []),
            (2, ["kept"]),
            (3, ["gone", "kept"]),
            (4, ["kept"]),
            (5, ["late", "kept"]),
            (None, ["late", "kept"]),
        ],
    )
    def test_shows_what_was_there(
        self, depot: Depot, model_id: str, version: int | None, expected: list[str]
    ) -> None:
        assert names(page_of(depot, model_id, version=version)) == expected

    def test_shows_what_was_deleted_since_as_it_was(self, depot: Depot, model_id: str) -> None:
        gone, kept = page_of(depot, model_id, version=3)["nodes"]
        assert (gone["status"], kept["status"]) == ("AVAILABLE", "AVAILABLE")
        assert httpx2.get(gone["downloadUrl"]).content == b"abc"

    def test_has_ids_of_its_own(self, depot: Depot, model_id: str) -> None:
        ids = [
            page_of(depot, model_id, version=version)["nodes"][-1]["id"]
            for version in (2, 3, 5, None)
        ]
        assert len(set(ids)) == 4

    def test_node_finds_each_as_it_was(self, depot: Depot, model_id: str) -> None:
        for version in (2, 3, 4, 5):
            for shown in page_of(depot, model_id, version=version)["nodes"]:
                node = depot.api.execute(NODE, id=shown["id"])["node"]
                assert node["model"] == {"id": f"{model_id}@{version}", "version": version}
                without_links = {"downloadUrl", "model"}
                assert {key: node[key] for key in node.keys() - without_links} == {
                    key: shown[key] for key in node.keys() - without_links
                }

    def test_names_its_model_as_of_then(self, depot: Depot, model_id: str) -> None:
        assert page_of(depot, model_id)["nodes"][0]["model"] == {"id": model_id}
        past = page_of(depot, model_id, version=3)["nodes"][0]
        assert past["model"] == {"id": f"{model_id}@3"}

    def test_can_show_what_was_deleted_then(self, depot: Depot, model_id: str) -> None:
        assert names(page_of(depot, model_id, version=3, statuses=["DELETED"])) == []
        assert names(page_of(depot, model_id, version=4, statuses=["DELETED"])) == ["gone"]

    def test_never_shows_what_makes_no_version(self, depot: Depot, model_id: str) -> None:
        assert "pending" not in names(page_of(depot, model_id, version=5, statuses=STATUSES))

    def test_walks_page_by_page(self, depot: Depot, model_id: str) -> None:
        assert walked(pages(depot, model_id, 1, version=3)) == ["gone", "kept"]

    def test_an_instant_shows_the_same_as_its_version(self, depot: Depot, model_id: str) -> None:
        query = """query ($id: ID!) {
          model(id: $id) { changeHistory { nodes { version timestamp } } }
        }"""
        history = depot.api.execute(query, id=model_id)["model"]["changeHistory"]["nodes"]
        for entry in history:
            then = depot.api.execute(AS_OF, id=model_id, asOf=entry["timestamp"])["model"]
            expected = names(page_of(depot, model_id, version=entry["version"]))
            assert then["version"] == entry["version"]
            assert [node["filename"] for node in then["artifacts"]["nodes"]] == expected

    def test_a_version_that_does_not_exist_has_no_file(self, depot: Depot, model_id: str) -> None:
        known = page_of(depot, model_id, version=5)["nodes"][0]["id"]
        assert depot.api.execute(NODE, id=f"{known}0") == {"node": None}


class TestDownloadUrl:
    """For how long a link is good."""

    QUERY = "query ($id: ID!, $for: Int) { node(id: $id) { ...on Artifact { downloadUrl(expiresIn: $for) } } }"  # noqa: E501  # one document

    @pytest.mark.parametrize(("given", "seconds"), [(1, 1), (3600, 3600), (None, 900)])
    def test_as_long_as_asked(
        self, depot: Depot, mixed: str, given: int | None, seconds: int
    ) -> None:
        artifact_id = page_of(depot, mixed)["nodes"][0]["id"]
        node = depot.api.execute(self.QUERY, id=artifact_id, **{"for": given})["node"]
        assert f"X-Amz-Expires={seconds}&" in node["downloadUrl"]

    @pytest.mark.parametrize("given", [0, -1, 3601])
    def test_an_hour_at_most(self, depot: Depot, mixed: str, given: int) -> None:
        artifact_id = page_of(depot, mixed)["nodes"][0]["id"]
        error = depot.api.error(self.QUERY, id=artifact_id, **{"for": given})
        assert (code(error), field(error)) == ("BAD_USER_INPUT", ["expiresIn"])
