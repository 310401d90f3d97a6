"""One model per source URL."""

from models.errors import UserErrorCode
from tests.storage.house import House, refused

PAGE = "https://huggingface.co/google/bert"
SPELLING = "http://hf.co./google/bert/tree/main?x=1"
OTHER = "https://huggingface.co/google/gemma"


class TestClaim:
    """Who may name a source URL."""

    def test_the_first_model_claims_it(self, house: House) -> None:
        house.create(source_url=PAGE)
        with refused(UserErrorCode.ALREADY_EXISTS, "sourceUrl"):
            house.create(source_url=PAGE)

    def test_another_spelling_is_the_same_page(self, house: House) -> None:
        model = house.create(source_url=PAGE).model
        with refused(UserErrorCode.ALREADY_EXISTS, "sourceUrl"):
            house.create(source_url=SPELLING)
        other = house.create(source_url=OTHER).model
        with refused(UserErrorCode.ALREADY_EXISTS, "sourceUrl"):
            house.update(other.id, source_url=SPELLING)
        assert house.model(other.id).version == 1
        assert house.update(model.id, source_url=SPELLING).model.source_url == SPELLING
        with refused(UserErrorCode.ALREADY_EXISTS, "sourceUrl"):
            house.create(source_url=PAGE)

    def test_models_without_one_do_not_meet(self, house: House) -> None:
        assert house.create().model.id != house.create().model.id

    def test_a_refused_model_leaves_nothing_behind(self, house: House) -> None:
        model = house.create(source_url=PAGE).model
        with refused(UserErrorCode.ALREADY_EXISTS, "sourceUrl"):
            house.create(source_url=PAGE)
        scanned = house.client.scan(TableName=house.name)["Items"]
        assert len(scanned) == len(house.raw_items(model.id)) + 1


class TestMove:
    """Changing a model's source URL."""

    def test_claims_the_new_one_and_releases_the_old_one(self, house: House) -> None:
        model = house.create(source_url=PAGE).model
        house.update(model.id, source_url=OTHER)
        with refused(UserErrorCode.ALREADY_EXISTS, "sourceUrl"):
            house.create(source_url=OTHER)
        assert house.create(source_url=PAGE).model.version == 1

    def test_to_none_releases_it(self, house: House) -> None:
        model = house.create(source_url=PAGE).model
        house.update(model.id, source_url=None)
        assert house.create(source_url=PAGE).model.version == 1

    def test_there_and_back_is_possible(self, house: House) -> None:
        model = house.create(source_url=PAGE).model
        house.update(model.id, source_url=OTHER)
        assert house.update(model.id, source_url=PAGE).model.version == 3

    def test_of_something_else_keeps_it(self, house: House) -> None:
        model = house.create(source_url=PAGE).model
        house.update(model.id, name="x")
        with refused(UserErrorCode.ALREADY_EXISTS, "sourceUrl"):
            house.create(source_url=PAGE)


class TestDelete:
    """A deleted model's source URL."""

    def test_stays_claimed(self, house: House) -> None:
        model = house.create(source_url=PAGE).model
        house.delete(model.id)
        with refused(UserErrorCode.ALREADY_EXISTS, "sourceUrl"):
            house.create(source_url=PAGE)
        assert house.restore(model.id).model.source_url == PAGE
