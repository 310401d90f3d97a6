"""What the local server does beside its requests."""

import threading

import pytest

from graph.local.jobs import BackgroundJobs

SOON_S = 10.0


class TestCall:
    """Starting a job."""

    def test_it_runs_beside_the_caller(self) -> None:
        done = threading.Event()
        with BackgroundJobs() as run:
            run(done.set)
            assert done.wait(SOON_S)

    def test_nobody_waits_for_it(self) -> None:
        began, may_end, ran_in = threading.Event(), threading.Event(), list[int]()

        def job() -> None:
            began.set()
            may_end.wait(SOON_S)
            ran_in.append(threading.get_ident())

        with BackgroundJobs() as run:
            run(job)
            assert began.wait(SOON_S)
            assert ran_in == []
            may_end.set()
        assert ran_in != []
        assert threading.get_ident() not in ran_in

    def test_one_that_fails_stops_no_other(self) -> None:
        done = threading.Event()

        def fail() -> None:
            raise ValueError

        with BackgroundJobs() as run:
            for _ in range(10):
                run(fail)
            run(done.set)
            assert done.wait(SOON_S)


class TestExit:
    """The end of the context."""

    def test_what_has_begun_is_finished_and_what_has_not_is_dropped(self) -> None:
        began, may_end = threading.Semaphore(0), threading.Event()
        finished, late = [], []

        def job() -> None:
            began.release()
            may_end.wait(SOON_S)
            finished.append(True)

        with BackgroundJobs() as run:
            run(job)
            run(job)
            for _ in range(2):
                assert began.acquire(timeout=SOON_S)
            run(lambda: late.append(True))
            threading.Timer(0.05, may_end.set).start()
        assert finished == [True, True]
        assert late == []

    def test_it_does_not_wait_for_ever(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("graph.local.jobs._PATIENCE_S", 0.05)
        began, may_end = threading.Event(), threading.Event()

        def job() -> None:
            began.set()
            may_end.wait(SOON_S)

        with BackgroundJobs() as run:
            run(job)
            assert began.wait(SOON_S)
        assert not may_end.is_set()
        may_end.set()

    def test_no_job_is_taken_afterwards(self) -> None:
        with BackgroundJobs() as run:
            pass
        with pytest.raises(RuntimeError):
            run(lambda: None)
