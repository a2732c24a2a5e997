"""Which loops a vectorcardiogram shows, and what is to be said of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ecgview.gui.viewer.labels import clock
from ecgview.gui.viewer.state import ViewState
from ecgview.leads import FRANK_LEADS, INDEPENDENT_LEADS, LEADS, complete_limb_leads
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording
from ecgview.signals.beat_plan import BeatPlan, plan_beats
from ecgview.signals.transforms import TRANSFORMS
from ecgview.signals.vectorcardiogram import Loop, average_loop, qrs_t_angle_deg

Which = Literal["original", "reconstruction"]
FrankSource = Literal["measured", "kors", "inverse-dower"]
FRANK_SOURCES: tuple[FrankSource, ...] = ("measured", "kors", "inverse-dower")
DOTS_MS = (0, 2, 4)
_SHORTEST_S = 10.0
_HEADS = {"original": "original", "reconstruction": "reconstr."}
_NO_BRACKETS = str.maketrans("", "", "()")


@dataclass(frozen=True)
class LoopsState:
    """How the vectorcardiogram is shown.

    Attributes
    ----------
    shown : bool
        In the place of the traces.
    source : str
        Where Frank's leads come from, one of `FRANK_SOURCES`; measured where they were recorded,
        else Kors's regression, if empty.
    dots_ms : int
        Time between the dots on the QRS loops, 0 for none.
    """

    shown: bool = False
    source: FrankSource | Literal[""] = ""
    dots_ms: int = 0


@dataclass(frozen=True, eq=False)
class Loops:
    """Loops of the same beats, and what is to be said of them.

    Attributes
    ----------
    original, reconstruction : Loop or None
        None where there is none.
    original_words, reconstruction_words : str
        ``measured (Frank leads)`` or ``estimated (Kors 1990)``; empty without a loop.
    stretch : str
        Which beats were averaged.
    problem : str
        Why there is no loop at all.
    """

    original: Loop | None = None
    reconstruction: Loop | None = None
    original_words: str = ""
    reconstruction_words: str = ""
    stretch: str = ""
    problem: str = ""

    @property
    def shown(self) -> list[tuple[Which, Loop]]:
        """The loops there are."""
        both: tuple[tuple[Which, Loop | None], ...] = (
            ("original", self.original),
            ("reconstruction", self.reconstruction),
        )
        return [(which, loop) for which, loop in both if loop is not None]


def sources_for(recording: Recording) -> tuple[FrankSource, ...]:
    """List the ways to Frank's leads that a recording offers, the best first."""
    measured = set(FRANK_LEADS) <= set(recording.other_leads)
    known = set(LEADS[:6]) if len([x for x in recording.leads if x in LEADS[:6]]) > 1 else set()
    estimated = set(INDEPENDENT_LEADS) <= known | set(recording.leads)
    return tuple(
        source for source in FRANK_SOURCES if (measured if source == "measured" else estimated)
    )


def loops_of(
    recording: Recording,
    reconstruction: Reconstruction | None,
    view: ViewState,
    state: LoopsState,
) -> Loops:
    """Average the beats on the page, and at least those of ten seconds.

    Parameters
    ----------
    recording : Recording
        With Frank's leads or the twelve.
    reconstruction : Reconstruction or None
        Of the recording; the same beats are taken.
    view : ViewState
        Where the page begins, and which traces are drawn.
    state : LoopsState
        Where Frank's leads come from.

    Returns
    -------
    Loops
        With a sentence where nothing can be shown.
    """
    sources = sources_for(recording)
    wanted: FrankSource = state.source or (sources[0] if sources else "kors")
    original_mv = None
    start, stop = _stretch(recording, view)
    if wanted in sources:
        original_mv = _frank_of_recording(recording, wanted, start, stop)
    method = "kors" if wanted == "measured" else wanted
    rebuilt_mv, rebuilt_words = _frank_of_reconstruction(reconstruction, method, start, stop)
    planned_mv = rebuilt_mv if original_mv is None else original_mv
    if planned_mv is None or not np.isfinite(planned_mv).any():
        return Loops(problem=_lacking(recording, wanted))
    plan = plan_beats(planned_mv, recording.fs_hz)
    if plan is None:
        return Loops(problem="No whole beat was found here.")
    original = _loop(original_mv, plan, view.show != "reconstruction")
    rebuilt = _loop(rebuilt_mv, plan, view.show != "original")
    if original is None and rebuilt is None:
        return Loops(problem="Every beat here has gaps.")
    beats = max(loop.beats for loop in (original, rebuilt) if loop is not None)
    return Loops(
        original,
        rebuilt,
        words_of(wanted) if original is not None else "",
        rebuilt_words if rebuilt is not None else "",
        f"{beats} {'beat' if beats == 1 else 'beats'} averaged, "
        f"{clock(start / recording.fs_hz)} to {clock(stop / recording.fs_hz)}",
    )


def words_of(source: str) -> str:
    """Say where Frank's leads come from."""
    if source == "measured":
        return "measured (Frank leads)"
    title = TRANSFORMS[source].title if source in TRANSFORMS else source
    return f"estimated ({title.translate(_NO_BRACKETS)})"


def _stretch(recording: Recording, view: ViewState) -> tuple[int, int]:
    length_s = max(_SHORTEST_S, view.page_s)
    start_s = max(0.0, min(view.start_s, recording.duration_s - length_s))
    start = round(start_s * recording.fs_hz)
    return start, min(recording.n_samples, start + round(length_s * recording.fs_hz))


def _frank_of_recording(
    recording: Recording, source: FrankSource, start: int, stop: int
) -> NDArray[np.floating]:
    if source == "measured":
        return recording.read(FRANK_LEADS, start, stop)
    twelve_mv = complete_limb_leads(recording.read_twelve(start, stop), recording.leads)
    return _frank_of_twelve(twelve_mv, source)


def _frank_of_reconstruction(
    reconstruction: Reconstruction | None, method: str, start: int, stop: int
) -> tuple[NDArray[np.floating] | None, str]:
    if reconstruction is None:
        return None, ""
    if set(FRANK_LEADS) <= set(reconstruction.others):
        frank_mv = np.stack([reconstruction.others[lead][start:stop] for lead in FRANK_LEADS])
        return frank_mv, words_of(reconstruction.model_name)
    if not reconstruction.reconstructed_leads:
        return None, ""
    frank_mv = _frank_of_twelve(reconstruction.read(LEADS, start, stop), method)
    return frank_mv, words_of(method)


def _frank_of_twelve(twelve_mv: NDArray[np.floating], source: str) -> NDArray[np.floating]:
    eight_mv = twelve_mv[[LEADS.index(lead) for lead in INDEPENDENT_LEADS]]
    return TRANSFORMS[source].apply(eight_mv)


def _loop(frank_mv: NDArray[np.floating] | None, plan: BeatPlan, wanted: bool) -> Loop | None:
    if frank_mv is None or not wanted:
        return None
    loop = average_loop(frank_mv, plan)
    return loop if loop.beats else None


def _lacking(recording: Recording, wanted: FrankSource) -> str:
    if wanted == "measured":
        return f"{recording.name} has no leads VX, VY, VZ."
    has = ", ".join((*recording.leads, *recording.other_leads))
    return (
        "A vectorcardiogram needs VX, VY, VZ, or I, II and V1 to V6 to estimate them; "
        f"{recording.name} has {has or 'neither'}."
    )


def figure_rows(loops: Loops) -> list[tuple[str, ...]]:
    """Figures of the loops as rows of text, the heads of the columns first."""
    shown = [loop for _, loop in loops.shown]
    heads = [_HEADS[which] for which, _ in loops.shown]
    rows = [
        ("", *heads),
        ("QRS, mV", *(f"{np.linalg.norm(loop.peak(loop.qrs)):.2f}" for loop in shown)),
        ("T, mV", *(f"{np.linalg.norm(loop.peak(loop.t)):.2f}" for loop in shown)),
        ("QRS-T angle", *(f"{qrs_t_angle_deg(loop):.0f}°" for loop in shown)),
    ]
    if len(shown) == 2:
        pairs = zip(shown[0].frank_mv, shown[1].frank_mv, strict=True)
        rows.append(("PCC X, Y, Z", "", "  ".join(_correlation(a, b) for a, b in pairs)))
    return rows


def _correlation(a: NDArray[np.floating], b: NDArray[np.floating]) -> str:
    if not (np.ptp(a) > 0 and np.ptp(b) > 0):
        return "n/a"
    return f"{np.corrcoef(a, b)[0, 1]:.2f}"
