"""The agreement page on a handful of real people, with the installed model."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from stand_ins import FakeEngine, main_window, settle
from waiting import wait_until

from ecgview.engine.cards import list_models
from ecgview.gui.backend import Backend

PEOPLE = 14
FOLD = "9"


@dataclass
class RealModels(FakeEngine):
    """Studies are real; what the viewer rebuilds is made."""

    @property
    def backend(self) -> Backend:
        return replace(super().backend, list_models=list_models)


@pytest.fixture
def handful(data_dir: Path, tmp_path: Path) -> Path:
    """A few people of fold 9 of PTB-XL, in its layout."""
    source, folder = data_dir / "ptb-xl", tmp_path / "handful"
    folder.mkdir()
    with (source / "ptbxl_database.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["strat_fold"] == FOLD]
    there = [row for row in rows if (source / f"{row['filename_hr']}.hea").exists()]
    people = list({row["patient_id"]: row for row in there}.values())[:PEOPLE]
    with (folder / "ptbxl_database.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, list(people[0]))
        table.writeheader()
        table.writerows(people)
    if (source / "scp_statements.csv").exists():
        (folder / "scp_statements.csv").symlink_to(source / "scp_statements.csv")
    for row in people:
        for ending in (".hea", ".dat"):
            target = folder / f"{row['filename_hr']}{ending}"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.symlink_to(source / f"{row['filename_hr']}{ending}")
    return folder


@pytest.mark.real_data
def test_real_people_are_compared_and_one_of_them_is_opened(qapp, tmp_path, handful) -> None:
    with main_window(tmp_path, RealModels()) as window:
        window.session.update(page="agreement")
        study = window.study.study
        study.choose_data([handful])
        wait_until(lambda: study.state.summary is not None)
        assert study.state.models == ("anylead",)
        start = window.study.findChild(QPushButton, "study-start")
        QTest.mouseClick(start, Qt.MouseButton.LeftButton)
        wait_until(lambda: not study.state.running, 240_000)
        assert study.state.failure == ""
        report = study.state.report
        assert report.patients >= PEOPLE - 2
        row = report.row("anylead", ("I", "II", "V2"), "all", "V3", "R")
        assert row.patients >= 10
        assert 0 < row.r2 <= 1
        assert 0 < row.variance_ratio < 2
        assert report.command.startswith("ecgview agreement --data")
        for lead in ("I", "V2", "aVF"):
            assert lead not in {one.lead for one in study.state.rows}
        study.choose(("V3", "R"))
        plot = window.study.page.results.plot
        assert len(plot._across) == row.patients
        assert np.mean(plot._across) == pytest.approx(row.bias_uv)
        QTest.mouseClick(plot, Qt.MouseButton.LeftButton, pos=plot.place_of(0).toPoint())
        settle(window)
        state = window.session.state
        assert state.page == "viewer"
        assert Path(state.recording.path).parent.is_relative_to(handful)
        assert state.available == ("I", "II", "V2")
