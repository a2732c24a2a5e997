"""The agreement table as it is copied: tab-separated text, and HTML."""

from __future__ import annotations

from html import escape

from ecgview.gui.agreement_interval import table_level
from ecgview.gui.agreement_table import (
    NO_FIGURE,
    AgreementRow,
    columns,
    headline,
    is_expecting,
    stretch_text,
    table_rows,
)
from ecgview.gui.state import SessionState


def as_tsv(state: SessionState) -> str:
    """Give the table as tab-separated text with a title line, for spreadsheets."""
    lines = [_title(state), "\t".join((*_titles(state), "Figures"))]
    lines.extend("\t".join((*row.cells, _kind(row))) for row in table_rows(state))
    lines.extend(_mean_lines(state))
    return "\n".join(lines) + "\n"


def _titles(state: SessionState) -> tuple[str, ...]:
    """Head the columns of the copied table, where there is room for words."""
    *others, _, _ = columns(state)
    level = f"{100 * table_level(state):.0f} %"
    return (*others, f"{level} interval, mean width µV", f"Inside {level} interval, %")


def as_html(state: SessionState) -> str:
    """Give the table as HTML, for word processors."""
    rows = [_html_row((*_titles(state), "Figures"), "th")]
    rows.extend(_html_row((*row.cells, _kind(row)), "td") for row in table_rows(state))
    means = "".join(f"<p>{escape(line)}</p>" for line in _mean_lines(state))
    return f"<p>{escape(_title(state))}</p><table>{''.join(rows)}</table>{means}"


def _title(state: SessionState) -> str:
    recording, reconstruction = state.recording, state.reconstruction
    if recording is None:
        return ""
    name = f"{recording.name} (simulated)" if recording.simulated else recording.name
    made = ""
    if is_expecting(state):
        made = f" · {state.model} from {', '.join(state.available)}"
    elif reconstruction is not None:
        given = f" from {', '.join(reconstruction.available)}" if reconstruction.available else ""
        words = f", {said}" if (said := reconstruction.calibration_words) else ""
        made = f" · {reconstruction.model_name}{given}{words}"
    kind = "clean" if state.clean else "raw"
    return f"{name}{made} · {kind} · {stretch_text(state)}"


def _mean_lines(state: SessionState) -> list[str]:
    shown = headline(state)
    if shown.figure == NO_FIGURE:
        return []
    first = f"{' '.join(shown.caption.split())}: {shown.figure}"
    return [first, shown.second] if shown.second else [first]


def _kind(row: AgreementRow) -> str:
    if not row.pcc and not row.rmse_uv:
        return ""
    return "expected" if row.expected else "this recording"


def _html_row(cells: tuple[str, ...], tag: str) -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"
