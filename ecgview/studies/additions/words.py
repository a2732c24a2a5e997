"""What is known of choices, in words: shared by the command line and the window."""

from __future__ import annotations

from ecgview.engine.folds import fold_phrase
from ecgview.studies.additions.choices import Choice, Ranking
from ecgview.studies.additions.set_errors import SetErrors


def over_words(errors: SetErrors) -> str:
    """Say whom figures are over, and how honest they are."""
    folds = fold_phrase(errors.provenance.get("folds") or ())
    people = f"{errors.recordings} recordings of {errors.patients} patients"
    where = f" of {folds}" if folds else ""
    networks = errors.provenance.get("networks")
    how = ", each by a network that had not seen the patient" if networks else ""
    return f"{people}{where}{how}"


def from_words(ranking: Ranking) -> str:
    """Say what one has, and how far that goes."""
    if not ranking.available:
        return "From nothing"
    pcc = "" if ranking.pcc is None else f", mean PCC {ranking.pcc:.3f}"
    return f"From {', '.join(ranking.available)}: error {ranking.error_uv:.1f} uV{pcc}"


def adds_words(choice: Choice) -> str:
    """Name what a choice adds, with the leads that would tell the same."""
    if not choice.adds:
        return "as it is"
    return " or ".join((" + ".join(choice.adds), *choice.same))
