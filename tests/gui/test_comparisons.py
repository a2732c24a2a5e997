"""Comparing with files: the pure questions, the session's answers, clicks and keys."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLabel, QPushButton
from stand_ins import Card, FakeEngine, compare, ecg, main_window, settle, show
from waiting import wait_until

from ecgview.engine.comparison import estimate_from
from ecgview.formats import save_recording
from ecgview.gui.agreement_table import headline, table_rows
from ecgview.gui.backend import Comparison
from ecgview.gui.comparisons_list import EstimateButton, longest_name
from ecgview.gui.comparisons_table import (
    NO_FIGURE,
    ShownEstimate,
    estimate_rows,
    estimates_tsv,
    legend_entries,
    overlays_of,
    placing_text,
    shown_state,
)
from ecgview.gui.importing.dialog import ImportDialog
from ecgview.gui.main_window import MainWindow
from ecgview.gui.state import SessionState
from ecgview.gui.theme import LIGHT
from ecgview.gui.viewer.overlays import MOST_OTHERS
from ecgview.gui.viewer.state import ViewState
from ecgview.leads import CHEST_LEADS, LEAD_INDEX, LEADS
from ecgview.recording import Recording, recording_from_array
from ecgview.simulate import simulate

FS_HZ = 100.0


def estimated_mv(recording: Recording, noise_mv: float, seed: int = 1) -> np.ndarray:
    """The recording's leads, noise on the chest leads but V2."""
    twelve_mv = recording.read_twelve()
    rng = np.random.default_rng(seed)
    for lead in CHEST_LEADS:
        if lead != "V2":
            twelve_mv[LEAD_INDEX[lead]] += rng.normal(0, noise_mv, twelve_mv.shape[1])
    return twelve_mv


def estimate_file(folder: Path, name: str, noise_mv: float, cut: int = 0) -> Path:
    """A file that lacks the recording's first samples."""
    return save_recording(name, estimated_mv(ecg(), noise_mv)[:, cut:], FS_HZ, folder)


# The state


def state_with(*noises_mv: float, chosen: str = "") -> SessionState:
    recording = ecg()
    estimates = []
    for style, noise_mv in enumerate(noises_mv, start=1):
        signals_mv = estimated_mv(recording, noise_mv)[:, : 1000 - 100 * style]
        leads = LEADS[:11]  # without V6
        theirs = recording_from_array(
            f"e{style}", dict(zip(leads, signals_mv, strict=False)), FS_HZ
        )
        made = estimate_from(recording, theirs)
        figures = compare(recording, made.reconstruction, Comparison(False, 0, 1000))
        estimates.append(ShownEstimate(f"e{style}", Path(f"e{style}.hea"), style, made, figures))
    return SessionState(
        recording=recording,
        available=("I", "II"),
        models=(Card(),),  # type: ignore[arg-type]
        model="first",
        estimates=tuple(estimates),
        chosen=chosen,
    )


def test_rows_rank_nothing_but_name_all_with_their_means() -> None:
    rows = estimate_rows(state_with(0.05, 0.5, chosen="e2"))
    assert [row.name for row in rows] == ["First model", "e1", "e2"]
    assert [row.is_chosen for row in rows] == [False, False, True]
    assert [row.style for row in rows] == [0, 1, 2]
    assert rows[0].pcc == NO_FIGURE
    assert float(rows[1].pcc) > 0.95 > float(rows[2].pcc)
    # The noise is all the error there is.
    assert float(rows[1].rmse_uv) == pytest.approx(50, rel=0.05)
    assert estimate_rows(SessionState(recording=ecg())) == ()


def test_table_and_headline_belong_to_the_chosen_one() -> None:
    state = shown_state(state_with(0.05, 0.5, chosen="e2"))
    assert headline(state).caption == "mean PCC over\n4 reconstructed chest leads"
    rows = {row.lead: row for row in table_rows(state)}
    assert rows["V2"].origin == "measured"
    assert "the recording's own" in rows["V2"].tip
    assert rows["V6"].origin == "absent"
    assert rows["V6"].pcc == rows["V6"].rmse_uv == ""
    assert float(rows["V4"].rmse_uv) == pytest.approx(500, rel=0.1)
    of_model = state_with(0.05)
    assert shown_state(of_model) is of_model


def test_overlays_leave_out_the_chosen_one_and_name_all() -> None:
    state = state_with(0.05, 0.5, chosen="e1")
    overlays = overlays_of(state)
    assert (overlays.name, overlays.style) == ("e1", 1)
    assert [one.name for one in overlays.others] == ["e2"]
    with_model = replace(state, reconstruction=state.estimates[1].estimate.reconstruction)
    assert [one.style for one in overlays_of(with_model).others] == [0, 2]
    assert [e.name for e in legend_entries(with_model)] == ["First model", "e1", "e2"]
    assert legend_entries(replace(with_model, view=ViewState(show="original"))) == ()


def test_what_was_done_to_the_chosen_one_is_said() -> None:
    state = state_with(0.05, chosen="e1")
    assert placing_text(state) == "9 s in common"
    assert placing_text(replace(state, chosen="")) == ""
    assert "e1.hea" in estimate_rows(state)[1].tip
    assert estimates_tsv(state).splitlines()[0] == "Estimate\tmean PCC\tmean RMSE µV"
    assert len(estimates_tsv(state).splitlines()) == 3


@pytest.mark.parametrize(
    ("widths", "room", "expected"),
    [((50, 60), 200, 200), ((50, 300), 200, 150), ((300, 300), 200, 100), ((), 200, 200)],
)
def test_long_names_share_the_room_that_short_ones_leave(
    widths: tuple[float, ...], room: float, expected: float
) -> None:
    assert longest_name(widths, room) == expected


# The window


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def window(qapp: QApplication, tmp_path: Path, engine: FakeEngine) -> Iterator[MainWindow]:
    with main_window(tmp_path, engine) as made:
        yield made


def compared(window: MainWindow, *paths: Path) -> None:
    window.session.comparisons.add(paths)
    rest(window)


def rest(window: MainWindow) -> None:
    settle(window)
    wait_until(lambda: not window.session.state.comparing)


def estimate_buttons(window: MainWindow) -> dict[str, EstimateButton]:
    found = window.side_panel.agreement.findChildren(EstimateButton)
    return {one.row.name: one for one in found if one.isVisible()}


def text_of(window: MainWindow, name: str) -> str:
    found = window.findChild(QLabel, name)
    assert isinstance(found, QLabel)
    return found.text()


def click(widget: QPushButton) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def test_compare_with_asks_for_files_and_shows_the_first(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(window, ecg())
    assert estimate_buttons(window) == {}
    assert not window.legend.isVisible()
    files = [estimate_file(tmp_path, "good", 0.05), estimate_file(tmp_path, "poor", 0.3)]
    monkeypatch.setattr(
        QFileDialog, "getOpenFileNames", lambda *_: ([str(file) for file in files], "")
    )
    QTest.keyClick(window, Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier)
    rest(window)
    assert list(estimate_buttons(window)) == ["First model", "good", "poor"]
    assert estimate_buttons(window)["good"].isChecked()
    assert text_of(window, "headline-figure") == estimate_buttons(window)["good"].row.pcc
    assert window.legend.isVisible()
    assert "good (shown)" in window.legend.accessibleDescription()
    panel = next(p for p in window.trace_area.scene().panels if p.cell.lead == "V4")
    assert [style for style, _ in panel.others] == [0, 2]
    assert window.trace_area.scene().style == 1


def test_click_and_keys_choose_the_estimate(window: MainWindow, tmp_path: Path) -> None:
    show(window, ecg())
    cut = estimate_file(tmp_path, "cut", 0.3, cut=12)
    compared(window, estimate_file(tmp_path, "good", 0.05), cut)
    click(estimate_buttons(window)["cut"])
    assert window.session.state.chosen == "cut"
    placing = "Starts 120 ms into the recording · 9.88 s in common"
    assert text_of(window, "estimate-placing") == placing
    assert window.trace_area.scene().style == 2
    QTest.keyClick(window, Qt.Key.Key_E)
    assert window.session.state.chosen == ""
    assert text_of(window, "headline-figure") == "1.00"
    assert window.trace_area.scene().style == 0
    button = estimate_buttons(window)["good"]
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Space)
    assert window.session.state.chosen == "good"
    # A click on the chosen one leaves it chosen.
    click(button)
    assert button.isChecked()


def test_estimates_are_removed_one_by_one_or_all(window: MainWindow, tmp_path: Path) -> None:
    show(window, ecg())
    names = ("a", "b", "c")
    compared(window, *(estimate_file(tmp_path, name, 0.1) for name in names))
    remove = window.findChild(QPushButton, "remove-a")
    assert isinstance(remove, QPushButton)
    click(remove)
    assert [one.name for one in window.session.state.estimates] == ["b", "c"]
    assert window.session.state.chosen == ""
    button = estimate_buttons(window)["b"]
    button.setFocus()
    QTest.keyClick(button, Qt.Key.Key_Delete)
    assert list(estimate_buttons(window)) == ["First model", "c"]
    assert estimate_buttons(window)["c"].hasFocus()
    # A style that has become free is given again.
    compared(window, tmp_path / "a.hea")
    assert [(one.name, one.style) for one in window.session.state.estimates] == [("c", 3), ("a", 1)]
    window.actions_table["compare.clear"].trigger()
    assert estimate_buttons(window) == {}
    assert not window.legend.isVisible()
    assert not window.actions_table["compare.clear"].isEnabled()


def test_another_recording_drops_the_estimates_and_late_answers(
    window: MainWindow, engine: FakeEngine, tmp_path: Path
) -> None:
    show(window, ecg("one"), ecg("two"))
    compared(window, estimate_file(tmp_path, "good", 0.1))
    window.session.files.step(1)
    rest(window)
    assert window.session.state.recording is not None
    assert window.session.state.recording.name == "two"
    assert window.session.state.estimates == ()
    engine.gate.clear()
    window.session.toggle_lead("V5")  # the worker waits in the model
    window.session.comparisons.add([tmp_path / "good.hea"])
    assert window.session.state.comparing == "Comparing with good"
    window.session.files.step(-1)
    wait_until(lambda: window.session.state.recording.name == "one")  # type: ignore[union-attr]
    engine.gate.set()
    rest(window)
    window.session.comparisons.add([tmp_path / "good.hea"])  # runs after the late answer
    rest(window)
    assert len(window.session.state.estimates) == 1
    assert window.session.state.recording.name == "one"


def test_mark_and_clean_compare_anew(window: MainWindow, tmp_path: Path) -> None:
    signals_mv = estimated_mv(ecg(), 0.02)
    signals_mv[6:, 500:] *= 0.2
    signals_mv[LEAD_INDEX["V2"]] = ecg().read(["V2"])[0]
    save_recording("half", signals_mv, FS_HZ, tmp_path)
    show(window, ecg())
    compared(window, tmp_path / "half.hea")
    rmse_uv = float(estimate_buttons(window)["half"].row.rmse_uv)
    assert rmse_uv > 100
    window.session.change_view(mark_s=(0.0, 4.0))
    rest(window)
    assert float(estimate_buttons(window)["half"].row.rmse_uv) == pytest.approx(20, abs=2)
    assert text_of(window, "agreement-stretch").startswith("Marked stretch, 0.00 to 4.00 s")
    window.session.set_clean(True)
    rest(window)
    assert window.session.state.estimates[0].agreement.clean


def test_what_cannot_be_compared_is_said_and_the_others_are(
    window: MainWindow, tmp_path: Path
) -> None:
    show(window, ecg())
    broken = tmp_path / "broken.hea"
    broken.write_text("broken 1 500 5000\nmissing.dat 16 1000 16 0 0 0 0 I\n")
    noise = np.random.default_rng(0).normal(0, 0.3, (12, 1000))
    stranger = save_recording("stranger", noise, FS_HZ, tmp_path)
    compared(window, broken, stranger, estimate_file(tmp_path, "good", 0.1))
    assert [one.name for one in window.session.state.estimates] == ["stranger", "good"]
    assert window.problem_banner.isVisible()
    assert "missing.dat" in window.problem_banner.text
    assert "look like different recordings" in window.problem_banner.text
    compared(window, tmp_path / "good.hea")
    assert not window.problem_banner.isVisible()
    assert len(window.session.state.estimates) == 2


def test_more_files_than_styles_are_refused_in_words(window: MainWindow, tmp_path: Path) -> None:
    show(window, ecg())
    files = [estimate_file(tmp_path, f"e{n}", 0.1) for n in range(MOST_OTHERS + 2)]
    compared(window, *files)
    assert len(window.session.state.estimates) == MOST_OTHERS
    assert "2 were left out" in window.problem_banner.text
    compared(window, files[-1])
    assert len(window.session.state.estimates) == MOST_OTHERS
    assert "1 were left out" in window.problem_banner.text


def test_a_text_file_that_does_not_say_is_asked_for(window: MainWindow, tmp_path: Path) -> None:
    show(window, ecg())
    plain = tmp_path / "plain.csv"
    np.savetxt(plain, estimated_mv(ecg(), 0.1).T, delimiter=",", fmt="%.4f")
    compared(window, plain)
    dialog = window.findChild(ImportDialog)
    assert isinstance(dialog, ImportDialog)
    assert window.session.state.estimates == ()
    dialog.reject()


def test_the_copied_table_holds_all_estimates(window: MainWindow, tmp_path: Path) -> None:
    show(window, ecg())
    compared(window, estimate_file(tmp_path, "good", 0.1))
    window.actions_table["copy.table"].trigger()
    text = QGuiApplication.clipboard().text()
    assert text.startswith("ecg · good from I, II, III, aVR, aVL, aVF, V2 · raw")
    assert "First model\t1.00\t" in text


def test_files_of_one_name_are_told_apart_by_their_folders(
    window: MainWindow, tmp_path: Path
) -> None:
    show(window, ecg())
    for folder in ("mine", "theirs"):
        estimate_file(tmp_path / folder, "ecg", 0.1)
    compared(window, tmp_path / "mine" / "ecg.hea")
    compared(window, tmp_path / "theirs" / "ecg.hea")
    assert list(estimate_buttons(window)) == ["First model", "mine/ecg", "theirs/ecg"]


def test_without_a_model_files_are_compared_all_the_same(
    qapp: QApplication, tmp_path: Path
) -> None:
    engine = FakeEngine(error=RuntimeError("no model"))
    with main_window(tmp_path, engine) as window:
        unexpected = threading.Event()
        window._problems.unexpected.connect(lambda *_: unexpected.set())
        show(window, ecg())
        compared(window, estimate_file(tmp_path, "good", 0.05))
        assert unexpected.is_set()
        assert float(text_of(window, "headline-figure")) > 0.9
        assert [e.name for e in legend_entries(window.session.state)] == ["good"]


def test_the_vectorcardiogram_is_that_of_the_chosen_estimate(
    window: MainWindow, tmp_path: Path
) -> None:
    signals_mv = simulate("normal", seed=3).read_twelve()
    recording = recording_from_array("ecg", dict(zip(LEADS, signals_mv, strict=True)), 500.0)
    half_mv = signals_mv.copy()
    half_mv[6:] *= 0.5
    save_recording("half", half_mv, 500.0, tmp_path)
    show(window, recording)
    compared(window, tmp_path / "half.hea")
    window.commands.show_loops(True)
    assert not window.legend.isVisible()
    canvas = window.centre.loops.canvas
    assert canvas.model == "half"
    assert canvas.theme.reconstruction == LIGHT.estimate_1
    window.session.comparisons.choose("")
    assert canvas.model == "test model"
    assert canvas.theme.reconstruction == LIGHT.reconstruction
