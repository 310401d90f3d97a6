"""What is done beside the local server."""

import logging
import threading
import time
from collections.abc import Callable, Iterable
from itertools import pairwise
from queue import Empty, SimpleQueue

import pytest

from graph.local.jobs import Records, StreamJobs, Work
from models.evaluation.worker import Again

SOON_S = 10.0
JOBS_AT_ONCE = 4
LOGGER = "graph.local.jobs"


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.local.jobs._POLL_S", 0.002)
    monkeypatch.setattr("graph.local.jobs._PAUSE_AFTER_FAILURE_S", 0.005)


class Runner:
    """Runs jobs as it is told to, and takes note of each run.

    Attributes:
        answers: of each job's runs, in their order; it has ended once there are none left.
        ran: every run, with its instant.
    """

    def __init__(self, **answers: Iterable[Again | Exception | Callable[[], object]]) -> None:
        self.answers = {name: list(given) for name, given in answers.items()}
        self.ran: list[tuple[str, float]] = []
        self._seen = threading.Condition()

    def run(self, evaluation_id: str) -> Again | None:
        with self._seen:
            self.ran.append((evaluation_id, time.monotonic()))
            self._seen.notify_all()
        left = self.answers.get(evaluation_id, [])
        answer = left.pop(0) if left else None
        if isinstance(answer, Exception):
            raise answer
        if callable(answer):
            answer()
            return None
        return answer

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.ran]

    def wait_for(self, count: int) -> None:
        """Wait until there were so many runs."""
        with self._seen:
            assert self._seen.wait_for(lambda: len(self.ran) >= count, SOON_S), self.ran


class Stream:
    """Tells what was written, once.

    Attributes:
        failures: what the next looks fail with.
    """

    def __init__(self) -> None:
        self._written: SimpleQueue[str] = SimpleQueue()
        self.failures: list[Exception] = []
        self.looked = threading.Event()

    def write(self, *names: str) -> None:
        for name in names:
            self._written.put(name)

    def __call__(self) -> Records:
        self.looked.set()
        if self.failures:
            raise self.failures.pop()
        found = []
        while True:
            try:
                found.append(self._written.get_nowait())
            except Empty:
                return [{"name": name} for name in found]


def work_of(runner: Runner, left_open: Iterable[str], prefix: str = "") -> Work[str]:
    """The jobs whose names begin so."""
    return Work(
        name="job",
        run=runner.run,
        found_in=lambda records: [
            record["name"] for record in records if record["name"].startswith(prefix)
        ],
        left_open=left_open,
        at_once=JOBS_AT_ONCE,
    )


def jobs_of(runner: Runner, left_open: Iterable[str], written: Callable[[], Records]) -> StreamJobs:
    return StreamJobs(written, [work_of(runner, left_open)])


@pytest.fixture
def stream() -> Stream:
    return Stream()


class TestStart:
    """The beginning of the context."""

    def test_runs_what_was_left_open(self, stream: Stream) -> None:
        runner = Runner()
        with jobs_of(runner, ["a", "b", "c"], stream):
            runner.wait_for(3)
        assert sorted(runner.names) == ["a", "b", "c"]

    def test_runs_nothing_before(self, stream: Stream) -> None:
        runner = Runner()
        stream.write("b")
        jobs = jobs_of(runner, ["a"], stream)
        assert runner.ran == []
        assert not stream.looked.is_set()
        with jobs:
            runner.wait_for(2)


class TestWritten:
    """Jobs that the stream tells of."""

    def test_are_run_as_they_come(self, stream: Stream) -> None:
        runner = Runner()
        with jobs_of(runner, [], stream):
            stream.write("a")
            runner.wait_for(1)
            stream.write("b", "c")
            runner.wait_for(3)
        assert runner.names[0] == "a"
        assert sorted(runner.names) == ["a", "b", "c"]

    def test_are_run_beside_one_another(self, stream: Stream) -> None:
        together = threading.Barrier(JOBS_AT_ONCE)
        names = [str(number) for number in range(JOBS_AT_ONCE)]
        runner = Runner(**{name: [lambda: together.wait(SOON_S)] for name in names})
        with jobs_of(runner, [], stream):
            stream.write(*names)
            runner.wait_for(JOBS_AT_ONCE)
        assert not together.broken

    def test_are_found_again_after_the_stream_could_not_be_read(
        self, stream: Stream, caplog: pytest.LogCaptureFixture
    ) -> None:
        runner = Runner()
        stream.failures = [OSError("gone"), ValueError("odd")]
        stream.write("a")
        with (
            caplog.at_level(logging.ERROR, LOGGER),
            jobs_of(runner, [], stream),
        ):
            runner.wait_for(1)
        assert runner.names == ["a"]
        assert [record.getMessage() for record in caplog.records] == [
            "the table's stream cannot be read"
        ] * 2
        assert all(record.exc_info for record in caplog.records)


class TestOddRecords:
    """Records that tell of nothing that can be read."""

    def test_keep_no_others_from_being_read(
        self, stream: Stream, caplog: pytest.LogCaptureFixture
    ) -> None:
        def written() -> Records:
            records = stream()
            return [{"odd": ""}, *records] if records else records

        runner = Runner()
        with caplog.at_level(logging.ERROR, LOGGER), jobs_of(runner, [], written):
            stream.write("a")
            runner.wait_for(1)
            stream.write("b")
            runner.wait_for(2)
        assert runner.names == ["a", "b"]
        message = "a record of the table's stream cannot be read"
        assert {record.getMessage() for record in caplog.records} == {message}


class TestKinds:
    """Jobs of several kinds."""

    def test_each_runs_its_own(self, stream: Stream) -> None:
        a, b = Runner(), Runner()
        with StreamJobs(stream, [work_of(a, ["a-1"], "a"), work_of(b, [], "b")]):
            stream.write("a-2", "b-1", "c-1", "b-2")
            a.wait_for(2)
            b.wait_for(2)
        assert sorted(a.names) == ["a-1", "a-2"]
        assert sorted(b.names) == ["b-1", "b-2"]

    def test_one_never_waits_for_another(self, stream: Stream) -> None:
        may_end = threading.Event()
        stuck = [f"a-{number}" for number in range(2 * JOBS_AT_ONCE)]
        a, b = Runner(**{name: [lambda: may_end.wait(SOON_S)] for name in stuck}), Runner()
        with StreamJobs(stream, [work_of(a, stuck, "a"), work_of(b, [], "b")]):
            a.wait_for(JOBS_AT_ONCE)
            stream.write("b-1")
            b.wait_for(1)
            may_end.set()


class TestAgain:
    """A job that has not ended."""

    def test_is_run_again_after_the_pause_that_it_wants(self, stream: Stream) -> None:
        runner = Runner(a=[Again(0.05), Again(0.02)])
        with jobs_of(runner, ["a"], stream):
            runner.wait_for(3)
        (_, first), (_, second), (_, third) = runner.ran
        assert second - first >= 0.05
        assert third - second >= 0.02

    def test_keeps_no_other_waiting(self, stream: Stream) -> None:
        late = [f"late-{number}" for number in range(2 * JOBS_AT_ONCE)]
        runner = Runner(**{name: [Again(3_600)] for name in late})
        with jobs_of(runner, [*late, "a"], stream):
            runner.wait_for(len(late) + 1)
            stream.write("b")
            runner.wait_for(len(late) + 2)
        assert runner.names[-1] == "b"

    def test_the_one_that_is_due_first_comes_first(self, stream: Stream) -> None:
        runner = Runner(a=[Again(0.08)], b=[Again(0.01)])
        with jobs_of(runner, ["a", "b"], stream):
            runner.wait_for(4)
        assert runner.names[2:] == ["b", "a"]

    def test_is_run_again_where_it_could_not_be_run(
        self, stream: Stream, caplog: pytest.LogCaptureFixture
    ) -> None:
        runner = Runner(a=[ValueError("x"), OSError("y")])
        with (
            caplog.at_level(logging.WARNING, LOGGER),
            jobs_of(runner, ["a", "b"], stream),
        ):
            runner.wait_for(4)
        assert sorted(runner.names) == ["a", "a", "a", "b"]
        first, second = caplog.records
        assert (first.levelname, first.getMessage()) == ("ERROR", "job a could not be run")
        assert first.exc_info
        message = "job a cannot be run yet: OSError('y')"
        assert (second.levelname, second.getMessage()) == ("WARNING", message)
        assert not second.exc_info

    def test_each_failure_doubles_the_pause_up_to_a_limit(
        self, stream: Stream, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("graph.local.jobs._PAUSE_AFTER_FAILURE_S", 0.02)
        monkeypatch.setattr("graph.local.jobs._LONGEST_PAUSE_S", 0.04)
        runner = Runner(a=[ValueError()] * 3)
        with jobs_of(runner, ["a"], stream):
            runner.wait_for(4)
        instants = [instant for _, instant in runner.ran]
        pauses = [later - earlier for earlier, later in pairwise(instants)]
        assert all(pause >= least for pause, least in zip(pauses, [0.02, 0.04, 0.04], strict=True))

    def test_every_worker_survives_one_that_could_not_be_run(self, stream: Stream) -> None:
        bad = [f"bad-{number}" for number in range(2 * JOBS_AT_ONCE)]
        runner = Runner(**{name: [ValueError()] for name in bad})
        with jobs_of(runner, bad, stream):
            runner.wait_for(2 * len(bad))
            stream.write("a")
            runner.wait_for(2 * len(bad) + 1)


class TestStop:
    """The end of the context."""

    def test_waits_for_what_has_begun_and_begins_nothing_else(self, stream: Stream) -> None:
        began, may_end = threading.Semaphore(0), threading.Event()
        ended: list[str] = []

        def slow() -> None:
            began.release()
            may_end.wait(SOON_S)
            ended.append("ended")

        names = [str(number) for number in range(JOBS_AT_ONCE)]
        runner = Runner(**{name: [slow] for name in names})
        with jobs_of(runner, [*names, "late"], stream):
            for _ in names:
                assert began.acquire(timeout=SOON_S)
            threading.Timer(0.02, may_end.set).start()
        assert ended == ["ended"] * JOBS_AT_ONCE
        assert sorted(runner.names) == names

    def test_does_not_wait_for_ever_for_a_job_that_hangs(
        self, stream: Stream, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("graph.local.jobs._PATIENCE_S", 0.05)
        began, may_end = threading.Event(), threading.Event()

        def hang() -> None:
            began.set()
            may_end.wait(SOON_S)

        start = time.monotonic()
        with jobs_of(Runner(a=[hang]), ["a"], stream):
            assert began.wait(SOON_S)
            start = time.monotonic()
        assert time.monotonic() - start < SOON_S / 2
        assert not may_end.is_set()
        may_end.set()

    def test_does_not_wait_for_a_stream_that_hangs(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("graph.local.jobs._PATIENCE_S", 0.05)
        began, may_end = threading.Event(), threading.Event()

        def written() -> Records:
            began.set()
            may_end.wait(SOON_S)
            return []

        with jobs_of(Runner(), [], written):
            assert began.wait(SOON_S)
        assert not may_end.is_set()
        may_end.set()

    def test_does_not_wait_for_a_pause(self, stream: Stream) -> None:
        runner = Runner(a=[Again(3_600)])
        start = time.monotonic()
        with jobs_of(runner, ["a"], stream):
            runner.wait_for(1)
        assert time.monotonic() - start < SOON_S / 2
        assert runner.names == ["a"]

    def test_leaves_no_thread_behind(self, stream: Stream) -> None:
        before = set(threading.enumerate())
        with jobs_of(Runner(), ["a"], stream):
            assert len(set(threading.enumerate()) - before) == 1 + JOBS_AT_ONCE
        assert set(threading.enumerate()) <= before

    def test_is_quiet_about_what_the_end_itself_breaks(
        self, stream: Stream, caplog: pytest.LogCaptureFixture
    ) -> None:
        began, may_end = threading.Event(), threading.Event()

        def break_off() -> None:
            began.set()
            may_end.wait(SOON_S)
            raise OSError("the table is gone")

        with (
            caplog.at_level(logging.ERROR, LOGGER),
            jobs_of(Runner(a=[break_off]), ["a"], stream),
        ):
            assert began.wait(SOON_S)
            threading.Timer(0.02, may_end.set).start()
        assert caplog.records == []

    def test_passes_an_error_of_the_block_on(self, stream: Stream) -> None:
        with pytest.raises(KeyError), jobs_of(Runner(), [], stream):
            raise KeyError
