"""What all figures share: fonts, colours, millimetres, and how a figure becomes a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ecgview import __version__
from ecgview.errors import EcgviewError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure, SubFigure

FORMATS = (".svg", ".png", ".pdf")
"""What figures can be saved as."""

MM_PER_INCH = 25.4
TEXT_PT = 7.0
"""Smallest text: journals ask for 7 points at the printed size."""
HEADING_PT = 8.5
PNG_DPI = 300
_LINE_MM = 3.5

TRACE = "#000000"
QUIET = "#4A4F55"
HAIRLINE = "#C9CDD2"

_STYLE: dict[str, Any] = {
    # Helvetica or Arial where a reader has it; DejaVu Sans comes with matplotlib.
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": TEXT_PT,
    "axes.linewidth": 0.5,
    "xtick.major.width": 0.5,
    "ytick.major.width": 0.5,
    "xtick.major.size": 2.0,
    "ytick.major.size": 2.0,
    "svg.fonttype": "none",
    "svg.hashsalt": "ecgview",
    "pdf.fonttype": 42,
    "path.simplify": True,
    "path.simplify_threshold": 0.03,
    # A dollar sign in a name is a dollar sign.
    "text.parse_math": False,
}


@contextmanager
def house_style() -> Iterator[None]:
    """Draw and save with the settings above, whatever the user's own matplotlibrc says."""
    import matplotlib

    defaults = matplotlib.rcParamsDefault.items()
    settings: Any = {key: value for key, value in defaults if not key.startswith("backend")}
    with matplotlib.rc_context(settings | _STYLE):
        yield


def blank_figure(width_mm: float, height_mm: float) -> Figure:
    """Make an empty figure of a size in millimetres."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width_mm / MM_PER_INCH, height_mm / MM_PER_INCH), facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def size_mm(figure: Figure | SubFigure) -> tuple[float, float]:
    """Give width and height of a figure, or of a part of one, in millimetres."""
    per_inch = MM_PER_INCH / figure.get_figure(root=True).dpi
    return figure.bbox.width * per_inch, figure.bbox.height * per_inch


def axes_in_mm(figure: Figure | SubFigure, box_mm: tuple[float, float, float, float]) -> Axes:
    """Add axes to a figure: left, bottom, width and height in millimetres."""
    width_mm, height_mm = size_mm(figure)
    left, bottom, width, height = box_mm
    return figure.add_axes(
        (left / width_mm, bottom / height_mm, width / width_mm, height / height_mm)
    )


HEAD_MM = 12.0
"""What `write_head` takes."""


def write_head(figure: Figure | SubFigure, title: str, subtitle: str) -> None:
    """Write a title and a line under it at the top of a figure."""
    width_mm, height_mm = size_mm(figure)
    left, top = 2.0 / width_mm, 1 - 2.0 / height_mm
    figure.text(left, top, title, fontsize=HEADING_PT, fontweight="bold", va="top", color=TRACE)
    below = top - 4.4 / height_mm
    figure.text(left, below, subtitle, fontsize=TEXT_PT, color=QUIET, va="top")


def write_foot(figure: Figure | SubFigure, lines: Sequence[str]) -> None:
    """Write lines at the foot of a figure, `foot_mm` high."""
    width_mm, height_mm = size_mm(figure)
    for above, text in zip(range(len(lines) - 1, -1, -1), lines, strict=True):
        at = (2.0 / width_mm, (2.0 + _LINE_MM * above) / height_mm)
        figure.text(*at, text, fontsize=TEXT_PT, color=QUIET, va="bottom")


def foot_mm(lines: Sequence[str]) -> float:
    """Height of a foot."""
    return 3.0 + _LINE_MM * len(lines)


def save_figure(figure: Figure, path: Path, *, overwrite: bool = False) -> Path:
    """Write a figure; the suffix says in which format.

    The same figure gives the same bytes: no dates, no random identifiers. Text stays text.

    Parameters
    ----------
    figure : matplotlib.figure.Figure
        From this room.
    path : Path
        Ends in one of `FORMATS`; folders are made.
    overwrite : bool
        Whether a file that is there may be replaced.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    EcgviewError
        If the format is unknown, the file is there already, or it cannot be written.
    """
    kind = check_target(path, overwrite=overwrite).suffix.lower()
    dated = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(kind, {})
    maker = "Software" if kind == ".png" else "Creator"
    temporary = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with house_style():
            figure.savefig(
                temporary,
                format=kind[1:],
                dpi=PNG_DPI,
                metadata={maker: f"ecgview {__version__}", **dated},
            )
        temporary.replace(path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise EcgviewError(f"{path} cannot be written: {error.strerror or error}.") from error
    return path


def check_target(path: Path, *, overwrite: bool) -> Path:
    """Tell before any work whether a figure could be written there; errors as `save_figure`."""
    if path.suffix.lower() not in FORMATS:
        raise EcgviewError(
            f"A figure cannot be saved as {path.name}.", f"Let its name end in {_named(FORMATS)}."
        )
    if path.exists() and not overwrite:
        raise EcgviewError(f"{path} is there already.", "Choose another name, or --overwrite.")
    return path


def _named(words: tuple[str, ...]) -> str:
    return f"{', '.join(words[:-1])} or {words[-1]}"
