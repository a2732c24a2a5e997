"""A document as PDF: upright A4 pages of running text, pictures, and tables that go over pages."""

from __future__ import annotations

import io
from collections.abc import Callable, Generator, Sequence

from ecgview import __version__
from ecgview.export.document import Block, Bullets, Document, Heading, Paragraph, Picture, Table
from ecgview.export.pdf_pages import BODY_PT, SMALL_PT, Pages, text_width_mm, wrapped
from ecgview.export.style import PNG_DPI, QUIET, TRACE, house_style

_TABLE_PTS = (7.0, 6.5, 6.0, 5.5, 5.0)
_CELL_GAP_MM = 3.4
_ROW_EM = 1.75
_HEADINGS_PT = {2: 11.5, 3: 9.5}


def pdf_of(document: Document) -> bytes:
    """Write a document as PDF.

    Parameters
    ----------
    document : Document
        The report.

    Returns
    -------
    bytes
        The file: A4, text that can be searched, the same bytes for the same document.
    """
    steps = pdf_steps(document)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return bytes(end.value)


def pdf_steps(document: Document) -> Generator[None, None, bytes]:
    """Write a document as `pdf_of` does, a step a block; the bytes are what it returns."""
    from matplotlib.backends.backend_pdf import PdfPages

    target = io.BytesIO()
    facts = {
        "Title": document.title, "Creator": f"ecgview {__version__}", "CreationDate": None,
    }  # fmt: skip
    with house_style():
        pages = Pages(document.wording)
        _write_head(pages, document)
    for at, block in enumerate(document.blocks):
        yield
        # Nothing of the style outlives a step: another thread may draw in between.
        with house_style():
            _write(pages, block, document.blocks[at + 1 : at + 2])
    with house_style():
        pages.space(3)
        pages.text(document.maker, SMALL_PT, QUIET)
        with PdfPages(target, metadata=facts) as pdf:
            for figure in pages.finished():
                pdf.savefig(figure, dpi=PNG_DPI)
    return target.getvalue()


def _write_head(pages: Pages, document: Document) -> None:
    pages.text(document.title, 17.0, TRACE, bold=True)
    pages.space(1)
    pages.text(document.subtitle, BODY_PT, QUIET)
    pages.space(1)
    pages.text(document.wording, SMALL_PT, "#7A4B00")
    pages.space(2)


def _write(pages: Pages, block: Block, following: Sequence[Block]) -> None:
    if isinstance(block, Heading):
        _write_heading(pages, block, following)
    elif isinstance(block, Paragraph):
        quiet = block.style in ("quiet", "code")
        pages.text(block.text, SMALL_PT if quiet else BODY_PT, QUIET if quiet else TRACE)
        pages.space(1.5)
    elif isinstance(block, Bullets):
        for item in block.items:
            pages.text(item, BODY_PT, TRACE, bullet=True)
        pages.space(1.5)
    elif isinstance(block, Table):
        _write_table(pages, block)
    else:
        _write_picture(pages, block)


def _write_heading(pages: Pages, heading: Heading, following: Sequence[Block]) -> None:
    """Write a heading on the page of what it is over."""
    size_pt = _HEADINGS_PT[heading.level]
    beneath = 24.0
    if following and isinstance(following[0], Picture):
        beneath = _picture_mm(pages, following[0])
    pages.space(4 if heading.level == 2 else 2)
    pages.need(min(beneath + 10.0, pages.height_mm))
    pages.text(heading.text, size_pt, TRACE, bold=True)
    pages.space(1)


def _picture_mm(pages: Pages, picture: Picture) -> float:
    lines = wrapped(picture.caption, SMALL_PT, pages.width_mm)
    return picture.height_mm + 2.0 + len(lines) * pages.line_mm(SMALL_PT)


def _write_picture(pages: Pages, picture: Picture) -> None:
    pages.need(_picture_mm(pages, picture))
    pages.draw(picture.width_mm, picture.height_mm, picture.draw)
    pages.space(1)
    pages.text(picture.caption, SMALL_PT, QUIET)
    pages.space(3)


def _write_table(pages: Pages, table: Table) -> None:
    size_pt, widths_mm = fitted(table, pages.width_mm)
    row_mm = size_pt * 25.4 / 72 * _ROW_EM
    pages.need(8 * row_mm)
    pages.text(table.caption, SMALL_PT, QUIET)
    pages.space(1)
    head = _row_writer(pages, table, widths_mm, size_pt, row_mm)
    head(table.head, bold=True, line=True)
    for at, row in enumerate(table.rows):
        if pages.left_mm < row_mm:
            pages.turn()
            head(table.head, bold=True, line=True)
        head(row, bold=False, line=at + 1 in table.groups or at + 1 == len(table.rows))
    pages.space(4)


def fitted(table: Table, width_mm: float) -> tuple[float, list[float]]:
    """Choose the largest type with which a table fits, and the widths of its columns."""
    for size_pt in _TABLE_PTS:
        widths = _widths_mm(table, size_pt)
        if sum(widths) <= width_mm:
            break
    return size_pt, widths


def _widths_mm(table: Table, size_pt: float) -> list[float]:
    columns = zip(table.head, *table.rows, strict=True)
    return [
        max(
            text_width_mm(text, size_pt, bold=not at or not place) for at, text in enumerate(column)
        )
        + _CELL_GAP_MM
        for place, column in enumerate(columns)
    ]


def _row_writer(
    pages: Pages, table: Table, widths_mm: list[float], size_pt: float, row_mm: float
) -> Callable[..., None]:
    def write(row: Sequence[str], *, bold: bool, line: bool) -> None:
        x_mm = 0.0
        for at, (text, width_mm) in enumerate(zip(row, widths_mm, strict=True)):
            right = at not in table.words
            place_mm = x_mm + width_mm - _CELL_GAP_MM / 2 if right else x_mm
            heavy = bold or (at == 0 and 0 in table.words)
            colour = QUIET if bold else TRACE
            pages.cell(text, place_mm, row_mm, size_pt, colour, bold=heavy, right=right)
            x_mm += width_mm
        pages.end_row(row_mm, sum(widths_mm), line=line)

    return write
