"""The frozen description of what is on screen, from which scripts are made: pure questions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from ecgview.gui.state import SessionState
from ecgview.gui.viewer.layouts import rhythm_leads
from ecgview.gui.viewer.state import ViewState
from ecgview.signals.filtering import Filters

if TYPE_CHECKING:
    from ecgview.export.methods import Setting
    from ecgview.export.script import Calibrated, Opened, Question, Script
    from ecgview.formats.corrections import Corrections

TITLES: Mapping[str, str] = {
    "agreement": "Agreement table",
    "worst": "Worst windows",
    "reconstruction": "Reconstruction file",
    "page": "Picture of the page",
    "comparison": "Comparison with estimates",
    "beats": "Beats",
    "average": "Average beat",
    "marks": "Marks and notes",
    "figures": "Figures of the model's card",
}
"""The results of the viewer that are scripts, by their short names."""


def has_source(state: SessionState) -> bool:
    """Tell whether the recording shown can be had again: a file, or a simulated one."""
    return state.recording is not None and bool(
        state.recording.path is not None or _demo(state) is not None
    )


def can_script(state: SessionState, name: str) -> bool:
    """Tell whether a result of the viewer is on screen."""
    card = state.card
    if name == "figures":
        return bool(card and getattr(card, "metrics", {}).get("command"))
    made = state.reconstruction is not None and _is_of_model(state)
    there = {
        "agreement": made,
        "worst": made and state.windows is not None,
        "reconstruction": made,
        "page": True,
        "comparison": bool(state.estimates),
        "beats": True,
        "average": made and state.beats.average is not None,
        "marks": bool(state.marks or state.notes),
    }
    return has_source(state) and there[name]


def _is_of_model(state: SessionState) -> bool:
    return state.card is not None and not state.failure


def shown_name(state: SessionState) -> str:
    """Name the result that is in front: what *Copy as command* copies."""
    if state.estimates and state.chosen:
        return "comparison"
    if state.beats.shown and can_script(state, "average"):
        return "average"
    if state.beats.shown or state.side == "beats":
        return "beats"
    if state.side == "marks" and can_script(state, "marks"):
        return "marks"
    return "agreement" if can_script(state, "agreement") else "page"


def script_of(state: SessionState, name: str, corrections: Corrections | None = None) -> Script:
    """Make the script of a result that `can_script`.

    Parameters
    ----------
    state : SessionState
        What is on screen.
    name : str
        One of `TITLES`.
    corrections : Corrections, optional
        What is remembered for kinds of files: left out by the command where the window left it
        out.
    """
    import shlex

    from ecgview.export import scripts

    if name == "figures":
        assert state.card is not None
        words = shlex.split(state.card.metrics["command"])
        return scripts.training_script(words, TITLES[name])
    question = question_of(state, corrections)
    recording = state.recording
    assert recording is not None
    makers: Mapping[str, Callable[[], Script]] = {
        "agreement": lambda: scripts.agreement_script(question),
        "worst": lambda: scripts.worst_script(question, state.threshold),
        "reconstruction": lambda: scripts.reconstruction_script(question, recording.name),
        "page": lambda: _page_script(state, question),
        "comparison": lambda: scripts.comparison_script(
            question, [one.path for one in state.estimates]
        ),
        "beats": lambda: _beats_script(state, question),
        "average": lambda: _average_script(state, question),
        "marks": lambda: scripts.marks_script(question.opened),
    }
    return makers[name]()


def question_of(state: SessionState, corrections: Corrections | None = None) -> Question:
    """Describe recording, leads, model and comparison."""
    from ecgview.export.script import Question

    card = state.card
    leads = () if card is not None and card.needs_other_leads else state.available
    comparison = state.comparison
    stretch: tuple[int, int] | None = (comparison.start, comparison.stop)
    if state.recording is not None and stretch == (0, state.recording.n_samples):
        stretch = None if state.view.mark_s is None else stretch
    return Question(
        opened_of(state, corrections),
        leads,
        state.model,
        state.device,
        state.clean,
        stretch,
        state.model_filters,
        _level(state),
        calibrated_of(state),
    )


def calibrated_of(state: SessionState) -> Calibrated | None:
    """Describe what the reconstruction is calibrated from; None where it is not."""
    from ecgview.export.script import Calibrated

    its = state.personal
    if its is None or state.calibrated is None or state.calibrated.personal is None:
        return None
    path = its.path.absolute() if its.path is not None else None
    return Calibrated(path, its.start_s, its.duration_s)


def opened_of(state: SessionState, corrections: Corrections | None = None) -> Opened:
    """Describe how the recording was opened."""
    from ecgview.export.script import Opened

    recording = state.recording
    assert recording is not None
    case, seed = _demo(state) or ("", 0)
    remembered = corrections.recall(recording.kind) if corrections is not None else None
    options = recording.options
    as_is = (
        bool(remembered)
        and options.leads is None
        and not any((options.rate_hz, options.unit, options.gains))
    )
    path = recording.path.absolute() if recording.path is not None else None
    return Opened(path, recording.fs_hz, case, seed, options, as_is)


def setting_of(state: SessionState) -> Setting:
    """Describe what a methods paragraph says beside the model's card."""
    from ecgview.export.methods import Setting

    recording = state.recording
    if recording is None:
        return Setting()
    card = state.card
    leads = tuple(card.leads) if card is not None and card.leads else state.available
    personal = state.calibrated.personal if state.calibrated is not None else None
    return Setting(
        leads, state.model_filters, state.clean, recording.fs_hz, _level(state), personal
    )


def _level(state: SessionState) -> float:
    """Give the level of the interval that is shown; 0 where none is."""
    made = state.reconstruction
    return state.view.interval if made is not None and made.interval is not None else 0.0


def _demo(state: SessionState) -> tuple[str, int] | None:
    shown = state.files[state.index] if 0 <= state.index < len(state.files) else None
    return getattr(shown, "demo", None)


def _page_script(state: SessionState, question: Question) -> Script:
    from dataclasses import replace

    from ecgview.export import scripts

    assert state.recording is not None
    if not can_script(state, "agreement"):
        question = replace(question, leads=(), model="", device="auto", filters=Filters())
    page = scripts.Page(state.view.start_s, page_words(state.view, with_model=bool(question.model)))
    return scripts.page_script(question, page, f"{state.recording.name}.pdf")


def page_words(view: ViewState, *, with_model: bool = True) -> tuple[str, ...]:
    """Give the options of ``ecgview picture`` that differ from its own."""
    plain = ViewState()
    words: list[str] = ["--fit"]
    for option, field in (
        ("--layout", "layout"), ("--order", "order"),
        ("--speed", "speed_mm_s"), ("--gain-mm", "gain_mm_mv"),
    ):  # fmt: skip
        value = getattr(view, field)
        if value != getattr(plain, field):
            words += [option, f"{value:g}" if isinstance(value, float) else value]
    if with_model and view.show in ("original", "reconstruction", "side"):
        words += ["--show", view.show]
    if with_model and view.interval != plain.interval:
        words += ["--interval", f"{100 * view.interval:.0f}" if view.interval else "none"]
    if rhythm_leads(view) and view.rhythm != plain.rhythm:
        words += ["--rhythm", ",".join(view.rhythm)]
    words += ["--half-chest"] if view.half_chest else []
    words += [] if view.shading else ["--no-shading"]
    if view.filters:
        words += ["--filter", view.filters.option]
    return tuple(words)


def _beats_script(state: SessionState, question: Question) -> Script:
    from dataclasses import replace

    from ecgview.export import scripts
    from ecgview.gui.beats.state import chosen_lead, figures_stretch, measured_leads

    found, stretch = state.beats.rhythm, figures_stretch(state)
    assert state.recording is not None
    of = None if stretch is None else (stretch.start, stretch.stop)
    if of == (0, state.recording.n_samples):
        of = None
    lead = chosen_lead(state) or (found.lead if found is not None else "")
    return scripts.beats_script(replace(question, stretch=of), measured_leads(state), lead)


def _average_script(state: SessionState, question: Question) -> Script:
    from dataclasses import replace

    from ecgview.export import scripts
    from ecgview.gui.beats.state import averaged_stretch, chosen_lead, measured_leads

    stretch = averaged_stretch(state)
    assert state.recording is not None and stretch is not None
    whole = (stretch.start, stretch.stop) == (0, state.recording.n_samples)
    of = None if whole else (stretch.start, stretch.stop)
    return scripts.average_script(
        replace(question, stretch=of), measured_leads(state), chosen_lead(state)
    )
