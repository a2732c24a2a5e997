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


def combined(in_force: ImportOptions, suggestion: ImportOptions) -> ImportOptions:
    """Add a suggestion to what is in force.

    Parameters
    ----------
    in_force : ImportOptions
        The recording was opened with them.
    suggestion : ImportOptions
        Made for the recording as it is; its factors are multiplied with those in force.
    """
    said = {name: value for name, value in vars(suggestion).items() if value is not None}
    if in_force.gains is not None and suggestion.gains is not None:
        before, more = in_force.gains, suggestion.gains
        n_gains = max(len(before), len(more))
        before, more = (gains * n_gains if len(gains) == 1 else gains for gains in (before, more))
        said["gains"] = tuple(a * b for a, b in zip(before, more, strict=True))
    return replace(in_force, **said)
