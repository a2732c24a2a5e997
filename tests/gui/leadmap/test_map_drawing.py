"""What the lead map draws: a pure function of state, room and theme."""

from __future__ import annotations

from dataclasses import replace

import pytest
from stand_ins import Card, ecg

from ecgview.engine.cards import find_model
from ecgview.gui.colours import contrast, ink_on
from ecgview.gui.leadmap.colours import ground, scale_of
from ecgview.gui.leadmap.drawing import (
    COLUMNS,
    SIGNS,
    figure_text,
    label_of,
    lay_out,
    row_cells,
    value_of,
)
from ecgview.gui.leadmap.state import LeadMapState, live_sets, map_stretch, shown_map
from ecgview.gui.leadmap.words import cell_sentence
from ecgview.gui.state import SessionState
from ecgview.gui.teaching.state import TeachingState
from ecgview.gui.theme import THEMES
from ecgview.gui.viewer.state import ViewState
from ecgview.leads import LEADS, Origin
from ecgview.studies.leadmap.population import map_of_card
from ecgview.studies.leadmap.table import USUAL_SETS

LIGHT = THEMES["light"]


def population(**how):
    page = LeadMapState(source="population", population=map_of_card(find_model("anylead")), **how)
    return page, SessionState(models=(find_model("anylead"),), model="anylead")


def place_of(shown, *leads):
    return next(n for n, one in enumerate(shown.rows) if one.row.available == leads)


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
@pytest.mark.parametrize("measure", ["pcc", "rmse_uv"])
@pytest.mark.parametrize("of_difference", [False, True])
def test_every_figure_can_be_read_on_its_colour(theme, measure, of_difference):
    scale = scale_of(measure, of_difference=of_difference)
    for step in range(201):
        value = scale.low + (scale.high - scale.low) * step / 200
        colour = ground(scale, value, theme)
        assert contrast(colour, ink_on(colour)) >= 4.5


@pytest.mark.parametrize("theme", THEMES.values(), ids=list(THEMES))
def test_better_is_further_from_the_paper_for_both_measures(theme):
    for measure, worse, better in (("pcc", 0.6, 0.9), ("rmse_uv", 180.0, 40.0)):
        scale = scale_of(measure, of_difference=False)
        from_paper = [
            contrast(ground(scale, value, theme), theme.panel) for value in (worse, better)
        ]
        assert from_paper[0] < from_paper[1]
        assert ground(scale, scale.low - 9, theme) == ground(scale, scale.low, theme)


def test_cells_hold_the_figures_of_the_card():
    shown = shown_map(*population())
    layout = lay_out(shown, 1000, 800)
    place = place_of(shown, "I", "II", "V2")
    cells = list(row_cells(shown, layout, place, LIGHT))
    by_name = dict(zip(COLUMNS, cells, strict=True))
    expected = find_model("anylead").expected(("I", "II", "V2"))
    assert by_name["V3"].text == f"{expected['V3'].pcc:.2f}"
    assert by_name["I"].text == SIGNS[Origin.MEASURED]
    assert by_name["aVF"].text == SIGNS[Origin.DERIVED]
    mean = sum(one.pcc for one in expected.values()) / len(expected)
    assert by_name["chest"].text == f"{mean:.2f}"
    darkest = max(cells, key=lambda cell: contrast(cell.ground or LIGHT.panel, LIGHT.panel))
    assert darkest.text == max(cell.text for cell in cells if cell.text[0].isdigit())


def test_cells_do_not_overlap_and_places_are_found_again():
    shown = shown_map(*population())
    for width, height, scale in ((700, 500, 1.0), (1600, 1400, 1.0), (1100, 700, 2.0)):
        layout = lay_out(shown, width, height, scale)
        rights = [layout.left(column) + layout.cell_px for column in range(len(COLUMNS))]
        for column, right in enumerate(rights[:-1]):
            assert right <= layout.left(column + 1) + 1e-6
        for place in range(len(shown.rows) - 1):
            assert layout.tops[place] + layout.row_px <= layout.tops[place + 1] + 1e-6
        left, top, wide, high = layout.cell(20, 8)
        assert layout.at(left + wide / 2, top + high / 2) == (20, 8)
        assert layout.at(10, top + high / 2) == (20, -1)
        assert layout.at(left, layout.height + 5) is None


def test_a_large_room_is_filled_and_a_small_one_is_scrolled():
    shown = shown_map(*population())
    tall = lay_out(shown, 1400, 900)
    small = lay_out(shown, 500, 300)
    assert tall.height <= 900.001
    assert small.height > 300
    assert small.width > 500
    assert lay_out(shown, 1400, 900, 2.0).row_px >= 2 * small.row_px


def test_rows_stand_as_in_the_paper_or_by_their_mean():
    paper = shown_map(*population())
    assert [one.row.available for one in paper.rows] == list(USUAL_SETS)
    assert [one.group for one in paper.rows] == sorted(one.group for one in paper.rows)
    assert len({one.group for one in paper.rows}) == 4
    by_mean = shown_map(*population(by_mean=True))
    column = COLUMNS.index("chest")
    means = [value_of(by_mean, place, column) for place in range(len(by_mean.rows))]
    assert means == sorted(means, reverse=True)
    by_rmse = shown_map(*population(by_mean=True, measure="rmse_uv"))
    means = [value_of(by_rmse, place, column) for place in range(len(by_rmse.rows))]
    assert means == sorted(means)


def test_the_set_of_the_viewer_is_marked_however_its_limb_leads_are_named():
    page, window = population()
    window = replace(window, recording=ecg(), available=("II", "III", "V4"))
    shown = shown_map(page, window)
    (current,) = [one.row.available for one in shown.rows if one.is_current]
    assert current == ("I", "II", "V4")
    assert live_sets(window) == USUAL_SETS


def test_another_set_of_the_viewer_gets_a_row_of_its_own():
    _, window = population()
    window = replace(window, recording=ecg(), available=("II", "V1", "V5"))
    assert live_sets(window)[0] == ("II", "V1", "V5")
    window = replace(window, available=LEADS)
    assert live_sets(window) == USUAL_SETS


def test_a_model_of_one_set_has_one_row():
    state = SessionState(models=(Card(leads=("I", "V2")),), model="first", recording=ecg())
    assert live_sets(state) == (("I", "V2"),)
    others = SessionState(models=(Card(leads=("VX",)),), model="first", recording=ecg())
    assert live_sets(others) == ()


def test_in_a_lesson_the_recording_is_not_shown_before_the_truth():
    page, window = population()
    page = replace(page, source="recording")
    window = replace(window, recording=ecg(), teaching=TeachingState(is_on=True, stage="guess"))
    shown = shown_map(page, window)
    assert shown.source == "population"
    assert "lesson" in shown.remark
    truth = replace(window, teaching=TeachingState(is_on=True, stage="truth"))
    assert shown_map(page, truth).source == "recording"


def test_a_map_is_over_the_mark_the_page_or_the_whole():
    card = Card()
    short = SessionState(recording=ecg(duration_s=10.0), models=(card,), model="first")
    assert map_stretch(short) == (0, 1000)
    marked = replace(short, view=ViewState(mark_s=(2.0, 5.0)))
    assert map_stretch(marked) == (200, 500)
    long = replace(short, recording=ecg(duration_s=300.0))
    start, stop = map_stretch(replace(long, view=ViewState(start_s=100.0)))
    assert start == 10_000
    assert 0 < stop - start <= 6000
    much = replace(long, view=ViewState(mark_s=(0.0, 300.0)))
    assert map_stretch(much) == (0, 6000)


def test_figures_are_written_with_a_real_minus_and_no_sign_of_nothing():
    shown = shown_map(*population())
    difference = replace(shown, source="difference")
    in_uv = replace(difference, measure="rmse_uv")
    assert figure_text(-0.034, shown) == "\N{MINUS SIGN}0.03"
    assert figure_text(0.9174, shown) == "0.92"
    assert figure_text(0.9174, shown, exact=True) == "0.917"
    assert figure_text(0.05, difference) == "+0.05"
    assert figure_text(-0.001, difference) == "0.00"
    assert figure_text(-0.4, in_uv) == "0"
    assert figure_text(12.6, in_uv) == "+13"


def test_sentences_say_what_a_cell_shows():
    shown = shown_map(*population())
    place = place_of(shown, "I", "II", "V2")
    assert label_of(shown.rows[place]) == "I, II, V2"
    expected = find_model("anylead").expected(("I", "II", "V2"))["V3"].pcc
    assert cell_sentence(shown, place, COLUMNS.index("V3")) == (
        f"V3 from I, II, V2: expected PCC {expected:.3f} (clean)"
    )
    assert cell_sentence(shown, place, COLUMNS.index("V2")) == "V2 from I, II, V2: measured"
    assert "derived" in cell_sentence(shown, place, COLUMNS.index("aVF"))
    assert cell_sentence(shown, place, -1).startswith("Mean of reconstructed chest leads from")
