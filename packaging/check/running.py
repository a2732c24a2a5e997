"""The bench: where things are, and how the frozen and the unfrozen program are run."""

from __future__ import annotations

import difflib
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from check.application import Application

ROOT = Path(__file__).resolve().parents[2]
AVAILABLE = "I,II,V2"
ODD_NAME = "Prüfung ж ecgview"
COMMAND_TIMEOUT_S = 600
HOMES = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA")
XDG = ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME")
Ran = subprocess.CompletedProcess[str]
Word = str | Path


class CheckError(Exception):
    """What is wrong with the frozen program, in a sentence."""


class LeftOut(Exception):  # noqa: N818 (nothing is wrong)
    """Why a check cannot run on this system, in a sentence."""


@dataclass(frozen=True)
class Bench:
    """Where things are, and how the frozen and the unfrozen program are run.

    Attributes
    ----------
    folder : Path
        For recordings and results, and as the home folder.
    application : Application
        The frozen one.
    model : Path
        Weights in the frozen application.
    packages : Path, optional
        The folder of packages that were made already.
    extra : mapping of str to str
        Variables to run with besides the usual ones.
    removed : sequence of str
        Variables to run without.
    """

    folder: Path
    application: Application
    model: Path
    packages: Path | None = None
    extra: Mapping[str, str] = field(default_factory=dict)
    removed: Sequence[str] = ()

    @property
    def record(self) -> Path:
        """The recording that both programs are given."""
        return self.folder / "records" / "simulated.hea"

    def with_variables(self, removed: Sequence[str] = (), **extra: str | Path) -> Bench:
        """Give a bench that runs with other variables."""
        return replace(self, extra={k: str(v) for k, v in extra.items()}, removed=removed)

    def place(self, *names: str) -> Path:
        """Make a folder for the results of one check."""
        folder = self.folder.joinpath(*names)
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def environment(self) -> dict[str, str]:
        """Give the variables to run in: nothing of this Python, none of the user's files."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        kept |= {name: str(self.folder) for name in HOMES}
        kept |= {name: str(self.folder / name) for name in XDG}
        kept |= {"QT_QPA_PLATFORM": "offscreen"} | dict(self.extra)
        return {key: value for key, value in kept.items() if key not in self.removed}

    def frozen(self, *words: Word, status: int = 0, **how: Any) -> Ran:
        """Run the frozen command line."""
        return self.run([self.application.console, *words], status, **how)

    def unfrozen(self, *words: Word, status: int = 0) -> Ran:
        """Run the checkout's command line."""
        return self.run([*UNFROZEN, *words], status, cwd=ROOT)

    def both(self, words: Callable[[str], Sequence[Word]], status: int = 0) -> tuple[Ran, Ran]:
        """Run both at once, with words that depend on which it is: ``frozen`` or ``unfrozen``."""
        with ThreadPoolExecutor() as pool:
            frozen = pool.submit(self.frozen, *words("frozen"), status=status)
            unfrozen = pool.submit(self.unfrozen, *words("unfrozen"), status=status)
            return frozen.result(), unfrozen.result()

    def run(self, command: Sequence[Word], status: int = 0, **how: Any) -> Ran:
        """Run a command to its end, and demand how it ends.

        Parameters
        ----------
        command : sequence of str or Path
            The program and its words.
        status : int
            The exit status it is to have.
        **how
            For `subprocess.run`: ``cwd``, ``user``, ``stdout``, ``timeout`` and so on.

        Returns
        -------
        subprocess.CompletedProcess
            With what it printed.

        Raises
        ------
        CheckError
            If it ends otherwise.
        """
        words, usual = [str(word) for word in command], self._usual_how()
        ran: Ran = subprocess.run(words, **{**usual, "timeout": COMMAND_TIMEOUT_S, **how})
        demand_status(ran, status)
        return ran

    def start(self, *words: Word, program: Path | None = None, **how: Any) -> subprocess.Popen[str]:
        """Start the frozen command line, or another program of it, and go on."""
        command = [str(word) for word in (program or self.application.console, *words)]
        started: subprocess.Popen[str] = subprocess.Popen(command, **{**self._usual_how(), **how})
        return started

    def _usual_how(self) -> dict[str, Any]:
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        words = {"encoding": "utf-8", "errors": "replace"}
        return {"cwd": self.folder, "env": self.environment(), **pipes, **words}


UNFROZEN = (sys.executable, "-m", "ecgview")


def end_of(started: subprocess.Popen[str], status: int = 0) -> Ran:
    """Wait for a program that was started, and demand how it ends; it does not outlive this."""
    try:
        out, err = started.communicate(timeout=COMMAND_TIMEOUT_S)
    finally:
        started.kill()
    ran = subprocess.CompletedProcess(started.args, started.returncode, out, err)
    demand_status(ran, status)
    return ran


def demand(holds: bool, otherwise: str) -> None:
    """Raise a `CheckError` with a sentence unless something holds."""
    if not holds:
        raise CheckError(otherwise)


def demand_status(ran: Ran, status: int) -> None:
    """Raise a `CheckError` with everything printed unless the exit status is this."""
    if ran.returncode != status:
        command = " ".join(map(str, ran.args))
        raise CheckError(
            f"{command} ended with {ran.returncode} instead of {status}:\n"
            f"{ran.stdout or ''}{ran.stderr or ''}"
        )


def same_words(bench: Bench, *words: Word, status: int = 0) -> Ran:
    """Demand that both programs print the same, and give what the frozen one printed."""
    frozen, unfrozen = bench.both(lambda how: words, status)
    demand_same_words(frozen, unfrozen)
    return frozen


def demand_same_words(frozen: Ran, unfrozen: Ran) -> None:
    """Raise a `CheckError` with the lines that differ unless both printed the same."""
    if (frozen.stdout, frozen.stderr) != (unfrozen.stdout, unfrozen.stderr):
        said, expected = ((ran.stdout + ran.stderr).splitlines() for ran in (frozen, unfrozen))
        lines = difflib.unified_diff(said, expected, "frozen", "unfrozen", lineterm="", n=0)
        raise CheckError("The frozen program says otherwise:\n" + "\n".join(lines))


def demand_sentence(said: str, *parts: str) -> None:
    """Raise a `CheckError` unless standard error holds an error as people read it, with parts."""
    if not said.startswith("ecgview: ") or "Traceback" in said:
        raise CheckError(f"This is no sentence for people:\n{said}")
    missing = [part for part in parts if part not in said]
    if missing:
        raise CheckError(f"{', '.join(missing)} is not said:\n{said}")


def same_files(frozen: Path, unfrozen: Path) -> list[Path]:
    """Demand that two folders hold the same files byte by byte, and give their names."""
    names = [
        sorted(path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
        for folder in (frozen, unfrozen)
    ]
    if names[0] != names[1] or not names[0]:
        raise CheckError(f"The frozen program writes {names[0]}, the unfrozen one {names[1]}.")
    other = [n for n in names[0] if (frozen / n).read_bytes() != (unfrozen / n).read_bytes()]
    if other:
        raise CheckError(f"The frozen program writes other bytes: {', '.join(map(str, other))}.")
    return names[0]
