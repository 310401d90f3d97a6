"""Several writers at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from models.errors import Refusal, UserErrorCode
from models.registry.idempotency import Outcome
from tests.storage.house import House

THREADS = 16


def at_once(change: Callable[[int], Outcome]) -> list[Outcome | Refusal]:
    """Make a change from each of many threads, and return what came of each."""

    def attempt(number: int) -> Outcome | Refusal:
        try:
            return change(number)
        except Refusal as refusal:
            return refusal

    with ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(attempt, range(THREADS)))


def made(results: list[Outcome | Refusal]) -> list[Outcome]:
    return [result for result in results if isinstance(result, Outcome)]


class TestWithoutExpectedVersion:
    """Writers that do not care what was there."""

    def test_each_acknowledged_change_is_in_the_history_once(self, house: House) -> None:
        model_id = house.create().model.id
        outcomes = made(at_once(lambda number: house.update(model_id, name=f"name {number}")))
        assert len(outcomes) == THREADS
        entries = house.history(model_id)
        acknowledged = [outcome.entry for outcome in outcomes]
        assert sorted(entries[1:], key=lambda entry: entry.version) == sorted(
            (entry for entry in acknowledged if entry), key=lambda entry: entry.version
        )
        assert [entry.version for entry in entries] == list(range(1, THREADS + 2))
        assert house.verdict(model_id).intact
        assert house.verdict(model_id).entries_checked == THREADS + 1

    def test_patches_of_different_keys_are_all_kept(self, house: House) -> None:
        model_id = house.create().model.id
        at_once(lambda number: house.update(model_id, metadata_patch={f"k{number}": number}))
        metadata = house.model(model_id).require_prose().metadata
        assert all(f'"k{number}":{number}' in metadata for number in range(THREADS))


class TestWithExpectedVersion:
    """Writers that each have seen the same version."""

    def test_exactly_one_wins(self, house: House) -> None:
        model_id = house.create().model.id
        results = at_once(
            lambda number: house.update(model_id, name=f"name {number}", expected_version=1)
        )
        (winner,) = made(results)
        refusals = [result for result in results if isinstance(result, Refusal)]
        codes = {fault.code for refusal in refusals for fault in refusal.faults}
        assert codes == {UserErrorCode.VERSION_CONFLICT}
        assert house.model(model_id) == winner.model
        assert len(house.history(model_id)) == 2


class TestSameSourceUrl:
    """Writers that all want the same page."""

    def test_exactly_one_claims_it(self, house: House) -> None:
        results = at_once(lambda _: house.create(source_url="https://a/b"))
        assert len(made(results)) == 1
        refusals = [result for result in results if isinstance(result, Refusal)]
        codes = {fault.code for refusal in refusals for fault in refusal.faults}
        assert codes == {UserErrorCode.ALREADY_EXISTS}
