"""Upright A4 pages that are filled from the top: lines of text, cells, pictures."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from ecgview.export.style import HAIRLINE, MM_PER_INCH, QUIET, blank_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure, SubFigure

BODY_PT, SMALL_PT = 8.5, 7.0
_PAGE_MM = (210.0, 297.0)
_MARGIN_MM, _TOP_MM, _FOOT_MM = 15.0, 16.0, 20.0
_LINE_EM = 1.45
_BULLET_MM = 4.0
_MM_PER_PT = MM_PER_INCH / 72


@cache
def text_width_mm(text: str, size_pt: float, *, bold: bool = False) -> float:
    """Measure a line in the type of figures."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.textpath import text_to_path

    font = FontProperties(family="DejaVu Sans", size=size_pt, weight="bold" if bold else "normal")
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(width) * _MM_PER_PT


def wrapped(text: str, size_pt: float, width_mm: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines of at most a width; a longer word has a line of its own."""
    space_mm = text_width_mm("a a", size_pt, bold=bold) - 2 * text_width_mm("a", size_pt, bold=bold)
    lines: list[list[str]] = [[]]
    filled_mm = 0.0
    for word in text.split():
        word_mm = text_width_mm(word, size_pt, bold=bold)
        if lines[-1] and filled_mm + space_mm + word_mm > width_mm:
            lines.append([])
            filled_mm = 0.0
        filled_mm += word_mm + (space_mm if lines[-1] else 0.0)
        lines[-1].append(word)
    return [" ".join(line) for line in lines]


class Pages:
    """Pages under way; lengths from the upper left corner of the text, in millimetres.

    Parameters
    ----------
    wording : str
        Stands at the foot of each page.
    """

    width_mm = _PAGE_MM[0] - 2 * _MARGIN_MM
    height_mm = _PAGE_MM[1] - _TOP_MM - _FOOT_MM

    def __init__(self, wording: str) -> None:
        self._wording = wording
        self._pages: list[Figure] = []
        self._y_mm = 0.0
        self.turn()

    @property
    def left_mm(self) -> float:
        """What is left of the page."""
        return self.height_mm - self._y_mm

    @staticmethod
    def line_mm(size_pt: float) -> float:
        """Give the height of a line of text."""
        return size_pt * _MM_PER_PT * _LINE_EM

    def turn(self) -> None:
        """Begin a page."""
        self._pages.append(blank_figure(*_PAGE_MM))
        self._y_mm = 0.0

    def need(self, height_mm: float) -> None:
        """Begin a page where so much is not left."""
        if self.left_mm < height_mm and self._y_mm:
            self.turn()

    def space(self, height_mm: float) -> None:
        """Leave room, but not at the top of a page."""
        if self._y_mm:
            self._y_mm += height_mm

    def text(
        self, text: str, size_pt: float, colour: str, *, bold: bool = False, bullet: bool = False
    ) -> None:
        """Write a paragraph over the whole width."""
        indent_mm = _BULLET_MM if bullet else 0.0
        lines = wrapped(text, size_pt, self.width_mm - indent_mm, bold=bold)
        for number, line in enumerate(lines):
            self.need(self.line_mm(size_pt))
            if bullet and not number:
                self._put("\N{BULLET}", 1.0, size_pt, colour)
            self._put(line, indent_mm, size_pt, colour, fontweight="bold" if bold else "normal")
            self._y_mm += self.line_mm(size_pt)

    def cell(
        self, text: str, x_mm: float, row_mm: float, size_pt: float, colour: str,
        *, bold: bool, right: bool,
    ) -> None:  # fmt: skip
        """Write into a row, which `end_row` ends."""
        how: dict[str, Any] = {"ha": "right" if right else "left", "va": "center_baseline"}
        weight = "bold" if bold else "normal"
        self._put(text, x_mm, size_pt, colour, down_mm=row_mm / 2, fontweight=weight, **how)

    def end_row(self, row_mm: float, width_mm: float, *, line: bool) -> None:
        """Go below a row, with a line under it if wanted."""
        self._y_mm += row_mm
        if line:
            self._line(self._y_mm, width_mm)

    def draw(self, width_mm: float, height_mm: float, draw: Callable[[SubFigure], None]) -> None:
        """Draw a picture at its size."""
        page, (page_width, page_height) = self._pages[-1], _PAGE_MM
        over_mm = _TOP_MM + self._y_mm
        # Parts of figures know no margins: cells around the picture take their place.
        cells = page.add_gridspec(
            3, 3,
            width_ratios=(_MARGIN_MM, width_mm, page_width - _MARGIN_MM - width_mm),
            height_ratios=(over_mm, height_mm, page_height - over_mm - height_mm),
        )  # fmt: skip
        draw(page.add_subfigure(cells[1, 1]))
        self._y_mm += height_mm

    def finished(self) -> list[Figure]:
        """Give the pages, with their numbers and the wording at their feet."""
        for number, page in enumerate(self._pages, start=1):
            foot = f"{number} / {len(self._pages)}"
            for text, x_mm, side in (
                (self._wording, _MARGIN_MM, "left"), (foot, _PAGE_MM[0] - _MARGIN_MM, "right"),
            ):  # fmt: skip
                page.text(
                    x_mm / _PAGE_MM[0], 9.0 / _PAGE_MM[1], text, fontsize=5.5, color=QUIET, ha=side
                )
        return self._pages

    def _put(
        self, text: str, x_mm: float, size_pt: float, colour: str,
        *, down_mm: float = 0.0, **how: Any,
    ) -> None:  # fmt: skip
        x = (_MARGIN_MM + x_mm) / _PAGE_MM[0]
        y = 1 - (_TOP_MM + self._y_mm + down_mm) / _PAGE_MM[1]
        how = {"va": "top", "fontsize": size_pt, "color": colour, **how}
        self._pages[-1].text(x, y, text, **how)

    def _line(self, y_mm: float, width_mm: float) -> None:
        from matplotlib.lines import Line2D

        y = 1 - (_TOP_MM + y_mm) / _PAGE_MM[1]
        xs = [_MARGIN_MM / _PAGE_MM[0], (_MARGIN_MM + width_mm) / _PAGE_MM[0]]
        page = self._pages[-1]
        page.add_artist(Line2D(xs, [y, y], color=HAIRLINE, linewidth=0.6))
