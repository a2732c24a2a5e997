"""The errors ecgview foresees: one sentence for the reader and a hint what to do."""

from __future__ import annotations

LONGEST_MESSAGE = 1000
"""Characters of a message; what is longer is cut in the middle."""


class EcgviewError(Exception):
    """A foreseeable problem, told to people in a sentence.

    Parameters
    ----------
    message : str
        What went wrong, one sentence that names the file, lead or option.
    hint : str, optional
        What the reader can do about it.
    """

    def __init__(self, message: str, hint: str = "") -> None:
        # Words of a damaged file that a sentence quotes can be of any length.
        if len(message) > LONGEST_MESSAGE:
            message = f"{message[: LONGEST_MESSAGE - 20]} ... {message[-15:]}"
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class RecordingError(EcgviewError):
    """A recording that cannot be opened, read or written."""


class LeadError(EcgviewError):
    """A lead name or a choice of leads that makes no sense for the recording."""


class ModelError(EcgviewError):
    """A model that is missing, does not match its card, or cannot run on the device."""


class DatasetError(EcgviewError):
    """A folder of recordings that cannot be trained or evaluated on."""


class TrainingError(EcgviewError):
    """A training run that cannot start or go on."""
