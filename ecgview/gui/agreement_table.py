"""The agreement as text: rows of the panel's table, and the table for the clipboard."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ecgview.gui.agreement_interval import interval_cells, interval_heads
from ecgview.gui.long_words import length, stretches_text
from ecgview.gui.personal.state import before_of
from ecgview.gui.state import SessionState
from ecgview.leads import CHEST_LEADS, LEADS, Origin, lead_origins

LARGEST_IN_FULL_UV = 99_999.5
_IN_SECONDS_S = 120.0
NOT_DEFINED = "n/a"
NO_FIGURE = "\N{EN DASH}"
COLUMNS = ("Lead", "Origin", "PCC", "RMSE µV", "max µV", "width µV", "in 90\N{NO-BREAK SPACE}%")
BEFORE = "before"
_BEFORE_COLUMN = 4


@dataclass(frozen=True)
class AgreementRow:
    """One lead as the table shows it.

    Attributes
    ----------
    lead, origin : str
        Name and where it comes from.
    pcc, rmse_uv, max_uv : str
        Figures as text; empty where there is nothing to compare.
    bar : float or None
        Length of the bar, 0 to 1; None for no bar.
    expected : bool
        Whether the figures are the model card's, not this recording's.
    tip : str
        What the row means, in a sentence.
    before : str
        PCC and RMSE without the calibration to the person; stands in the place of `max_uv`.
    width_uv, inside : str
        Mean width of the interval, and per cent of the recorded samples in it; empty for none.
    """

    lead: str
    origin: str
    pcc: str = ""
    rmse_uv: str = ""
    max_uv: str = ""
    bar: float | None = None
    expected: bool = False
    tip: str = ""
    before: str = ""
    width_uv: str = ""
    inside: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        """The row's texts, in the order of `COLUMNS`."""
        last = self.before or self.max_uv
        return (self.lead, self.origin, self.pcc, self.rmse_uv, last, self.width_uv, self.inside)


@dataclass(frozen=True)
class Headline:
    """The panel's large figure and what it is over.

    Attributes
    ----------
    figure : str
        Such as ``0.89``; a dash where there is none.
    caption : str
        What it is the mean of.
    second : str
        The mean over all reconstructed leads, where that is another figure.
    expected : bool
        Whether it is the model card's figure.
    """

    figure: str
    caption: str
    second: str = ""
    expected: bool = False


def table_rows(state: SessionState) -> tuple[AgreementRow, ...]:
    """Make the twelve rows of the table.

    Parameters
    ----------
    state : SessionState
        With or without a result.

    Returns
    -------
    tuple of AgreementRow
        In standard order; empty without a recording.
    """
    if state.recording is None:
        return ()
    if is_expecting(state):
        state = replace(state, reconstruction=None, agreement=None)
    shown = (
        state.reconstruction.origins
        if state.reconstruction
        else lead_origins(state.available, state.derived)
    )
    rows = tuple(_with_interval(state, _row(state, lead, shown[lead])) for lead in LEADS)
    # Where the column says what was before, no largest difference of another row may stand in it.
    calibrated = any(row.before for row in rows)
    return tuple(replace(row, max_uv="") if calibrated else row for row in rows)


def _with_interval(state: SessionState, row: AgreementRow) -> AgreementRow:
    width_uv, inside, said = interval_cells(state, row.lead)
    tip = ". ".join(part for part in (row.tip, said) if part)
    return replace(row, width_uv=width_uv, inside=inside, tip=tip)


def is_expecting(state: SessionState) -> bool:
    """Tell whether the chosen leads and model have no result yet, but figures to expect.

    What is shown of other leads, or of another model, says nothing of these.
    """
    made = state.reconstruction
    if state.chosen or state.failure or state.recording is None or not state.expected:
        return False
    if made is None:
        return True
    return (made.available, made.model_name) != (state.available, state.model) and bool(state.busy)


def _row(state: SessionState, lead: str, origin: Origin) -> AgreementRow:
    if state.reconstruction is not None and lead in state.reconstruction.absent:
        return AgreementRow(lead, "absent", tip="The estimate has no such lead")
    if origin is Origin.MEASURED:
        tip = "Measured: the estimate's lead is the recording's own"
        if not state.chosen:
            tip = "In the file, and given to the model"
        return AgreementRow(lead, origin.value, tip=tip)
    if origin is Origin.DERIVED and lead in state.derived:
        tip = "Not in the file: exact algebra from its limb leads, with nothing to compare with"
        return AgreementRow(lead, origin.value, tip=tip)
    if lead not in state.leads:
        return _row_without_reference(state, lead, origin)
    if state.agreement is None:
        if origin is Origin.RECONSTRUCTED and lead in state.expected and not state.failure:
            return _expected_row(state, lead, "This recording's own figures follow")
        nothing = state.failure and origin is Origin.RECONSTRUCTED
        return AgreementRow(lead, NO_FIGURE if nothing else origin.value)
    figures = state.agreement.rows[LEADS.index(lead)]
    rmse_uv, max_uv = microvolts(figures.rmse_uv), microvolts(figures.max_uv)
    if origin is Origin.DERIVED:
        tip = "Exact algebra from measured leads; the difference from the recorded trace beside it"
        return AgreementRow(lead, origin.value, "", rmse_uv, max_uv, tip=tip)
    tip = "Reconstructed, compared with the recorded trace"
    if (usual := state.expected.get(lead)) is not None and not state.chosen:
        tip += f". Expected (clean): PCC {_pcc(usual.pcc)}, RMSE {microvolts(usual.rmse_uv)} µV"
    if figures.pcc is None:
        tip = "Not defined: the recorded trace is flat or has no samples here"
    bar = None if figures.pcc is None else min(max(figures.pcc, 0.0), 1.0)
    before = "" if state.chosen else _before(state, lead)
    if before:
        tip += f". Before the calibration: PCC and RMSE {before} µV; now at most {max_uv} µV apart"
    return AgreementRow(
        lead, origin.value, _pcc(figures.pcc), rmse_uv, max_uv, bar, tip=tip, before=before
    )


def _before(state: SessionState, lead: str) -> str:
    figures = before_of(state.calibrated, lead)
    return f"{_pcc(figures[0])} · {microvolts(figures[1])}" if figures else ""


def columns(state: SessionState) -> tuple[str, ...]:
    """Head the columns: calibrated, one says what was before; the level shown is named."""
    before = BEFORE if is_calibrated(state) else COLUMNS[_BEFORE_COLUMN]
    return (*COLUMNS[:_BEFORE_COLUMN], before, *interval_heads(state))


def is_calibrated(state: SessionState) -> bool:
    """Tell whether the table has figures before a calibration."""
    return any(row.before for row in table_rows(state))


def _row_without_reference(state: SessionState, lead: str, origin: Origin) -> AgreementRow:
    if origin is Origin.DERIVED or lead not in state.expected:
        return AgreementRow(lead, origin.value, tip="The file has no such lead to compare with")
    return _expected_row(state, lead, "The file has no such lead")


def _expected_row(state: SessionState, lead: str, why: str) -> AgreementRow:
    expected = state.expected[lead]
    return AgreementRow(
        lead,
        Origin.RECONSTRUCTED.value,
        _pcc(expected.pcc),
        microvolts(expected.rmse_uv),
        bar=expected.pcc,
        expected=True,
        tip=f"Expected: the model's mean on recordings it had not seen, clean. {why}",
    )


def headline(state: SessionState) -> Headline:
    """Make the large figure: the mean over reconstructed chest leads.

    Parameters
    ----------
    state : SessionState
        With or without a result.

    Returns
    -------
    Headline
        From the recording where it can be compared, else the card's expectation.
    """
    if is_expecting(state):
        return _expected_headline(state)
    agreement = state.agreement
    if agreement is not None and agreement.mean_pcc_chest is not None:
        caption = f"mean PCC over\n{_leads(agreement.n_chest, 'chest')}"
        second = ""
        if agreement.n_all != agreement.n_chest:
            second = f"{_pcc(agreement.mean_pcc_all)} over all {_leads(agreement.n_all)}"
        return Headline(_pcc(agreement.mean_pcc_chest), caption, second)
    if agreement is not None and agreement.mean_pcc_all is not None:
        return Headline(
            _pcc(agreement.mean_pcc_all), f"mean PCC over\n{_leads(agreement.n_all, 'limb')}"
        )
    others = [row for row in agreement.others if row.pcc is not None] if agreement else []
    if others:
        leads = ", ".join(row.lead for row in others)
        mean = float(np.mean([row.pcc for row in others if row.pcc is not None]))
        return Headline(_pcc(mean), f"mean PCC over\n{leads}")
    if state.reconstruction is not None and not state.failure:
        return _expected_headline(state)
    return Headline(NO_FIGURE, _why_no_figure(state))


def _expected_headline(state: SessionState) -> Headline:
    """Give the card's means over the chest leads to rebuild; those of limb leads where none is."""
    chest = [lead for lead in CHEST_LEADS if lead in state.expected]
    figures = [state.expected[lead] for lead in chest or state.expected]
    if not figures:
        return Headline(NO_FIGURE, _why_no_figure(state))
    pcc, rmse_uv = np.mean([(one.pcc, one.rmse_uv) for one in figures], axis=0).tolist()
    return Headline(
        _pcc(pcc),
        f"expected mean PCC over\n{_leads(len(figures), 'chest' if chest else 'limb')}",
        f"expected mean RMSE {microvolts(rmse_uv)} µV",
        expected=True,
    )


def _why_no_figure(state: SessionState) -> str:
    if not state.leads:
        return "none of the twelve leads\nis in this file"
    if state.failure:
        return "no reconstruction"
    if state.busy and state.agreement is None and state.reconstruction is not None:
        return "comparing"
    if state.reconstruction is None:
        return "reconstructing" if state.busy else "no reconstruction yet"
    if not state.reconstruction.reconstructed_leads:
        return "nothing to reconstruct:\nall leads are known"
    return "nothing in this file\nto compare with"


def stretch_text(state: SessionState) -> str:
    """Say what is compared: the whole recording or the marked stretch, and how."""
    recording = state.recording
    if recording is None:
        return ""
    if headline(state).expected:
        return "From the model's card: fold 9, clean"
    comparison = state.comparison
    covered = state.agreement.covered if state.agreement is not None else ()
    if covered:
        where = f"So far: {stretches_text(covered, recording.fs_hz)}"
    elif state.view.mark_s is None and (comparison.start, comparison.stop) != (
        0,
        recording.n_samples,
    ):
        start_s, stop_s = comparison.start / recording.fs_hz, comparison.stop / recording.fs_hz
        where = f"Beside what was learnt from, {start_s:.2f} to {stop_s:.2f} s"
    elif state.view.mark_s is None:
        where = f"Whole recording, {_duration(recording.duration_s)}"
    else:
        start_s, stop_s = comparison.start / recording.fs_hz, comparison.stop / recording.fs_hz
        where = f"Marked stretch, {start_s:.2f} to {stop_s:.2f} s"
    how = "0.5 Hz high-pass" if state.clean else "median removed"
    filtered = " · filtered" if state.model_filters else ""
    return f"{where} · {how}{filtered}"


def _duration(duration_s: float) -> str:
    return f"{duration_s:.1f} s" if duration_s < _IN_SECONDS_S else length(duration_s)


def _leads(count: int, kind: str = "") -> str:
    words = f"reconstructed {kind} lead".replace("  ", " ")
    return f"{count} {words}" + ("" if count == 1 else "s")


def _pcc(value: float | None) -> str:
    return NOT_DEFINED if value is None else f"{value:.2f}".replace("-", "\N{MINUS SIGN}")


def microvolts(value: float | None) -> str:
    """Write a figure in microvolts so that it fits into its column."""
    if value is None:
        return NOT_DEFINED
    # What a wrong unit makes of it must not lose its first digits at the edge of a column.
    return f"{value:.0f}" if value < LARGEST_IN_FULL_UV else f"{value:.0e}"
