"""Which requests are logged from DEBUG on."""

from contextvars import copy_context

from graph.observability.sampling import Sampler, is_sampled, sampled


class TestSampler:
    """Sampler."""

    def test_draws_the_share_that_was_asked_for(self) -> None:
        draws = iter([0.0, 0.249, 0.25, 0.999])
        sampler = Sampler(0.25, draws.__next__)
        assert [sampler.draws_one() for _ in range(4)] == [True, True, False, False]

    def test_draws_none_and_all(self) -> None:
        assert not Sampler(0, lambda: 0.0).draws_one()
        assert Sampler(1, lambda: 0.999_999).draws_one()

    def test_draws_by_chance(self) -> None:
        sampler = Sampler(0.5)
        assert 400 < sum(sampler.draws_one() for _ in range(1_000)) < 600


class TestSampled:
    """sampled()."""

    def test_holds_inside_the_block_and_its_contexts(self) -> None:
        with sampled(is_drawn=True):
            assert is_sampled()
            context = copy_context()
        assert not is_sampled()
        assert context.run(is_sampled)
