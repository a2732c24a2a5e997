"""Paint a report with any QPainter, and write it as PDF."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter

from ecgview.gui.electrodes import paint_electrodes
from ecgview.gui.printing.files import PNG_DOTS_PER_MM, Page, image_of_page, pdf_of_pages
from ecgview.gui.printing.paint_sheet import paint_ecg
from ecgview.gui.printing.paper import PINK, PX_PER_MM
from ecgview.gui.printing.report import Report
from ecgview.gui.printing.report_parts import Paragraph, Parts, Text
from ecgview.gui.theme import Theme
from ecgview.gui.viewer.paint_paper import faded
from ecgview.gui.viewer.paint_text import text_font


def report_pdf(report: Report, theme: Theme = PINK) -> bytes:
    """Draw a report as PDF."""
    return pdf_of_pages([_page(report, theme)], report.name)


def report_image(
    report: Report, theme: Theme = PINK, dots_per_mm: float = PNG_DOTS_PER_MM
) -> QImage:
    """Draw a report in dots."""
    return image_of_page(_page(report, theme), dots_per_mm)


def _page(report: Report, theme: Theme) -> Page:
    return Page(
        report.width_mm, report.height_mm, lambda painter: paint_report(painter, report, theme)
    )


def paint_report(painter: QPainter, report: Report, theme: Theme) -> None:
    """Paint a report; the painter's units are 1/96 inch from the corner of the paper."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
    paint_parts(painter, report.parts, theme)
    left, top, width, height = (mm * PX_PER_MM for mm in report.electrodes_mm)
    painter.save()
    paint_electrodes(painter, QRectF(left, top, width, height), report.marks, theme)
    painter.restore()
    painter.save()
    painter.translate(report.ecg_mm[0] * PX_PER_MM, report.ecg_mm[1] * PX_PER_MM)
    paint_ecg(painter, report.scene, theme)
    painter.restore()


def paint_parts(painter: QPainter, parts: Parts, theme: Theme) -> None:
    """Paint boxes, then words."""
    for box in parts.boxes:
        place = QRectF(box.x_mm, box.y_mm, box.width_mm, box.height_mm)
        placed = QRectF(place.topLeft() * PX_PER_MM, place.size() * PX_PER_MM)
        painter.fillRect(placed, faded(getattr(theme, box.colour), box.alpha))
    for paragraph in parts.paragraphs:
        _paint_paragraph(painter, paragraph, theme)
    for text in parts.texts:
        _paint_text(painter, text, theme)


def _paint_text(painter: QPainter, text: Text, theme: Theme) -> None:
    font = _font(text.size_px, bold=text.bold, italic=text.italic)
    metrics, words = QFontMetricsF(font), text.text
    if text.room_mm is not None:
        words = metrics.elidedText(words, Qt.TextElideMode.ElideMiddle, text.room_mm * PX_PER_MM)
    x = text.x_mm * PX_PER_MM - text.align * metrics.horizontalAdvance(words)
    painter.setFont(font)
    painter.setPen(QColor(getattr(theme, text.colour)))
    painter.drawText(QPointF(x, text.y_mm * PX_PER_MM), words)


def _paint_paragraph(painter: QPainter, paragraph: Paragraph, theme: Theme) -> None:
    painter.setFont(_font(paragraph.size_px))
    painter.setPen(QColor(getattr(theme, paragraph.colour)))
    corner = QPointF(paragraph.x_mm, paragraph.y_mm) * PX_PER_MM
    area = QRectF(corner.x(), corner.y(), paragraph.width_mm * PX_PER_MM, 400.0)
    painter.drawText(area, Qt.TextFlag.TextWordWrap, paragraph.text)


def _font(size_px: int, *, bold: bool = False, italic: bool = False) -> QFont:
    font = text_font(size_px, bold=bold)
    font.setItalic(italic)
    font.setFeature(QFont.Tag("liga"), 0)
    font.setFeature(QFont.Tag("tnum"), 1)
    return font
