"""Filters on the command line: what the model is given, and what is compared."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from ecgview.cli import main
from ecgview.formats import open_recording
from ecgview.signals.filtering import Filters
from ecgview.signals.zero_phase import apply


def real_file(data_dir: Path) -> Path:
    return sorted((data_dir / "ptb-xl/records500/00000").glob("*.hea"))[0]


@pytest.mark.real_data
def test_reconstruct_filters_the_recording_first_and_says_so(
    data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = real_file(data_dir)
    options = ["--leads", "I,II,V2", "--output", str(tmp_path), "--json"]
    filters = ["--filter-input", "high-pass=0.5,mains=50"]
    assert main(["reconstruct", str(source), *options, *filters]) == 0
    assert json.loads(capsys.readouterr().out)["mean_pcc_chest"] > 0.9
    written = open_recording(tmp_path / source.name)
    expected = apply(Filters(0.5, None, 50.0), open_recording(source).read(("V2",)), 500.0)
    np.testing.assert_allclose(written.read(("V2",)), expected, atol=2e-3)
    assert any("high-pass 0.5 Hz, mains 50 Hz" in comment for comment in written.comments)
    sidecar = json.loads(next(tmp_path.glob("*.json")).read_text())
    assert sidecar["filters"]["model_input"] == "high-pass 0.5 Hz, mains 50 Hz"
    assert "--filter-input high-pass=0.5,mains=50" in sidecar["command"]


@pytest.mark.real_data
def test_compare_filters_recording_and_estimates_alike(
    data_dir: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = real_file(data_dir)
    assert main(["reconstruct", str(source), "--leads", "I,II,V2", "--output", str(tmp_path)]) == 0
    estimate = str(tmp_path / source.name)
    capsys.readouterr()
    means = []
    for filters in ([], ["--filter", "high-pass=0.5"]):
        assert main(["compare", str(source), estimate, "--json", *filters]) == 0
        means.append(json.loads(capsys.readouterr().out)["estimates"][0]["mean_chest"]["pcc"])
    # The wander of one lead cannot be read off another: without it the leads agree better.
    assert means[1] > means[0] + 0.05


@pytest.mark.real_data
def test_a_filter_that_the_rate_cannot_carry_is_refused(
    data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wanted = ["--leads", "I", "--filter-input", "low-pass=400"]
    assert main(["reconstruct", str(real_file(data_dir)), *wanted]) != 0
    assert "Low-pass at 400 Hz needs more than 800 samples a second" in capsys.readouterr().err


def test_what_is_no_filter_is_refused_with_a_hint(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["reconstruct", "nothing.hea", "--leads", "I", "--filter-input", "high=0.5"])
    assert "high=0.5 is no filter. Such as: high-pass=0.5" in capsys.readouterr().err
