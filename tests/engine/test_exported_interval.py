"""The ends of intervals beside reconstructed leads in files, and reading these back."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from beats import twelve_lead_array
from made_interval import with_interval
from numpy.typing import NDArray

from ecgview.cli import main
from ecgview.engine.batch import BatchTask, reconstruct_files
from ecgview.engine.comparison import estimate_from
from ecgview.engine.exported import as_estimate, exported_leads, exported_mv, interval_comments
from ecgview.engine.reconstruct import reconstruct
from ecgview.engine.reconstructor import load_reconstructor
from ecgview.engine.sidecar import interval_facts, reconstruct_command, sidecar_path
from ecgview.formats import open_recording, save_recording
from ecgview.formats.writers import WRITERS
from ecgview.interval import LEVELS
from ecgview.leads import LEADS
from ecgview.reconstruction import Reconstruction
from ecgview.recording import Recording, recording_from_array
from ecgview.signals.filtering import Filters

GIVEN = ("I", "II", "V2")
CHEST = ("V1", "V3", "V4", "V5", "V6")


@pytest.fixture(scope="module")
def recording() -> Recording:
    signals_mv = twelve_lead_array(500.0, 10.0, seed=3)
    return recording_from_array("made", dict(zip(LEADS, signals_mv, strict=True)), 500.0)


@pytest.fixture(scope="module")
def made(recording: Recording) -> Reconstruction:
    plain = reconstruct(recording, GIVEN, "anylead-linear")
    assert plain.interval is None
    half_mv = np.linspace(0.05, 0.4, recording.n_samples)
    return with_interval(plain, half_mv, wander_mv=0.1)


def rows_of(opened: Recording, lead: str) -> tuple[NDArray[np.float32], ...]:
    """Lower end, estimate and upper end of a lead in a file."""
    names = [channel.name for channel in opened.channels]
    rows = [names.index(f"{lead}_rec{end}") for end in ("_lo", "", "_hi")]
    low, middle, high = opened.source.read(0, opened.n_samples, rows)
    return low, middle, high


@pytest.mark.parametrize("level", LEVELS)
def test_ends_follow_each_reconstructed_lead(
    recording: Recording, made: Reconstruction, level: float
) -> None:
    leads = exported_leads(recording, made, "both", level)
    names = [one.name for one in leads]
    place = names.index("V3_rec")
    assert names[place - 1 : place + 3] == ["V3", "V3_rec", "V3_rec_lo", "V3_rec_hi"]
    assert len(names) == 12 + 3 * len(CHEST)
    assert [one.origin for one in leads[place + 1 : place + 3]] == ["lower", "upper"]
    low, high = exported_mv(recording, made, leads, level)[place + 1 : place + 3]
    assert made.interval is not None
    half_mv = made.interval.half_width(["V3"], level=level)[0]
    estimate_mv = made.read(["V3"])[0]
    np.testing.assert_allclose(high, estimate_mv + half_mv, atol=1e-6)
    np.testing.assert_allclose(low, estimate_mv - half_mv, atol=1e-6)


def test_a_clean_file_has_no_wander_in_its_interval(
    recording: Recording, made: Reconstruction
) -> None:
    leads = exported_leads(recording, made, "reconstruction", 0.9)
    place = [one.name for one in leads].index("V6_rec_hi")
    above_mv = [
        exported_mv(recording, made, leads, 0.9, clean=clean)[place] - made.read(["V6"])[0]
        for clean in (False, True)
    ]
    np.testing.assert_allclose(above_mv[1], np.linspace(0.05, 0.4, 5000), atol=1e-5)
    np.testing.assert_allclose(above_mv[0], np.hypot(above_mv[1], 0.1), atol=1e-5)


@pytest.mark.parametrize("include, level", [("twelve", 0.9), ("both", 0.0), ("reconstruction", 0)])
def test_twelve_leads_and_no_level_have_no_ends(
    recording: Recording, made: Reconstruction, include: str, level: float
) -> None:
    names = [one.name for one in exported_leads(recording, made, include, level)]
    assert not [name for name in names if name.endswith(("_lo", "_hi"))]


def test_a_model_without_interval_has_no_ends(recording: Recording, made: Reconstruction) -> None:
    bare = replace(made, interval=None)
    names = [one.name for one in exported_leads(recording, bare, "both", 0.9)]
    assert "V3_rec" in names
    assert "V3_rec_lo" not in names


@pytest.mark.parametrize("file_format", WRITERS)
def test_every_format_keeps_the_ends_about_the_estimate(
    recording: Recording, made: Reconstruction, tmp_path: Path, file_format: str
) -> None:
    with_gap = made.read(LEADS).copy()
    leads = exported_leads(recording, made, "both", 0.9)
    signals_mv = exported_mv(recording, made, leads, 0.9)
    holes = file_format != "dicom"
    if holes:
        signals_mv[:, 1000:1200] = np.nan
    path = save_recording(
        "made", signals_mv, 500.0, tmp_path, leads=[one.name for one in leads], format=file_format
    )
    opened = open_recording(path)
    assert opened.leads == LEADS
    assert opened.derived_leads == ()
    assert {*opened.other_channels} == {
        f"{lead}_rec{end}" for lead in CHEST for end in ("", "_lo", "_hi")
    }
    for lead in CHEST:
        low, middle, high = rows_of(opened, lead)
        known = np.isfinite(middle)
        assert known.sum() == (4800 if holes else 5000)
        assert np.isnan(low[~known]).all() and np.isnan(high[~known]).all()
        assert (low[known] <= middle[known]).all() and (middle[known] <= high[known]).all()
        assert (high - low)[0] == pytest.approx(2 * np.hypot(0.05, 0.1), abs=0.006)
        assert (high - low)[-1] == pytest.approx(2 * np.hypot(0.4, 0.1), abs=0.006)
        assert middle[0] == pytest.approx(with_gap[LEADS.index(lead), 0], abs=0.003)


def test_ends_are_no_estimates_when_a_file_is_compared(
    recording: Recording, made: Reconstruction, tmp_path: Path
) -> None:
    leads = exported_leads(recording, made, "both", 0.9)
    names = [one.name for one in leads]
    path = save_recording(
        "made", exported_mv(recording, made, leads, 0.9), 500.0, tmp_path, leads=names
    )
    taken = as_estimate(open_recording(path))
    assert taken.leads == LEADS
    by_name = {channel.name: channel.lead for channel in taken.channels}
    assert (by_name["V3_rec"], by_name["V3_rec_lo"], by_name["V3_rec_hi"]) == ("V3", None, None)
    estimate = estimate_from(recording, open_recording(path))
    assert estimate.reconstruction.read(["V3"]) == pytest.approx(made.read(["V3"]), abs=2e-3)


def test_what_is_told_of_it_says_level_kind_and_that_it_is_no_guarantee() -> None:
    raw, clean = interval_facts(0.8, clean=False), interval_facts(0.8, clean=True)
    assert raw is not None and clean is not None
    assert (raw["level"], raw["signals"], clean["signals"]) == (0.8, "raw", "clean")
    assert "had not seen" in raw["calibration"]
    assert "guaranteed for no single one" in raw["calibration"]
    assert "wander" in raw["wander"]
    assert interval_facts(0.0, clean=False) is None
    assert interval_comments(0.0, clean=False) == []
    assert "80 % interval, usual wander included" in interval_comments(0.8, clean=False)[0]


def test_the_command_repeats_the_interval(made: Reconstruction) -> None:
    both = reconstruct_command(made, "anylead", "edf", "both", "", 0.8)
    assert "--include both --interval 80 --format edf" in both
    assert "--interval none" in reconstruct_command(made, "anylead", "edf", "both", "", 0.0)
    assert "--interval" not in reconstruct_command(made, "anylead", "edf", "twelve", "", 0.0)


@pytest.fixture
def folder(recording: Recording, tmp_path: Path) -> Path:
    save_recording("made", recording.read(LEADS), 500.0, tmp_path / "in")
    return tmp_path / "in"


def exported(folder: Path, *more: str) -> tuple[Recording, dict[str, object]]:
    command = ["reconstruct", str(folder), "--leads", "I,II,V2", "--include", "both"]
    assert main([*command, "--output", str(folder.parent / "out"), *more]) == 0
    path = folder.parent / "out" / "made.hea"
    return open_recording(path), json.loads(sidecar_path(path).read_text(encoding="utf-8"))


def test_the_command_line_writes_the_interval_of_the_bundled_model(folder: Path) -> None:
    opened, told = exported(folder)
    low, middle, high = rows_of(opened, "V4")
    assert (low < middle).all() and (middle < high).all()
    assert 0.02 < (high - low).mean() < 4
    interval = told["interval"]
    assert isinstance(interval, dict)
    assert interval["level"] == 0.9
    assert {"name": "V4_rec_lo", "lead": "V4", "origin": "lower"} in told["channels"]
    assert "--interval 90" in str(told["command"])
    assert "90 % interval" in " ".join(opened.comments)


def test_the_command_line_takes_a_level_or_none(folder: Path) -> None:
    opened, told = exported(folder, "--interval", "50")
    widths = {90: None, 50: np.subtract(*rows_of(opened, "V4")[::-2]).mean()}
    opened, told = exported(folder, "--interval", "90", "--overwrite")
    widths[90] = np.subtract(*rows_of(opened, "V4")[::-2]).mean()
    assert 0 < widths[50] < 0.8 * widths[90]
    opened, told = exported(folder, "--interval", "none", "--overwrite")
    assert told["interval"] is None
    assert not [name for name in opened.other_channels if name.endswith(("_lo", "_hi"))]


def test_a_filtered_input_has_a_clean_interval(folder: Path) -> None:
    _, told = exported(folder, "--filter-input", "high-pass=0.5")
    interval = told["interval"]
    assert isinstance(interval, dict)
    assert interval["signals"] == "clean"


def test_a_level_that_is_none_is_refused_with_those_there_are(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["reconstruct", str(folder), "--interval", "95"])
    assert "use 50, 80, 90 or none" in capsys.readouterr().err


@pytest.mark.real_data
@pytest.mark.parametrize("file_format", ["wfdb", "edf"])
def test_real_recordings_hold_the_estimate_between_the_ends(
    data_dir: Path, tmp_path: Path, file_format: str
) -> None:
    paths = sorted((data_dir / "ptb-xl" / "records500").glob("*/*.hea"))[:2]
    task = BatchTask(
        GIVEN, tmp_path, file_format, include="reconstruction", interval=0.9, filters=Filters()
    )
    events = reconstruct_files(paths, task, load_reconstructor("anylead", "cpu"))
    written = [event.written for event in events if hasattr(event, "written")]
    assert len(written) == 2
    for path in written:
        assert path is not None
        opened = open_recording(path)
        assert opened.leads == ("I", "II", "III", "aVR", "aVL", "aVF", "V2")
        for lead in CHEST:
            low, middle, high = rows_of(opened, lead)
            assert (low <= middle).all() and (middle <= high).all()


@pytest.mark.parametrize("level", [0.0, 0.9])
def test_an_interval_is_worked_out_only_where_it_is_asked_for(
    recording: Recording, tmp_path: Path, level: float
) -> None:
    path = save_recording("asked", recording.read(LEADS), recording.fs_hz, tmp_path)
    events = reconstruct_files(
        [path], BatchTask(GIVEN, interval=level), load_reconstructor("anylead", "cpu")
    )
    (done,) = [event for event in events if hasattr(event, "reconstruction")]
    assert (done.reconstruction.interval is not None) == bool(level)
    assert bool(done.agreement.rows[LEADS.index("V4")].intervals) == bool(level)
