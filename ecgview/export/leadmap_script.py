"""The lead map on screen as a command and as a Python program."""

from __future__ import annotations

from dataclasses import dataclass

from ecgview.export.script import Program, Question, Script, as_program, written

_TITLE = "Lead map"


@dataclass(frozen=True)
class MapChoice:
    """What is chosen on the map.

    Attributes
    ----------
    measure : str
        ``pcc`` or ``rmse_uv``.
    clean : bool
        Of signals high-passed at 0.5 Hz.
    by_mean : bool
        The best mean first.
    every_set : bool
        All 510 sets, of a population.
    """

    measure: str
    clean: bool
    by_mean: bool = False
    every_set: bool = False

    def words(self) -> tuple[str, ...]:
        """Give what a command is told of it."""
        words = [] if self.clean else ["--raw"]
        words += ["--measure", "rmse"] if self.measure == "rmse_uv" else []
        words += ["--sort", "mean"] if self.by_mean else []
        return tuple(words + (["--inputs", "all"] if self.every_set else []))


def population_map_script(model: str, choice: MapChoice) -> Script:
    """Give the map of a model's card."""
    command = ("ecgview", "leadmap", "--model", model, *choice.words())
    return Script(_TITLE, command, as_program(command))


def recording_map_script(question: Question, choice: MapChoice, *, difference: bool) -> Script:
    """Give the map of a recording.

    Parameters
    ----------
    question : Question
        The recording, the model and the stretch; its leads do not count.
    choice : MapChoice
        What is chosen on the map.
    difference : bool
        Whether the difference from the card is shown, which no command gives.
    """
    opened = question.opened
    command: tuple[str, ...] = ()
    if opened.path is not None:
        command = (
            "ecgview", "leadmap", str(opened.path), *question.model_words(),
            *question.filter_words(), *question.stretch_words(), *choice.words(), *opened.words(),
        )  # fmt: skip
    remark = "ecgview leadmap gives the recording's own figures." if difference else ""
    return Script(_TITLE, command, _program(question, choice), remark)


def _program(question: Question, choice: MapChoice) -> str:
    program = Program()
    question.opened.write(program)
    if question.filters:
        program.use("ecgview.filtered", "filtered_recording")
        program.use("ecgview.signals.filtering", "Filters")
        program.line(f"recording = filtered_recording(recording, {written(question.filters)})")
    program.use("ecgview.studies.leadmap.live", "leadmap_events")
    stretch = f", stretch={question.stretch}" if question.stretch is not None else ""
    how = f"{question.model!r}, {question.device!r}{stretch}"
    figure = f"{choice.measure!r}, clean={choice.clean}"
    program.line(
        f"*_, last = leadmap_events(recording, {how})",
        "for row in last.result.rows:",
        f"    print(','.join(row.available), row.mean({figure}), row.reason)",
        "    for lead in row.reconstructed:",
        f"        print('   ', lead, row.value(lead, {figure}))",
    )
    return program.text()
