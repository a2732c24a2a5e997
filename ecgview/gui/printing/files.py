"""Sheets into files: PDF and SVG as lines and text, PNG in dots, all to scale."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QFontInfo,
    QGuiApplication,
    QImage,
    QPageLayout,
    QPageSize,
    QPainter,
    QPdfWriter,
)
from PySide6.QtSvg import QSvgGenerator

from ecgview import DISCLAIMER, __version__
from ecgview.engine.events import Event, Finished, Progress
from ecgview.errors import EcgviewError, RecordingError
from ecgview.gui.printing.paint_sheet import LINE_PX, paint_sheet
from ecgview.gui.printing.paper import PX_PER_MM
from ecgview.gui.printing.pdf_text import with_spaces
from ecgview.gui.printing.sheet import Sheet
from ecgview.gui.theme import Theme
from ecgview.gui.viewer.paint_text import text_font
from ecgview.storing import store

ENDINGS = {".pdf": "PDF", ".svg": "SVG", ".png": "PNG"}
PNG_DOTS_PER_MM = 12
"""Whole, so that each line of the grid falls on dots: 304.8 to the inch."""
PDF_DPI = 1200


def file_kind(path: Path) -> str:
    """Give the ending that says what kind of file is wanted.

    Raises
    ------
    EcgviewError
        If it is none of `ENDINGS`.
    """
    if path.suffix.lower() not in ENDINGS:
        raise EcgviewError(
            f"{path.name} does not say what kind of file it is to be.",
            f"Let its name end in {', '.join(ENDINGS)}.",
        )
    return path.suffix.lower()


def targets(path: Path, n_sheets: int) -> list[Path]:
    """Name the files that some sheets take: one PDF, else a numbered file for each sheet."""
    if file_kind(path) == ".pdf" or n_sheets == 1:
        return [path]
    return [path.with_stem(f"{path.stem}-{number:02d}") for number in range(1, n_sheets + 1)]


def write_events(
    sheets: Sequence[Sheet], path: Path, theme: Theme, *, overwrite: bool = False
) -> Iterator[Event]:
    """Write sheets into a file, or into one each where the format holds one page.

    Parameters
    ----------
    sheets : sequence of Sheet
        One or more.
    path : Path
        Its ending chooses the format.
    theme : Theme
        One of `SCHEMES`.
    overwrite : bool
        Whether files already there may be replaced.

    Yields
    ------
    Event
        Progress after each sheet; at last a `Finished` with the list of paths.

    Raises
    ------
    EcgviewError
        If the ending is unknown, or a file cannot be written.
    """
    kind, paths = file_kind(path), targets(path, len(sheets))
    existing = [one.name for one in paths if one.exists()]
    if existing and not overwrite:
        raise RecordingError(
            f"{path.parent} already holds {' and '.join(existing)}.",
            "Choose another name, or allow it to be replaced (option --overwrite).",
        )
    yield Progress(0, len(sheets), f"Drawing {path.name}")
    if kind == ".pdf":
        store(path, pdf_of(sheets, theme))
    for number, (sheet, target) in enumerate(zip(sheets, paths, strict=False), start=1):
        if kind == ".svg":
            store(target, svg_of(sheet, theme))
        elif kind == ".png":
            store(target, png_of(image_of(sheet, theme)))
        yield Progress(number, len(sheets), f"Drawing {path.name}")
    yield Finished(paths)


@dataclass(frozen=True)
class Page:
    """A page that can be painted, in units of 1/96 inch from its corner."""

    width_mm: float
    height_mm: float
    paint: Callable[[QPainter], None]


def page_of(sheet: Sheet, theme: Theme) -> Page:
    """Make a page of a sheet."""
    return Page(sheet.width_mm, sheet.height_mm, lambda painter: paint_sheet(painter, sheet, theme))


def pdf_of(sheets: Sequence[Sheet], theme: Theme) -> bytes:
    """Draw sheets as the pages of a PDF: lines as lines, text as text."""
    return pdf_of_pages([page_of(sheet, theme) for sheet in sheets], sheets[0].head[0])


def pdf_of_pages(pages: Sequence[Page], title: str) -> bytes:
    """Draw pages into one PDF."""
    buffer = _buffer()
    writer = QPdfWriter(buffer)
    writer.setResolution(PDF_DPI)
    writer.setCreator(f"ecgview {__version__}")
    writer.setTitle(title)
    painter = QPainter()
    for number, page in enumerate(pages):
        # The size of a page is settled before it begins.
        writer.setPageLayout(page_layout(page.width_mm, page.height_mm))
        if number:
            writer.newPage()
        else:
            painter.begin(writer)
        painter.save()
        painter.scale(PDF_DPI / 96, PDF_DPI / 96)
        page.paint(painter)
        painter.restore()
    painter.end()
    return with_spaces(bytes(buffer.data().data()))


def page_layout(width_mm: float, height_mm: float) -> QPageLayout:
    """Describe paper without margins, for Qt."""
    size = QPageSize(QSizeF(width_mm, height_mm), QPageSize.Unit.Millimeter)
    return QPageLayout(size, QPageLayout.Orientation.Portrait, QMarginsF())


def svg_of(sheet: Sheet, theme: Theme) -> bytes:
    """Draw a sheet as SVG whose units are millimetres."""
    buffer = _buffer()
    generator = QSvgGenerator()
    generator.setOutputDevice(buffer)
    generator.setResolution(96)
    generator.setViewBox(QRectF(0, 0, sheet.width_mm, sheet.height_mm))
    generator.setTitle(sheet.head[0])
    generator.setDescription(DISCLAIMER)
    painter = QPainter(generator)
    painter.scale(1 / PX_PER_MM, 1 / PX_PER_MM)
    paint_sheet(painter, sheet, theme)
    painter.end()
    svg = _sized(bytes(buffer.data().data()), sheet.width_mm, sheet.height_mm)
    # The name that Qt has for the system's font says nothing to other programs.
    family = QFontInfo(text_font(LINE_PX, bold=False)).family()
    asked = QGuiApplication.font().family()
    return svg.replace(
        f'font-family="{asked}"'.encode(), f'font-family="{family}, Arial, sans-serif"'.encode()
    )


def _sized(svg: bytes, width_mm: float, height_mm: float) -> bytes:
    """Give the drawing its size: Qt would round it to whole pixels."""
    head, mark, rest = svg.partition(b"viewBox")
    start = head.rindex(b"<svg")
    size = f'<svg width="{width_mm:g}mm" height="{height_mm:g}mm"\n '.encode()
    return head[:start] + size + mark + rest


def image_of(sheet: Sheet, theme: Theme, dots_per_mm: float = PNG_DOTS_PER_MM) -> QImage:
    """Draw a sheet in dots; the image says how many of them are a metre."""
    return image_of_page(page_of(sheet, theme), dots_per_mm)


def image_of_page(page: Page, dots_per_mm: float) -> QImage:
    """Draw a page in dots; the image says how many of them are a metre."""
    width, height = (round(mm * dots_per_mm) for mm in (page.width_mm, page.height_mm))
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.scale(dots_per_mm / PX_PER_MM, dots_per_mm / PX_PER_MM)
    page.paint(painter)
    painter.end()
    image.setText("Description", DISCLAIMER)
    image.setText("Software", f"ecgview {__version__}")
    image.setDotsPerMeterX(round(dots_per_mm * 1000))
    image.setDotsPerMeterY(round(dots_per_mm * 1000))
    return image


def png_of(image: QImage) -> bytes:
    """Give an image as the bytes of a PNG file."""
    buffer = _buffer()
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def _buffer() -> QBuffer:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    return buffer
