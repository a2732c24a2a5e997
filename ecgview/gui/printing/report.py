"""The one-page report: what stands where on a sheet that one would hand to a colleague.

Nothing here paints; lengths are millimetres from the corner of the paper, sizes of type 1/96 inch.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from ecgview import DISCLAIMER, __version__
from ecgview.errors import EcgviewError
from ecgview.gui.agreement_interval import level_words
from ecgview.gui.agreement_table import headline, stretch_text
from ecgview.gui.comparisons_table import overlays_of
from ecgview.gui.electrodes import ElectrodeMark, electrode_marks
from ecgview.gui.printing.geometry import SCENE_DPR
from ecgview.gui.printing.paper import PAPERS, PX_PER_MM
from ecgview.gui.printing.report_parts import (
    Box,
    Paragraph,
    Parts,
    Text,
    card_parts,
    table_parts,
)
from ecgview.gui.printing.sheet import scale_line, scene_on, signals_of
from ecgview.gui.printing.subject import Subject, facts, joined, patient_line, title
from ecgview.gui.state import SessionState
from ecgview.gui.viewer.labels import band_words
from ecgview.gui.viewer.layout import Window, lay_out
from ecgview.gui.viewer.scene import Scene
from ecgview.gui.viewer.state import SPEEDS_MM_S, ViewState
from ecgview.reconstruction import Reconstruction

MARGIN_MM = 14.0
_ECG_TOP_MM = 56.0
_TABLE_MM = 95.0
"""Height of the part below the ECG: table, electrodes, model."""
_FOOT_MM = 19.0
_COLUMN_MM = 104.0
_GAP_MM = 8.0


@dataclass(frozen=True, eq=False)
class Report:
    """A page.

    Attributes
    ----------
    width_mm, height_mm : float
        The paper, upright.
    ecg_mm : tuple of float
        Upper left corner of the ECG.
    scene : Scene
        The ECG, in units of 1/96 inch.
    electrodes_mm : tuple of float
        Left, top, width and height of the drawing.
    marks : dict of str to ElectrodeMark
        Which electrodes are filled.
    parts : Parts
        Words and bars.
    name : str
        What the file calls itself.
    """

    width_mm: float
    height_mm: float
    ecg_mm: tuple[float, float]
    scene: Scene
    electrodes_mm: tuple[float, float, float, float]
    marks: dict[str, ElectrodeMark]
    parts: Parts
    name: str


def report_of(state: SessionState, *, paper: str = "a4", with_patient: bool = False) -> Report:
    """Lay out the report on the recording and the reconstruction of a state.

    Parameters
    ----------
    state : SessionState
        With a recording and its reconstruction; see `comparisons_table.shown_state`. Of its view
        start, speed, gain, order, half gain and filters count.
    paper : str
        One of `PAPERS`.
    with_patient : bool
        Whether name, number, birth date and the date of the recording are printed.

    Returns
    -------
    Report
        One page, whatever is on it.

    Raises
    ------
    EcgviewError
        If there is no reconstruction to report on, or not yet the whole of it.
    """
    recording, reconstruction = state.recording, state.reconstruction
    if recording is None or reconstruction is None:
        raise EcgviewError(
            "There is no reconstruction to report on.", "Choose available leads and a model."
        )
    if not reconstruction.is_whole:
        raise EcgviewError(
            "The recording is still being rebuilt.", "Write the report when it is finished."
        )
    overlays = replace(overlays_of(state), others=())
    subject = Subject(
        recording, reconstruction, state.agreement, state.card, overlays, with_patient=with_patient
    )
    width_mm, height_mm = PAPERS[paper].short_mm, PAPERS[paper].long_mm
    below_mm = height_mm - _FOOT_MM - _TABLE_MM
    room = (width_mm - 2 * MARGIN_MM, below_mm - 9.0 - _ECG_TOP_MM)
    scene, view, reduced = _ecg(subject, state.view, room)
    right_mm = MARGIN_MM + _COLUMN_MM + _GAP_MM
    beside_mm = width_mm - MARGIN_MM - right_mm
    scale = scale_line(view, subject, reduced)
    parts = (
        _head(subject, state, width_mm)
        + _caption(scale, below_mm - 4.6, width_mm)
        + table_parts(state, MARGIN_MM, below_mm + 2.0, _COLUMN_MM)
        + _electrode_words(subject, right_mm, below_mm + 2.0)
        + card_parts(state, right_mm, below_mm + 65.0, beside_mm)
        + _foot(state, width_mm, height_mm)
    )
    return Report(
        width_mm,
        height_mm,
        (MARGIN_MM, _ECG_TOP_MM),
        scene,
        (right_mm, below_mm + 5.0, beside_mm, 53.0),
        electrode_marks(recording.leads, reconstruction.available),
        parts,
        title(subject),
    )


def _ecg(
    subject: Subject, view: ViewState, room_mm: tuple[float, float]
) -> tuple[Scene, ViewState, float]:
    """Lay out twelve leads and a strip as wide as the page; tell how much smaller they are."""
    # A page that shows hours on the screen would be a band of ink.
    speed_mm_s = view.speed_mm_s if view.speed_mm_s in SPEEDS_MM_S else 25.0
    view = ViewState(
        speed_mm_s=speed_mm_s,
        gain_mm_mv=view.gain_mm_mv,
        order=view.order,
        half_chest=view.half_chest,
        filters=view.filters,
        interval=view.interval,
        start_s=view.start_s,
        scale="true",
        px_per_mm=PX_PER_MM,
    )
    reduced = min(1.0, room_mm[0] / lay_out(view, Window(1.0, 1.0)).width_mm)
    view = replace(view, px_per_mm=PX_PER_MM * reduced)
    square = 5 * view.px_per_mm
    height = square * int(room_mm[1] * PX_PER_MM / square)
    window = Window(room_mm[0] * PX_PER_MM, height, SCENE_DPR)
    signals = signals_of(subject, view)
    scene = scene_on(subject, view, window, signals)
    return replace(scene, stretch="", bands=(), filters="", notice=""), view, reduced


def _head(subject: Subject, state: SessionState, width_mm: float) -> Parts:
    """Name the recording; below it the figure that counts and what it is of."""
    right = width_mm - MARGIN_MM
    assert subject.reconstruction is not None
    shown = headline(state)
    caption = " ".join(shown.caption.split())
    given = joined(subject.reconstruction.available) or "other leads"
    texts = [
        Text(MARGIN_MM, 19.0, title(subject), 22, bold=True, room_mm=right - MARGIN_MM - 62),
        Text(MARGIN_MM, 25.0, facts(subject), 11, colour="secondary"),
        Text(
            right,
            19.0,
            f"Reconstruction report · ecgview {__version__}",
            12,
            colour="secondary",
            align=1.0,
        ),
        Text(MARGIN_MM, 43.5, shown.figure, 34, bold=True, italic=shown.expected),
        Text(MARGIN_MM + 28, 38.6, caption, 12, bold=True, room_mm=80.0),
        Text(MARGIN_MM + 28, 43.2, stretch_text(state), 11, colour="secondary"),
        Text(right, 38.6, f"available: {given}", 12, bold=True, align=1.0, room_mm=70.0),
        Text(right, 43.2, _model_words(subject.reconstruction), 11, "secondary", align=1.0),
    ]
    patient = patient_line(subject)
    if patient:
        texts.append(Text(MARGIN_MM, 29.4, patient, 11))
    if subject.recording.simulated:
        texts.append(Text(right, 25.0, "SIMULATED", 13, "warning", bold=True, align=1.0))
    line = Box(MARGIN_MM, 32.0, right - MARGIN_MM, 0.25, "hairline")
    return Parts(tuple(texts), (line,)) + _key(band_words(state.view, subject.reconstruction))


def _key(interval: str) -> Parts:
    """Say what lines and grounds are; an interval that is not drawn has no name."""
    boxes = [
        Box(MARGIN_MM, 51.2, 8.0, 0.35, "original"),
        *(Box(MARGIN_MM + 27 + 2.6 * n, 51.2, 1.7, 0.35, "reconstruction") for n in range(3)),
        Box(MARGIN_MM + 66, 49.7, 8.0, 3.0, "reconstruction", alpha=0.2),
    ]
    texts = [
        Text(MARGIN_MM + 9.5, 52.3, "recorded", 11, "secondary"),
        Text(MARGIN_MM + 36.5, 52.3, "≈ reconstructed", 11, "secondary"),
        Text(MARGIN_MM + 75.5, 52.3, "difference", 11, "secondary"),
    ]
    if interval:
        boxes.append(Box(MARGIN_MM + 96, 49.7, 8.0, 3.0, "interval", alpha=0.2))
        texts.append(Text(MARGIN_MM + 105.5, 52.3, interval, 11, "secondary"))
    return Parts(tuple(texts), tuple(boxes))


def _model_words(reconstruction: Reconstruction) -> str:
    words = reconstruction.calibration_words
    return f"model {reconstruction.model_name}" + (f", {words}" if words else "")


def _caption(scale: str, y_mm: float, width_mm: float) -> Parts:
    squares = "calibration pulse 1 mV, 0.2 s"
    return Parts(
        (
            Text(MARGIN_MM, y_mm, scale, 11, "secondary"),
            Text(width_mm - MARGIN_MM, y_mm, squares, 11, "secondary", align=1.0),
        )
    )


def _electrode_words(subject: Subject, x_mm: float, y_mm: float) -> Parts:
    return Parts((Text(x_mm, y_mm, "Electrodes of the available leads", 13, bold=True),))


def _interval_words(state: SessionState) -> str:
    made = state.reconstruction
    if made is None or made.interval is None:
        return ""
    level = level_words(state)
    return (
        f" Width: mean width in µV of the interval that is to hold {level} of samples, on average "
        f"over patients; in {level}: per cent that it holds here."
    )


def _foot(state: SessionState, width_mm: float, height_mm: float) -> Parts:
    assert state.reconstruction is not None
    bandwidth = state.reconstruction.bandwidth_hz
    y_mm = height_mm - _FOOT_MM
    how = (
        "PCC: correlation of recorded and reconstructed lead; n/a where not defined. Expected: "
        "mean clean PCC on the model's card. RMSE, max: root-mean-square and largest difference "
        f"in µV, medians removed.{_interval_words(state)} Reconstructed leads carry nothing above "
        f"{bandwidth:g} Hz."
    )
    right = width_mm - MARGIN_MM
    return Parts(
        (Text(MARGIN_MM, y_mm + 13.8, DISCLAIMER, 10, bold=True),),
        (Box(MARGIN_MM, y_mm - 2.0, right - MARGIN_MM, 0.25, "hairline"),),
        (Paragraph(MARGIN_MM, y_mm, right - MARGIN_MM, how, 10, "secondary"),),
    )
