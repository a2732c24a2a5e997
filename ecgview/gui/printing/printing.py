"""The commands of printing: the page as a file, on a printer, in the clipboard; the report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QMimeData, QObject, QTemporaryDir
from PySide6.QtWidgets import QApplication

from ecgview.engine.events import Event, Finished, Progress
from ecgview.errors import EcgviewError
from ecgview.gui.comparisons_table import overlays_of, shown_state
from ecgview.gui.jobs import Broken, Outcome, Returned
from ecgview.gui.session import Session
from ecgview.gui.settings import Settings
from ecgview.gui.state import SessionState

if TYPE_CHECKING:
    from ecgview.gui.main_window import MainWindow
    from ecgview.gui.printing.page_dialog import Asking, PageChoice
    from ecgview.gui.printing.sheet import Sheet
    from ecgview.gui.printing.subject import Subject
    from ecgview.gui.viewer.state import ViewState

CLIPBOARD_DOTS_PER_MM = 6.0
_NO_PRINTER = "No printer is set up on this computer. The page can be saved as PDF instead."


class Printing(QObject):
    """What is put on paper.

    Parameters
    ----------
    session : Session
        Whose recording it is.
    settings : Settings
        Last folder, paper and colours.
    window : MainWindow
        The dialogs belong to it.
    """

    def __init__(self, session: Session, settings: Settings, window: MainWindow) -> None:
        super().__init__(window)
        self._session, self._settings, self._window = session, settings, window
        self._drag_out: QObject | None = None
        self._folder: QTemporaryDir | None = None
        session.recording_changed.connect(self._watch_drags)

    def _watch_drags(self) -> None:
        """Let the traces be dragged out, once there are any."""
        if self._drag_out is None and self._session.state.recording is not None:
            from ecgview.gui.printing.dragging import DragOut

            self._drag_out = DragOut(self._window.trace_area, self.dragged)

    def dragged(self, x: float) -> QMimeData | None:
        """Draw what is dragged out of the window from a place of the traces; None if it fails."""
        from ecgview.gui.printing.dragging import crop_of, mime_of, picture_of, shown_scene
        from ecgview.gui.printing.subject import title

        subject, area = self.subject(), self._window.trace_area
        scene = shown_scene(subject, _carried(area.view(), subject), area.width(), area.height())
        if self._folder is None:
            self._folder = QTemporaryDir()
        image = picture_of(subject, scene, crop_of(scene, x))
        try:
            return mime_of(image, Path(self._folder.path()), title(subject))
        except EcgviewError as error:
            self._session.problem.emit(error, "")
            return None

    # Asked for

    def export_page(self) -> None:
        """Ask how, and write the page, the marked stretch or the whole recording to scale."""
        from ecgview.gui.printing.files import ENDINGS
        from ecgview.gui.printing.page_dialog import Asking

        kinds = {ending: f"{name} (*{ending})" for ending, name in ENDINGS.items()}
        asking = Asking(
            "Export the page to scale",
            "Save",
            self._stem(""),
            kinds,
            self._whats(),
            ("a4", "letter", "a3"),
            self._describe,
        )
        self._ask(asking, self._export)

    def export_report(self) -> None:
        """Ask where to, and write the one-page report there."""
        from ecgview.gui.printing.page_dialog import Asking

        asking = Asking(
            "One-page report",
            "Save",
            self._stem("-report"),
            {".pdf": "PDF (*.pdf)"},
            {},
            ("a4", "letter"),
            lambda choice: "Traces, lead table, electrodes and the model's card on one page.",
        )
        self._ask(asking, self._report)

    def print_page(self) -> None:
        """Ask how, and show what the printer would print."""
        from ecgview.gui.printing.page_dialog import Asking
        from ecgview.gui.printing.printer import has_printer

        if not has_printer():
            self._window.say(_NO_PRINTER)
            self.export_page()
            return
        asking = Asking(
            "Print the page to scale",
            "Preview…",
            "",
            {},
            self._whats(),
            ("a4", "letter", "a3"),
            self._describe,
        )
        self._ask(asking, self._preview)

    def copy_page(self) -> None:
        """Copy the page as a picture."""
        from ecgview.gui.printing.page_dialog import PageChoice, chosen_paper

        paper, scheme = chosen_paper(self._settings), self._settings["print/colours"]
        choice = PageChoice(Path(), "page", paper, scheme, fitted=True, with_patient=False)
        job = partial(_image_job, self._settled(choice), self._session.state, choice)
        self._session.files.write(job, self._on_copied)

    # What there is to print

    def subject(self, *, with_patient: bool = False) -> Subject:
        """Give what the window shows, ready to be put on paper."""
        from ecgview.gui.printing.subject import Subject

        state = shown_state(self._session.state)
        assert state.recording is not None
        return Subject(
            state.recording,
            state.reconstruction,
            # The figures would give away what is to be guessed.
            None if state.teaching.is_guessing else state.agreement,
            state.card,
            overlays_of(self._session.state),
            self._window.trace_area.layers(),
            with_patient,
        )

    def _settled(self, choice: PageChoice) -> Subject:
        """Give what the window shows for a worker, which asks the window no more."""
        from ecgview.gui.printing.laid_over import settled

        subject = self.subject(with_patient=choice.with_patient)
        return settled(subject, self._session.state.view, _layout(choice))

    def _stem(self, ending: str) -> str:
        from ecgview.gui.printing.subject import title

        return f"{title(self.subject())}{ending}"

    def _whats(self) -> dict[str, str]:
        whats = {"page": "The page that is shown"}
        if self._session.state.view.mark_s is not None:
            whats["mark"] = "The marked stretch"
        return {**whats, "all": "The whole recording"}

    def _describe(self, choice: PageChoice) -> str:
        from ecgview.gui.printing.geometry import check_width, page_starts
        from ecgview.gui.viewer.labels import gain_words, speed_words

        subject, view = self.subject(), self._session.state.view
        layout = _layout(choice)
        count = len(page_starts(view, subject.recording.duration_s, layout))
        check_width(view, layout)
        pages = "One page" if count == 1 else f"{count} pages"
        if count > 1 and choice.path.suffix.lower() in (".svg", ".png"):
            pages += ", a file each"
        return f"{pages} at {speed_words(view)} and {gain_words(view)}."

    # Done

    def _ask(self, asking: Asking, do: Any) -> None:
        from ecgview.gui.printing.page_dialog import PageDialog

        dialog = PageDialog(asking, self._settings, self._window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.accepted.connect(lambda: do(dialog.choice))
        # It would otherwise put the next recording under this one's name.
        self._session.recording_changed.connect(dialog.reject)
        dialog.open()

    def _export(self, choice: PageChoice) -> None:
        subject = self._settled(choice)
        job = partial(_export_job, subject, self._session.state, choice)
        self._session.files.write(job, partial(self._on_written, "the page"))

    def _report(self, choice: PageChoice) -> None:
        job = partial(_report_job, shown_state(self._session.state), choice)
        self._session.files.write(job, partial(self._on_written, "the report"))

    def _preview(self, choice: PageChoice) -> None:
        subject = self._settled(choice)
        job = partial(_sheets_job, subject, self._session.state, choice)
        self._session.files.write(job, partial(self._on_laid_out, choice))

    def _on_laid_out(self, choice: PageChoice, outcome: Outcome) -> None:
        from ecgview.gui.printing.paper import SCHEMES
        from ecgview.gui.printing.printer import show_preview

        if isinstance(outcome, Returned):
            show_preview(outcome.result, SCHEMES[choice.scheme], choice.paper, self._window)
        elif isinstance(outcome, Broken):
            self._session.problem.emit(outcome.exception, outcome.details)

    def _on_written(self, made: str, outcome: Outcome) -> None:
        if isinstance(outcome, Returned):
            first, *others = outcome.result
            more = f" and {len(others)} more" if others else ""
            self._window.say(f"Saved {made} as {first}{more}")
        elif isinstance(outcome, Broken):
            self._session.problem.emit(outcome.exception, outcome.details)

    def _on_copied(self, outcome: Outcome) -> None:
        if isinstance(outcome, Returned):
            QApplication.clipboard().setImage(outcome.result)
            self._window.say("Copied the page as a picture")
        elif isinstance(outcome, Broken):
            self._session.problem.emit(outcome.exception, outcome.details)


def _layout(choice: PageChoice) -> Any:
    from ecgview.gui.printing.geometry import Layout

    return Layout(choice.paper, choice.fitted, choice.what)


def _sheets(subject: Subject, state: SessionState, choice: PageChoice) -> list[Sheet]:
    from ecgview.gui.printing.sheet import sheets_of

    return sheets_of(subject, _carried(state.view, subject), _layout(choice))


def _carried(view: ViewState, subject: Subject) -> ViewState:
    """Leave out the filters that the recording's rate cannot carry, as the window does."""
    from ecgview.signals.filtering import carried

    return replace(view, filters=carried(view.filters, subject.recording.fs_hz))


def _sheets_job(subject: Subject, state: SessionState, choice: PageChoice) -> Iterator[Event]:
    yield Progress(0, 0, "Laying out the pages")
    yield Finished(_sheets(subject, state, choice))


def _export_job(subject: Subject, state: SessionState, choice: PageChoice) -> Iterator[Event]:
    """Draw in the worker; the files already there were named in the dialog."""
    from ecgview.gui.printing.files import write_events
    from ecgview.gui.printing.paper import SCHEMES

    yield Progress(0, 0, f"Drawing {choice.path.name}")
    sheets = _sheets(subject, state, choice)
    yield from write_events(sheets, choice.path, SCHEMES[choice.scheme], overwrite=True)


def _report_job(state: SessionState, choice: PageChoice) -> Iterator[Event]:
    from ecgview.gui.printing.paint_report import report_pdf
    from ecgview.gui.printing.paper import SCHEMES
    from ecgview.gui.printing.report import report_of
    from ecgview.storing import store

    yield Progress(0, 0, f"Drawing {choice.path.name}")
    report = report_of(state, paper=choice.paper, with_patient=choice.with_patient)
    store(choice.path, report_pdf(report, SCHEMES[choice.scheme]))
    yield Finished([choice.path])


def _image_job(subject: Subject, state: SessionState, choice: PageChoice) -> Iterator[Event]:
    from ecgview.gui.printing.files import image_of
    from ecgview.gui.printing.paper import SCHEMES

    yield Progress(0, 0, "Drawing the page")
    (sheet,) = _sheets(subject, state, choice)
    yield Finished(image_of(sheet, SCHEMES[choice.scheme], CLIPBOARD_DOTS_PER_MM))
