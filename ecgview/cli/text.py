"""Text for the terminal: tables and lines as strings."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from ecgview.cli.calibrating import calibration_json, calibration_line
from ecgview.cli.coverage_text import interval_cells, interval_heads, interval_lines, told_level
from ecgview.engine.folds import fold_phrase
from ecgview.leads import Origin

if TYPE_CHECKING:
    from ecgview.engine.batch import RecordDone
    from ecgview.engine.cards import ModelCard
    from ecgview.engine.metrics import Agreement
    from ecgview.engine.rate_loss import RateLoss
    from ecgview.engine.scores import Report


def has_display() -> bool:
    """Tell whether a window can be shown."""
    if os.environ.get("QT_QPA_PLATFORM") in ("offscreen", "minimal"):
        return False
    if sys.platform in ("win32", "darwin"):
        return True
    return bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def agreement_table(figures: Agreement, level: float = 0.0) -> str:
    """Lay out the agreement of the twelve leads as a table.

    Parameters
    ----------
    figures : Agreement
        The figures.
    level : float
        Of the interval whose width and coverage are told too, where there is one; 0 for none.
    """
    kind = "clean" if figures.clean else "raw"
    level = told_level(figures, level)
    band = interval_heads(level)
    lines = [f"{'lead':<5}{'origin':<15}{f'PCC ({kind})':>12}{'RMSE uV':>10}{'max uV':>10}{band}"]
    for row in figures.rows:
        measured = row.origin is Origin.MEASURED
        cells = ["" if measured else _cell(value, 0) for value in (row.rmse_uv, row.max_uv)]
        pcc = _cell(row.pcc, 3) if row.origin is Origin.RECONSTRUCTED else ""
        line = f"{row.lead:<5}{row.origin.value:<15}{pcc:>12}{cells[0]:>10}{cells[1]:>10}"
        lines.append(line + interval_cells(row, level))
    lines.append(means_line(figures))
    return "\n".join(line.rstrip() for line in lines)


def _cell(value: float | None, digits: int) -> str:
    return "n/a" if value is None else f"{value:.{digits}f}"


def means_line(figures: Agreement) -> str:
    """Word the means of the agreement in a line."""
    chest, every = _cell(figures.mean_pcc_chest, 3), _cell(figures.mean_pcc_all, 3)
    return (
        f"mean PCC: {chest} over {figures.n_chest} reconstructed chest leads, "
        f"{every} over all {figures.n_all} reconstructed leads"
    )


def record_lines(done: RecordDone) -> str:
    """One recording of a batch, in two lines."""
    figures = done.agreement
    cells = [
        f"{row.lead} {_cell(row.pcc, 2)}/{_cell(row.rmse_uv, 0)}"
        for row in (*figures.rows, *figures.others)
        if row.origin is Origin.RECONSTRUCTED
    ]
    where = f" -> {done.written}" if done.written else ""
    leads = "  ".join(cells) or "nothing to reconstruct"
    means = "" if figures.others else f"\n  {means_line(figures)}"
    said = f"\n  {calibration_line(done)}" if done.reconstruction.personal else ""
    return f"{done.recording.name}{where}{means}\n  PCC/RMSE uV: {leads}{said}"


def record_json(done: RecordDone) -> str:
    """One recording of a batch as a JSON object."""
    figures = done.agreement
    return json.dumps(
        {
            "name": done.recording.name,
            "path": str(done.path),
            "written": str(done.written) if done.written else None,
            "clean": figures.clean,
            "mean_pcc_chest": figures.mean_pcc_chest,
            "mean_pcc_all": figures.mean_pcc_all,
            "leads": {
                row.lead: {**asdict(row), "origin": row.origin.value}
                for row in (*figures.rows, *figures.others)
            },
            **calibration_json(done.recording, done.reconstruction, done.before),
        },
        ensure_ascii=False,
    )


def score_table(report: Report) -> str:
    """Lay out an evaluation as the quality table."""
    left_out = ", ".join(f"{count} {reason}" for reason, count in report.left_out.items())
    folds = f", {fold_phrase(report.folds)}" if report.folds else ""
    segments = f"{report.segments} segments of " if report.segments != report.recordings else ""
    model = max((len(name) for name in report.models), default=0) + 2
    sets = [",".join(row.available) for row in report.scores]
    taken = max(len(one) for one in ("available", *sets)) + 2
    lines = [
        *report.sources,
        f"{segments}{report.recordings} of {report.found} recordings "
        f"of {report.patients} patients{folds}" + (f" (left out: {left_out})" if left_out else ""),
        "means over reconstructed chest leads, in brackets their 95 % interval; RMSE in uV, QRS "
        "inside QRS windows",
        f"{'model':<{model}}{'available':<{taken}}{'raw PCC':>8}{'RMSE':>7}{'clean PCC':>11}"
        f"{'':>16}{'median':>8}{'RMSE':>7}{'QRS':>7}",
    ]
    for row, available in zip(report.scores, sets, strict=True):
        pcc = row.summaries["clean_pcc"]
        lines.append(
            f"{row.model:<{model}}{available:<{taken}}{row.raw_pcc:>8.3f}"
            f"{row.raw_rmse_uv:>7.1f}{row.clean_pcc:>11.3f}"
            f"{f'[{pcc.ci95_low:.3f} {pcc.ci95_high:.3f}]':>16}{row.clean_median:>8.3f}"
            f"{row.clean_rmse_uv:>7.1f}{row.summaries['clean_qrs_rmse_uv'].mean:>7.1f}"
        )
    return "\n".join(lines)


def rate_loss_table(lost: Sequence[RateLoss]) -> str:
    """Lay out what is left of the R wave at 125 Hz."""
    lines = ["recorded R waves of 0.1 mV and more, in uV, and the share of them left at 125 Hz"]
    heads = f"{'500 Hz':>9}{'125 Hz':>9}{'share':>8}{'95 %':>15}{'p05':>7}"
    lines.append(f"{'lead':<6}{'recordings':>10}{heads}")
    for one in lost:
        limits = f"[{one.kept_ci95_low:.3f} {one.kept_ci95_high:.3f}]"
        lines.append(
            f"{one.lead:<6}{one.recordings:>10}{one.r_uv:>9.0f}{one.table_r_uv:>9.0f}"
            f"{one.kept:>8.3f}{limits:>15}{one.kept_p05:>7.3f}"
        )
    return "\n".join(lines)


def model_lines(card: ModelCard) -> str:
    """One installed model, its main figures and where it is."""
    lines = [f"{card.name}: {card.title}", f"  {card.description}"]
    if card.leads:
        gives = f", gives {', '.join(card.rebuilds)}" if card.rebuilds else ""
        lines.append(f"  takes {', '.join(card.leads)} only{gives}")
    if card.fs_hz:
        headline = card.headline or "not evaluated"
        rate = f"{card.fs_hz:g} Hz, nothing above {card.bandwidth_hz:g} Hz"
        lines += [f"  {headline} | {rate}", f"  {card.edition}", f"  {card.path}"]
        lines += interval_lines(card)
    return "\n".join(lines)
