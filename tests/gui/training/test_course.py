from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from courses import example, record, run

from ecgview.engine.events import Event, Failed, Finished, Progress
from ecgview.engine.training_events import BatchDone, EpochDone, Started, TrainingResult
from ecgview.gui.training.state import Course, TrainingState, advance
from ecgview.gui.training.words import duration_text, status_line

FOLDER = Path("runs/small")
START = Course("small", "gradowski2025", FOLDER / "small.run.json")


def fold(*events: Event, start: Course = START) -> Course:
    for event in events:
        start = advance(start, event)
    return start


def epoch_done(epoch: int, epochs: int = 5) -> EpochDone:
    return EpochDone(record(epoch), epochs, True, 10.0 - epoch, example(epoch))


STARTED = Started(run(FOLDER), {"flat lead": 3})


def test_a_run_from_preparation_to_its_end():
    course = fold(Progress(30, 120, "Preparing recordings"), Failed("torn", "torn is torn"))
    assert course.phase == "preparing"
    assert course.fraction == pytest.approx(0.25)
    assert status_line(course) == "Preparing recordings: 30 of 120"
    course = fold(STARTED, start=course)
    assert (course.phase, course.epochs, course.left_out) == ("training", 5, {"flat lead": 3})
    assert course.fraction == 0
    course = fold(BatchDone(1, 5, 3, 4, 0.7, 66.0, 95.0), start=course)
    assert course.fraction == pytest.approx(0.75 / 5)
    assert status_line(course) == "Epoch 1 of 5 · 2 min left"
    course = fold(epoch_done(1), epoch_done(2), start=course)
    assert course.fraction == pytest.approx(2 / 5)
    assert [r.epoch for r in course.history] == [1, 2]
    assert {epoch: shown.name for epoch, shown in course.examples.items()} == {
        1: "recording-1", 2: "recording-2",
    }  # fmt: skip
    ended = replace(run(FOLDER, epochs=2), state="stopped early")
    course = fold(Finished(TrainingResult(None, ended)), start=course)  # type: ignore[arg-type]
    assert not course.is_running
    assert course.fraction == 1
    assert course.ending == "stopped early: no better validation loss"
    assert len(course.examples) == 2
    assert [failed.item for failed in course.unreadable] == ["torn"]


@pytest.mark.parametrize("phase", ["stopping", "discarding"])
def test_a_wish_outlives_the_events_under_way(phase):
    course = replace(fold(STARTED, epoch_done(1)), phase=phase)
    course = fold(BatchDone(2, 5, 1, 4, 0.5, 60.0, 9.0), epoch_done(2), start=course)
    assert course.phase == phase
    assert len(course.history) == 2


def test_a_wish_before_training_begins_is_kept():
    course = fold(STARTED, start=replace(START, phase="discarding"))
    assert course.phase == "discarding"


def test_batches_of_the_epoch_just_done_count_once():
    course = fold(STARTED, BatchDone(1, 5, 4, 4, 0.5, 60.0, 9.0), epoch_done(1))
    assert course.fraction == pytest.approx(1 / 5)


def test_the_best_epoch_is_that_of_the_least_validation_loss():
    losses = (0.5, 0.2, 0.3)
    records = tuple(record(n, validation=loss) for n, loss in enumerate(losses, 1))
    assert replace(START, history=records).best.epoch == 2
    unchecked = tuple(record(n, validation=None) for n in (1, 2, 3))
    assert replace(START, history=unchecked).best.epoch == 3


def test_runs_from_disk_end_as_they_say(tmp_path):
    killed = Course.of_run(run(tmp_path))
    assert (killed.is_running, killed.ending) == (False, "interrupted")
    failed = Course.of_run(replace(run(tmp_path, epochs=2), state="failed"))
    assert (failed.phase, failed.ending) == ("failed", "failed")


def test_the_own_run_stands_for_the_one_on_disk(tmp_path):
    mine, other = run(tmp_path / "a", "a", 2), run(tmp_path / "b", "b", 2)
    course = replace(Course("a", "gradowski2025", mine.file), examples={1: example(1)})
    state = TrainingState(course=course, runs=(other, mine), selected=(mine.file,))
    assert [shown.name for shown in state.courses] == ["a", "b"]
    assert state.shown == (course,)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(2, "a few seconds"), (33, "35 s"), (100, "2 min"), (3600, "1 h"), (5400, "1 h 30 min")],
)
def test_durations_are_rough(seconds, text):
    assert duration_text(seconds) == text


def test_of_a_long_run_some_examples_are_kept():
    course = fold(STARTED, *(epoch_done(epoch, 1000) for epoch in range(1, 1001)))
    assert len(course.history) == 1000
    assert 100 <= len(course.examples) <= 201
    assert {1, 1000} <= set(course.examples)
    assert max(b - a for a, b in pairwise(sorted(course.examples))) == 8
