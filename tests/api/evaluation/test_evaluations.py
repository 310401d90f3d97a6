"""Evaluations of a model: the newest, the list, and what a version of the past has."""

import base64

import pytest

from tests.api.client import Answer, Api, code, field
from tests.api.evaluation.bench import Bench
from tests.api.evaluation.documents import EVALUATION, EVALUATIONS
from tests.api.evaluation.evaluator import Evaluator
from tests.api.evaluation.hub_shelf import MODEL, sha_of
from tests.api.registry import User
from tests.api.walking import ids, ordered, page_of

NO_MODEL = "00000000-0000-7000-8000-000000000000"
SUMMARY = "query ($id: ID!) { model(id: $id) { netScore latestEvaluation { id } } }"


def model_of(api: Api, model_id: str, **arguments: object) -> Answer:
    model: Answer = api.execute(EVALUATIONS, id=model_id, **arguments)["model"]
    return model


@pytest.fixture
def evaluated(evaluator: Evaluator, bench: Bench) -> list[Answer]:
    """Three evaluations of one model, at versions 2, 3 and 4, each of another revision."""
    made = []
    for revision in ("first", "second", "third"):
        bench.shelf.change("models", MODEL, sha=sha_of(revision))
        made.append(evaluator.evaluated())
    assert [evaluation["addedInVersion"] for evaluation in made] == [2, 3, 4]
    assert len({evaluation["model"]["id"] for evaluation in made}) == 1
    return made


def now(evaluation: Answer) -> Answer:
    """Return an evaluation as its model of now shows it: that has had four versions."""
    return evaluation | {"model": evaluation["model"] | {"version": 4}}


def then(evaluation: Answer, version: int) -> Answer:
    """Return what an evaluation is as of a version of its model, under whatever id."""
    model_id = evaluation["model"]["id"]
    past = {"id": f"{model_id}@{version}", "version": version}
    return {key: value for key, value in evaluation.items() if key != "id"} | {"model": past}


def without_id(evaluation: Answer) -> Answer:
    return {key: value for key, value in evaluation.items() if key != "id"}


class TestLatestEvaluation:
    """Model.latestEvaluation and Model.netScore."""

    def test_is_the_newest_one_whole(self, api: Api, evaluated: list[Answer]) -> None:
        model = model_of(api, evaluated[0]["model"]["id"])
        assert model["latestEvaluation"] == now(evaluated[2])
        assert model["netScore"] == evaluated[2]["netScore"]

    def test_is_null_for_a_model_that_was_never_evaluated(self, api: Api, user: User) -> None:
        model = model_of(api, user.new_model())
        assert (model["latestEvaluation"], model["netScore"]) == (None, None)
        assert model["evaluations"] == {
            "nodes": [],
            "edges": [],
            "pageInfo": {
                "hasNextPage": False,
                "hasPreviousPage": False,
                "startCursor": None,
                "endCursor": None,
            },
        }

    def test_stays_where_a_later_one_fails(
        self, api: Api, evaluator: Evaluator, bench: Bench
    ) -> None:
        first = evaluator.evaluated()
        model_id = first["model"]["id"]
        before = api.execute(SUMMARY, id=model_id)
        bench.shelf.change("models", MODEL, disabled=True)
        assert evaluator.send()["evaluation"]["failure"]["code"] == "UPSTREAM_FORBIDDEN"
        assert api.execute(SUMMARY, id=model_id) == before

    def test_survives_other_changes(self, api: Api, evaluator: Evaluator, user: User) -> None:
        first = evaluator.evaluated()
        model_id = first["model"]["id"]
        before = api.execute(SUMMARY, id=model_id)
        user.update(model_id, name="another", license="mit")
        user.delete(model_id)
        user.restore(model_id)
        assert api.execute(SUMMARY, id=model_id) == before
        expected = ["CREATE", "EVALUATE", "UPDATE", "DELETE", "RESTORE"]
        assert evaluator.history(model_id) == expected

    def test_is_the_one_that_was_asked_for_last(
        self, api: Api, evaluator: Evaluator, bench: Bench, user: User
    ) -> None:
        model_id = user.new_model()
        first = evaluator.queued(modelId=model_id)
        last = evaluator.queued("hf://acme/other", modelId=model_id)
        bench.shelf.add_model("acme/other", card=None)
        for node_id in (last, first):
            bench.worker.run(_job_of(bench, node_id, evaluator))
        model = model_of(api, model_id)
        assert model["latestEvaluation"]["id"] == last
        assert model["netScore"] == evaluator.node(last)["netScore"]
        assert [node["id"] for node in model["evaluations"]["nodes"]] == [last, first]
        assert evaluator.history(model_id) == ["CREATE", "EVALUATE", "EVALUATE"]


def _job_of(bench: Bench, node_id: str, evaluator: Evaluator) -> str:
    url = evaluator.node(node_id)["url"]
    found = bench.services.evaluation_reader.evaluations(bench.open_jobs())
    return next(record.id for record in found.values() if record.request.url == url)


class TestEvaluations:
    """Model.evaluations."""

    def test_lists_the_newest_first(self, api: Api, evaluated: list[Answer]) -> None:
        listed = model_of(api, evaluated[0]["model"]["id"])["evaluations"]
        assert listed["nodes"] == [now(evaluation) for evaluation in reversed(evaluated)]
        assert [edge["node"]["id"] for edge in listed["edges"]] == [
            node["id"] for node in listed["nodes"]
        ]

    def test_comes_in_pages(self, api: Api, evaluated: list[Answer]) -> None:
        model_id = evaluated[0]["model"]["id"]
        first = model_of(api, model_id, first=2)["evaluations"]
        assert [node["addedInVersion"] for node in first["nodes"]] == [4, 3]
        cursors = [edge["cursor"] for edge in first["edges"]]
        assert first["pageInfo"] == {
            "hasNextPage": True,
            "hasPreviousPage": False,
            "startCursor": cursors[0],
            "endCursor": cursors[1],
        }
        rest = model_of(api, model_id, first=2, after=cursors[1])["evaluations"]
        assert [node["addedInVersion"] for node in rest["nodes"]] == [2]
        assert rest["pageInfo"]["hasNextPage"] is False
        assert rest["pageInfo"]["hasPreviousPage"] is True
        middle = model_of(api, model_id, after=cursors[0])["evaluations"]
        assert [node["addedInVersion"] for node in middle["nodes"]] == [3, 2]

    def test_leaves_out_what_is_queued_or_failed(
        self, api: Api, evaluator: Evaluator, bench: Bench
    ) -> None:
        evaluation = evaluator.evaluated()
        bench.shelf.clear()
        evaluator.send()
        evaluator.queued()
        listed = model_of(api, evaluation["model"]["id"])["evaluations"]["nodes"]
        assert [node["id"] for node in listed] == [evaluation["id"]]

    def test_refuses_a_page_of_no_size(self, api: Api, user: User) -> None:
        model_id = user.new_model()
        for first in (0, -1, 101):
            error = api.error(EVALUATIONS, id=model_id, first=first)
            assert (code(error), field(error)) == ("BAD_USER_INPUT", ["first"])

    def test_refuses_a_cursor_of_another_list(self, api: Api, evaluated: list[Answer]) -> None:
        model_id = evaluated[0]["model"]["id"]
        cursor = model_of(api, model_id)["evaluations"]["pageInfo"]["endCursor"]
        changes = api.execute(
            "query ($id: ID!) { model(id: $id) { changeHistory { pageInfo { endCursor } } } }",
            id=model_id,
        )["model"]["changeHistory"]["pageInfo"]["endCursor"]
        for after, version in ((changes, None), (cursor[:-2], None), (cursor, 3), ("x", None)):
            error = api.error(EVALUATIONS, id=model_id, after=after, version=version)
            assert (code(error), field(error)) == ("BAD_USER_INPUT", ["after"])


class TestPast:
    """What a version of a model has."""

    def test_is_what_had_been_evaluated_by_then(self, api: Api, evaluated: list[Answer]) -> None:
        for version in (1, 2, 3, 4):
            model = model_of(api, evaluated[0]["model"]["id"], version=version)
            made = [then(one, version) for one in evaluated if one["addedInVersion"] <= version]
            assert [without_id(one) for one in model["evaluations"]["nodes"]] == made[::-1]
            latest = model["latestEvaluation"]
            assert (without_id(latest) if latest else None) == (made[-1] if made else None)

    def test_has_ids_of_its_own_that_lead_back(self, api: Api, evaluated: list[Answer]) -> None:
        model_id = evaluated[0]["model"]["id"]
        seen = {one["id"] for one in evaluated}
        for version in (2, 3, 4):
            model = model_of(api, model_id, version=version)
            for one in (*model["evaluations"]["nodes"], model["latestEvaluation"]):
                node = api.execute(EVALUATION, id=one["id"])["node"]
                assert node == one | {"__typename": "Evaluation"}
            ids_there = {one["id"] for one in model["evaluations"]["nodes"]}
            assert model["latestEvaluation"]["id"] in ids_there
            assert not ids_there & seen
            seen |= ids_there

    def test_comes_in_pages(self, api: Api, evaluated: list[Answer]) -> None:
        model_id = evaluated[0]["model"]["id"]
        first = model_of(api, model_id, version=3, first=1)["evaluations"]
        assert [node["addedInVersion"] for node in first["nodes"]] == [3]
        end = first["pageInfo"]["endCursor"]
        rest = model_of(api, model_id, version=3, first=1, after=end)["evaluations"]
        assert [node["addedInVersion"] for node in rest["nodes"]] == [2]
        assert rest["pageInfo"]["hasNextPage"] is False

    def test_is_what_change_entries_show(self, api: Api, evaluated: list[Answer]) -> None:
        query = """query ($id: ID!) { model(id: $id) { changeHistory { nodes {
          version model { netScore latestEvaluation { addedInVersion model { version } } }
        } } } }"""
        model_id = evaluated[0]["model"]["id"]
        entries = api.execute(query, id=model_id)["model"]["changeHistory"]["nodes"]
        for entry in entries:
            latest = entry["model"]["latestEvaluation"]
            version = entry["version"]
            assert (latest is None) == (version == 1)
            if latest:
                assert latest == {"addedInVersion": version, "model": {"version": version}}


def _ref(node_id: str) -> str:
    return base64.urlsafe_b64decode(node_id + "=" * (-len(node_id) % 4)).decode()


def _node_id(ref: str) -> str:
    return base64.urlsafe_b64encode(ref.encode()).decode().rstrip("=")


class TestNode:
    """node(id) of an evaluation."""

    def test_is_null_for_an_altered_id(self, api: Api, evaluator: Evaluator) -> None:
        evaluation_id = evaluator.evaluated()["id"]
        for altered in (evaluation_id[:-1], *(f"{evaluation_id}{more}" for more in "A=:@")):
            assert api.execute(EVALUATION, id=altered)["node"] is None

    def test_is_null_for_a_version_that_did_not_have_it(
        self, api: Api, evaluated: list[Answer], user: User
    ) -> None:
        """Ids are opaque, not signed: one that was made up must show nothing that never was."""
        _, second, _ = evaluated
        job = _ref(second["id"])
        model_id, other_id = second["model"]["id"], user.updated_model(5)
        for made_up in (f"{model_id}@2", f"{model_id}@5", f"{other_id}@5", f"{NO_MODEL}@3"):
            assert api.execute(EVALUATION, id=_node_id(f"{job}:{made_up}"))["node"] is None
        assert api.execute(EVALUATION, id=_node_id(f"{job}:{model_id}@3"))["node"]

    def test_finds_many_in_two_requests(self, api: Api, evaluated: list[Answer]) -> None:
        query = """query ($ids: [ID!]!) { nodes(ids: $ids) {
          ... on Evaluation { id metrics { name } model { name } }
        } }"""
        wanted = [one["id"] for one in evaluated]
        nodes = api.execute(query, ids=wanted)["nodes"]
        assert [node["id"] for node in nodes] == wanted
        assert api.requests(query, ids=wanted) == 2


class TestList:
    """Lists of models by their net scores."""

    @pytest.fixture
    def scored(self, evaluator: Evaluator, bench: Bench, user: User) -> list[str]:
        """The ids of models: best, worse, worst, and one without a score."""
        bench.shelf.add_model("acme/worse", card=None)
        bench.shelf.add_model("acme/worst", card=None, siblings=[], cardData={"license": "mit"})
        pages = ("acme/tiny", "acme/worse", "acme/worst")
        found = [evaluator.evaluated(f"hf://{page}") for page in pages]
        scores = [one["netScore"] for one in found]
        assert scores == sorted(set(scores), reverse=True)
        return [*(one["model"]["id"] for one in found), user.new_model()]

    def test_are_ordered_by_it(self, api: Api, scored: list[str]) -> None:
        best_first = page_of(api, orderBy=ordered(("NET_SCORE", "DESC")))
        assert ids(best_first) == scored
        worst_first = page_of(api, orderBy=ordered(("NET_SCORE", "ASC")))
        assert ids(worst_first) == scored[::-1]

    def test_leave_out_what_scores_less(
        self, api: Api, evaluator: Evaluator, scored: list[str]
    ) -> None:
        scores = {
            model_id: api.execute(SUMMARY, id=model_id)["model"]["netScore"] for model_id in scored
        }
        for least, count in ((0.0, 3), (scores[scored[1]], 2), (scores[scored[0]], 1), (1.0, 0)):
            page = page_of(
                api, filter={"minNetScore": least}, orderBy=ordered(("NET_SCORE", "DESC"))
            )
            assert ids(page) == scored[:count]
        assert evaluator.history(scored[0]) == ["CREATE", "EVALUATE"]
