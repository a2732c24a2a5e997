"""The window's state: one frozen dataclass, and the pure questions asked of it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ecgview.gui.backend import Comparison
from ecgview.gui.beats.state import BeatsState
from ecgview.gui.measuring.state import Caliper, MeasuringState
from ecgview.gui.personal.state import PersonalResult, PersonalSource
from ecgview.gui.signs.state import SignsState
from ecgview.gui.teaching.state import TeachingState
from ecgview.gui.viewer.loops import LoopsState
from ecgview.gui.viewer.state import SPEEDS_MM_S, ViewState
from ecgview.leads import LEADS, Origin, in_order, lead_origins
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Mark, Recording
from ecgview.signals.filtering import Filters, carried

if TYPE_CHECKING:
    from ecgview.engine.cards import ModelCard
    from ecgview.engine.metrics import Agreement
    from ecgview.engine.tally import WindowFigures
    from ecgview.gui.comparisons_table import ShownEstimate
    from ecgview.record_facts import ImportOptions

USUAL_LEADS = ("I", "II", "V2")
SESSION_SUFFIX = ".ecgview"
TEXT_SIZES = (100, 125, 150, 200)
"""How large words can be, in per cent."""


@dataclass(frozen=True)
class OpenFile:
    """One entry of the list that is stepped through; it is read when it is shown.

    Attributes
    ----------
    name : str
        For titles.
    load : callable
        Reads the recording.
    path : Path or None
        The file; None for a simulated recording.
    options : ImportOptions or None
        What the user said of the file; None where nothing was.
    demo : tuple of str and int, or None
        Case and seed of a simulated recording.
    """

    name: str
    load: Callable[[], Recording]
    path: Path | None = None
    options: ImportOptions | None = None
    demo: tuple[str, int] | None = None


@dataclass(frozen=True)
class SessionState:
    """Everything the window shows.

    Attributes
    ----------
    files : tuple of OpenFile
        Open files.
    index : int
        Which of them is shown; -1 for none.
    opening : OpenFile or None
        The file that is being read.
    recording : Recording or None
        The one shown.
    available : tuple of str
        Leads the model is given.
    wanted : tuple of str
        The user's last choice of leads, kept for the next file.
    models : tuple of ModelCard
        Installed models.
    model : str
        Name of the chosen one; empty where none is installed.
    device : str
        The chosen device, or ``auto``.
    devices : tuple of str
        Devices of this computer; empty until the engine is loaded.
    device_reason : str
        Which of them ``auto`` takes and why, in a sentence.
    view : ViewState
        How the traces are drawn.
    filter_input : bool
        Whether the model is given what the view's filters leave, and figures are of that.
    clean : bool
        Whether the comparison is high-passed.
    reconstruction : Reconstruction or None
        For `recording`; may lag behind `available` while a job runs.
    agreement : Agreement or None
        For `reconstruction`.
    windows : WindowFigures or None
        Of `reconstruction`, window by window; None where the recording is no longer than a page.
    threshold : float
        Windows with a lead that correlates less are listed.
    worst_at_s : float or None
        Where the worst window begins that was gone to last; None for none.
    left_s : float or None
        How long the reconstruction of a long recording will still take; None where it is not known.
    busy : str
        What the engine is doing, empty when idle.
    failure : str
        Why there is no reconstruction, empty where nothing failed.
    notice : str
        A remark on the last choice of leads.
    theme : str
        One of `theme_tokens.THEME_TITLES`.
    estimates : tuple of ShownEstimate
        Files that `recording` is compared with.
    chosen : str
        Name of the one that table, labels and shading belong to; empty for the model's.
    comparing : str
        What is being compared, empty when nothing is.
    page : str
        The page shown, such as ``viewer``.
    loops : LoopsState
        The vectorcardiogram, which stands in the place of the traces.
    beats : BeatsState
        R peaks, waves and the average beat: what is shown, and what was found.
    signs : SignsState
        Signs that the recording is unlike those the model was trained on.
    side : str
        The panel shown at the right, such as ``agreement``.
    calipers : tuple of Caliper
        Measured stretches of the recording.
    measuring : MeasuringState
        How one measures: the tool, what is chosen, what is shown.
    marks : tuple of Mark
        Annotations of the file; empty until they are read.
    notes : tuple of Mark
        The user's own notes on the recording; empty until they are read.
    undo, redo : str
        What would be undone and redone, such as ``lead choice``; empty for nothing.
    lead_panel, side_panel, full_screen : bool
        Whether the panels beside the traces are shown, and whether the window fills the screen.
    text_size : int
        One of `TEXT_SIZES`.
    teaching : TeachingState
        The lesson, if there is one.
    personal : PersonalSource or None
        What the reconstruction is to be calibrated from.
    calibrated : PersonalResult or None
        What came of it; None while that is worked out.
    last_personal : PersonalSource or None
        The other ECG that was calibrated from last, on whatever recording.
    """

    files: tuple[OpenFile, ...] = ()
    index: int = -1
    opening: OpenFile | None = None
    recording: Recording | None = None
    available: tuple[str, ...] = ()
    wanted: tuple[str, ...] = ()
    models: tuple[ModelCard, ...] = ()
    model: str = ""
    device: str = "auto"
    devices: tuple[str, ...] = ()
    device_reason: str = ""
    view: ViewState = field(default_factory=ViewState)
    filter_input: bool = False
    clean: bool = False
    reconstruction: Reconstruction | None = None
    agreement: Agreement | None = None
    windows: WindowFigures | None = None
    threshold: float = 0.8
    worst_at_s: float | None = None
    left_s: float | None = None
    busy: str = ""
    failure: str = ""
    notice: str = ""
    theme: str = "system"
    estimates: tuple[ShownEstimate, ...] = ()
    chosen: str = ""
    comparing: str = ""
    page: str = "viewer"
    loops: LoopsState = field(default_factory=LoopsState)
    beats: BeatsState = field(default_factory=BeatsState)
    signs: SignsState = field(default_factory=SignsState)
    side: str = "agreement"
    calipers: tuple[Caliper, ...] = ()
    measuring: MeasuringState = field(default_factory=MeasuringState)
    marks: tuple[Mark, ...] = ()
    notes: tuple[Mark, ...] = ()
    undo: str = ""
    redo: str = ""
    lead_panel: bool = True
    side_panel: bool = True
    full_screen: bool = False
    text_size: int = 100
    teaching: TeachingState = field(default_factory=TeachingState)
    personal: PersonalSource | None = None
    calibrated: PersonalResult | None = None
    last_personal: PersonalSource | None = None

    @property
    def leads(self) -> tuple[str, ...]:
        """Leads of the recording shown."""
        return self.recording.leads if self.recording else ()

    @property
    def derived(self) -> tuple[str, ...]:
        """Leads that the file lacks and that follow exactly from its limb leads."""
        return self.recording.derived_leads if self.recording else ()

    @property
    def shows_loops(self) -> bool:
        """Whether the vectorcardiogram stands in the place of the traces.

        It is made of all leads, and would give away those that a lesson keeps back.
        """
        return self.loops.shown and not self.teaching.is_guessing

    @property
    def model_filters(self) -> Filters:
        """Filters of the model's input, as far as the recording's rate carries them."""
        if not self.filter_input or self.recording is None:
            return Filters()
        return carried(self.view.filters, self.recording.fs_hz)

    @property
    def card(self) -> ModelCard | None:
        """Card of the chosen model."""
        return next((card for card in self.models if card.name == self.model), None)

    @property
    def origins(self) -> Mapping[str, Origin]:
        """Where each of the twelve leads comes from with the chosen model and leads."""
        if self.card is not None and self.card.needs_other_leads:
            return dict.fromkeys(LEADS, Origin.RECONSTRUCTED)
        return lead_origins(self.available, self.derived)

    @property
    def expected(self) -> Mapping[str, Any]:
        """The card's expected figures per reconstructed lead; empty where it has none."""
        card = self.card
        return (card.expected(self.available) or {}) if card and self.available else {}

    @property
    def not_learnt_from(self) -> tuple[int, int]:
        """Samples ``[start, stop)`` that no calibration was learnt from: the longer part beside."""
        assert self.recording is not None
        length, its = self.recording.n_samples, self.personal
        if its is None or its.situation != "same":
            return 0, length
        return (0, its.start) if its.start > length - its.stop else (its.stop, length)

    @property
    def comparison(self) -> Comparison:
        """What to compare over: the marked stretch, or all that nothing was learnt from."""
        if self.recording is None:
            return Comparison(self.clean, 0, 0)
        length, mark_s = self.recording.n_samples, self.view.mark_s
        if mark_s is None:
            return Comparison(self.clean, *self.not_learnt_from)
        start, stop = (round(second * self.recording.fs_hz) for second in mark_s)
        start = min(max(start, 0), length)
        return Comparison(self.clean, start, min(max(stop, start), length))


def at_start_of_next(view: ViewState) -> ViewState:
    """Give the view that another recording begins with.

    Where one was, what one had marked and the filters belong to the recording; layout, speed,
    gain and what is drawn are how one likes to see recordings.
    """
    first = ViewState()
    # A day on the page is no way to see the ten seconds that come next.
    usual = view.speed_mm_s in SPEEDS_MM_S
    return replace(
        view,
        speed_mm_s=view.speed_mm_s if usual else first.speed_mm_s,
        start_s=first.start_s,
        zoom=first.zoom,
        scroll_mm=first.scroll_mm,
        mark_s=first.mark_s,
        filters=first.filters,
    )


def leads_to_start_with(present: tuple[str, ...], wanted: Collection[str]) -> tuple[str, ...]:
    """Choose the available leads of a recording that was just opened.

    Parameters
    ----------
    present : tuple of str
        Leads in the recording.
    wanted : collection of str
        The user's last choice, empty at first.

    Returns
    -------
    tuple of str
        Those of the user's choice that are present; else those of I, II and V2; else all.
    """
    for choice in (wanted, USUAL_LEADS):
        chosen = in_order(lead for lead in choice if lead in present)
        if chosen:
            return chosen
    return present
