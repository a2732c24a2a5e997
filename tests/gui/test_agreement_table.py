from dataclasses import replace

import numpy as np
from ecg import rebuilt
from stand_ins import Card, compare, ecg

from ecgview.gui.agreement_copy import as_html, as_tsv
from ecgview.gui.agreement_table import (
    headline,
    microvolts,
    stretch_text,
    table_rows,
)
from ecgview.gui.state import SessionState
from ecgview.gui.viewer.state import ViewState
from ecgview.leads import LEADS
from ecgview.recording import recording_from_array


def state_of(recording, available, *, clean=False, mark_s=None, offset_mv=0.0, with_card=True):
    state = SessionState(
        recording=recording,
        available=available,
        models=(Card(),) if with_card else (),
        model="first",
        clean=clean,
        view=ViewState(mark_s=mark_s),
        reconstruction=rebuilt(recording, available, offset_mv),
    )
    figures = compare(recording, state.reconstruction, state.comparison)
    return SessionState(**{**vars(state), "agreement": figures})


def row_of(state, lead):
    return next(row for row in table_rows(state) if row.lead == lead)


def test_measured_has_no_figures_derived_has_differences_reconstructed_has_all():
    state = state_of(ecg(), ("I", "II", "V2"))
    assert row_of(state, "I").cells == ("I", "measured", "", "", "", "", "")
    derived = row_of(state, "III")
    assert derived.cells == ("III", "derived", "", "0", "0", "", "")
    assert derived.bar is None
    rebuilt_row = row_of(state, "V5")
    assert rebuilt_row.cells == ("V5", "reconstructed", "1.00", "0", "0", "n/a", "")
    assert "has no calibrated one" in rebuilt_row.tip
    assert rebuilt_row.bar == 1.0


def test_flat_reference_is_not_defined():
    waves = {lead: np.sin(np.arange(1000) / 9) for lead in LEADS}
    waves["V5"] = np.zeros(1000)
    state = state_of(recording_from_array("flat V5", waves, 100.0), ("I", "II"))
    assert row_of(state, "V5").pcc == "n/a"
    assert "flat" in row_of(state, "V5").tip
    assert state.agreement.n_chest == 5


def test_lead_without_reference_shows_the_expected_figures_in_their_own_kind():
    state = state_of(ecg(leads=("I", "II", "V1")), ("I", "II"))
    expected = row_of(state, "V3")
    assert (expected.pcc, expected.rmse_uv, expected.max_uv) == ("0.75", "120", "")
    assert expected.expected
    assert not row_of(state, "V1").expected
    assert headline(state).figure == "1.00"
    assert "1 reconstructed chest lead" in headline(state).caption


def test_headline_is_the_expected_one_where_nothing_can_be_compared():
    state = state_of(ecg(leads=("I", "II")), ("I", "II"))
    shown = headline(state)
    assert (shown.figure, shown.expected) == ("0.75", True)
    assert shown.caption == "expected mean PCC over\n6 reconstructed chest leads"
    assert "fold 9" in stretch_text(state)


def test_second_mean_counts_limb_leads_too():
    state = state_of(ecg(), ("I",))
    shown = headline(state)
    assert shown.caption == "mean PCC over\n6 reconstructed chest leads"
    assert shown.second == "1.00 over all 11 reconstructed leads"


def test_nothing_to_reconstruct_is_said():
    state = state_of(ecg(), LEADS)
    assert headline(state).caption == "nothing to reconstruct:\nall leads are known"


def test_without_a_card_there_is_no_expectation():
    state = state_of(ecg(leads=("I", "II")), ("I", "II"), with_card=False)
    assert row_of(state, "V3").pcc == ""
    assert "nothing in this file" in headline(state).caption


def test_header_names_stretch_and_filter():
    assert stretch_text(state_of(ecg(), ("I",))) == "Whole recording, 10.0 s · median removed"
    marked = state_of(ecg(), ("I",), clean=True, mark_s=(1.0, 3.5))
    assert stretch_text(marked) == "Marked stretch, 1.00 to 3.50 s · 0.5 Hz high-pass"


def test_clipboard_text_tells_expected_from_compared():
    state = state_of(ecg(leads=("I", "II", "V1")), ("I", "II"))
    lines = as_tsv(state).splitlines()
    first = ["V1", "reconstructed", "1.00", "0", "0", "n/a", "", "this recording"]
    assert lines[8].split("\t") == first
    third = ["V3", "reconstructed", "0.75", "120", "", "n/a", "", "expected"]
    assert lines[10].split("\t") == third
    assert "<td>V3</td><td>reconstructed</td><td>0.75</td>" in as_html(state)


def test_markup_in_a_file_name_stays_text():
    recording = ecg("<b>bold</b>")
    assert "<b>" not in as_html(state_of(recording, ("I",)))


def test_negative_correlation_has_a_minus_and_an_empty_bar():
    recording = ecg()
    state = state_of(recording, ("I", "II"))
    upside_down = rebuilt(recording, ("I", "II"))
    upside_down.source.signals_mv[6:] *= -1
    figures = compare(recording, upside_down, state.comparison)
    state = SessionState(**{**vars(state), "reconstruction": upside_down, "agreement": figures})
    assert row_of(state, "V1").pcc == "\N{MINUS SIGN}1.00"
    assert row_of(state, "V1").bar == 0.0


def test_figures_of_a_wrong_unit_keep_their_size_in_a_narrow_column():
    assert [microvolts(value) for value in (98.4, 99_999.4, 65_766_547.0)] == [
        "98",
        "99999",
        "7e+07",
    ]


def test_other_leads_show_at_once_what_to_expect_of_them():
    state = state_of(ecg(), ("I", "II"))
    chosen = replace(state, available=("I", "II", "V2"), busy="Reconstructing")
    assert row_of(chosen, "V2").origin == "measured"
    expected = row_of(chosen, "V3")
    assert (expected.pcc, expected.rmse_uv, expected.expected) == ("0.75", "120", True)
    shown = headline(chosen)
    assert (shown.figure, shown.expected) == ("0.75", True)
    assert shown.second == "expected mean RMSE 120 µV"
    assert "first from I, II, V2" in as_tsv(chosen)


def test_before_the_first_result_the_expected_figures_stand_in_the_table():
    state = SessionState(recording=ecg(), available=("I",), models=(Card(),), model="first")
    assert [row.lead for row in table_rows(state) if row.expected] == list(LEADS[1:])
    failed = replace(state, failure="It did not work.")
    assert not any(row.expected for row in table_rows(failed))


def test_a_result_tells_in_its_tip_what_was_to_be_expected():
    state = state_of(ecg(), ("I", "II"))
    assert "Expected (clean): PCC 0.75, RMSE 120 µV" in row_of(state, "V3").tip
