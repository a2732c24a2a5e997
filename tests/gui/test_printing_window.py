"""Printing from the window: its dialog, the clipboard, the preview, and dragging out."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pdf_parts import lines_of, n_pages, size_mm, text_of
from PySide6.QtCore import QLocale, QMimeData, QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage, QPageLayout
from PySide6.QtPrintSupport import QPrinter, QPrintPreviewDialog
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QScrollArea
from stand_ins import ecg, main_window, show
from waiting import wait_until

from ecgview import DISCLAIMER
from ecgview.errors import EcgviewError
from ecgview.gui.app import dress
from ecgview.gui.printing.dragging import DragOut, crop_of, shown_scene
from ecgview.gui.printing.geometry import Layout
from ecgview.gui.printing.page_dialog import PageDialog, chosen_paper
from ecgview.gui.printing.paper import PINK
from ecgview.gui.printing.printer import make_printer, print_sheets
from ecgview.gui.printing.sheet import sheets_of
from ecgview.gui.printing.subject import Subject
from ecgview.gui.settings import Settings
from ecgview.gui.theme import DARK
from ecgview.gui.viewer.drawing import Drawing, Words
from ecgview.gui.viewer.state import ViewState
from ecgview.recording import Patient


@pytest.fixture
def window(qapp, tmp_path):
    with main_window(tmp_path) as made:
        made.settings["print/paper"] = "a4"
        yield made


def asked(window, action):
    window.actions_table[action].trigger()
    return window.findChildren(PageDialog)[-1]


def choose(dialog, name, key):
    combo = getattr(dialog, f"_{name}")
    combo.setCurrentIndex(combo.findData(key))
    assert combo.currentData() == key


def save(window, dialog, target):
    dialog._path.setText(str(target))
    QTest.mouseClick(dialog._go, Qt.MouseButton.LeftButton)
    wait_until(target.exists)
    said = window.findChild(QLabel, "scale-note")
    wait_until(lambda: said.text().startswith("Saved"))


def test_the_page_is_exported_as_the_window_shows_it_on_white_paper(window, tmp_path):
    dress(window, DARK)
    show(window, replace(ecg("case", duration_s=25.0), patient=Patient(name="Geheimrat, Anna")))
    window.session.change_view(start_s=10.0, layout="12x1", gain_mm_mv=5.0)
    layer = Drawing(words=(Words(50, 50, "a caliper", "accent"),))
    window.trace_area.set_layer("test", lambda page, width, height: layer)
    dialog = asked(window, "page.export")
    assert dialog._note.text() == "One page at 25 mm/s and 5 mm/mV."
    save(window, dialog, tmp_path / "page.pdf")
    pdf = (tmp_path / "page.pdf").read_bytes()
    text = text_of(pdf)
    assert "case" in text
    assert "0:10.0 to 0:20.0" in text
    assert "5 mm/mV" in text
    assert "a caliper" in text
    assert "eheimrat" not in text
    colours = {line.colour for line in lines_of(pdf)}
    assert PINK.grid_5mm in colours
    assert DARK.original not in colours


def test_the_dialog_goes_with_the_recording_that_it_names(window):
    show(window, ecg("a"), ecg("b"))
    dialog = asked(window, "page.export")
    assert dialog.isVisible()
    gone = []
    dialog.rejected.connect(lambda: gone.append(window.session.state.recording.name))
    window.session.files.step(1)
    wait_until(lambda: window.session.state.recording.name == "b")
    assert gone == ["b"]


def test_whole_recordings_marks_and_names_are_chosen_in_the_dialog(window, tmp_path):
    show(window, replace(ecg("case", duration_s=25.0), patient=Patient(name="Geheimrat, Anna")))
    window.session.change_view(mark_s=(1.0, 14.0))
    dialog = asked(window, "page.export")
    choose(dialog, "what", "mark")
    assert dialog._note.text().startswith("2 pages at")
    choose(dialog, "what", "all")
    assert dialog._note.text().startswith("3 pages at")
    choose(dialog, "kind", ".svg")
    assert dialog.choice.path.suffix == ".svg"
    assert "a file each" in dialog._note.text()
    choose(dialog, "kind", ".pdf")
    dialog._patient.setChecked(True)
    save(window, dialog, tmp_path / "all.pdf")
    pdf = (tmp_path / "all.pdf").read_bytes()
    assert n_pages(pdf) == 3
    assert "Geheimrat, Anna" in text_of(pdf, 2)


def test_an_ending_that_is_typed_chooses_the_kind_of_file(window, tmp_path):
    show(window, ecg())
    dialog = asked(window, "page.export")
    dialog._path.selectAll()
    QTest.keyClicks(dialog._path, str(tmp_path / "page.svg"))
    assert dialog._kind.currentData() == ".svg"
    assert dialog.choice.path == tmp_path / "page.svg"
    QTest.keyClicks(dialog._path, "x")
    assert dialog.choice.path == tmp_path / "page.svgx.svg"
    dialog.reject()


def test_what_cannot_be_printed_is_said_before(window, tmp_path):
    show(window, ecg("long", duration_s=3000.0))
    dialog = asked(window, "page.export")
    choose(dialog, "what", "all")
    assert "60 are made at once" in dialog._note.text()
    assert not dialog._go.isEnabled()
    choose(dialog, "what", "page")
    assert dialog._go.isEnabled()
    window.session.change_view(speed_mm_s=100.0)
    choose(dialog, "paper", "letter")
    assert "more than Letter holds" in dialog._note.text()
    choose(dialog, "scale", "fitted")
    assert dialog._go.isEnabled()
    (tmp_path / "there.pdf").write_text("mine", encoding="utf-8")
    dialog._path.setText(str(tmp_path / "there.pdf"))
    assert dialog._go.text() == "Replace"
    assert "will be replaced" in dialog._note.text()
    dialog.reject()


def test_paper_and_colours_are_remembered(window, tmp_path):
    show(window, ecg())
    dialog = asked(window, "page.export")
    choose(dialog, "paper", "letter")
    choose(dialog, "scheme", "black")
    choose(dialog, "kind", ".png")
    save(window, dialog, tmp_path / "page.png")
    again = asked(window, "page.export")
    assert (again.choice.paper, again.choice.scheme) == ("letter", "black")
    assert again.choice.path.suffix == ".png"
    again.reject()


@pytest.mark.parametrize(
    ("country", "paper"),
    [(QLocale.Country.UnitedStates, "letter"), (QLocale.Country.Germany, "a4")],
)
def test_at_first_the_paper_is_that_of_the_country(qapp, country, paper):
    before = QLocale()
    QLocale.setDefault(QLocale(QLocale.Language.English, country))
    try:
        assert chosen_paper(Settings.forgetful()) == paper
    finally:
        QLocale.setDefault(before)


def test_the_report_is_written_from_the_window(window, tmp_path):
    show(window, ecg("case"))
    dialog = asked(window, "page.report")
    assert not dialog._what.isVisibleTo(dialog)
    assert dialog.choice.path.name == "case-report.pdf"
    save(window, dialog, tmp_path / "r.pdf")
    text = text_of((tmp_path / "r.pdf").read_bytes())
    assert "Reconstruction report" in text
    assert DISCLAIMER in text


def test_the_page_is_copied_as_a_picture(window):
    show(window, ecg())
    QGuiApplication.clipboard().clear()
    window.actions_table["page.copy"].trigger()
    wait_until(lambda: not QGuiApplication.clipboard().image().isNull())
    image = QGuiApplication.clipboard().image()
    assert (image.width(), image.height()) == (297 * 6, 210 * 6)


def test_without_a_printer_a_pdf_is_offered_in_a_sentence(window, monkeypatch):
    monkeypatch.setattr("ecgview.gui.printing.printer.has_printer", lambda: False)
    show(window, ecg())
    dialog = asked(window, "page.print")
    assert "No printer is set up" in window.findChild(QLabel, "scale-note").text()
    assert dialog.choice.path.suffix == ".pdf"
    dialog.reject()


def test_a_preview_shows_the_pages_that_are_printed(window, monkeypatch):
    monkeypatch.setattr("ecgview.gui.printing.printer.has_printer", lambda: True)
    show(window, ecg("case", duration_s=25.0))
    dialog = asked(window, "page.print")
    choose(dialog, "what", "all")
    assert dialog._go.text() == "Preview…"
    QTest.mouseClick(dialog._go, Qt.MouseButton.LeftButton)
    wait_until(lambda: bool(window.findChildren(QPrintPreviewDialog)))
    (preview,) = window.findChildren(QPrintPreviewDialog)
    assert preview.isVisible()
    preview.reject()


def test_a_printer_gets_the_page_exactly_to_scale(qapp, tmp_path):
    recording = ecg("case")
    sheets = sheets_of(Subject(recording), ViewState(layout="12x1"), Layout("letter"))
    printer = make_printer("letter")
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "printed.pdf"))
    print_sheets(printer, sheets, PINK)
    pdf = (tmp_path / "printed.pdf").read_bytes()
    pulses = [
        line.points_mm
        for line in lines_of(pdf)
        if len(line.points_mm) == 6 and line.colour == PINK.original
    ]
    assert pulses
    for points in pulses:
        assert np.ptp(points[:, 1]) == pytest.approx(10.0, abs=0.02)
        assert points[3, 0] - points[2, 0] == pytest.approx(5.0, abs=0.02)
    traces = [line.points_mm for line in lines_of(pdf) if len(line.points_mm) > 500]
    assert len(traces) == 12
    lefts = [points[:, 0].min() for points in traces]
    assert lefts == pytest.approx([sheets[0].left_mm + 10.0] * 12, abs=0.1)


def test_paper_that_was_turned_upright_gets_the_page_turned_too(qapp, tmp_path):
    sheets = sheets_of(Subject(ecg("case")), ViewState(layout="12x1"), Layout())
    printer = make_printer("a4")
    printer.setPageOrientation(QPageLayout.Orientation.Portrait)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "turned.pdf"))
    print_sheets(printer, sheets, PINK)
    pdf = (tmp_path / "turned.pdf").read_bytes()
    assert size_mm(pdf) == pytest.approx((210, 297), abs=0.2)
    traces = [line.points_mm for line in lines_of(pdf) if len(line.points_mm) > 500]
    assert len(traces) == 12
    for points in traces:
        assert np.ptp(points[:, 1]) == pytest.approx(250 - 0.25, abs=0.05)
        assert 0 < points[:, 0].min() < points[:, 0].max() < 210


def drag(area, way=(30, 4), modifiers=None):
    keys = modifiers
    if keys is None:
        keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
    start = area.rect().center()
    QTest.mousePress(area, Qt.MouseButton.LeftButton, keys, start)
    QTest.mouseMove(area, start + QPoint(*way))
    QTest.mouseRelease(area, Qt.MouseButton.LeftButton, keys, start + QPoint(*way))


def test_traces_are_dragged_out_as_a_picture_with_scale_and_wording(window):
    show(window, ecg("case"))
    started = []
    window.commands.printing._drag_out._start = lambda area, data: started.append(data)
    before = window.session.state.view
    drag(window.trace_area)
    (data,) = started
    assert window.session.state.view == before
    (url,) = data.urls()
    path = Path(url.toLocalFile())
    assert path.name == "case.png"
    image = QImage(str(path))
    assert image.width() == window.trace_area.width() * 3
    assert data.hasImage()
    drag(window.trace_area, way=(1, 0))
    drag(window.trace_area, modifiers=Qt.KeyboardModifier.NoModifier)
    assert len(started) == 1


def test_the_file_that_is_dragged_out_does_not_name_the_patient(window):
    show(window, replace(ecg("Geheimrat_Anna"), patient=Patient(name="Geheimrat, Anna")))
    data = window.commands.printing.dragged(10.0)
    assert Path(data.urls()[0].toLocalFile()).name == "Recording.png"


def test_a_marked_stretch_is_dragged_out_alone(qapp):
    subject = Subject(ecg("case"))
    scene = shown_scene(subject, ViewState(layout="12x1", mark_s=(2.0, 4.0)), 1000.0, 700.0)
    ((left, right),) = scene.bands
    assert crop_of(scene, (left + right) / 2) == (left, right)
    assert crop_of(scene, left - 20) == (0.0, 1000.0)
    assert crop_of(scene, right + 20) == (0.0, 1000.0)


def test_a_picture_that_cannot_be_kept_is_told_and_not_dragged(window, monkeypatch):
    def refuse(path, content):
        raise EcgviewError("The disk is full.")

    monkeypatch.setattr("ecgview.gui.printing.dragging.store", refuse)
    told = []
    window.session.problem.connect(lambda error, details: told.append(str(error)))
    show(window, ecg())
    assert window.commands.printing.dragged(300.0) is None
    assert told == ["The disk is full."]


def test_alt_alone_does_not_drag_out(qapp):
    area, started = QScrollArea(), []
    watcher = DragOut(area, lambda x: QMimeData(), lambda widget, data: started.append(data))
    drag(area, modifiers=Qt.KeyboardModifier.AltModifier)
    assert not started
    assert watcher.parent() is area
    area.deleteLater()
