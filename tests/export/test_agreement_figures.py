"""The figures of a study of agreement, read back from their axes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from agreement_example import AVAILABLE, example_report

from ecgview import DISCLAIMER
from ecgview.export.agreement_figures import (
    calibration,
    grid,
    lead_groups,
    matrices,
    panel_of,
    planned_figures,
    single,
    write_agreement_figures,
)
from ecgview.export.agreement_words import known_share
from ecgview.export.bland_altman import bland_altman_grid
from ecgview.export.label_places import placed
from ecgview.leads import CHEST_LEADS
from ecgview.studies.agreement.results import MARKERS, AgreementReport, MarkerAgreement


@pytest.fixture(scope="module")
def report() -> AgreementReport:
    return example_report()


@pytest.fixture(scope="module")
def row(report: AgreementReport) -> MarkerAgreement:
    return report.row("network", AVAILABLE, "all", "V3", "R")


def named(axes, gid):
    return [one for one in (*axes.lines, *axes.collections, *axes.texts) if one.get_gid() == gid]


def drawn_points(axes):
    inside, beyond = named(axes, "points"), named(axes, "beyond")
    return inside[0].get_offsets(), sum(len(one.get_offsets()) for one in beyond)


def test_a_plot_holds_the_pairs_of_its_row_over_real_and_over_mean(report, row) -> None:
    over_real, over_mean = single(report, row).figure().axes
    points = report.points(row)
    expected = {
        over_real: points.real_uv,
        over_mean: (points.real_uv + points.estimated_uv) / 2,
    }
    across = points.estimated_uv - points.real_uv
    for axes, along in expected.items():
        inside, beyond = drawn_points(axes)
        assert len(inside) + beyond == len(points.rows) == 120
        assert len(inside) > 110
        pairs = {(round(x, 6), round(y, 6)) for x, y in zip(along, across, strict=True)}
        assert {(round(x, 6), round(y, 6)) for x, y in inside} <= pairs


def test_lines_are_bias_limits_and_the_slopes_of_the_row(report, row) -> None:
    for axes, slope in zip(
        single(report, row).figure().axes, (row.slope_on_real, row.slope_on_mean), strict=True
    ):
        (bias,) = named(axes, "bias")
        assert bias.get_ydata()[0] == row.bias_uv
        limits = [line.get_ydata()[0] for line in named(axes, "limit")]
        assert limits == [row.limits_low_uv, row.limits_high_uv]
        (leaning,) = named(axes, "leaning")
        (left, right), (start, end) = leaning.get_xdata(), leaning.get_ydata()
        assert (end - start) / (right - left) == pytest.approx(slope)
        assert slope < 0
    texts = [text.get_text() for axes in single(report, row).figure().axes for text in axes.texts]
    assert f"bias {row.bias_uv:+.0f}".replace("-", "\N{MINUS SIGN}") in texts


def test_what_lies_far_away_stands_at_the_edge(report, row) -> None:
    values = report.values_of("network", AVAILABLE)
    estimated = values.estimated_uv.copy()
    estimated[7, 8, 1] += 50_000.0
    far = replace(
        report,
        values=(replace(values, estimated_uv=estimated), *report.values[1:]),
    )
    axes = single(far, row).figure().axes[0]
    inside, beyond = drawn_points(axes)
    assert beyond >= 1
    assert axes.get_ylim()[1] < 10_000
    assert inside[:, 1].max() < axes.get_ylim()[1]


def test_the_grid_has_a_row_a_marker_and_a_column_a_lead(report) -> None:
    picture = grid(report, "network", AVAILABLE, "all", "chest", "real")
    axes = picture.figure().axes
    titles = [one.get_title(loc="left") for one in axes]
    assert titles == [f"{lead} {marker}" for marker in MARKERS for lead in CHEST_LEADS]
    readings = [one.get_title(loc="right") for one in axes]
    expected = report.row("network", AVAILABLE, "all", "V2", "P").reading
    assert readings[1] == expected.removesuffix(" variance")
    for first in range(0, 30, 6):
        scales = {one.get_ylim() for one in axes[first : first + 6]}
        assert len(scales) == 1
    assert picture.width_mm <= 180


def test_a_row_without_statistics_leaves_its_place_empty(report, row) -> None:
    panels = [[None, panel_of(report, row)]]
    figure = bland_altman_grid(panels, "mean", title="t", subtitle="s").figure()
    assert [one.get_title(loc="left") for one in figure.axes] == ["V3 R"]


def test_v_against_r2_has_all_rows_of_both_models(report) -> None:
    figure = calibration(report, AVAILABLE, "all").figure()
    axes = figure.axes[0]
    rows = [row for model in ("network", "network-linear")
            for row in report.rows_of(model, AVAILABLE, "all")]  # fmt: skip
    points = {one.get_gid(): one for one in axes.collections if "point" in str(one.get_gid())}
    assert len(points) == len(rows) == 2 * 11 * 5
    top = axes.get_ylim()[1]
    for row in rows:
        x, y = points[f"point {row.model} {row.lead} {row.marker}"].get_offsets()[0]
        assert (x, y) == (row.r2, min(row.variance_ratio, top))
    (diagonal,) = named(axes, "diagonal")
    assert list(diagonal.get_xdata()) == list(diagonal.get_ydata()) == [0, 1]
    regions = {text.get_text() for text in named(axes, "region")}
    assert {"invented variance", "over-shrunk"} <= regions
    legends = [text.get_text() for one in (axes.get_legend(), *axes.artists)
               if one is not None for text in one.get_texts()]  # fmt: skip
    assert {*MARKERS, "network", "network-linear"} <= set(legends)
    colours = {points[f"point network V3 {marker}"].get_facecolor().tobytes()
               for marker in MARKERS}  # fmt: skip
    assert len(colours) == 5


def test_what_goes_against_the_real_amplitude_tells_nothing_of_it(report, row) -> None:
    against = replace(row, r=-0.6, r2=0.36)
    figure = calibration(replace(report, rows=(against,)), AVAILABLE, "all").figure()
    (point,) = (one for one in figure.axes[0].collections if "point" in str(one.get_gid()))
    assert point.get_offsets()[0][0] == 0.0
    assert known_share(against) == 0.0
    assert known_share(row) == row.r2


def test_leads_are_named_beside_their_points_and_not_over_each_other(report) -> None:
    names = ["V1"] * 40
    points = [(10.0 + at * 0.9, 30.0) for at in range(40)]
    places = placed(points, names, 2.0, 0.9, (60.0, 60.0))
    kept = [place for place in places if place is not None]
    assert 4 < len(kept) < 40
    for at, (x, y) in enumerate(kept):
        for other_x, other_y in kept[at + 1 :]:
            assert abs(x - other_x) >= 2.4 - 1e-9 or abs(y - other_y) >= 2.04 - 1e-9
    axes = calibration(report, AVAILABLE, "all").figure().axes[0]
    assert len(named(axes, "lead")) > 60


def test_matrices_show_real_reconstructed_and_difference(report) -> None:
    matrix = report.matrix("network", AVAILABLE, "all", "R")
    figure = matrices(report, "network", AVAILABLE, "all", "R").figure()
    real, made, difference = (axes for axes in figure.axes if axes.images)
    for axes, values in (
        (real, matrix.real_r2), (made, matrix.reconstructed_r2),
        (difference, matrix.reconstructed_r2 - matrix.real_r2),
    ):  # fmt: skip
        shown = axes.images[0].get_array().filled(np.nan)
        off = ~np.eye(12, dtype=bool)
        assert np.allclose(shown[off], values[off], equal_nan=True)
        assert np.isnan(shown[~off]).all()
        assert len(named(axes, "number")) == np.isfinite(values[off]).sum()
    assert real.get_xticklabels()[0].get_text() == "I*"
    assert real.get_xticklabels()[8].get_text() == "V3"
    assert difference.images[0].get_clim() == (-1.0, 1.0)


def test_figures_are_planned_for_each_subset_with_statistics(report) -> None:
    names = [one.name for one in planned_figures(report)]
    assert len(names) == len(set(names))
    assert {"calibration-I-all", "calibration-I-normal", "calibration-I-MI"} <= set(names)
    assert "bland-altman-real-limb-network-linear-I-normal" in names
    assert "leads-T-network-I-all" in names
    assert not [name for name in names if "HYP" in name]
    assert not [name for name in names if "MI" in name and "calibration" not in name]


def test_files_are_written_and_say_what_they_are(report, tmp_path: Path, monkeypatch) -> None:
    few = [one for one in planned_figures(report) if "calibration" in one.name]
    monkeypatch.setattr("ecgview.export.agreement_figures.planned_figures", lambda _: few)
    written = write_agreement_figures(report, tmp_path / "new", (".svg", ".png"))
    assert {path.name for path in written} == {f"{one.name}.{kind}" for one in few
                                                for kind in ("svg", "png")}  # fmt: skip
    svg = (tmp_path / "new" / "calibration-I-all.svg").read_text(encoding="utf-8")
    assert DISCLAIMER.split(".")[0] in svg
    assert "120 patients" in svg
    assert "/made/" not in svg


def test_leads_are_parted_into_chest_and_limb() -> None:
    assert lead_groups(("II", "V1", "aVR", "V6")) == {"chest": ("V1", "V6"), "limb": ("II", "aVR")}
    assert lead_groups(("V1",)) == {"chest": ("V1",)}
