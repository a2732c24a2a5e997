from dataclasses import replace

import pytest
from ecg import flat_recording
from PySide6.QtTest import QSignalSpy
from stand_ins import FakeEngine, ecg
from waiting import wait_until

from ecgview.errors import ModelError, RecordingError
from ecgview.gui.session import Session
from ecgview.gui.state import OpenFile, leads_to_start_with
from ecgview.leads import LEADS


@pytest.fixture
def engine():
    return FakeEngine()


@pytest.fixture
def session(qapp, engine):
    made = Session(engine.backend)
    made.load_models()
    made.start_engine()
    yield made
    engine.gate.set()
    made.close()


def open_in(session, *recordings):
    session.files.add([OpenFile(r.name, lambda r=r: r) for r in recordings])
    settle(session)


def settle(session):
    wait_until(lambda: not session.state.opening and not session.state.busy)


@pytest.mark.parametrize(
    ("present", "wanted", "expected"),
    [
        (LEADS, (), ("I", "II", "V2")),
        (("I", "II", "III"), (), ("I", "II")),
        (("II", "V1"), (), ("II",)),
        (("V1", "V5"), (), ("V1", "V5")),
        (LEADS, ("I", "V4"), ("I", "V4")),
        (("I", "II", "V1"), ("I", "V4"), ("I",)),
        (("V1", "V2"), ("I",), ("V2",)),
    ],
)
def test_leads_to_start_with(present, wanted, expected):
    assert leads_to_start_with(present, wanted) == expected


def test_opening_reconstructs_from_the_usual_leads(session, engine):
    open_in(session, ecg())
    assert engine.asked == [("I", "II", "V2")]
    assert session.state.reconstruction.available == ("I", "II", "V2")
    assert session.state.agreement.n_chest == 5
    assert session.state.agreement.mean_pcc_chest == pytest.approx(1.0)
    assert session.state.devices == () or session.state.devices == ("cpu",)


def test_engine_waits_for_the_first_paint(qapp, engine):
    session = Session(engine.backend)
    session.files.add([OpenFile("ecg", ecg)], wait=True)
    assert session.state.recording is not None
    assert engine.asked == []
    session.start_engine()
    settle(session)
    assert engine.asked == [("I", "II", "V2")]
    session.close()


def test_a_session_closed_before_the_first_paint_starts_no_engine(qapp, engine):
    session = Session(engine.backend)
    session.files.add([OpenFile("ecg", ecg)], wait=True)
    session.close()
    session.start_engine()
    assert session.state.busy == ""
    assert session.state.recording is not None


def test_toggle_asks_again_and_each_change_is_told_once(session, engine):
    open_in(session, ecg())
    changes = QSignalSpy(session.available_changed)
    session.toggle_lead("V2")
    settle(session)
    assert engine.asked[-1] == ("I", "II")
    assert session.state.reconstruction.available == ("I", "II")
    assert changes.count() == 1


def test_lead_that_the_file_lacks_stays_off_and_says_why(session, engine):
    open_in(session, ecg(leads=("I", "II", "V1")))
    asked = len(engine.asked)
    session.toggle_lead("V3")
    assert session.state.available == ("I", "II")
    assert session.state.notice == "Not in this file: V3."
    assert len(engine.asked) == asked


def test_last_lead_stays_on(session):
    open_in(session, ecg())
    session.set_available(("I",))
    settle(session)
    session.toggle_lead("I")
    assert session.state.available == ("I",)
    assert "must stay on" in session.state.notice


def test_late_answer_is_dropped(session, engine):
    open_in(session, ecg())
    seen = []
    session.result_changed.connect(
        lambda: seen.append(r.available if (r := session.state.reconstruction) else None)
    )
    engine.ended.acquire()
    session.toggle_lead("V1")
    # The answer is ready, but has not arrived here, when the next question is asked.
    assert engine.ended.acquire(timeout=10)
    session.toggle_lead("V1")
    settle(session)
    assert engine.asked[-2:] == [("I", "II", "V1", "V2"), ("I", "II", "V2")]
    assert ("I", "II", "V1", "V2") not in seen
    assert session.state.reconstruction.available == ("I", "II", "V2")


def test_an_answer_that_comes_when_nothing_is_open_any_more_is_dropped(session, engine):
    open_in(session, ecg())
    engine.ended.acquire()
    session.toggle_lead("V1")
    assert engine.ended.acquire(timeout=10)
    session.files.close_shown()
    assert (session.state.recording, session.state.busy) == (None, "")
    settle(session)
    assert session.state.reconstruction is None


def test_new_question_cancels_the_running_one_and_closes_its_generator(session, engine):
    open_in(session, ecg())
    engine.begun.acquire()
    engine.steps = 1000
    engine.gate.clear()
    session.toggle_lead("V1")
    assert engine.begun.acquire(timeout=10)
    engine.steps = 1
    session.toggle_lead("V3")
    engine.gate.set()
    settle(session)
    assert engine.closed == 3
    assert session.state.reconstruction.available == ("I", "II", "V1", "V2", "V3")


def test_failure_keeps_the_recording_and_the_next_try_works(session, engine):
    open_in(session, ecg())
    problems = QSignalSpy(session.problem)
    engine.error = ModelError("The weights do not match their card.", "Install the model again.")
    session.toggle_lead("V1")
    settle(session)
    assert problems.count() == 1
    assert session.state.recording.name == "ecg"
    assert session.state.reconstruction is None
    assert "do not match" in session.state.failure
    engine.error = None
    session.toggle_lead("V1")
    settle(session)
    assert session.state.failure == ""
    assert session.state.reconstruction.available == ("I", "II", "V2")


def test_model_and_device_are_asked_for(session, engine):
    open_in(session, ecg())
    session.set_model("second")
    settle(session)
    session.set_device("cpu")
    settle(session)
    assert engine.models == ["first", "second", "second"]


def test_clean_and_marked_stretch_compare_without_the_model(session, engine):
    open_in(session, ecg())
    asked = len(engine.asked)
    session.set_clean(True)
    settle(session)
    assert session.state.agreement.clean
    session.change_view(mark_s=(2.0, 3.0))
    settle(session)
    assert (session.state.comparison.start, session.state.comparison.stop) == (200, 300)
    assert len(engine.asked) == asked


def test_mark_made_while_the_model_works_is_compared_in_the_end(session, engine):
    open_in(session, flat_recording())
    engine.gate.clear()
    session.toggle_lead("V1")
    wait_until(lambda: len(engine.asked) == 2)
    session.set_clean(True)
    engine.gate.set()
    settle(session)
    assert session.state.agreement.clean


def test_stepping_keeps_the_choice_of_leads_where_the_file_has_them(session):
    open_in(session, ecg("a"), ecg("b", ("II", "V1", "V5")), ecg("c"))
    session.set_available(("II", "V5", "V6"))
    session.change_view(mark_s=(1.0, 2.0))
    session.files.step(1)
    settle(session)
    assert (session.state.recording.name, session.state.available) == ("b", ("II", "V5"))
    assert session.state.view.mark_s is None
    session.files.step(1)
    settle(session)
    assert (session.state.recording.name, session.state.available) == ("c", ("II", "V5", "V6"))
    session.files.step(1)
    settle(session)
    assert session.state.recording.name == "c"


def test_file_that_cannot_be_read_is_told_and_passed_over(session):
    def broken():
        raise RecordingError("b.dat is missing.", "Copy it beside b.hea.")

    problems = QSignalSpy(session.problem)
    a, c = ecg("a"), ecg("c")
    session.files.add([OpenFile("a", lambda: a), OpenFile("b", broken), OpenFile("c", lambda: c)])
    settle(session)
    session.files.step(1)
    settle(session)
    assert problems.count() == 1
    assert [entry.name for entry in session.state.files] == ["a", "c"]
    assert session.state.recording.name == "c"


def test_only_file_that_cannot_be_read_leaves_the_start_page(session, tmp_path):
    problems = QSignalSpy(session.problem)
    session.files.open([tmp_path / "nothing.hea"])
    settle(session)
    assert problems.count() == 1
    assert session.state.files == ()
    assert session.state.recording is None


def test_closing_the_shown_file_shows_its_neighbour(session):
    open_in(session, ecg("a"), ecg("b"))
    session.files.close_shown()
    settle(session)
    assert session.state.recording.name == "b"
    session.files.close_shown()
    settle(session)
    assert session.state.recording is None
    assert session.state.index == -1


def test_folder_is_searched(session, tmp_path):
    problems = QSignalSpy(session.problem)
    session.files.open([tmp_path])
    wait_until(lambda: problems.count() == 1)
    error = problems.at(0)[0]
    assert "holds no recording" in error.message


def test_same_view_asks_nothing(session):
    changes = QSignalSpy(session.view_changed)
    session.set_view(replace(session.state.view))
    assert changes.count() == 0


@pytest.mark.real_data
def test_real_recordings_are_opened_and_stepped_through(session, data_dir):
    paths = sorted((data_dir / "ptb-xl").rglob("*.hea"))[:2]
    session.files.open(paths)
    settle(session)
    assert session.state.recording.name == paths[0].stem
    session.files.step(1)
    settle(session)
    assert session.state.recording.name == paths[1].stem
    assert session.state.recording.leads == LEADS
