"""What the record panel says: facts in sections, from the data set or from the file alone."""

from __future__ import annotations

from dataclasses import dataclass

from ecgview.catalogue.entries import Catalogue, Entry
from ecgview.catalogue.others import impersonal
from ecgview.recording import Recording


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it.

    Attributes
    ----------
    title : str
        The heading.
    facts : tuple of (str, str)
        Two columns; the first may be empty.
    text : str
        Running text below them.
    """

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    text: str = ""


def entry_sections(catalogue: Catalogue, entry: Entry) -> tuple[Section, ...]:
    """Say what a data set says of a recording.

    Parameters
    ----------
    catalogue : Catalogue
        For the meaning of statements.
    entry : Entry
        The recording.

    Returns
    -------
    tuple of Section
        Only those that say something.
    """
    vocabulary = catalogue.vocabulary
    statements = tuple(
        (vocabulary[one.code].words, _likelihood(one.likelihood))
        for one in vocabulary.in_order(entry.statements)
    )
    names = vocabulary.superclass_names
    classes = ", ".join(f"{names.get(one, one)} ({one})" for one in entry.superclasses)
    person = (("Age", entry.age_text), ("Sex", entry.sex), ("Patient", entry.patient))
    fold = str(entry.fold or "")
    recording = (
        ("Data set", catalogue.title),
        ("Fold", fold),
        ("Recorded", entry.recorded),
        ("Recorder", entry.device),
        ("Rate", f"{entry.rate_hz:g} Hz" if entry.rate_hz else ""),
        ("Length", f"{entry.duration_s:.4g} s" if entry.duration_s else ""),
        ("Leads", _leads(entry.leads)),
    )
    sections = (
        Section("Statements", statements, f"Superclass: {classes}" if classes else ""),
        Section("Report", text=entry.report),
        Section("Person", _told(person)),
        Section("Quality and notes", entry.notes or _told((("Quality", _graded(entry)),))),
        Section("Recording", _told(recording)),
        Section("Comments of the file", text="\n".join(entry.comments)),
        Section("Problem", text=entry.problem),
    )
    return tuple(one for one in sections if one.facts or one.text)


def file_sections(recording: Recording) -> tuple[Section, ...]:
    """Say what a file says of its recording; whose it is stays in the import report.

    Parameters
    ----------
    recording : Recording
        The one shown.
    """
    patient = recording.patient
    facts = (
        ("Format", recording.format_name or ("simulated" if recording.simulated else "")),
        ("Recorded", recording.started.replace("T", " ")),
        ("Recorder", recording.device),
        ("Rate", f"{recording.fs_hz:g} Hz"),
        ("Length", f"{recording.duration_s:.4g} s"),
        ("Leads", _leads(recording.leads)),
        ("Also", ", ".join(recording.other_channels[:8])),
    )
    comments = impersonal(recording.comments, patient)
    sections = (
        Section("Person", _told((("Age", patient.age), ("Sex", patient.sex)))),
        Section("Recording", _told(facts)),
        Section("Comments of the file", text="\n".join(comments)),
    )
    return tuple(one for one in sections if one.facts or one.text)


def _likelihood(percent: float) -> str:
    return f"{percent:g} %" if percent else ""


def _graded(entry: Entry) -> str:
    from ecgview.catalogue.rows import quality_words

    return quality_words(entry)


def _leads(leads: tuple[str, ...]) -> str:
    return "all twelve" if len(leads) == 12 else ", ".join(leads)


def _told(facts: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((what, which) for what, which in facts if which)


def as_text(title: str, sections: tuple[Section, ...]) -> str:
    """Put sections into plain text, for the clipboard."""
    lines = [title]
    for section in sections:
        lines += ["", section.title]
        lines += ["\t".join(fact) for fact in section.facts]
        lines += [section.text] if section.text else []
    return "\n".join(lines)
