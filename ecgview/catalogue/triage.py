"""How well a model rebuilds each recording of a catalogue: the figures to sort by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ecgview.engine.events import Event, Failed
from ecgview.engine.metrics import Agreement
from ecgview.leads import CHEST_LEADS, Origin


@dataclass(frozen=True)
class TriageTask:
    """What the figures are of.

    Attributes
    ----------
    leads : tuple of str
        Leads the model is given.
    model : str or None
        Its name or file; the default model if None.
    clean : bool
        Whether figures are of signals high-passed at 0.5 Hz.
    device : str
        Where it runs.
    """

    leads: tuple[str, ...]
    model: str | None = None
    clean: bool = False
    device: str = "auto"


@dataclass(frozen=True)
class TriageFigures:
    """How well one recording was rebuilt; None where nothing is defined.

    Attributes
    ----------
    worst_pcc, worst_lead : float or None, str
        The lowest correlation among the reconstructed leads, and whose it is.
    mean_pcc, rmse_uv : float or None
        Means over the reconstructed chest leads; over all reconstructed leads where no chest lead
        is among them.
    undefined : tuple of str
        Reconstructed leads without a correlation: flat, or absent in the file.
    problem : str
        Why there are no figures.
    """

    worst_pcc: float | None = None
    worst_lead: str = ""
    mean_pcc: float | None = None
    rmse_uv: float | None = None
    undefined: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class Scored(Event):
    """One recording has its figures."""

    path: Path
    figures: TriageFigures


def figures_of(agreement: Agreement) -> TriageFigures:
    """Take from the agreement of twelve leads what to sort by.

    Parameters
    ----------
    agreement : Agreement
        Of one recording.
    """
    rebuilt = [row for row in agreement.rows if row.origin is Origin.RECONSTRUCTED]
    defined = [row for row in rebuilt if row.pcc is not None]
    undefined = tuple(row.lead for row in rebuilt if row.pcc is None)
    if not defined:
        return TriageFigures(undefined=undefined)
    worst = min(defined, key=lambda row: row.pcc if row.pcc is not None else 1.0)
    # The headline counts chest leads, as everywhere.
    counted = [row for row in defined if row.lead in CHEST_LEADS] or defined
    return TriageFigures(
        worst.pcc,
        worst.lead,
        float(np.mean([row.pcc for row in counted if row.pcc is not None])),
        float(np.mean([row.rmse_uv for row in counted if row.rmse_uv is not None])),
        undefined,
    )


def triage_events(paths: Sequence[Path], task: TriageTask) -> Iterator[Event]:
    """Rebuild recordings and tell the figures of each; a generator of events.

    Parameters
    ----------
    paths : sequence of Path
        Files, in the order in which they are wanted.
    task : TriageTask
        Which leads, which model.

    Yields
    ------
    Event
        `Scored` for each file, with a `problem` where it cannot be rebuilt, and `Progress`.

    Raises
    ------
    ModelError
        If there is no such model or device.
    """
    from ecgview.engine.batch import BatchTask, RecordDone, reconstruct_files
    from ecgview.engine.reconstructor import load_reconstructor

    reconstructor = load_reconstructor(task.model, task.device)
    batch = BatchTask(task.leads, clean=task.clean)
    for event in reconstruct_files(paths, batch, reconstructor):
        if isinstance(event, RecordDone):
            yield Scored(event.path, figures_of(event.agreement))
        elif isinstance(event, Failed):
            yield Scored(Path(event.item), TriageFigures(problem=event.message))
        else:
            yield event
