"""Who and what a study of agreement is over: models, subsets, recordings; plain data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ModelFacts:
    """A model of the study.

    Attributes
    ----------
    name, title, architecture : str
        Of its card; of the first card of cross-fitted networks.
    files, sha256 : tuple of str
        The weights, by the names of their files; one, or those of cross-fitted networks.
    trained_on : str
        Data and folds, in words.
    """

    name: str
    title: str
    architecture: str
    files: tuple[str, ...]
    sha256: tuple[str, ...]
    trained_on: str


@dataclass(frozen=True)
class Subset:
    """Some of the people.

    Attributes
    ----------
    key : str
        ``all``, ``normal``, or a superclass such as ``MI``.
    title : str
        In words.
    recordings, patients : int
        How many were prepared.
    rows : tuple of int
        The recordings that count, one a patient: places in `AgreementReport.recordings`.
    reason : str
        Why there are no statistics; empty where there are.
    """

    key: str
    title: str
    recordings: int
    patients: int
    rows: tuple[int, ...]
    reason: str = ""


@dataclass(frozen=True)
class RecordingFacts:
    """A recording that was prepared.

    Attributes
    ----------
    name : str
        Path inside the data set.
    path : str
        The file.
    start_s : float
        Where in it the ten seconds begin.
    subsets : tuple of str
        Keys of the subsets it is in.
    """

    name: str
    path: str
    start_s: float
    subsets: tuple[str, ...]


@dataclass(frozen=True)
class LeftOut:
    """A recording without values.

    Attributes
    ----------
    name : str
        Of the recording.
    available : tuple of str
        The set in whose leads no beats were found; empty where it could not be prepared at all.
    reason : str
        Why.
    """

    name: str
    available: tuple[str, ...]
    reason: str
