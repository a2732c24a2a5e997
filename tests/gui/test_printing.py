import re
from dataclasses import replace
from io import BytesIO
from xml.etree import ElementTree

import numpy as np
import pytest
from ecg import flat_recording, rebuilt, samples
from pdf_parts import lines_of, n_pages, size_mm, text_of
from pypdf import PdfReader
from PySide6.QtGui import QImage

from ecgview import DISCLAIMER
from ecgview.engine.metrics import agreement
from ecgview.errors import EcgviewError, RecordingError
from ecgview.formats import open_recording
from ecgview.gui.printing.files import image_of, pdf_of, png_of, svg_of, write_events
from ecgview.gui.printing.geometry import MOST_PAGES, Layout, page_starts
from ecgview.gui.printing.laid_over import settled
from ecgview.gui.printing.paper import BLACK, GREY, PINK
from ecgview.gui.printing.pdf_text import with_spaces
from ecgview.gui.printing.sheet import sheets_of
from ecgview.gui.printing.subject import Subject
from ecgview.gui.printing.vector import areas, clipped, polylines
from ecgview.gui.viewer.drawing import Drawing, Words
from ecgview.gui.viewer.state import LAYOUTS, ViewState
from ecgview.leads import LEADS
from ecgview.recording import Patient
from ecgview.signals.filtering import Filters

ANNA = Patient("QX4711", "44", "female", "Geheimrat, Anna", "1950-01-02")
TWELVE = ViewState(layout="12x1", shading=False)


def square_wave(duration_s=10.0, fs_hz=250.0):
    """1 mV for half of each second, in every lead; its median is 0."""
    recording = flat_recording(duration_s, fs_hz)
    time = np.arange(samples(recording).shape[1])
    samples(recording)[:, time % 250 >= 130] = 1.0
    return recording


def sheet_of(subject, view=None, layout=None):
    return sheets_of(subject, view or ViewState(), layout or Layout())[0]


def long_lines(pdf, colour=PINK.original, at_least=20):
    return [
        line.points_mm
        for line in lines_of(pdf)
        if line.colour == colour and len(line.points_mm) >= at_least
    ]


@pytest.mark.parametrize(("speed", "gain"), [(25.0, 10.0), (50.0, 20.0)])
@pytest.mark.parametrize("paper", ["a4", "letter", "a3"])
def test_pdf_is_to_scale_by_its_pulse_and_by_a_known_wave(qapp, speed, gain, paper):
    view = replace(TWELVE, speed_mm_s=speed, gain_mm_mv=gain / 2)
    pdf = pdf_of([sheet_of(Subject(square_wave()), view, Layout(paper))], PINK)
    pulses = long_lines(pdf, at_least=6)
    pulses = [points for points in pulses if len(points) == 6]
    assert pulses
    for points in pulses:
        feet, top = points[[0, -1], 1], points[2:4, 1]
        assert top - feet == pytest.approx([gain / 2] * 2, abs=0.01)  # 1 mV
        assert points[3, 0] - points[2, 0] == pytest.approx(0.2 * speed, abs=0.01)
    traces = long_lines(pdf)
    assert len(traces) == 12
    for points in traces:
        x, y = points.T
        assert y.max() - y.min() == pytest.approx(gain / 2, abs=0.01)
        rises = x[:-1][np.diff(y) > gain / 4]
        assert len(rises) == round(250 / speed)
        assert np.diff(rises) == pytest.approx(speed, abs=0.01)  # 1 s


def test_ten_millimetres_are_a_millivolt_and_a_line_of_the_grid_a_millimetre(qapp):
    pdf = pdf_of([sheet_of(Subject(square_wave()))], PINK)
    upright = [
        line.points_mm[0, 0]
        for line in lines_of(pdf)
        if line.colour == PINK.grid_1mm and np.ptp(line.points_mm[:, 0]) < 1e-6
    ]
    assert len(upright) > 200
    assert np.diff(sorted(upright)) == pytest.approx(1.0, abs=0.01)
    tallest = max(np.ptp(points[:, 1]) for points in long_lines(pdf))
    assert tallest == pytest.approx(10.0, abs=0.01)


def test_paper_has_the_size_it_is_called_by(qapp):
    subject = Subject(flat_recording())
    sizes = {"a4": (297, 210), "letter": (279.4, 215.9), "a3": (420, 297)}
    for paper, size in sizes.items():
        made = size_mm(pdf_of([sheet_of(subject, layout=Layout(paper))], PINK))
        assert made == pytest.approx(size, abs=0.2)  # a PDF's page is whole points


def test_svg_is_in_millimetres(qapp):
    sheet = sheet_of(Subject(square_wave()), TWELVE)
    svg = ElementTree.fromstring(svg_of(sheet, PINK))
    assert (svg.get("width"), svg.get("height")) == ("297mm", "210mm")
    assert svg.get("viewBox") == "0 0 297 210"
    name = "{http://www.w3.org/2000/svg}"
    traces = []
    for group in svg.iter(f"{name}g"):
        for line in group.findall(f"{name}polyline"):
            matrix = [float(part) for part in re.findall(r"[-\d.e]+", group.get("transform"))]
            points = np.array(re.findall(r"([-\d.e]+),([-\d.e]+)", line.get("points")), dtype=float)
            if len(points) > 1000:
                traces.append(points * [matrix[0], matrix[3]])
    assert len(traces) == 12
    for points in traces:
        rises = points[:-1, 0][np.diff(points[:, 1]) < -5]
        assert np.ptp(points[:, 1]) == pytest.approx(10.0, abs=0.01)
        assert np.diff(rises) == pytest.approx(25.0, abs=0.01)


def test_png_has_its_dots_per_metre_and_lines_that_far_apart(qapp, tmp_path):
    sheet = sheet_of(Subject(flat_recording()), TWELVE)
    sheet_top_mm, image = sheet.top_mm, image_of(sheet, PINK)
    (tmp_path / "page.png").write_bytes(png_of(image))
    read = QImage(str(tmp_path / "page.png"))
    assert (read.dotsPerMeterX(), read.dotsPerMeterY()) == (12000, 12000)
    assert (read.width(), read.height()) == (297 * 12, 210 * 12)
    assert read.text("Description") == DISCLAIMER
    # Along a level between two lines of the grid, the heavy ones stand 5 mm = 60 dots apart.
    level = round(sheet_top_mm * 12) + 6
    tones = np.array([read.pixelColor(x, level).green() for x in range(800, 1400)])
    heavy = np.flatnonzero(tones < (tones.min() + 20))
    firsts = heavy[np.flatnonzero(np.diff(heavy, prepend=-9) > 1)]
    assert len(firsts) == 10
    assert set(np.diff(firsts)) == {60}


def test_text_of_the_pdf_can_be_read_with_each_leads_origin(qapp):
    recording = square_wave()
    made = rebuilt(recording, ("I", "II", "V2"), 0.1)
    subject = Subject(recording, made, agreement(recording, made, clean=False))
    text = text_of(pdf_of([sheet_of(subject, replace(TWELVE))], PINK))
    assert "I measured" in text
    assert "III = derived" in text
    assert text.count("reconstructed · 1.00") == 5
    assert DISCLAIMER in text
    assert "25 mm/s · 10 mm/mV · filters off · 250 Hz · to scale" in text
    assert "reconstructed from I, II and V2 · model test model" in text
    assert "nothing above 62.5 Hz" in text


def test_words_of_a_pdf_have_spaces_between_them_and_every_object_is_where_it_is_said(qapp):
    sheets = sheets_of(Subject(square_wave(15.0)), TWELVE, Layout(what="all"))
    pdf = pdf_of(sheets, PINK)
    reader = PdfReader(BytesIO(pdf), strict=True)
    for page in reader.pages:
        assert "Not for diagnosis" in page.extract_text()
        assert "\t" not in page.extract_text()
    numbered = re.findall(rb"\n(\d{10}) 00000 n ", pdf)
    assert len(numbered) > 10
    for at in numbered:
        assert re.match(rb"\d+ 0 obj", pdf[int(at) : int(at) + 12])
    table = b"begincmap <0001> <0009> [<0009> <0041>] endcmap <0009>"
    assert with_spaces(table) == b"begincmap <0001> <0009> [<0020> <0041>] endcmap <0009>"


def test_simulated_recordings_say_so_on_paper(qapp):
    text = text_of(pdf_of([sheet_of(Subject(replace(square_wave(), simulated=True)))], PINK))
    assert "SIMULATED" in text


def test_the_patient_is_printed_only_where_asked(qapp):
    recording = replace(
        square_wave(), name="Geheimrat_2", patient=ANNA, started="2020-02-03T10:11:12"
    )
    text = text_of(pdf_of([sheet_of(Subject(recording))], PINK))
    assert "female · 44 years" in text
    for word in ("eheimrat", "QX4711", "1950", "2020"):
        assert word not in text
    asked = text_of(pdf_of([sheet_of(Subject(recording, with_patient=True))], PINK))
    for word in ("Geheimrat, Anna", "QX4711", "1950-01-02", "2020-02-03 10:11:12"):
        assert word in asked


def test_a_gap_breaks_the_line(qapp):
    recording = square_wave()
    samples(recording)[:, 1000:1250] = np.nan
    traces = long_lines(pdf_of([sheet_of(Subject(recording), TWELVE)], PINK))
    assert len(traces) == 24
    ends = sorted(points[:, 0].max() for points in traces)[:12]
    starts = sorted(points[:, 0].min() for points in traces)[-12:]
    assert np.array(starts) - ends == pytest.approx(251 / 250 * 25, abs=0.05)


def test_dashes_of_the_reconstruction_are_lines_with_gaps(qapp):
    recording = flat_recording()
    made = rebuilt(recording, ("I",), 0.2)
    pdf = pdf_of([sheet_of(Subject(recording, made), replace(TWELVE, show="reconstruction"))], PINK)
    spans = sorted(
        {
            (round(line.points_mm[0, 0], 3), round(line.points_mm[-1, 0], 3))
            for line in lines_of(pdf)
            if line.colour == PINK.reconstruction
        }
    )
    drawn_mm = sum(stop - start for start, stop in spans) / 250
    assert 0.5 < drawn_mm < 0.8


@pytest.mark.parametrize("layout", LAYOUTS)
def test_every_layout_lies_within_its_paper(qapp, layout):
    recording = square_wave()
    subject = Subject(recording, rebuilt(recording, ("I", "II"), 3.0))
    sheet = sheet_of(subject, ViewState(layout=layout, gain_mm_mv=20.0), Layout("letter"))
    lines = lines_of(pdf_of([sheet], BLACK))
    points = np.vstack([line.points_mm for line in lines])
    right, top = sheet.left_mm + 265.0, 215.9 - sheet.top_mm
    bottom = top - sheet.scene.height / (96 / 25.4)
    assert points[:, 0].min() > sheet.left_mm - 0.2
    assert points[:, 0].max() < right + 0.2
    assert points[:, 1].max() < top + 0.2
    assert points[:, 1].min() > bottom - 0.2
    baselines = sheet.scene.page.baselines
    assert max(baselines) < sheet.scene.height


def test_what_lies_over_the_page_is_printed(qapp):
    def caliper(page, width, height):
        return Drawing(words=(Words(page.left, 40.0, "RR 812 ms", "accent"),))

    assert "RR 812 ms" in text_of(
        pdf_of([sheet_of(Subject(flat_recording(), layers=(caliper,)))], PINK)
    )


def test_marks_that_name_the_patient_stay_behind(qapp):
    said = Drawing(words=(Words(40, 40, "Fr. Geheimrat", "text"), Words(40, 80, "PVC", "text")))
    recording = replace(flat_recording(), patient=ANNA)
    subject = Subject(recording, layers=(lambda page, width, height: said,))
    text = text_of(pdf_of([sheet_of(subject)], PINK))
    assert "PVC" in text
    assert "eheimrat" not in text
    asked = text_of(pdf_of([sheet_of(replace(subject, with_patient=True))], PINK))
    assert "Fr. Geheimrat" in asked


@pytest.mark.parametrize("show", ["overlay", "side"])
def test_layers_are_asked_beforehand_for_the_very_pages_that_are_made(qapp, show):
    asked = []

    def layer(page, width, height):
        asked.append((page, width, height))
        return Drawing(words=(Words(40, 40, f"page from {page.start_s:g}", "text"),))

    subject = Subject(square_wave(25.0), layers=(layer,))
    view, layout = replace(TWELVE, show=show), Layout("letter", what="all")
    ready = settled(subject, view, layout)
    pages = list(asked)
    asked.clear()
    sheets = sheets_of(ready, view, layout)
    pdf = pdf_of(sheets, PINK)
    assert not asked
    assert [page for page, _, _ in pages] == [sheet.scene.page for sheet in sheets]
    assert (pages[0][1], pages[0][2]) == (sheets[0].scene.width, sheets[0].scene.height)
    for number, sheet in enumerate(sheets):
        assert f"page from {sheet.scene.page.start_s:g}" in text_of(pdf, number)


def test_a_page_too_wide_for_its_paper_is_refused_or_said_to_be_smaller(qapp):
    subject, view = Subject(square_wave()), replace(TWELVE, speed_mm_s=100.0)
    with pytest.raises(RecordingError, match="more than Letter holds"):
        sheets_of(subject, view, Layout("letter"))
    sheet = sheets_of(subject, view, Layout("letter", fitted=True))[0]
    pdf = pdf_of([sheet], PINK)
    assert "reduced to 97 %, not to scale" in text_of(pdf)
    assert max(np.ptp(points[:, 1]) for points in long_lines(pdf)) == pytest.approx(
        10 * sheet.reduced, abs=0.01
    )


def test_long_recordings_take_as_many_pages_as_they_fill(qapp):
    subject = Subject(square_wave(34.0))
    view = replace(TWELVE, mark_s=(3.0, 16.0), start_s=7.0)
    assert page_starts(view, 34.0, Layout(what="page")) == [7.0]
    assert page_starts(view, 34.0, Layout(what="mark")) == [3.0, 13.0]
    assert page_starts(view, 34.0, Layout(what="all")) == [0.0, 10.0, 20.0, 30.0]
    pdf = pdf_of(sheets_of(subject, view, Layout(what="all")), GREY)
    assert n_pages(pdf) == 4
    assert "0:30.0 to 0:34.0 · page 4 of 4" in text_of(pdf, 3)
    with pytest.raises(RecordingError, match=f"{MOST_PAGES} are made at once"):
        sheets_of(Subject(flat_recording(3600.0)), TWELVE, Layout(what="all"))


def test_files_of_several_pages_are_numbered_and_not_replaced_unasked(qapp, tmp_path):
    sheets = sheets_of(Subject(square_wave(15.0)), TWELVE, Layout(what="all"))
    *_, done = write_events(sheets, tmp_path / "page.svg", PINK)
    assert [path.name for path in done.result] == ["page-01.svg", "page-02.svg"]
    with pytest.raises(RecordingError, match=r"already holds page-01\.svg"):
        list(write_events(sheets, tmp_path / "page.svg", PINK))
    with pytest.raises(EcgviewError, match="what kind of file"):
        list(write_events(sheets, tmp_path / "page.jpeg", PINK))
    (tmp_path / "file").write_text("not a folder", encoding="utf-8")
    with pytest.raises(RecordingError, match="cannot be written"):
        list(write_events(sheets, tmp_path / "file" / "page.pdf", PINK))
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["file", "page-01.svg", "page-02.svg"]


def test_a_cancelled_export_leaves_whole_files_only(qapp, tmp_path):
    sheets = sheets_of(Subject(square_wave(25.0)), TWELVE, Layout(what="all"))
    events = write_events(sheets, tmp_path / "page.svg", PINK)
    next(events)
    assert next(events).done == 1
    events.close()
    (written,) = tmp_path.iterdir()
    assert written.name == "page-01.svg"
    assert ElementTree.fromstring(written.read_bytes()).get("height") == "210mm"


def test_filters_are_drawn_and_said_or_refused_where_the_rate_cannot_carry_them(qapp):
    recording = flat_recording(20.0, 500.0)
    time_s = np.arange(samples(recording).shape[1]) / 500
    samples(recording)[:] = 2.0 * np.sin(2 * np.pi * 0.05 * time_s) + (time_s % 1 < 0.1)
    view = replace(TWELVE, filters=Filters(high_pass_hz=0.67), gain_mm_mv=2.5)
    pdf = pdf_of([sheet_of(Subject(recording), view, Layout("a3"))], PINK)
    assert "high-pass 0.67 Hz" in text_of(pdf)
    unfiltered = pdf_of([sheet_of(Subject(recording), TWELVE, Layout("a3"))], PINK)
    assert max(np.ptp(points[:, 1]) for points in long_lines(pdf)) < 5
    assert max(np.ptp(points[:, 1]) for points in long_lines(unfiltered)) > 15
    with pytest.raises(EcgviewError, match="samples a second"):
        sheet_of(
            Subject(flat_recording(10.0, 100.0)), replace(TWELVE, filters=Filters(mains_hz=50))
        )


def test_segments_are_cut_at_the_edges():
    across, from_outside, through = [0, 5, 10, 5], [-10, 5, 10, 5], [5, -5, 5, 25]
    below, a_point = [0, 20, 10, 20], [3, 3, 3, 3]
    segments = np.array([across, from_outside, through, below, a_point], dtype=float)
    cut = clipped(segments, 8.0, 10.0)
    assert cut.tolist() == [[0, 5, 8, 5], [0, 5, 8, 5], [5, 0, 5, 10], [3, 3, 3, 3]]


def test_segments_that_touch_become_one_line():
    segments = np.array([[0, 0, 1, 1], [1, 1, 2, 0], [3, 0, 4, 0]], dtype=float)
    assert [line.tolist() for line in polylines(segments)] == [
        [[0, 0], [1, 1], [2, 0]],
        [[3, 0], [4, 0]],
    ]
    assert polylines(np.empty((0, 4))) == []


def test_bars_side_by_side_become_one_outline():
    bars = np.array([[1, 0, 1, 2], [2, 0, 2, 3], [7, 1, 7, 5], [8, 1, 8, 40]], dtype=float)
    first, second = areas(bars, 100.0, 30.0)
    assert first.tolist() == [[1, 0], [2, 0], [2, 3], [1, 2]]
    assert second.tolist() == [[7, 1], [8, 1], [8, 30], [7, 5]]


@pytest.mark.real_data
def test_a_real_r_wave_has_its_height_on_paper(qapp, data_dir):
    path = sorted((data_dir / "ptb-xl").rglob("*_hr.hea"))[0]
    recording = open_recording(path)
    view = replace(TWELVE, gain_mm_mv=5.0)
    pdf = pdf_of([sheet_of(Subject(recording), view, Layout("a3"))], PINK)
    heights = [float(np.ptp(points[:, 1])) for points in long_lines(pdf, at_least=1000)]
    twelve_mv = recording.read(LEADS)
    expected = 5 * (twelve_mv.max(axis=1) - twelve_mv.min(axis=1))
    assert heights == pytest.approx(expected.tolist(), abs=0.02)
