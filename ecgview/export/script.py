"""A result as a script: what a command and a Python program that give it are made of."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from ecgview.export.shell import option
from ecgview.interval import DEFAULT_LEVEL
from ecgview.record_facts import ImportOptions
from ecgview.signals.filtering import Filters


@dataclass(frozen=True)
class Script:
    """How to get one result without the window.

    Attributes
    ----------
    title : str
        What the result is.
    command : tuple of str
        Program and arguments; empty where no command gives it.
    python : str
        A complete program.
    remark : str
        What the command does not say; empty where it says all.
    """

    title: str
    command: tuple[str, ...]
    python: str
    remark: str = ""


@dataclass(frozen=True)
class Opened:
    """A recording as it was opened.

    Attributes
    ----------
    path : Path or None
        Its file; None for one that is simulated.
    case : str
        What was simulated; empty for a file.
    seed : int
        Which simulated person.
    options : ImportOptions
        What the user said of the file.
    as_is : bool
        Whether corrections remembered for files of its kind were left out.
    fs_hz : float
        Its rate.
    """

    path: Path | None
    fs_hz: float
    case: str = ""
    seed: int = 0
    options: ImportOptions = field(default_factory=ImportOptions)
    as_is: bool = False

    def words(self) -> tuple[str, ...]:
        """Give what a command is told of the file beside its path."""
        options = self.options
        words: list[str] = []
        if options.leads is not None:
            words += option("--lead-names", ",".join(options.leads))
        if options.rate_hz is not None:
            words += option("--rate-hz", f"{options.rate_hz!r}")
        if options.unit is not None:
            words += option("--unit", options.unit)
        if options.gains is not None:
            words += option("--gain", ",".join(f"{gain!r}" for gain in options.gains))
        if options.part is not None:
            words += option("--part", options.part)
        return (*words, "--as-is") if self.as_is else tuple(words)

    def write(self, program: Program, name: str = "recording") -> None:
        """Write the lines that open it."""
        if self.path is None:
            program.use("ecgview.simulate", "simulate")
            program.line(f"{name} = simulate({self.case!r}, seed={self.seed})")
            return
        program.use("ecgview", "open_recording")
        more = ""
        if self.options:
            program.use("ecgview.formats", "ImportOptions")
            more = f", options={written(self.options)}"
        program.line(f"{name} = open_recording({str(self.path)!r}{more})")


@dataclass(frozen=True)
class Calibrated:
    """What a reconstruction is calibrated from.

    Attributes
    ----------
    path : Path or None
        Another ECG of the person; None for a stretch of the recording itself.
    start_s, duration_s : float
        What is learnt from.
    """

    path: Path | None
    start_s: float
    duration_s: float

    def words(self) -> tuple[str, ...]:
        """Give it as a command takes it."""
        source = ("--calibrate-from", str(self.path)) if self.path is not None else ()
        return (*source, "--calibrate-stretch", f"{self.start_s!r}", f"{self.duration_s!r}")

    def write(self, program: Program, question: str) -> None:
        """Write the lines that learn; `question` is leads, model and device as arguments."""
        program.use("ecgview.engine.personal.calibrate", "calibrate")
        name = "recording"
        if self.path is not None:
            name = "earlier"
            program.use("ecgview", "open_recording")
            program.line(f"earlier = open_recording({str(self.path)!r})")
        situation = "same" if self.path is None else "earlier"
        program.line(
            f"start = round({self.start_s!r} * {name}.fs_hz)",
            f"stop = round({self.start_s + self.duration_s!r} * {name}.fs_hz)",
            "personal = calibrate(",
            f"    {name}, {question},",
            f'    situation="{situation}", start=start, stop=stop,',
            ")",
        )


@dataclass(frozen=True)
class Question:
    """A reconstruction and what it is compared over, as the window shows it.

    Attributes
    ----------
    opened : Opened
        The recording.
    leads : tuple of str
        What the model is given; empty for one that takes leads of another system.
    model : str
        Its name.
    device : str
        Where it runs; ``auto`` for the fastest.
    clean : bool
        Whether both signals are high-passed at 0.5 Hz before they are compared.
    stretch : tuple of int or None
        Samples ``[start, stop)`` that are marked; None for the whole.
    filters : Filters
        Of the model's input.
    interval : float
        Level of the interval that is shown, where the reconstruction has one; 0 for none.
    calibrated : Calibrated or None
        What the reconstruction is calibrated from.
    """

    opened: Opened
    leads: tuple[str, ...]
    model: str
    device: str = "auto"
    clean: bool = False
    stretch: tuple[int, int] | None = None
    filters: Filters = field(default_factory=Filters)
    interval: float = 0.0
    calibrated: Calibrated | None = None

    def interval_words(self) -> tuple[str, ...]:
        """Give the interval as a command takes it, where it is not the usual one."""
        if self.interval in (0.0, DEFAULT_LEVEL):
            return ()
        return ("--interval", f"{100 * self.interval:.0f}")

    def model_words(self) -> tuple[str, ...]:
        """Give leads, model and device as a command takes them."""
        words: list[str] = []
        if self.leads:
            words += ["--leads", ",".join(self.leads)]
        if self.model:
            words += ["--model", self.model]
        return (*words, "--device", self.device) if self.device != "auto" else tuple(words)

    def stretch_words(self) -> tuple[str, ...]:
        """Give the marked stretch as a command takes it."""
        if self.stretch is None:
            return ()
        start, stop = self.stretch
        fs_hz = self.opened.fs_hz
        return ("--start", f"{start / fs_hz!r}", "--duration", f"{(stop - start) / fs_hz!r}")

    def calibration_words(self) -> tuple[str, ...]:
        """Give what it is calibrated from as a command takes it."""
        return self.calibrated.words() if self.calibrated is not None else ()

    def filter_words(self) -> tuple[str, ...]:
        """Give the filters of the model's input as a command takes them."""
        return ("--filter-input", self.filters.option) if self.filters else ()

    def write(self, program: Program) -> None:
        """Write the lines that open the recording and rebuild it."""
        self.opened.write(program)
        if self.filters:
            program.use("ecgview.filtered", "filtered_recording")
            program.use("ecgview.signals.filtering", "Filters")
            program.line(f"recording = filtered_recording(recording, {written(self.filters)})")
        program.use("ecgview", "reconstruct")
        more = f", model={self.model!r}" if self.model else ""
        more += f", device={self.device!r}" if self.device != "auto" else ""
        question = f"{list(self.leads)!r}{more}"
        if self.calibrated is not None:
            self.calibrated.write(program, question)
            question += ", personal=personal"
        program.line(f"result = reconstruct(recording, {question})")

    def stretch_arguments(self) -> str:
        """Give the marked stretch as arguments of a function, after others."""
        if self.stretch is None:
            return ""
        return f", start={self.stretch[0]}, stop={self.stretch[1]}"


class Program:
    """A Python program that is put together."""

    def __init__(self) -> None:
        self._imports: dict[str, set[str]] = {}
        self._lines: list[str] = []

    def use(self, module: str, *names: str) -> None:
        """Import names."""
        self._imports.setdefault(module, set()).update(names)

    def line(self, *lines: str) -> None:
        """Add lines."""
        self._lines += lines

    def text(self) -> str:
        """Give the whole program."""
        imports = [
            f"from {module} import {', '.join(sorted(names))}"
            for module, names in sorted(self._imports.items())
        ]
        return "\n".join([*imports, "", *self._lines]) + "\n"


def written(value: Any) -> str:
    """Write a frozen dataclass as the call that makes it, without what is as by default."""
    plain = type(value)()
    said = [
        f"{one.name}={getattr(value, one.name)!r}"
        for one in fields(value)
        if getattr(value, one.name) != getattr(plain, one.name)
    ]
    return f"{type(value).__name__}({', '.join(said)})"


def as_program(command: Iterable[str]) -> str:
    """Write a program that runs a command of ecgview, for what only commands do."""
    program = Program()
    program.use("ecgview.cli", "main")
    words = list(command)[1:]
    program.line("main(", "    [", *(f"        {word!r}," for word in words), "    ]", ")")
    return program.text()
