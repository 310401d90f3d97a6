"""Models that the Hub renamed: the addresses before and after lead to one model."""

from models.errors import UserErrorCode
from models.evaluation.registration import ALIASES_MAX
from models.history.diff import parse_changes
from tests.storage.evaluations import HUB, SUCCEEDED, Office, failure_of, model_of, result_of
from tests.storage.house import refused

OLD, NEW = f"{HUB}/tiny-old", f"{HUB}/acme/tiny"
OTHER = f"{HUB}/other/model"


class TestNewModel:
    """A model that is registered by an address from before its rename."""

    def test_has_the_new_name_and_claims_both_addresses(self, office: Office) -> None:
        office.rename("tiny-old", "acme/tiny")
        evaluation = office.evaluated(OLD)
        model = office.model(model_of(evaluation))
        assert (model.name, model.source_url) == ("acme/tiny", NEW)
        assert model.source_aliases == (OLD,)
        assert result_of(evaluation).canonical_url == NEW
        assert evaluation.request.url == OLD
        for url in (OLD, NEW, f"{OLD}/tree/v1", f"{NEW}/"):
            with refused(UserErrorCode.ALREADY_EXISTS, "sourceUrl"):
                office.create(source_url=url)
        assert office.verdict(model.id).intact

    def test_is_found_by_either_address(self, office: Office) -> None:
        office.rename("tiny-old", "acme/tiny")
        first = office.evaluated(OLD)
        assert model_of(office.evaluated(NEW)) == model_of(first)
        assert model_of(office.evaluated(OLD)) == model_of(first)
        assert office.count("Model") == 1
        assert office.actions(model_of(first)) == ["CREATE", *["EVALUATE"] * 3]


class TestClaimedBefore:
    """A model that claimed its page before the Hub renamed it."""

    def test_claims_the_new_address_too(self, office: Office) -> None:
        first = office.evaluated(OLD)
        office.rename("tiny-old", "acme/tiny")
        assert model_of(office.evaluated(OLD)) == model_of(first)
        model = office.model(model_of(first))
        assert (model.source_url, model.source_aliases) == (OLD, (NEW,))
        assert model_of(office.evaluated(NEW)) == model.id
        with refused(UserErrorCode.ALREADY_EXISTS, "sourceUrl"):
            office.create(source_url=NEW)

    def test_by_its_new_address_claims_the_old_one_too(self, office: Office) -> None:
        first = office.evaluated(NEW)
        office.rename("tiny-old", "acme/tiny")
        assert model_of(office.evaluated(OLD)) == model_of(first)
        assert office.model(model_of(first)).source_aliases == (OLD,)

    def test_has_the_new_claim_in_its_history(self, office: Office) -> None:
        first = office.evaluated(OLD)
        office.rename("tiny-old", "acme/tiny")
        office.evaluated(OLD)
        changes = parse_changes(office.history(model_of(first))[-1].changes)
        (change,) = [change for change in changes if change.field == "sourceAliases"]
        assert (change.before, change.after) == (None, [NEW])
        assert office.verdict(model_of(first)).intact

    def test_is_refused_at_once_by_the_address_that_a_deleted_model_claims(
        self, office: Office
    ) -> None:
        office.rename("tiny-old", "acme/tiny")
        first = office.evaluated(OLD)
        office.delete(model_of(first))
        for url in (OLD, NEW):
            with refused(UserErrorCode.INVALID_STATE, "url"):
                office.ask(url)

    def test_that_was_deleted_fails_by_an_address_that_it_does_not_claim_yet(
        self, office: Office
    ) -> None:
        first = office.evaluated(NEW)
        office.delete(model_of(first))
        office.rename("tiny-old", "acme/tiny")
        assert failure_of(office.run(office.ask(OLD))).code is UserErrorCode.INVALID_STATE
        assert office.count("Model") == 1


class TestTwoModels:
    """An address that another model claims."""

    def test_is_left_alone(self, office: Office) -> None:
        old = office.create(source_url=OLD).model
        new = office.create(source_url=NEW).model
        office.rename("tiny-old", "acme/tiny")
        assert model_of(office.evaluated(OLD)) == new.id
        assert office.model(new.id).source_aliases == ()
        assert office.model(old.id) == old
        with refused(UserErrorCode.ALREADY_EXISTS, "sourceUrl"):
            office.update(new.id, source_url=OLD)

    def test_that_claims_it_meanwhile_keeps_it(self, office: Office) -> None:
        first = office.evaluated(OLD)
        office.rename("tiny-old", "acme/tiny")
        made = []
        evaluation = office.ask(OLD)
        office.upstream.meanwhile = lambda: made.append(office.create(source_url=NEW).model)
        assert office.run(evaluation).status is SUCCEEDED
        assert model_of(office.read(evaluation)) == made[0].id
        assert office.model(model_of(first)).source_aliases == ()


class TestMove:
    """Changing the source URL of a model with several addresses."""

    def test_gives_them_up(self, office: Office) -> None:
        office.rename("tiny-old", "acme/tiny")
        model_id = model_of(office.evaluated(OLD))
        moved = office.update(model_id, source_url=OTHER).model
        assert (moved.source_url, moved.source_aliases) == (OTHER, ())
        assert office.create(source_url=OLD).model.version == 1
        assert office.create(source_url=NEW).model.version == 1
        assert office.verdict(model_id).intact

    def test_to_none_gives_them_up(self, office: Office) -> None:
        office.rename("tiny-old", "acme/tiny")
        model_id = model_of(office.evaluated(OLD))
        assert office.update(model_id, source_url=None).model.source_aliases == ()
        assert model_of(office.evaluated(OLD)) != model_id

    def test_to_another_spelling_keeps_them(self, office: Office) -> None:
        office.rename("tiny-old", "acme/tiny")
        model_id = model_of(office.evaluated(OLD))
        moved = office.update(model_id, source_url=f"{NEW}/tree/main").model
        assert moved.source_aliases == (OLD,)
        assert model_of(office.evaluated(OLD)) == model_id

    def test_to_one_of_them_keeps_them_all(self, office: Office) -> None:
        office.rename("tiny-old", "acme/tiny")
        model_id = model_of(office.evaluated(OLD))
        moved = office.update(model_id, source_url=OLD).model
        assert (moved.source_url, moved.source_aliases) == (OLD, (NEW,))
        for page in (OLD, NEW):
            with refused(UserErrorCode.ALREADY_EXISTS, "sourceUrl"):
                office.create(source_url=page)
        assert model_of(office.evaluated(NEW)) == model_id

    def test_of_something_else_keeps_them(self, office: Office) -> None:
        office.rename("tiny-old", "acme/tiny")
        model_id = model_of(office.evaluated(OLD))
        assert office.update(model_id, name="x").model.source_aliases == (OLD,)
        office.delete(model_id)
        assert office.restore(model_id).model.source_aliases == (OLD,)
        assert model_of(office.evaluated(OLD)) == model_id


class TestMany:
    """A model that was renamed again and again."""

    def test_claims_a_bounded_number_of_addresses(self, office: Office) -> None:
        model_id = model_of(office.evaluated(NEW))
        for number in range(ALIASES_MAX + 2):
            office.rename(f"old-{number}", "acme/tiny")
            assert model_of(office.evaluated(f"{HUB}/old-{number}")) == model_id
        aliases = office.model(model_id).source_aliases
        newest = range(2, ALIASES_MAX + 2)
        assert aliases == tuple(f"{HUB}/old-{number}" for number in newest)
        assert office.verdict(model_id).intact


class TestCase:
    """Names of the Hub in other letter case."""

    def test_names_the_same_page(self, office: Office) -> None:
        model_id = office.create(source_url=NEW.upper().replace(HUB.upper(), HUB)).model.id
        assert model_of(office.evaluated(NEW)) == model_id
        assert office.model(model_id).source_aliases == ()


class TestTakenOver:
    """A former address at which somebody else's repository is now."""

    def test_never_scores_the_model_that_was_there(self, office: Office) -> None:
        office.rename("tiny-old", "acme/tiny")
        first = office.evaluated(OLD)
        model = office.model(model_of(first))
        office.upstream.models.clear()
        failed = office.run(office.ask(OLD))
        assert failed.failure is not None
        assert failed.failure.code is UserErrorCode.INVALID_STATE
        assert failed.failure.field == ("url",)
        assert office.model(model.id) == model

    def test_is_free_once_the_model_gives_it_up(self, office: Office) -> None:
        office.rename("tiny-old", "acme/tiny")
        model_id = model_of(office.evaluated(OLD))
        office.upstream.models.clear()
        office.update(model_id, source_url=OTHER)
        assert model_of(office.evaluated(OLD)) != model_id
