"""Heat maps, read back from the figure and from the SVG."""

from __future__ import annotations

import math
from pathlib import Path
from xml.etree import ElementTree

import pytest
from matplotlib.colors import to_rgb

from ecgview import DISCLAIMER
from ecgview.engine.input_sets import PAPER_SETS, QUALITY_SETS
from ecgview.engine.scores import MEASURES, LeadScore, Report, SetScore, Summary
from ecgview.export.evaluation_figures import split_tables, write_heatmaps
from ecgview.export.heatmap import HeatRow, colour_limits, heatmap_figure
from ecgview.leads import CHEST_LEADS

SVG = "{http://www.w3.org/2000/svg}"


def score(model: str, available: tuple[str, ...], pcc: float = 0.8) -> SetScore:
    def summaries(value: float) -> dict[str, Summary]:
        one = Summary(value, value + 0.05, value - 0.3, value + 0.1, value - 0.02, value + 0.02)
        return dict.fromkeys(MEASURES, one)

    rebuilt = [lead for lead in CHEST_LEADS if lead not in available]
    leads = tuple(
        LeadScore(summaries(pcc + place / 100), lead) for place, lead in enumerate(rebuilt)
    )
    return SetScore(summaries(pcc), model, available, 265, leads)


def report(*scores: SetScore) -> Report:
    return Report({"PTB-XL": 267}, (9,), 267, 265, 260, 265, {}, tuple(scores))


def texts(path: Path) -> list[str]:
    return ["".join(each.itertext()) for each in ElementTree.parse(path).iter(f"{SVG}text")]


def test_the_papers_sets_become_its_two_tables(tmp_path: Path) -> None:
    files = write_heatmaps(report(*(score("net", leads) for leads in PAPER_SETS)), tmp_path)
    assert {path.name for path in files} == {
        f"net-{version}-pcc-{part}.{suffix}"
        for version in ("raw", "clean")
        for part in ("1-chest-lead", "2-chest-leads")
        for suffix in ("png", "svg")
    }
    few = texts(tmp_path / "net-clean-pcc-1-chest-lead.svg")
    pairs = texts(tmp_path / "net-clean-pcc-2-chest-leads.svg")
    assert sum(text.startswith("I") or text == "II" for text in few) == 10
    assert sum(text.startswith("I, II, V") for text in pairs) == 15
    for written in (few, pairs):
        assert [text for text in written if text in (*CHEST_LEADS, "mean", "median")] == [
            *CHEST_LEADS,
            "mean",
            "median",
        ]
        assert "net: correlation of rebuilt leads, clean" in written
        assert "265 recordings of 260 patients, fold 9" in written
        assert DISCLAIMER in " ".join(written)
    # Sets of one limb lead give six leads, pairs four: and the mean and median of each row.
    assert sum(text.startswith("0.") and len(text) == 5 for text in pairs) == 15 * 6


def test_other_sets_become_one_table(tmp_path: Path) -> None:
    scores = [score("net", leads) for leads in QUALITY_SETS]
    assert list(split_tables(scores)) == [""]
    assert split_tables(scores[:2] + scores[:1])[""] == [*scores[:2], scores[0]]
    names = {path.name for path in write_heatmaps(report(*scores), tmp_path, formats=(".svg",))}
    assert names == {"net-raw-pcc.svg", "net-clean-pcc.svg"}


def test_each_model_has_figures_of_its_own(tmp_path: Path) -> None:
    scores = [score("my/net", leads) for leads in PAPER_SETS]
    scores.append(score("line", ("I",)))
    files = write_heatmaps(report(*scores), tmp_path, (".svg",))
    assert {path.name for path in files} == {
        "my-net-raw-pcc-1-chest-lead.svg",
        "my-net-raw-pcc-2-chest-leads.svg",
        "my-net-clean-pcc-1-chest-lead.svg",
        "my-net-clean-pcc-2-chest-leads.svg",
        "line-raw-pcc.svg",
        "line-clean-pcc.svg",
    }


def test_cells_of_leads_that_were_given_are_empty_and_grey() -> None:
    figure = heatmap_figure([HeatRow("I, II, V2", {"V1": 0.91}, 0.91, 0.95)], title="x")
    table = figure.axes[0]
    cells = [patch.get_facecolor()[:3] for patch in table.patches]
    grey = pytest.approx(to_rgb("#E4E6E9"))
    assert [cell == grey for cell in cells] == [False, *[True] * 5, False, False]
    assert sum(text.get_text().startswith("0.9") for text in table.texts) == 3


@pytest.mark.parametrize("measure", ["PCC", "RMSE (uV)"])
def test_every_number_can_be_read_on_its_colour(measure: str) -> None:
    """WCAG asks for a contrast of 4.5 for small text; black or white always reach it."""
    scale = 300 if "uV" in measure else 1
    rows = [
        HeatRow(
            str(k), {lead: scale * (k + j / 6) / 20 for j, lead in enumerate(CHEST_LEADS)}, 0, 1
        )
        for k in range(20)
    ]
    table = heatmap_figure(rows, title="x", measure=measure).axes[0]
    numbers = {
        (round(text.get_position()[0], 3), round(text.get_position()[1], 3)): text
        for text in table.texts
    }
    seen = 0
    for cell in table.patches:
        x, y = cell.get_xy()  # type: ignore[attr-defined]
        middle = (round(x + cell.get_width() / 2, 3), round(y + cell.get_height() / 2, 3))  # type: ignore[attr-defined]
        text = numbers[middle]
        lighter, darker = sorted(
            (luminance(cell.get_facecolor()[:3]), luminance(to_rgb(text.get_color()))), reverse=True
        )
        assert (lighter + 0.05) / (darker + 0.05) > 4.5
        seen += 1
    assert seen == 20 * 8


def luminance(colour: tuple[float, ...]) -> float:
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_bright_is_good_for_both_kinds_of_measure() -> None:
    def brightness(measure: str, good: float, bad: float) -> tuple[float, float]:
        rows = [HeatRow("I", {"V1": good, "V2": bad}, good, bad)]
        cells = heatmap_figure(rows, title="x", measure=measure).axes[0].patches
        return tuple(luminance(cell.get_facecolor()[:3]) for cell in cells[:2])  # type: ignore[return-value]

    for figures in (brightness("PCC", 0.9, 0.1), brightness("RMSE (uV)", 20, 200)):
        assert figures[0] > figures[1] + 0.3


def test_limits_are_round_and_hold_all_figures() -> None:
    rows = [HeatRow("I", {"V1": 0.63, "V2": math.nan}, -0.12, 0.5)]
    assert colour_limits(rows) == pytest.approx((-0.2, 1.0))
    assert colour_limits([HeatRow("I", {"V1": 63.0}, 88.0, 71.0)], "RMSE (uV)") == (60.0, 90.0)
    assert colour_limits([HeatRow("I", {}, math.nan, math.nan)]) == (0.0, 1.0)
