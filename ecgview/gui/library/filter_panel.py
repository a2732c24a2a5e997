"""What is asked for: folder, superclasses, statements, people, folds, quality and rate."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from ecgview.catalogue.entries import QUALITIES
from ecgview.catalogue.query import ANY_AGE, Query, parse_ages
from ecgview.errors import EcgviewError
from ecgview.gui.folder_button import FolderButton
from ecgview.gui.library.facets import Facet
from ecgview.gui.library.session import LibrarySession
from ecgview.gui.library.statement_list import StatementList
from ecgview.gui.settings import Settings
from ecgview.gui.tab_order import order_tabs
from ecgview.gui.text_size import hold
from ecgview.gui.theme import Theme, restyle
from ecgview.gui.widgets import button, label, scroll_area

PANEL_WIDTH_PX = 264
_SHARE = 0.6
LIKELIHOODS = {0.0: "Any", 50.0: "50 %", 80.0: "80 %", 100.0: "100 %"}


def _quality_words(value: object) -> str:
    return QUALITIES.get(str(value), str(value))


class FilterPanel(QFrame):
    """The left panel of the library.

    Parameters
    ----------
    session : LibrarySession
        Shown and changed.
    settings : Settings
        Recent folders.
    """

    def __init__(self, session: LibrarySession, settings: Settings) -> None:
        super().__init__()
        self._session, self._settings = session, settings
        self.setProperty("panel", "true")
        self.setProperty("edge", "right")
        self.setAccessibleName("What is looked for")
        hold(self, width=PANEL_WIDTH_PX, share=_SHARE)
        recent = settings.recent_libraries
        self.folder = FolderButton(settings, recent, session.choose, "Folder of the library")
        self.folder.setObjectName("library-folder")
        self._about = label("", "secondary", wrap=True)
        self._about.setObjectName("library-about")
        self._facets = self._make_facets()
        self.statements = StatementList(session)
        self._likelihood = self._make_likelihood()
        self._ages_block, self._ages = self._make_ages()
        self._lay_out()
        for signal in (session.folder_changed, session.shelf_changed, session.query_changed):
            signal.connect(self.refresh)
        self.refresh()

    def _make_facets(self) -> dict[str, Facet]:
        toggle = self._session.toggle

        def made(name: str, title: str, words: object, tip: object) -> Facet:
            return Facet(name, title, words, tip, partial(toggle, name))  # type: ignore[arg-type]

        return {
            "superclasses": made("superclasses", "Diagnosis", str, self._class_words),
            "sexes": made("sexes", "Sex", str, str),
            "folds": Facet(
                "folds",
                "Fold",
                str,
                lambda fold: f"Fold {fold}",
                partial(toggle, "folds"),
                counted=False,
            ),
            "qualities": made("qualities", "Quality", _quality_words, _quality_words),
            "rates_hz": made(
                "rates_hz", "Rate", lambda rate: f"{rate:g} Hz", lambda rate: f"{rate:g} Hz"
            ),
        }

    def _class_words(self, name: object) -> str:
        catalogue = self._session.state.catalogue
        names = catalogue.vocabulary.superclass_names if catalogue else {}
        return f"{names.get(str(name), name)} ({name})"

    def _make_likelihood(self) -> QWidget:
        block = QWidget()
        column = QVBoxLayout(block)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(label("Diagnoses at least this likely", "secondary"))
        line = QHBoxLayout()
        line.setSpacing(2)
        column.addLayout(line)
        self._least = {}
        for percent, words in LIKELIHOODS.items():
            made = button(
                words, partial(self._session.change_query, min_likelihood=percent),
                checkable=True, segment="small",
                tip="Diagnostic statements that are less likely do not count"
                if percent else "Diagnostic statements of any likelihood count",
            )  # fmt: skip
            made.setObjectName(f"likelihood-{percent:g}")
            line.addWidget(made)
            self._least[percent] = made
        line.addStretch()
        return block

    def _make_ages(self) -> tuple[QWidget, QLineEdit]:
        block = QWidget()
        line = QHBoxLayout(block)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(8)
        field = QLineEdit()
        field.setObjectName("ages")
        field.setPlaceholderText("any, 40-60, 65-")
        field.setAccessibleName("Age in years, such as 40-60")
        field.setToolTip("Years: 40-60; 65- for 65 and older; -17 for 17 and younger")
        field.setClearButtonEnabled(True)
        field.textChanged.connect(self._on_ages)
        line.addWidget(label("Age", "heading"))
        line.addWidget(field, 1)
        return block, field

    def _lay_out(self) -> None:
        inside = QWidget()
        inside.setProperty("panel", "true")
        hold(inside, most_width=PANEL_WIDTH_PX - 1, share=_SHARE)
        column = QVBoxLayout(inside)
        column.setContentsMargins(20, 12, 16, 16)
        column.setSpacing(14)
        head = QVBoxLayout()
        head.setSpacing(6)
        head.addWidget(self.folder)
        head.addWidget(self._about)
        column.addLayout(head)
        column.addWidget(self._facets["superclasses"])
        column.addWidget(self.statements)
        column.addWidget(self._likelihood)
        column.addWidget(self._facets["sexes"])
        column.addWidget(self._ages_block)
        for name in ("folds", "qualities", "rates_hz"):
            column.addWidget(self._facets[name])
        column.addStretch()
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 1, 0)
        around.addWidget(scroll_area(inside))

    def set_theme(self, theme: Theme) -> None:
        """Draw in the colours of a theme, in its size of words."""
        self.statements.set_theme(theme)

    # From the state

    def refresh(self) -> None:
        """Show what the state says."""
        state = self._session.state
        self.folder.show_folders([state.folder] if state.folder else [], PANEL_WIDTH_PX - 80)
        self._about.setText(self._about_text())
        self._about.setVisible(bool(self._about.text()))
        shelf, query = state.shelf, state.query
        counts = shelf.counts(query) if shelf else {}
        values = {
            "superclasses": shelf.superclasses,
            "sexes": shelf.sexes,
            "folds": shelf.all_folds,
            "qualities": shelf.qualities,
            "rates_hz": shelf.all_rates_hz,
        } if shelf else {}  # fmt: skip
        for facet, widget in self._facets.items():
            chosen: frozenset[object] = getattr(query, facet)
            widget.show_values(values.get(facet, ()), counts.get(facet, {}), chosen)
        self.statements.show_counts(counts.get("statements", {}), query.statements)
        has_classes = shelf is not None and bool(shelf.superclasses)
        self._likelihood.setVisible(has_classes)
        for percent, made in self._least.items():
            made.setChecked(percent == query.min_likelihood)
        order_tabs(self)
        self._ages_block.setVisible(shelf is not None and shelf.has_ages)
        if query.ages == ANY_AGE and query == Query() and self._ages.text():
            self._ages.clear()

    def _about_text(self) -> str:
        state = self._session.state
        catalogue = state.catalogue
        if catalogue is None or state.folder is None:
            return ""
        named = catalogue.title != state.folder.name
        parts = [catalogue.title] if named else []
        parts.append(f"{len(catalogue.entries):,} recordings")
        if catalogue.n_absent:
            parts.append(f"{catalogue.n_absent:,} listed but not there")
        return " · ".join(parts)

    def _on_ages(self, text: str) -> None:
        """Take what is typed once it makes sense; say by its colour while it does not."""
        try:
            ages = parse_ages(text)
        except EcgviewError as error:
            self._mark(str(error))
        else:
            self._mark("")
            self._session.change_query(ages=ages)

    def _mark(self, wrong: str) -> None:
        self._ages.setProperty("wrong", "true" if wrong else "")
        self._ages.setToolTip(wrong or "Years: 40-60; 65- for 65 and older")
        restyle(self._ages)
