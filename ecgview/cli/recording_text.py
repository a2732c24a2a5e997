"""The facts about a recording and the report of the checks on it, as text for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from ecgview.formats.applying import combined
from ecgview.leads import LEAD_INDEX
from ecgview.record_facts import ImportOptions

LONGEST_COMMENTS = 240
_SIGNS = {"warning": "!", "note": "-"}


def facts(described: dict[str, Any]) -> str:
    """Lay out what `ecgview.formats.describe` gives: facts, then what the checks found."""
    lines = {
        "format": described["format"] + (" (simulated)" if described["simulated"] else ""),
        "device": described["device"],
        "recorded": described["started"],
        "length": f"{described['duration_s']:g} s, {described['n_samples']} samples "
        f"at {described['fs_hz']:g} Hz",
        "part": _part(described),
        **_leads(described),
        "resolution": f"{described['resolution_uv']:g} uV",
        "marks": str(described["n_marks"] or ""),
        "patient": ", ".join(
            f"{key} {value}" for key, value in described["patient"].items() if value
        ),
        "corrected": "; ".join(described["corrections"]),
        "comments": _shortened(" | ".join(described["comments"])),
    }
    text = [f"{described['path'] or described['name']}"]
    text += [f"  {label:<16}{value}" for label, value in lines.items() if value]
    return "\n".join([*text, *_checks(described["checks"], described["options"])])


def _part(described: dict[str, Any]) -> str:
    if len(described["parts"]) < 2:
        return ""
    others = ", ".join(part for part in described["parts"] if part != described["part"])
    return f"{described['part']} (there is also {others})"


def _leads(described: dict[str, Any]) -> dict[str, str]:
    signals = described["signals"]
    measured = [signal for signal in signals if signal["origin"] == "measured"]
    measured.sort(key=lambda signal: LEAD_INDEX[signal["lead"]])
    others = [f"{s['name']} ({s['unit']})" for s in signals if s["origin"] == "other"]
    return {
        "leads": ", ".join(map(_named, measured)) or "none of the twelve",
        "derived": ", ".join(described["derived_leads"]),
        "not there": ", ".join(described["absent_leads"]),
        "other channels": ", ".join(others),
    }


def _named(signal: dict[str, Any]) -> str:
    """Give a lead's name, and in brackets that in the file where that is another."""
    name, lead = signal["name"], signal["lead"]
    return str(lead) if name.lower() == lead.lower() else f"{lead} ({name})"


def _shortened(comments: str) -> str:
    if len(comments) <= LONGEST_COMMENTS:
        return comments
    return f"{comments[:LONGEST_COMMENTS].rstrip()} ..."


def _checks(checks: list[dict[str, Any]], in_force: dict[str, Any]) -> Iterator[str]:
    passed = [check["title"].lower() for check in checks if check["state"] == "passed"]
    if passed:
        yield f"  {'in order':<16}{', '.join(passed)}"
    # Warnings first.
    for check in sorted(checks, key=lambda check: check["state"] != "warning"):
        if sign := _SIGNS.get(check["state"]):
            yield f"  {sign} {check['title']}: {check['message']} {check['hint']}".rstrip()
            if check["suggestion"]:
                options = combined(ImportOptions(**in_force), ImportOptions(**check["suggestion"]))
                yield f"    To put it right: {arguments(options)}"


def arguments(options: ImportOptions) -> str:
    """Give the options of the command line that say the same as import options."""
    words = {
        "leads": lambda names: f"--lead-names {_quoted(','.join(names))}",
        "rate_hz": lambda rate_hz: f"--rate-hz {rate_hz:g}",
        "unit": lambda unit: f"--unit {unit}",
        "gains": lambda gains: f"--gain={','.join(f'{gain:g}' for gain in _once(gains))}",
        "part": lambda part: f"--part {_quoted(part)}",
    }
    said = {name: value for name, value in vars(options).items() if value is not None}
    return " ".join(words[name](value) for name, value in said.items())


def _once(gains: Sequence[float]) -> Sequence[float]:
    """Give one gain where all are the same."""
    return gains[:1] if len(set(gains)) == 1 else gains


def _quoted(text: str) -> str:
    return f'"{text}"' if " " in text else text
