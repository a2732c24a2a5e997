"""Run checks, whatever comes of each, and tell what came of them."""

from __future__ import annotations

import json
import os
import platform
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from check.application import Application
from check.running import Bench, CheckError, LeftOut
from ecgview import __version__

Check = Callable[[Bench], str | None]
"""Raises what is wrong; may give what is worth telling though nothing is."""
Checks = dict[str, Check]
OK, LEFT_OUT, FAILED = "ok", "left out", "FAILED"
TOLD_VERSIONS = ("torch", "PySide6-Essentials", "PyInstaller")


@dataclass(frozen=True)
class Outcome:
    """What came of one check.

    Attributes
    ----------
    title : str
        What is checked.
    result : str
        ``ok``, ``left out`` or ``FAILED``.
    took_s : float
        How long it took.
    reason : str
        Why it failed or was left out, or what else is worth telling.
    """

    title: str
    result: str
    took_s: float
    reason: str = ""

    @property
    def failed(self) -> bool:
        """Whether something is wrong."""
        return self.result == FAILED

    def line(self) -> str:
        """Lay it out for the terminal."""
        reason = self.reason.strip().replace("\n", "\n         ")
        told = f"\n         {reason}" if self.failed else f": {reason}" if reason else ""
        return f"{self.result:<8} {self.took_s:6.1f} s  {self.title}{told}"


def chosen(checks: Checks, words: Sequence[str]) -> Checks:
    """Give the checks that have one of the words in their titles; all where no word is given."""
    if not words:
        return checks
    return {
        title: check
        for title, check in checks.items()
        if any(word.lower() in title.lower() for word in words)
    }


def run_all(checks: Checks, bench: Bench) -> list[Outcome]:
    """Run every check and print what came of it at once."""
    outcomes = []
    for title, check in checks.items():
        outcomes.append(run_one(title, check, bench))
        print(outcomes[-1].line(), flush=True)
    return outcomes


def run_one(title: str, check: Check, bench: Bench) -> Outcome:
    """Run a check; whatever it raises is its outcome, so that the others run."""
    started_s = time.monotonic()
    result = OK
    try:
        reason = check(bench) or ""
    except LeftOut as error:
        result, reason = LEFT_OUT, str(error)
    except (CheckError, subprocess.SubprocessError) as error:
        result, reason = FAILED, str(error)
    except Exception as error:
        result, reason = FAILED, f"{type(error).__name__}: {error}"
    return Outcome(title, result, time.monotonic() - started_s, reason)


def summary(
    application: Application, outcomes: Sequence[Outcome], built_s: float | None
) -> dict[str, str]:
    """Give what ``packaging/README.md`` tells of a run, by name."""
    counts = {
        result: sum(o.result == result for o in outcomes) for result in (OK, LEFT_OUT, FAILED)
    }
    told = {
        "date": f"{datetime.now(UTC):%Y-%m-%d}",
        "ecgview": __version__,
        "system": f"{_system()}, {os.cpu_count()} cores, {platform.machine()}",
        "versions": f"Python {platform.python_version()}, " + ", ".join(_versions()),
        "size": f"{application.size_mb():.0f} MB in {len(application.states())} files",
        "checks": ", ".join(f"{number} {result}" for result, number in counts.items()),
        "took": f"{sum(outcome.took_s for outcome in outcomes):.0f} s",
    }
    return told if built_s is None else told | {"built in": f"{built_s:.0f} s"}


def _system() -> str:
    if platform.system() != "Linux":
        return platform.platform()
    name = platform.freedesktop_os_release().get("PRETTY_NAME", "Linux")
    return f"{name} ({' '.join(platform.libc_ver())})"


def _versions() -> list[str]:
    found = []
    for name in TOLD_VERSIONS:
        try:
            found.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            found.append(f"no {name}")
    return found


def write_json(file: Path, told: dict[str, str], outcomes: Sequence[Outcome]) -> None:
    """Write what is told, and every outcome, for other programs."""
    content = told | {"outcomes": [asdict(outcome) for outcome in outcomes]}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, indent=2, ensure_ascii=False), encoding="utf-8")
