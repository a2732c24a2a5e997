"""What reports are made of, and their tables: the leads, and the card of the model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ecgview.gui.agreement_interval import interval_heads
from ecgview.gui.agreement_table import AgreementRow, table_rows
from ecgview.gui.state import SessionState

if TYPE_CHECKING:
    from ecgview.engine.cards import ModelCard

_ROW_MM = 5.0
_BAR_MM = 9.0
_COLUMN_ENDS = (0.518, 0.645, 0.735, 0.81, 0.888, 1.0)
"""Right ends of the columns of figures, as shares of the width."""


@dataclass(frozen=True)
class Text:
    """A line of text; `y_mm` is its base line, `align` as in `drawing.Words`.

    Attributes
    ----------
    room_mm : float or None
        Longer text is cut off; None for no limit.
    """

    x_mm: float
    y_mm: float
    text: str
    size_px: int = 11
    colour: str = "text"
    bold: bool = False
    italic: bool = False
    align: float = 0.0
    room_mm: float | None = None


@dataclass(frozen=True)
class Paragraph:
    """Text that breaks into lines; `y_mm` is its upper edge."""

    x_mm: float
    y_mm: float
    width_mm: float
    text: str
    size_px: int = 11
    colour: str = "text"


@dataclass(frozen=True)
class Box:
    """A filled rectangle."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float
    colour: str
    alpha: float = 1.0


@dataclass(frozen=True)
class Parts:
    """Some of a page: boxes lie below the words."""

    texts: tuple[Text, ...] = ()
    boxes: tuple[Box, ...] = ()
    paragraphs: tuple[Paragraph, ...] = ()

    def __add__(self, other: Parts) -> Parts:
        return Parts(
            self.texts + other.texts, self.boxes + other.boxes, self.paragraphs + other.paragraphs
        )


def table_parts(state: SessionState, x_mm: float, y_mm: float, width_mm: float) -> Parts:
    """Set the table of the twelve leads.

    Parameters
    ----------
    state : SessionState
        Whose agreement it is.
    x_mm, y_mm : float
        Left edge, and base line of its heading.
    width_mm : float
        Its width.

    Returns
    -------
    Parts
        Twelve rows below two lines of heading.
    """
    kind = "0.5 Hz high-pass" if state.clean else "raw"
    columns = (0.0, 11.0, *(share * width_mm for share in _COLUMN_ENDS))
    width, inside = interval_heads(state)
    heads = ("Lead", "Origin", "PCC", "expected", "RMSE", "max", width.removesuffix(" µV"), inside)
    texts = [Text(x_mm, y_mm, f"Agreement lead by lead, {kind}", 13, bold=True)]
    top_mm = y_mm + 7.0
    for number, (column, head) in enumerate(zip(columns, heads, strict=True)):
        align = 0.0 if number < 2 else 1.0
        texts.append(Text(x_mm + column, top_mm, head, 10, "secondary", align=align))
    boxes = [Box(x_mm, top_mm + 1.6, width_mm, 0.25, "hairline")]
    for number, row in enumerate(table_rows(state)):
        base_mm = top_mm + 6.0 + number * _ROW_MM
        texts += _row_texts(state, row, x_mm, base_mm, columns)
        boxes.append(Box(x_mm, base_mm + 1.5, width_mm, 0.12, "hairline"))
        if row.bar is not None and not row.expected:
            bar = (x_mm + columns[2] - 9.0 - _BAR_MM, base_mm - 2.1)
            boxes.append(Box(*bar, _BAR_MM, 1.3, "control"))
            boxes.append(Box(*bar, _BAR_MM * row.bar, 1.3, "reconstruction"))
    return Parts(tuple(texts), tuple(boxes))


def _row_texts(
    state: SessionState, row: AgreementRow, x_mm: float, y_mm: float, columns: tuple[float, ...]
) -> list[Text]:
    colour = {"reconstructed": "reconstruction", "absent": "secondary"}.get(row.origin, "accent")
    sign = {"reconstructed": "≈ ", "derived": "= "}.get(row.origin, "")
    measured = ("", "", "") if row.expected else (row.pcc, row.rmse_uv, row.max_uv)
    if row.origin == "reconstructed" and row.lead not in state.leads:
        measured = ("n/a", "n/a", "n/a")
    expected = state.expected.get(row.lead)
    told = f"{expected.pcc:.2f}" if expected is not None else ""
    cells = (measured[0], told, *measured[1:], row.width_uv, row.inside)
    figures = zip(columns[2:], cells, strict=True)
    return [
        Text(x_mm + columns[0], y_mm, row.lead, 11, bold=True),
        Text(x_mm + columns[1], y_mm, sign + row.origin, 11, colour),
        *(
            Text(x_mm + column, y_mm, text, 11, "secondary" if text is told else "text", align=1.0)
            for column, text in figures
            if text
        ),
    ]


def card_parts(state: SessionState, x_mm: float, y_mm: float, width_mm: float) -> Parts:
    """Set what the model's card says, in a few lines.

    Parameters
    ----------
    state : SessionState
        Whose card it is; where the leads came from a file, that is all that is said.
    x_mm, y_mm : float
        Left edge, and base line of the heading.
    width_mm : float
        Of the lines.

    Returns
    -------
    Parts
        A heading and a paragraph.
    """
    card = state.card
    heading = Text(x_mm, y_mm, card.title if card else "Estimate from a file", 13, bold=True)
    lines = card_lines(card, state) if card else ["No card says how it was made."]
    return Parts(
        (heading,), (), (Paragraph(x_mm, y_mm + 2.0, width_mm, "\n".join(lines), 10, "secondary"),)
    )


def card_lines(card: ModelCard, state: SessionState) -> list[str]:
    """Word a card for a report: what it is, what to expect, what it was trained on."""
    lines = [card.description] if card.description else []
    expected = [figures.pcc for figures in state.expected.values()]
    if expected:
        mean = sum(expected) / len(expected)
        folds = card.metrics.get("folds", [])
        where = f" on fold {', '.join(map(str, folds))} of PTB-XL" if folds else ""
        lines.append(f"Expected of these leads: mean clean PCC {mean:.2f}{where}.")
    training = card.training
    if training.get("recordings"):
        folds = training.get("folds", [])
        of = f", folds {_range(folds)}" if folds else ""
        lines.append(f"Trained on {training['recordings']:,} recordings{of}.")
    if card.sha256:
        lines.append(f"Weights {card.sha256[:12]} (SHA-256), {card.fs_hz:g} Hz.")
    return lines


def _range(folds: list[int]) -> str:
    if len(folds) > 1 and folds == list(range(folds[0], folds[-1] + 1)):
        return f"{folds[0]} to {folds[-1]}"
    return ", ".join(map(str, folds))
