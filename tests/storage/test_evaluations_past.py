"""Evaluations as they are seen from a version of their model."""

from models.ids import EvaluationRef, new_id
from tests.storage.evaluations import PAGE, QUEUED, Office, model_of, without_details
from tests.storage.house import House


def versions_of(office: Office, model_id: str) -> list[str | None]:
    """Return which evaluation each version shows, oldest version first."""
    found = []
    for version in range(1, office.model(model_id).version + 1):
        model = office.reader.model_at_version(model_id, version)
        assert model
        found.append(model.latest_evaluation_id)
    return found


class Past:
    """A model with an evaluation at its versions 2 and 4."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.first = office.evaluated()
        self.model_id = model_of(self.first)
        office.update(self.model_id, name="three")
        with office.scored(0.9):
            self.second = office.evaluated()
        office.delete(self.model_id)

    def listed(self, version: int | None, first: int = 10) -> list[str]:
        page = self.office.evaluation_reader.of_model(self.model_id, first, version=version)
        return [one.id for one in page.items]

    def node(self, ref: EvaluationRef) -> object:
        return self.office.reader.nodes([ref]).get(ref)


class TestList:
    """A model's evaluations as of a version."""

    def test_are_those_that_it_had(self, office: Office) -> None:
        past = Past(office)
        one, two = [past.first.id], [past.second.id, past.first.id]
        found = [past.listed(version) for version in (1, 2, 3, 4, 5, None)]
        assert found == [[], one, one, two, two, two]

    def test_are_whole_but_for_their_details(self, office: Office) -> None:
        past = Past(office)
        page = office.evaluation_reader.of_model(past.model_id, 10, version=2)
        assert page.items == [without_details(past.first)]

    def test_can_be_passed_over_to_the_last_page(self, office: Office) -> None:
        past = Past(office)
        page = office.evaluation_reader.of_model(past.model_id, 1, version=3)
        assert ([one.id for one in page.items], page.has_more) == ([past.first.id], False)

    def test_of_another_model_are_not_among_them(self, office: Office) -> None:
        past = Past(office)
        office.evaluated(f"{PAGE}2")
        assert past.listed(None) == [past.second.id, past.first.id]


class TestModel:
    """A model of the past."""

    def test_shows_the_evaluation_and_the_score_of_then(self, office: Office) -> None:
        past = Past(office)
        one, two = past.first.id, past.second.id
        assert versions_of(office, past.model_id) == [None, one, one, two, two]
        scores = [
            model.net_score
            for version in range(1, 6)
            if (model := office.reader.model_at_version(past.model_id, version))
        ]
        assert scores == [None, 0.5, 0.5, 0.9, 0.9]

    def test_without_evaluations_has_the_snapshot_that_it_always_had(self, house: House) -> None:
        model = house.create().model
        assert house.reader.model_at_version(model.id, 1)
        text = next(item["text"]["S"] for item in house.raw_items(model.id) if "text" in item)
        assert "latestEvaluationId" not in text
        assert "sourceAliases" not in text


class TestNode:
    """An evaluation by its id."""

    def test_is_found_in_the_versions_that_have_it(self, office: Office) -> None:
        past = Past(office)
        refs = [EvaluationRef(past.second.id, past.model_id, version) for version in range(1, 7)]
        found = [past.node(ref) for ref in refs]
        assert found == [None, None, None, past.second, past.second, None]

    def test_is_found_without_a_version(self, office: Office) -> None:
        past = Past(office)
        assert past.node(EvaluationRef(past.first.id)) == past.first

    def test_is_not_found_in_another_model(self, office: Office) -> None:
        past = Past(office)
        other = model_of(office.evaluated(f"{PAGE}2"))
        assert past.node(EvaluationRef(past.first.id, other, 2)) is None

    def test_is_not_found_in_a_version_or_a_model_that_does_not_exist(self, office: Office) -> None:
        past = Past(office)
        for ref in (
            EvaluationRef(past.first.id, past.model_id, 9_999_999_999),
            EvaluationRef(past.first.id, new_id(), 2),
            EvaluationRef(new_id()),
            EvaluationRef(new_id(), past.model_id, 2),
        ):
            assert past.node(ref) is None

    def test_that_has_not_ended_is_in_no_version(self, office: Office) -> None:
        model_id = office.create().model.id
        job = office.ask(model_id=model_id)
        ref = EvaluationRef(job.id, model_id, 1)
        assert office.reader.nodes([ref]) == {}
        assert job.status is QUEUED

    def test_is_one_of_many(self, office: Office) -> None:
        past = Past(office)
        refs = [
            EvaluationRef(past.first.id),
            EvaluationRef(past.first.id, past.model_id, 2),
            EvaluationRef(past.second.id, past.model_id, 2),
        ]
        assert office.reader.nodes(refs) == dict.fromkeys(refs[:2], past.first)
