"""Width of intervals and share of samples inside, in the table of agreement and in reports."""

from __future__ import annotations

from dataclasses import replace

import pytest
from ecg import rebuilt
from made_interval import with_interval
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHeaderView, QTableView
from stand_ins import Card, compare, ecg

from ecgview.gui.agreement_cells import AgreementModel
from ecgview.gui.agreement_copy import as_html, as_tsv
from ecgview.gui.agreement_interval import interval_cells
from ecgview.gui.agreement_panel import _COLUMN_WIDTHS_PX, _WIDTHS_CALIBRATED_PX
from ecgview.gui.agreement_table import COLUMNS, columns, table_rows
from ecgview.gui.interval_words import NO_INTERVAL
from ecgview.gui.printing.report import report_of
from ecgview.gui.scripting.descriptions import page_words, question_of, setting_of
from ecgview.gui.side_panel import PANEL_WIDTH_PX
from ecgview.gui.state import SessionState
from ecgview.gui.viewer.state import ViewState
from ecgview.leads import LEADS

GIVEN = ("I", "II", "V2")
NBSP = "\N{NO-BREAK SPACE}"


def state_of(leads=LEADS, half_mv=0.1, level=0.9, clean=False, offset_mv=0.0):
    recording = ecg(leads=leads)
    made = with_interval(rebuilt(recording, GIVEN, offset_mv), half_mv, wander_mv=0.0)
    state = SessionState(
        recording=recording,
        available=GIVEN,
        models=(Card(),),
        model="first",
        clean=clean,
        view=ViewState(interval=level),
        reconstruction=made,
    )
    return replace(state, agreement=compare(recording, made, state.comparison))


def row_of(state, lead):
    return next(row for row in table_rows(state) if row.lead == lead)


def test_reconstructed_leads_tell_width_and_share_inside():
    state = state_of()
    row = row_of(state, "V4")
    assert (row.width_uv, row.inside) == ("200", "100")
    assert "90 % interval: 200 µV wide on average, with 100 % of the recorded samples" in row.tip
    for lead in ("I", "III", "V2"):
        assert (row_of(state, lead).width_uv, row_of(state, lead).inside) == ("", "")


@pytest.mark.parametrize(("level", "width_uv"), [(0.5, "100"), (0.8, "160"), (0.9, "200")])
def test_the_table_follows_the_level_that_is_drawn(level, width_uv):
    state = state_of(level=level)
    assert row_of(state, "V4").width_uv == width_uv
    assert columns(state)[5:] == ("width µV", f"in {100 * level:.0f}{NBSP}%")


def test_without_a_band_the_usual_level_is_told():
    state = state_of(level=0.0)
    assert row_of(state, "V4").width_uv == "200"
    assert columns(state)[6] == f"in 90{NBSP}%"


def test_a_lead_that_was_not_recorded_has_a_width_alone():
    state = state_of(leads=("I", "II", "V2", "V3"))
    row = row_of(state, "V5")
    assert row.expected
    assert (row.width_uv, row.inside) == ("200", "")
    assert row_of(state, "V3").inside == "100"


def test_no_interval_is_said_with_its_reason():
    state = state_of()
    bare = replace(state, reconstruction=replace(state.reconstruction, interval=None))
    row = row_of(bare, "V4")
    assert (row.width_uv, row.inside) == ("n/a", "")
    assert row.tip.endswith(NO_INTERVAL)
    assert interval_cells(bare, "I").width_uv == ""


def test_nothing_is_told_while_leads_are_being_rebuilt():
    state = replace(state_of(), reconstruction=None, agreement=None)
    assert interval_cells(state, "V4") == ("", "", "")


def test_the_copied_table_has_both_with_their_level():
    state = state_of(level=0.8)
    lines = as_tsv(state).splitlines()
    assert lines[1].split("\t")[5:7] == ["80 % interval, mean width µV", "Inside 80 % interval, %"]
    v4 = next(line for line in lines if line.startswith("V4"))
    assert v4.split("\t")[5:7] == ["160", "100"]
    assert "<td>160</td><td>100</td>" in as_html(state)


def test_columns_fit_the_panel_and_heads_say_units_below(qapp):
    assert sum(_COLUMN_WIDTHS_PX) <= PANEL_WIDTH_PX - 1 - 2 * 19
    assert sum(_WIDTHS_CALIBRATED_PX) <= PANEL_WIDTH_PX - 1 - 2 * 19
    assert len(_COLUMN_WIDTHS_PX) == len(_WIDTHS_CALIBRATED_PX) == len(COLUMNS)
    table = QTableView()
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    model = AgreementModel(table)
    model.set_rows(table_rows(state_of()))
    assert model.columnCount() == 7
    across = Qt.Orientation.Horizontal
    assert model.headerData(5, across) == "width\nµV"
    assert model.headerData(6, across) == f"in\n90{NBSP}%"
    role = Qt.ItemDataRole.ToolTipRole
    assert "no guarantee" in model.headerData(5, across, role)
    spoken = model.index(LEADS.index("V4"), 0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "interval 200 microvolts wide, 100 per cent inside" in spoken
    table.deleteLater()


def test_a_report_has_the_columns_and_explains_them(qapp):
    report = report_of(state_of(level=0.8))
    texts = [text.text for text in report.parts.texts]
    assert "width" in texts and f"in 80{NBSP}%" in texts
    assert texts.count("160") == 5
    assert any("80 % interval" in text for text in texts)
    paragraphs = " ".join(paragraph.text for paragraph in report.parts.paragraphs)
    assert "on average over patients" in paragraphs
    assert any(len(panel.band) for panel in report.scene.panels)


def test_what_is_copied_as_command_or_text_names_the_interval():
    state = state_of(level=0.8)
    assert question_of(state).interval_words() == ("--interval", "80")
    assert question_of(state_of()).interval_words() == ()
    assert page_words(ViewState(interval=0.0))[-2:] == ("--interval", "none")
    assert page_words(ViewState(interval=0.5))[-2:] == ("--interval", "50")
    assert "--interval" not in page_words(ViewState())
    assert setting_of(state).interval == 0.8
    bare = replace(state, reconstruction=replace(state.reconstruction, interval=None))
    assert setting_of(bare).interval == 0.0


def test_the_key_of_a_report_names_the_interval_where_it_is_drawn(qapp):
    drawn, bare = (report_of(state_of(level=level)).parts for level in (0.8, 0.0))
    assert [text.text for text in drawn.texts if text.text.endswith("interval")] == [
        "80 % interval"
    ]
    assert sum(box.colour == "interval" for box in drawn.boxes) == 1
    assert not any(text.text.endswith("interval") for text in bare.texts)
    assert not any(box.colour == "interval" for box in bare.boxes)
