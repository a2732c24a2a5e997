"""Sheets on a printer, after a look at what comes out."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QMarginsF
from PySide6.QtGui import QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo, QPrintPreviewDialog
from PySide6.QtWidgets import QWidget

from ecgview.gui.printing.paint_sheet import paint_sheet
from ecgview.gui.printing.paper import PAPERS
from ecgview.gui.printing.sheet import Sheet
from ecgview.gui.theme import Theme
from ecgview.gui.widgets import resize_to_fit

_SIZE_PX = (1100, 860)


def has_printer() -> bool:
    """Tell whether there is a printer to print on."""
    return bool(QPrinterInfo.availablePrinterNames())


def make_printer(paper: str) -> QPrinter:
    """Set a printer up for paper that lies on its long side, with the whole of it to paint on.

    Parameters
    ----------
    paper : str
        One of `PAPERS`.
    """
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setFullPage(True)
    size = QPageSize(QPageSize.PageSizeId[PAPERS[paper].page_size])
    printer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Landscape, QMarginsF()))
    printer.setFullPage(True)
    return printer


def print_sheets(printer: QPrinter, sheets: Sequence[Sheet], theme: Theme) -> None:
    """Paint sheets on a printer, a page each, exactly to scale."""
    # Whoever turns the paper round in the preview must not lose half of the page.
    is_upright = printer.pageLayout().orientation() is QPageLayout.Orientation.Portrait
    painter = QPainter(printer)
    for number, sheet in enumerate(sheets):
        if number:
            printer.newPage()
        painter.save()
        # The printer's own dots: the preview's picture has others.
        if is_upright and sheet.width_mm > sheet.height_mm:
            painter.translate(printer.width(), 0)
            painter.rotate(90)
        painter.scale(printer.logicalDpiX() / 96, printer.logicalDpiY() / 96)
        paint_sheet(painter, sheet, theme)
        painter.restore()
    painter.end()


class _Preview(QPrintPreviewDialog):
    """The dialog, with the printer that it uses and does not own."""

    def __init__(self, printer: QPrinter, parent: QWidget) -> None:
        super().__init__(printer, parent)
        self._printer = printer


def show_preview(
    sheets: Sequence[Sheet], theme: Theme, paper: str, parent: QWidget
) -> QPrintPreviewDialog:
    """Show what a printer would print; from there it is printed.

    Parameters
    ----------
    sheets : sequence of Sheet
        What to print.
    theme : Theme
        One of `SCHEMES`.
    paper : str
        One of `PAPERS`, that of the sheets.
    parent : QWidget
        Owner.

    Returns
    -------
    QPrintPreviewDialog
        Open.
    """
    dialog = _Preview(make_printer(paper), parent)
    dialog.setWindowTitle("Print preview")
    dialog.paintRequested.connect(lambda device: print_sheets(device, sheets, theme))
    dialog.finished.connect(dialog.deleteLater)
    resize_to_fit(dialog, *_SIZE_PX)
    dialog.open()
    return dialog
