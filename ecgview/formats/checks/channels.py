"""Checks of the names of the signals and of their units."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ecgview.leads import LEADS, best_limb_pair, normalise_lead_name, normalise_other_lead
from ecgview.recording import Channel, ImportWarning, Recording

_PREFIX = re.compile(r"^(ecg|ekg|lead|mdc_ecg_lead)(?=[\W_]|$)|[^a-z0-9]")
_RIGHT_OR_POSTERIOR = re.compile(r"[vc](\d)(r|right)|r[vc](\d)|[vc][789](post(erior)?)?")
_LIKE_A_LEAD = re.compile(r"a?v[rlf]?\d{0,2}|av[a-z]{1,2}|[iv]{1,4}|[ld][0-9i]{1,3}")
_LONGEST_NAME = 100
"""What is longer is a sentence, and is not taken to pieces letter by letter."""


def channel_warnings(recording: Recording) -> Iterator[ImportWarning]:
    """Warn of signals that are no lead though they may be meant as one, and tell of all others."""
    if len(recording.channels) == len(LEADS) == len(recording.leads):
        yield from _completed(recording)
        return
    unused = [channel for channel in recording.channels if channel.lead is None]
    meant = [channel for channel in unused if normalise_lead_name(channel.name) is not None]
    uncalibrated = [channel for channel in meant if channel.unit != "mV"]
    duplicates = [
        channel
        for channel in meant
        if channel.unit == "mV" and normalise_lead_name(channel.name) in recording.leads
    ]
    yield from _no_voltage(uncalibrated)
    yield from _duplicates(duplicates)
    names = [channel.name for channel in unused if channel not in (*uncalibrated, *duplicates)]
    unknown = [name for name in names if is_like_a_lead(name)]
    placed = [name for name in names if is_right_or_posterior(name)]
    if unknown:
        yield ImportWarning(
            "unknown-lead",
            f"Not the name of a lead, though it looks like one: {', '.join(unknown)}.",
            "It is kept, but not among the twelve leads; name it if it is one of them.",
        )
    if placed:
        yield ImportWarning(
            "other-leads",
            f"Right-sided or posterior: {', '.join(placed)}.",
            "Kept, and not fed to the model.",
        )
    if others := [name for name in names if name not in (*unknown, *placed)]:
        yield ImportWarning(
            "other-channels", f"Kept, but not among the twelve leads: {', '.join(others)}."
        )
    yield from _completed(recording)


def _no_voltage(uncalibrated: list[Channel]) -> Iterator[ImportWarning]:
    if uncalibrated:
        named = ", ".join(f"{channel.name} ({channel.unit or 'none'})" for channel in uncalibrated)
        yield ImportWarning(
            "unknown-unit",
            f"Left out, for their unit is not a voltage: {named}.",
            "ecgview reads mV, uV, V and nV.",
        )


def _duplicates(duplicates: list[Channel]) -> Iterator[ImportWarning]:
    if duplicates:
        names = ", ".join(channel.name for channel in duplicates)
        yield ImportWarning(
            "duplicate-lead",
            f"A lead is there more than once; the first is used, not {names}.",
            "Give the signals other names if another one is meant.",
        )


def _completed(recording: Recording) -> Iterator[ImportWarning]:
    if not recording.channels[-1].derived:
        return  # derived leads come last
    derived = recording.derived_leads
    measured = {channel.lead for channel in recording.channels if not channel.derived}
    pair = best_limb_pair([lead for lead in recording.leads if lead in measured])
    if pair:
        follow = "follows" if len(derived) == 1 else "follow"
        yield ImportWarning(
            "completed",
            f"Not in the file: {', '.join(derived)}; {follow} exactly from {' and '.join(pair)}.",
        )


def _spelling(name: str) -> str:
    spelling = name.strip().lower()
    if len(spelling) > _LONGEST_NAME:
        return spelling
    while (shorter := _PREFIX.sub("", spelling, count=1)) != spelling:
        spelling = shorter
    return spelling


def is_right_or_posterior(name: str) -> bool:
    """Tell whether a name is that of a right-sided (V3R) or posterior (V7 to V9) chest lead."""
    return _RIGHT_OR_POSTERIOR.fullmatch(_spelling(name)) is not None


def is_like_a_lead(name: str) -> bool:
    """Tell whether a name looks like that of a lead and is none that is known."""
    known = normalise_lead_name(name) or normalise_other_lead(name) or is_right_or_posterior(name)
    return not known and _LIKE_A_LEAD.fullmatch(_spelling(name)) is not None
