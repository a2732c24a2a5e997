import threading
from dataclasses import dataclass, field, replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton
from stand_ins import FakeEngine, ecg
from waiting import wait_until

from ecgview.engine.cards import find_model
from ecgview.engine.events import Finished
from ecgview.formats import open_recording
from ecgview.gui.electrodes import choice_marks
from ecgview.gui.leadmap.next_panel import NextPanel
from ecgview.gui.leadmap.next_work import NextBackend
from ecgview.gui.session import Session
from ecgview.gui.teaching.state import TeachingState
from ecgview.gui.theme import DARK, LIGHT
from ecgview.leads import CHEST_LEADS, LEADS
from ecgview.studies.additions.choices import rank_leads
from ecgview.studies.additions.one_recording import Measured, lead_errors
from ecgview.studies.additions.set_errors import errors_of_card

ERRORS = errors_of_card(find_model("anylead"))


def scaled(factor):
    """The same errors, all of them so many times as large."""
    return replace(
        ERRORS,
        rmse_uv={
            key: {lead: factor * value for lead, value in its.items()}
            for key, its in ERRORS.rmse_uv.items()
        },
    )


@dataclass
class Additions:
    """Answers that can be held back; every question is remembered."""

    expected: object = ERRORS
    asked: list = field(default_factory=list)
    questions: list = field(default_factory=list)
    gate: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self):
        self.gate.set()

    @property
    def backend(self):
        return NextBackend(lambda card: self.expected, self.lead_events, self.electrode_events)

    def lead_events(self, recording, available, question, device):
        self.asked.append(available)
        self.questions.append(question)
        factor = 0.5 if len(self.asked) == 1 else 2.0
        yield Measured(scaled(factor))
        self.gate.wait(20)
        yield Finished(scaled(factor))

    def electrode_events(self, recording, question, device):
        self.asked.append("electrodes")
        yield Finished(scaled(0.5))


@pytest.fixture
def additions():
    return Additions()


@pytest.fixture
def panel(qapp, additions):
    session = Session(replace(FakeEngine().backend, additions=additions.backend))
    session.load_models()
    session.update(wanted=("I", "II"))
    session.show_recording(ecg())
    session.update(page="leadmap")
    made = NextPanel(session)
    made.set_theme(LIGHT)
    made.resize(300, 900)
    made.show()
    yield made
    session.close()
    made.close()
    made.deleteLater()
    session.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def cells(panel, column):
    model = panel.table.rows_model
    return [model.data(model.index(row, column)) for row in range(model.rowCount())]


def said(panel, name):
    words = panel.findChild(QLabel, f"next-{name}")
    return "" if words.isHidden() else words.text()


def measured(panel):
    return panel.finder.state.measured


def test_additions_are_ranked_with_what_they_bring(panel):
    assert cells(panel, 0) == ["V3", "V2", "V4", "V5", "V1", "V6"]
    wanted = [f"{one.gain_uv:.1f}" for one in rank_leads(ERRORS, ("I", "II")).choices]
    assert cells(panel, 1) == wanted
    assert said(panel, "from") == "From I, II: error 85.5 µV, mean PCC 0.869"
    assert "265 recordings of 260 patients of fold 9" in said(panel, "notes")


def test_the_recording_stands_beside_the_population(panel, additions):
    wait_until(lambda: measured(panel) is not None)
    assert additions.asked == [("I", "II")]
    halves = [f"{one.gain_uv / 2:.1f}" for one in rank_leads(ERRORS, ("I", "II")).choices]
    assert cells(panel, 2) == halves
    assert not panel.table.isColumnHidden(2)
    path = said(panel, "path").splitlines()
    assert path[0].startswith("On average: V3 (51 µV), ")
    assert path[1].startswith("This recording: V3 (26 µV), ")


def test_arrow_keys_choose_and_the_drawing_fills_what_the_choice_needs(panel):
    assert panel.picture._marks == choice_marks({"RA", "LA", "LL"}, {"V3"})
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    assert panel.chosen.title == "V2"
    assert panel.picture._marks == choice_marks({"RA", "LA", "LL"}, {"V2"})
    assert "Electrodes: RA, LA, LL, V2; RL is the ground." in said(panel, "detail")
    picture = panel.picture.grab().toImage()
    scale = picture.devicePixelRatio()

    def colour(electrode, dx=0.0):
        place = panel.picture.position(electrode)
        return picture.pixelColor(
            round((place.x() + dx) * scale), round((place.y() + 7) * scale)
        ).name()

    assert colour("V2") == colour("RA") == LIGHT.accent.lower()
    assert colour("V6") == LIGHT.panel.lower()
    assert colour("RL") not in (LIGHT.accent.lower(), LIGHT.panel.lower())


def test_use_puts_the_choice_into_the_viewer_and_can_be_undone(panel):
    session = panel.finder._session
    QTest.keyClick(panel.table, Qt.Key.Key_Down)
    use = panel.findChild(QPushButton, "next-use")
    assert use.text() == "Use I, II, V2"
    QTest.mouseClick(use, Qt.MouseButton.LeftButton)
    assert session.state.available == ("I", "II", "V2")
    assert session.state.page == "viewer"
    session.undo()
    assert session.state.available == ("I", "II")


def test_return_in_the_table_uses_too(panel):
    QTest.keyClick(panel.table, Qt.Key.Key_Return)
    assert panel.finder._session.state.available == ("I", "II", "V3")


def test_electrodes_are_counted_within_a_budget(panel):
    QTest.mouseClick(panel.findChild(QPushButton, "next-by-electrodes"), Qt.MouseButton.LeftButton)
    assert panel.budget.value() == 4
    assert cells(panel, 0)[0] == "V3"
    QTest.keyClick(panel.budget, Qt.Key.Key_Up)
    assert len(cells(panel, 0)) == 15
    assert cells(panel, 0)[0] == "V2 + V4"
    assert panel.picture._marks["V2"].is_new
    assert panel.picture._marks["RL"].is_ground


def test_what_a_choice_means_stays_in_sight_below_many_choices(panel):
    panel.finder.update(by="electrodes", budget=5)
    table = panel.table
    assert len(cells(panel, 0)) == 15
    assert 8 * table.rowHeight(0) <= table.height() < 11 * table.rowHeight(0)
    table.setFocus()
    for _ in range(14):
        QTest.keyClick(table, Qt.Key.Key_Down)
    assert table.viewport().rect().contains(table.visualRect(table.currentIndex()))
    assert said(panel, "detail").startswith(f"{cells(panel, 0)[14]}: ")


def test_electrodes_that_are_placed_are_clicked_in_the_drawing(panel):
    panel.finder.update(by="electrodes", budget=5)
    place = panel.picture.position("V6").toPoint()
    QTest.mouseClick(panel.picture, Qt.MouseButton.LeftButton, pos=place)
    assert panel.finder.state.placed == ("RA", "LA", "LL", "V6")
    assert cells(panel, 0)[0] == "V3"
    assert len(cells(panel, 0)) == 5
    QTest.keyClick(panel.picture, Qt.Key.Key_Right)
    QTest.keyClick(panel.picture, Qt.Key.Key_Space)  # RA is taken off
    assert panel.finder.state.placed == ("LA", "LL", "V6")
    assert cells(panel, 0)[0] == "RA + V3"


def test_a_chest_electrode_without_its_reference_is_explained(panel):
    panel.finder.update(by="electrodes", placed=("RA", "LA", "V2"), budget=2)
    assert cells(panel, 0) == []
    assert "3 electrodes are placed already" in said(panel, "from")
    panel.finder.update(placed=("V2",))
    assert "2 electrodes with V2 give no chest lead" in said(panel, "from")
    assert panel.use.isHidden()


def test_from_nothing_the_error_that_is_left_is_shown(panel):
    panel.finder.update(by="electrodes", placed=(), budget=2)
    assert cells(panel, 0) == ["RA + LL", "RA + LA", "LA + LL"]
    assert panel.table.rows_model.heads[1] == "Error, µV"
    assert cells(panel, 1)[0] == f"{ERRORS.error_uv(('II',)):.1f}"


def test_an_answer_to_an_older_question_is_dropped(panel, additions):
    wait_until(lambda: panel.finder._job is None)
    additions.gate.clear()
    session = panel.finder._session
    session.set_available(("I", "II", "V6"))
    wait_until(lambda: len(additions.asked) == 2)
    session.set_available(("V2",))
    additions.gate.set()
    wait_until(lambda: len(additions.asked) == 3 and panel.finder._job is None)
    assert additions.asked[-1] == ("V2",)
    assert len(cells(panel, 0)) == 11
    assert panel.finder.state.remark == ""


def test_nothing_is_measured_while_another_page_is_shown(panel, additions):
    wait_until(lambda: panel.finder._job is None)
    session = panel.finder._session
    session.update(page="viewer")
    session.set_available(("V1",))
    assert additions.asked == [("I", "II")]
    session.update(page="leadmap")
    wait_until(lambda: additions.asked == [("I", "II"), ("V1",)])


def test_a_marked_stretch_is_what_is_measured(panel, additions):
    wait_until(lambda: panel.finder._job is None)
    panel.finder._session.change_view(gain_mm_mv=20.0)
    assert len(additions.asked) == 1
    panel.finder._session.change_view(mark_s=(2.0, 4.0))
    wait_until(lambda: len(additions.asked) == 2 and panel.finder._job is None)
    question = additions.questions[-1]
    assert (question.start, question.stop) == (200, 400)


def test_nothing_of_one_recording_is_shown_for_the_next(panel, additions):
    wait_until(lambda: measured(panel) is not None)
    additions.gate.clear()
    session = panel.finder._session
    session.show_recording(ecg("short", leads=LEADS[:6]))
    assert measured(panel) is None
    assert panel.table.isColumnHidden(2)
    assert "lacks V1, V2, V3, V4, V5, V6" in said(panel, "remark")
    assert not panel.use.isEnabled()  # V3 is not in this file
    session.show_recording(None)
    assert "Open a recording" in said(panel, "remark")
    additions.gate.set()


def test_another_recording_of_the_same_name_is_measured_anew(panel, additions):
    wait_until(lambda: measured(panel) is not None)
    additions.gate.clear()
    panel.finder._session.show_recording(ecg())
    assert measured(panel) is None
    wait_until(lambda: len(additions.asked) == 2)
    additions.gate.set()
    wait_until(lambda: measured(panel) is not None)


def test_a_lesson_keeps_what_was_recorded_back(panel):
    wait_until(lambda: measured(panel) is not None)
    panel.finder._session.update(teaching=TeachingState(is_on=True, stage="guess"))
    assert measured(panel) is None
    assert "keeps recorded leads back" in said(panel, "remark")
    assert cells(panel, 0)[0] == "V3"


def test_a_model_without_figures_says_so(panel, additions):
    additions.expected = None
    panel.finder._known = (None, None)
    panel.finder.follow()
    assert cells(panel, 0) == []
    assert "no figures to choose by" in said(panel, "from")


def test_choices_that_cannot_be_told_apart_are_marked(panel, additions):
    points = dict.fromkeys(ERRORS.rmse_uv, (0.0,))
    points["I,II,V2"] = (5.0,)
    additions.expected = replace(ERRORS, points_uv=points)
    panel.finder._known = (None, None)
    panel.finder.follow()
    assert [row.title for row in panel._rows if row.is_alike] == ["V3", "V2"]
    assert "cannot be told apart" in said(panel, "notes")
    assert "2.3 ± 9.8 µV more than the best" in panel._rows[1].tip


def test_every_control_has_a_name_and_fits_twice_the_size_of_words(panel):
    panel.set_theme(DARK)
    for widget in (panel.table, panel.picture, panel.budget):
        assert widget.accessibleName()
    assert "RL as ground" in panel.picture.accessibleDescription()
    assert panel.minimumSizeHint().width() <= 300


@pytest.mark.real_data
def test_a_real_recording_is_ranked_as_measured(qapp, data_dir):
    file = sorted((data_dir / "ptb-xl").glob("records500/*/*_hr.hea"))[5]
    recording = open_recording(file)
    session = Session(FakeEngine().backend)
    session.update(models=(find_model("anylead"),), model="anylead", wanted=("I", "II"))
    session.show_recording(recording)
    session.update(page="leadmap")
    panel = NextPanel(session)
    try:
        wait_until(lambda: panel.finder._job is None and measured(panel) is not None, 60_000)
        errors = [e.result for e in lead_errors(recording, ("I", "II")) if isinstance(e, Finished)]
        ranking = rank_leads(errors[0], ("I", "II"))
        wanted = {one.adds[0]: f"{one.gain_uv:.1f}" for one in ranking.choices}
        assert dict(zip(cells(panel, 0), cells(panel, 2), strict=True)) == wanted
        assert set(wanted) == set(CHEST_LEADS)
    finally:
        session.close()
        panel.deleteLater()
        session.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
