import threading

import pytest
from PySide6.QtTest import QTest
from waiting import wait_until

from ecgview.engine.events import Failed, Finished, Progress
from ecgview.gui.jobs import Broken, Cancelled, Lane, Returned


@pytest.fixture
def lane(qapp):
    made = Lane()
    yield made
    made.stop()


def wait_for(outcomes, count=1):
    wait_until(lambda: len(outcomes) >= count)


def test_job_runs_in_another_thread_and_answers_in_this_one(lane):
    threads, outcomes = {}, []

    def events():
        threads["job"] = threading.get_ident()
        yield Finished(7)

    def on_ended(outcome):
        threads["answer"] = threading.get_ident()
        outcomes.append(outcome)

    lane.submit(events, on_ended)
    wait_for(outcomes)
    assert outcomes == [Returned(7)]
    assert threads["job"] != threading.get_ident() == threads["answer"]


def test_cancel_between_events_closes_the_generator(lane):
    begun, gate, outcomes, steps, cleaned = threading.Event(), threading.Event(), [], [], []

    def events():
        try:
            for step in range(100):
                steps.append(step)
                begun.set()
                gate.wait(10)
                yield Progress(step, 100)
        finally:
            cleaned.append(True)

    job = lane.submit(events, outcomes.append)
    assert begun.wait(10)
    job.cancel()
    gate.set()
    wait_for(outcomes)
    assert outcomes == [Cancelled()]
    assert steps == [0]
    assert cleaned == [True]


def test_error_ends_as_broken_with_its_traceback(lane):
    outcomes = []

    def events():
        yield Progress(0, 1)
        raise ValueError("odd samples")

    lane.submit(events, outcomes.append)
    wait_for(outcomes)
    (outcome,) = outcomes
    assert isinstance(outcome, Broken)
    assert str(outcome.exception) == "odd samples"
    assert "in events" in outcome.details


def test_progress_is_thinned_but_the_last_and_other_events_are_told(lane):
    told, outcomes = [], []

    def events():
        for step in range(1, 2001):
            yield Progress(step, 2000)
        yield Failed("a.hea", "no signal")
        yield Finished(None)

    lane.submit(events, outcomes.append, told.append)
    wait_for(outcomes)
    progress = [event for event in told if isinstance(event, Progress)]
    assert progress[0].done == 1
    assert progress[-1].done == 2000
    assert len(progress) < 100
    assert told[-1] == Failed("a.hea", "no signal")


def test_jobs_run_in_the_order_of_asking(lane):
    outcomes = []
    for number in range(5):
        lane.submit(lambda number=number: iter([Finished(number)]), outcomes.append)
    wait_for(outcomes, 5)
    assert [outcome.result for outcome in outcomes] == [0, 1, 2, 3, 4]


def test_stopped_lane_tells_nothing_more(qapp):
    lane, outcomes, cleaned = Lane(), [], []
    begun, gate = threading.Event(), threading.Event()

    def events():
        try:
            begun.set()
            gate.wait(10)
            yield Progress(0, 1)
            yield Finished(1)
        finally:
            cleaned.append(True)

    lane.submit(events, outcomes.append)
    assert begun.wait(10)
    threading.Timer(0.05, gate.set).start()
    lane.stop()
    QTest.qWait(20)
    assert outcomes == []
    assert cleaned == [True]
