"""What one more lead brings to one recording: measured on it, where all leads were recorded."""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ecgview.engine.events import Event, Finished, Progress
from ecgview.engine.input_sets import known_leads
from ecgview.errors import LeadError, RecordingError
from ecgview.leads import INDEPENDENT_LEADS, LEADS, in_order
from ecgview.studies.additions.choices import lead_additions, rank_leads
from ecgview.studies.additions.electrodes import BUDGETS, electrode_sets, leads_of
from ecgview.studies.additions.set_errors import SetErrors

if TYPE_CHECKING:
    from ecgview.recording import Recording
    from ecgview.studies.leadmap.table import MapRow


Stretch = tuple[int, int] | None


@dataclass(frozen=True, eq=False)
class Measured(Event):
    """What was asked for first is there; the rest follows.

    Attributes
    ----------
    errors : SetErrors
        Of this recording alone: without points, for one recording says nothing of others.
    """

    errors: SetErrors


def check_all_recorded(recording: Recording) -> None:
    """Make sure that there is something to compare every choice with.

    Raises
    ------
    LeadError
        If one of the eight independent leads was not recorded.
    """
    absent = [lead for lead in INDEPENDENT_LEADS if lead not in recording.leads]
    if absent:
        raise LeadError(
            f"{recording.name} lacks {', '.join(absent)}: what would help it most cannot be "
            "measured on it.",
            "What helps on average is known all the same.",
        )


def lead_errors(
    recording: Recording,
    available: Collection[str],
    model: str | None = None,
    device: str = "auto",
    *,
    stretch: Stretch = None,
) -> Iterator[Event]:
    """Measure on a recording what each lead more brings; a generator of events.

    Parameters
    ----------
    recording : Recording
        With all leads.
    available : collection of str
        Leads that one has.
    model, device : str
        As for a reconstruction.
    stretch : tuple of int, optional
        Samples ``[start, stop)`` to compare over; see `leadmap_events`.

    Yields
    ------
    Event
        `Progress`; `Measured` when all single additions are there; `Finished` with the
        `SetErrors` that the greedy path takes too.

    Raises
    ------
    EcgviewError
        If a lead was not recorded, there is nothing to compare with, or the model does not take
        these leads.
    """
    check_all_recorded(recording)
    have = in_order(available)
    how = (model, device, stretch)
    errors = yield from _measured(recording, [have, *_additions(have)], how, _NOTHING)
    _check_measured(recording, errors, have)
    yield Measured(errors)
    while choices := rank_leads(errors, have).choices:
        have = choices[0].available
        errors = yield from _measured(recording, _additions(have), how, errors)
    yield Finished(errors)


def electrode_errors(
    recording: Recording,
    model: str | None = None,
    device: str = "auto",
    *,
    stretch: Stretch = None,
) -> Iterator[Event]:
    """Measure on a recording what each set of electrodes brings; a generator of events.

    Parameters
    ----------
    recording, model, device, stretch : Recording, str, str, tuple of int
        As for `lead_errors`.

    Yields
    ------
    Event
        `Progress`, and `Finished` with the `SetErrors` of all 67 sets of electrodes.
    """
    check_all_recorded(recording)
    sets = [leads_of(one) for budget in BUDGETS for one in electrode_sets(budget)]
    errors = yield from _measured(recording, sets, (model, device, stretch), _NOTHING)
    _check_measured(recording, errors, sets[0])
    yield Finished(errors)


_NOTHING = SetErrors({}, {}, recordings=1)


def _check_measured(recording: Recording, errors: SetErrors, have: tuple[str, ...]) -> None:
    if have and not errors.has(have):
        raise RecordingError(
            f"{recording.name} has nothing there to compare {', '.join(have)} with.",
            "Take another part of it, or another recording.",
        )


def _additions(have: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [in_order((*have, group[0])) for group in lead_additions(have)]


def _measured(
    recording: Recording,
    sets: Sequence[tuple[str, ...]],
    how: tuple[str | None, str, Stretch],
    so_far: SetErrors,
) -> Generator[Event, None, SetErrors]:
    """Add the errors of some sets to those that are there."""
    from ecgview.studies.leadmap.live import leadmap_events

    wanted = [one for one in sets if one and len(known_leads(one)) < len(LEADS)]
    rmse_uv, pcc = dict(so_far.rmse_uv), dict(so_far.pcc)
    if not wanted:
        return so_far
    model, device, stretch = how
    events = leadmap_events(recording, model, device, sets=tuple(wanted), stretch=stretch)
    for event in events:
        if isinstance(event, Finished):
            for row in event.result.rows:
                # A set with a lead that is all gaps is no set of this recording.
                if figures := _figures(row, "rmse_uv"):
                    rmse_uv[row.key], pcc[row.key] = figures, _figures(row, "pcc")
        elif isinstance(event, Progress):
            yield event
    return replace(so_far, rmse_uv=rmse_uv, pcc=pcc)


def _figures(row: MapRow, measure: str) -> dict[str, float]:
    """Figures of the leads of the eight that are unknown; a flat lead has none."""
    known = known_leads(row.available)
    values = {lead: row.value(lead, measure, clean=True) for lead in INDEPENDENT_LEADS}
    return {
        lead: value for lead, value in values.items() if value is not None and lead not in known
    }
