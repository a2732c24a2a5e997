import re
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QTableView
from stand_ins import Card, FakeEngine, ecg, main_window, settle, show
from waiting import wait_until

from ecgview import DISCLAIMER
from ecgview.errors import RecordingError
from ecgview.formats import save_recording
from ecgview.gui.electrodes import ELECTRODES
from ecgview.gui.main_window import SMALLEST_PX
from ecgview.gui.state import OpenFile
from ecgview.gui.theme import DARK, LIGHT
from ecgview.leads import LEADS
from ecgview.recording import ImportWarning


@pytest.fixture
def engine():
    return FakeEngine()


@pytest.fixture
def window(qapp, tmp_path, engine):
    with main_window(tmp_path, engine) as made:
        yield made


def child(window, kind, name):
    found = window.findChild(kind, name)
    assert found is not None, name
    return found


def click(widget):
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def text_of(window, name):
    return child(window, QLabel, name).text()


def written(folder, name="record", leads=LEADS):
    recording = ecg(name, leads)
    return save_recording(name, recording.read(leads), 100.0, folder, format="wfdb", leads=leads)


def drop(window, paths):
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    event = QDropEvent(
        QPointF(400, 300), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    window.dropEvent(event)


def test_start_page_offers_open_recent_and_demo(window, tmp_path):
    assert window.start_page.isVisible()
    assert not window.trace_area.isVisible()
    texts = {button.text() for button in window.start_page.findChildren(QPushButton)}
    assert {"Open…", "Open folder…", "Normal rhythm", "Atrial fibrillation"} <= texts
    path = written(tmp_path)
    window.settings.remember_file(path)
    window.start_page.show_recent(window.settings.recent_files())
    row = next(b for b in window.start_page.findChildren(QPushButton) if b.text() == "record")
    click(row)
    settle(window)
    assert window.trace_area.isVisible()
    assert window.session.state.recording.name == "record"


def test_clicking_a_chip_reruns_the_model_and_updates_the_panel(window, engine):
    show(window, ecg())
    assert text_of(window, "headline-figure") == "1.00"
    assert "5 reconstructed chest leads" in text_of(window, "headline-caption")
    click(child(window, QPushButton, "chip-V5"))
    settle(window)
    assert engine.asked[-1] == ("I", "II", "V2", "V5")
    assert "4 reconstructed chest leads" in text_of(window, "headline-caption")
    assert child(window, QPushButton, "chip-V5").property("chip") == "measured"
    assert child(window, QPushButton, "chip-III").property("chip") == "derived"
    assert child(window, QPushButton, "chip-V4").property("chip") == "reconstructed"
    drawn = {p.label.lead: p for p in window.trace_area.scene().panels if p.label}
    assert "reconstructed" in drawn["V4"].label.texts[0]
    assert len(drawn["V4"].reconstruction)
    assert not len(drawn["V5"].reconstruction)


def test_keyboard_alone_toggles_a_lead(window, engine):
    show(window, ecg())
    chip = child(window, QPushButton, "chip-V6")
    chip.setFocus()
    QTest.keyClick(chip, Qt.Key.Key_Space)
    settle(window)
    assert engine.asked[-1] == ("I", "II", "V2", "V6")


def test_chest_electrode_toggles_and_limb_electrode_explains(window, engine):
    show(window, ecg())
    picture = window.lead_panel.electrodes
    place = picture.position("V4").toPoint()
    QTest.mouseClick(picture, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    settle(window)
    assert engine.asked[-1] == ("I", "II", "V2", "V4")
    asked = len(engine.asked)
    place = picture.position("LA").toPoint()
    QTest.mouseClick(picture, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place)
    assert "Any two limb leads give all six" in text_of(window, "lead-note")
    assert len(engine.asked) == asked


def test_electrodes_lie_apart_inside_the_drawing(window):
    show(window, ecg())
    picture = window.lead_panel.electrodes
    places = [picture.position(name) for name in ELECTRODES]
    for place, name in zip(places, ELECTRODES, strict=True):
        assert picture.rect().adjusted(10, 10, -10, -10).contains(place.toPoint()), name
        assert picture.electrode_at(place) == name
    gaps = [(a - b).manhattanLength() for i, a in enumerate(places) for b in places[:i]]
    assert min(gaps) > 20


def test_hovering_an_electrode_marks_the_leads_it_serves(window):
    show(window, ecg())
    picture = window.lead_panel.electrodes
    QTest.mouseMove(picture, picture.position("LL").toPoint())
    wait_until(lambda: child(window, QPushButton, "chip-aVF").font().underline())
    assert child(window, QPushButton, "chip-II").font().underline()
    assert not child(window, QPushButton, "chip-I").font().underline()


def test_preset_with_a_missing_lead_takes_what_is_there_and_says_so(window):
    show(window, ecg(leads=("I", "II", "V1", "V2")))
    click(child(window, QPushButton, "preset-II V1 V5"))
    settle(window)
    assert window.session.state.available == ("II", "V1")
    assert text_of(window, "lead-note") == "Not in this file: V5."
    assert child(window, QPushButton, "chip-V5").property("chip") == "absent"
    assert "not in this file" in child(window, QPushButton, "chip-V5").toolTip()


def test_limb_note_names_the_pair(window):
    show(window, ecg(leads=("III", "aVF", "V1")))
    window.session.set_available(("III", "aVF"))
    assert text_of(window, "lead-note") == "I, II, aVR, aVL follow exactly from III and aVF"


def test_dropped_file_is_opened_and_remembered(window, tmp_path):
    path = written(tmp_path)
    drop(window, [path])
    settle(window)
    assert window.session.state.recording.name == "record"
    assert window.settings.recent_files() == (path,)
    assert "record" in window.windowTitle()


def test_page_keys_step_through_the_files(window):
    show(window, ecg("a"), ecg("b"))
    QTest.keyClick(window, Qt.Key.Key_PageDown)
    settle(window)
    assert window.session.state.recording.name == "b"
    assert "2 of 2" in window.top_bar._subtitle.text()
    QTest.keyClick(window, Qt.Key.Key_PageUp)
    settle(window)
    assert window.session.state.recording.name == "a"


def test_layout_gain_and_zoom_keys_change_the_picture(window):
    show(window, ecg())
    QTest.keyClick(window, Qt.Key.Key_2)
    assert len(window.trace_area.scene().panels) == 12
    QTest.keyClick(window, Qt.Key.Key_T)
    assert window.trace_area.view().scale == "true"
    QTest.keyClick(window, Qt.Key.Key_Plus)
    assert window.session.state.view.zoom == pytest.approx(1.25)
    QTest.keyClick(window, Qt.Key.Key_0)
    assert window.session.state.view.zoom == 1
    window.actions_table["view.gain_mm_mv.20.0"].trigger()
    assert window.top_bar._gain.text() == "20 mm/mV"
    assert "20 mm/mV" in text_of(window, "scale-note")


def test_bad_file_is_told_in_the_banner_and_nothing_is_lost(window, tmp_path):
    show(window, ecg())
    bad = tmp_path / "bad.hea"
    bad.write_text("bad 12 500 5000\n", encoding="utf-8")
    drop(window, [bad])
    settle(window)
    assert window.problem_banner.isVisible()
    assert "bad" in window.problem_banner.text
    assert window.session.state.recording.name == "ecg"
    assert window.session.state.reconstruction is not None


def test_banner_of_a_bad_file_outlives_the_good_one_after_it(window):
    def broken():
        raise RecordingError("a.dat is missing.", "Copy it.")

    good = ecg("good")
    window.session.files.add([OpenFile("a", broken), OpenFile("good", lambda: good)])
    settle(window)
    assert window.session.state.recording.name == "good"
    assert window.problem_banner.text == "a.dat is missing.\nCopy it."
    window.commands.open_paths([])
    assert not window.problem_banner.isVisible()


def test_import_warnings_are_visible_and_can_be_dismissed(window):
    from dataclasses import replace

    warning = ImportWarning("limb-identity", "III differs by 0.40 mV.", "A gain may be wrong.")
    show(window, replace(ecg(), warnings=(warning,)))
    banner = window.warnings_banner
    assert banner.isVisible()
    assert "III differs by 0.40 mV." in banner.text
    assert "A gain may be wrong." in banner.text
    dismiss = next(b for b in banner.findChildren(QPushButton) if b.text() == "✕")
    click(dismiss)
    assert not banner.isVisible()


def test_a_mere_note_is_quiet_and_stands_behind_warnings(window):
    from dataclasses import replace

    note = ImportWarning("other-channels", "Kept, but not among the twelve leads: vx.")
    banner = window.warnings_banner
    show(window, replace(ecg(), warnings=(note,)))
    assert banner.property("banner") == "note"
    show(window, replace(ecg(), warnings=(note, ImportWarning("gap", "V1 has a gap."))))
    assert banner.property("banner") == "warning"
    assert banner.text.startswith("V1 has a gap.")


@pytest.mark.parametrize("width", [SMALLEST_PX[0], 1280, 1920])
def test_fixed_wording_is_whole_at_every_width(window, width):
    for page in (None, ecg()):
        if page is not None:
            show(window, page)
        window.resize(width, 800)
        wait_until(lambda: window.width() == width)
        wording = child(window, QLabel, "disclaimer")
        assert wording.text() == DISCLAIMER
        assert wording.isVisible()
        assert wording.width() >= wording.sizeHint().width()
        right = wording.mapTo(window, QPoint(wording.width(), 0)).x()
        assert right <= window.width()


def test_table_is_copied_as_text_and_html(window):
    show(window, ecg("copied"))
    QTest.keyClick(window, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    data = QGuiApplication.clipboard().mimeData()
    lines = data.text().splitlines()
    assert lines[0].startswith("copied · test model from I, II, V2 · raw · Whole recording")
    assert lines[1].split("\t") == [
        "Lead", "Origin", "PCC", "RMSE µV", "max µV", "90 % interval, mean width µV",
        "Inside 90 % interval, %", "Figures",
    ]  # fmt: skip
    assert lines[8].split("\t")[:3] == ["V1", "reconstructed", "1.00"]
    assert lines[-1] == "mean PCC over 5 reconstructed chest leads: 1.00"
    assert len(re.findall("<tr>", data.html())) == 13


def test_progress_line_waits_a_moment_and_goes(window, engine):
    show(window, ecg())
    assert not window.progress.is_shown
    engine.gate.clear()
    window.session.toggle_lead("V1")
    assert not window.progress.is_shown
    wait_until(lambda: window.progress.is_shown)
    engine.gate.set()
    settle(window)
    assert not window.progress.is_shown


def test_theme_choice_repaints_the_panels(window):
    show(window, ecg())
    for theme in (DARK, LIGHT):
        window.set_theme(theme)
        image = window.side_panel.agreement.grab().toImage()
        assert window.trace_area._theme is theme
        assert not image.isNull()


def test_everything_that_can_be_pressed_has_a_name(window):
    show(window, ecg())
    for widget in (*window.findChildren(QPushButton), *window.findChildren(QComboBox)):
        named = widget.accessibleName() or (
            widget.text() if isinstance(widget, QPushButton) else ""
        )
        assert named.strip(), widget.objectName()


def test_choices_are_remembered_for_the_next_run(qapp, tmp_path):
    with main_window(tmp_path) as window:
        show(window, ecg())
        window.session.change_view(layout="12x1", gain_mm_mv=20.0)
        window.session.set_clean(True)
        window.session.set_model("second")
        settle(window)
    with main_window(tmp_path) as window:
        state = window.session.state
        assert (state.view.layout, state.view.gain_mm_mv) == ("12x1", 20.0)
        assert state.clean
        assert state.model == "second"


@pytest.mark.parametrize("width", [SMALLEST_PX[0], 1280, 1600, 1920])
def test_the_top_bar_cuts_nothing_at_any_width(window, width):
    show(window, ecg("a"), ecg("b"))
    for changes in ({}, {"scale": "true", "zoom": 2.0, "show": "reconstruction"}):
        window.session.change_view(**changes)
        window.resize(width, 800)
        wait_until(lambda: window.width() == width)
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        shown = [one for one in window.top_bar.findChildren(QPushButton) if one.isVisible()]
        for button in shown:
            assert button.width() >= min(button.sizeHint().width(), 30), button.text()
            if len(button.text()) > 1:
                assert button.width() >= button.sizeHint().width(), button.text()
            assert button.mapTo(window, QPoint(button.width(), 0)).x() <= width
    words = {button.text() for button in shown}
    assert "Reconstruction" in words
    assert ("Original" in words) == (width == 1920)
    assert ("90 % interval" in words) == (width >= 1600)


def test_the_menu_of_what_to_show_does_the_same_where_there_is_little_room(window):
    show(window, ecg("a"), ecg("b"))
    window.resize(*SMALLEST_PX)
    menu = child(window, QPushButton, "menu-what")
    assert (menu.text(), menu.isVisible()) == ("Overlay", True)
    texts = {action.text(): action for action in menu.menu().actions()}
    texts["Original only"].trigger()
    assert menu.text() == "Original"
    assert window.session.state.view.show == "original"


def test_an_origin_is_whole_where_there_is_no_figure(window):
    show(window, ecg("short", ("I", "II", "V2")))
    window.session.set_model("second")
    settle(window)
    window.session.update(models=())  # no card: no expected figures either
    table = window.findChild(QTableView)
    row = [r.lead for r in table.model().rows].index("V4")
    assert table.model().rows[row].cells[1:3] == ("reconstructed", "")
    second = table.visualRect(table.model().index(row, 2))
    picture = table.viewport().grab(second).toImage()
    places = [(x, y) for x in range(picture.width()) for y in range(picture.height())]
    colours = [picture.pixelColor(x, y) for x, y in places]
    # The word's end is here, in the red of reconstructions.
    assert any(colour.red() - colour.blue() > 60 for colour in colours)


def test_models_of_one_title_are_told_apart_by_name(window):
    show(window, ecg())
    cards = (Card("a", "U-Net"), Card("b", "U-Net"), Card("c", "Least squares"))
    window.session.update(models=cards)
    models = window.lead_panel.findChild(QComboBox)
    texts = [models.itemText(row) for row in range(models.count())]
    assert texts == ["a · U-Net", "b · U-Net", "Least squares"]
    long = Card("a-name-that-somebody-gave-to-a-run-of-thirty-epochs", "U-Net")
    window.session.update(models=(long, *cards))
    right = models.mapTo(window.lead_panel, QPoint(models.width(), 0)).x()
    assert right <= window.lead_panel.width()


def test_simulated_recordings_say_so(window):
    from dataclasses import replace

    show(window, replace(ecg("lbbb"), simulated=True))
    assert window.windowTitle().startswith("lbbb (simulated)")
    assert window.top_bar._subtitle.text().startswith("Simulated")


def test_picture_of_the_window_is_saved(window, tmp_path, monkeypatch):
    from PySide6.QtWidgets import QFileDialog

    show(window, ecg())
    target = tmp_path / "window.png"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *args: (str(target), ""))
    window.commands.save_picture()
    assert target.read_bytes().startswith(b"\x89PNG")


def test_about_shows_the_fixed_wording(window):
    from ecgview.gui.about import AboutDialog

    window.commands.show_about()
    about = window.findChild(AboutDialog)
    assert any(label.text() == DISCLAIMER for label in about.findChildren(QLabel))
    about.accept()


def test_csv_without_a_rate_asks_and_then_opens(window, tmp_path):
    from ecgview.gui.importing.dialog import ImportDialog

    path = tmp_path / "no_rate.csv"
    rows = "\n".join(f"{n % 7 / 10},{n % 5 / 10}" for n in range(400))
    path.write_text(f"I (mV),II (mV)\n{rows}\n", encoding="utf-8")
    drop(window, [path])
    wait_until(lambda: window.findChild(ImportDialog) is not None)
    dialog = window.findChild(ImportDialog)
    assert not dialog._ok.isEnabled()
    QTest.keyClicks(dialog._fields._rate, "250")
    click(dialog._ok)
    settle(window)
    recording = window.session.state.recording
    assert (recording.name, recording.fs_hz) == ("no_rate", 250.0)
    assert recording.leads == LEADS[:6]
    assert recording.derived_leads == LEADS[2:6]


def test_long_names_of_recent_files_leave_room_for_their_folders(window):
    name = "a_very_long_name_of_a_study_" * 8
    window.start_page.show_recent([Path(f"/data/{name}.edf"), Path("/data/b.edf")])
    rows = [row for row in window.start_page.findChildren(QPushButton) if row.layout()]
    long, short = rows[-2:]
    assert long.accessibleName() == f"Open /data/{name}.edf"
    assert "…" in long.text()
    assert short.text() == "b"
    drawn = long.fontMetrics().horizontalAdvance(long.text())
    assert drawn < long.layout().contentsMargins().left()
