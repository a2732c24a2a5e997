"""A strip that says why the chosen model does not run, with the two ways on as links."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from ecgview.gui.model_fit import misfit_of
from ecgview.gui.session import Session
from ecgview.gui.widgets import button, label


class MisfitBanner(QFrame):
    """Shown while the chosen model takes other leads than it is given.

    Parameters
    ----------
    session : Session
        Shown and changed.
    parent : QWidget, optional
        Owner.
    """

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.setProperty("banner", "warning")
        self.setObjectName("misfit-banner")
        self.setAccessibleName("The model takes other leads")
        self._message = label("", "banner", wrap=True)
        self._message.setObjectName("misfit-message")
        self._give = button("Give it its leads", self._on_give, role="bannerlink")
        self._switch = button("Use another model", self._on_switch, role="bannerlink")
        self._give.setObjectName("misfit-give")
        self._switch.setObjectName("misfit-switch")
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 4, 8, 4)
        row.setSpacing(8)
        row.addWidget(self._message, 1)
        row.addWidget(self._give)
        row.addWidget(self._switch)
        for signal in (
            session.model_changed,
            session.available_changed,
            session.recording_changed,
            session.result_changed,
        ):
            signal.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Say what the state says."""
        misfit = misfit_of(self._session.state)
        self.setVisible(misfit is not None)
        if misfit is None:
            return
        self._message.setText(misfit.sentence)
        self._give.setVisible(bool(misfit.leads))
        self._give.setText(f"Give it {', '.join(misfit.leads)}")
        self._switch.setVisible(bool(misfit.model))
        self._switch.setText(f"Use {misfit.model_title}")

    def _on_give(self) -> None:
        misfit = misfit_of(self._session.state)
        if misfit is not None:
            self._session.set_available(misfit.leads)

    def _on_switch(self) -> None:
        misfit = misfit_of(self._session.state)
        if misfit is not None:
            self._session.set_model(misfit.model)
