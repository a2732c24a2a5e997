"""A report as a row of blocks: what it says, before it is written as HTML or as PDF."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ecgview.export.style import blank_figure, house_style

if TYPE_CHECKING:
    from matplotlib.figure import Figure, SubFigure


@dataclass(frozen=True)
class Heading:
    """A heading inside a document; `level` is 2 for a section, 3 for a part of one."""

    text: str
    level: int = 2


@dataclass(frozen=True)
class Paragraph:
    """Running text; `style` is empty, ``lead`` for what matters most, ``quiet`` or ``code``."""

    text: str
    style: str = ""


@dataclass(frozen=True)
class Bullets:
    """A list of sentences."""

    items: tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table.

    Attributes
    ----------
    caption : str
        What it holds.
    head : tuple of str
        Names of the columns.
    rows : tuple of tuple of str
        As they are printed.
    words : frozenset of int
        Columns of words, which begin at their left; all others are figures.
    groups : tuple of int
        Rows before which a line is drawn.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    words: frozenset[int] = frozenset({0})
    groups: tuple[int, ...] = ()


@dataclass(frozen=True, eq=False)
class Picture:
    """A picture with what is to be seen in it; drawn into a figure of its own, or into a page.

    Attributes
    ----------
    width_mm, height_mm : float
        How large it is.
    draw : callable
        Draws it into a figure of that size, or a part of one.
    alt : str
        What it is, for those who do not see it.
    caption : str
        What stands under it beside its own words.
    """

    width_mm: float
    height_mm: float
    draw: Callable[[Figure | SubFigure], None]
    alt: str
    caption: str = ""

    def figure(self) -> Figure:
        """Draw it into a figure of its own."""
        with house_style():
            made = blank_figure(self.width_mm, self.height_mm)
            self.draw(made)
        return made


Block = Heading | Paragraph | Bullets | Table | Picture


@dataclass(frozen=True, eq=False)
class Document:
    """A report.

    Attributes
    ----------
    title, subtitle : str
        At its top.
    wording : str
        What stands at the top and on every page.
    blocks : sequence of Block
        From top to bottom.
    maker : str
        Program and version, at the foot.
    """

    title: str
    subtitle: str
    wording: str
    blocks: Sequence[Block] = field(default_factory=tuple)
    maker: str = ""
