"""Corrections that hold for a kind of file: for good, or only while the window is open."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from ecgview.formats.corrections import Corrections, user_corrections
from ecgview.record_facts import ImportOptions


@dataclass(frozen=True)
class SessionCorrections(Corrections):
    """Remembered corrections, and over them those that are gone with the window.

    Parameters
    ----------
    folder : Path
        Of those that are remembered for good.
    for_now : dict of str to ImportOptions
        By kind of file.
    """

    for_now: dict[str, ImportOptions] = field(default_factory=dict)

    @classmethod
    def of_user(cls) -> SessionCorrections:
        """Give those of the person at the screen."""
        return cls(user_corrections().folder)

    def recall(self, kind: str) -> ImportOptions | None:
        """Give what holds for a kind of file, None if that is nothing."""
        return self.for_now.get(kind) or super().recall(kind)

    def remember(self, kind: str, options: ImportOptions) -> None:
        """Remember options for good."""
        super().remember(kind, options)
        self.for_now.pop(kind, None)

    def hold(self, kind: str, options: ImportOptions) -> None:
        """Let options hold for files of a kind until the window is closed."""
        self.for_now[kind] = replace(options, part=None)

    def forget(self, kind: str) -> bool:
        """Let files of a kind be as they say; tell whether anything held for them."""
        held = self.for_now.pop(kind, None) is not None
        return super().forget(kind) or held
