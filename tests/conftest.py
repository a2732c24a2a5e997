"""How tests share the processors, real recordings for those that want them, and how many ran."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

# Tests run side by side, each process on one processor. Set before torch and numpy are loaded.
os.environ.setdefault("OMP_NUM_THREADS", "1")
MOST_PROCESSES = 4
"""Each takes up to 3 GB."""


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Use several processes, unless single files are asked for: starting them takes seconds."""
    if all(Path(word.partition("::")[0]).is_file() for word in config.args):
        return 0
    own = getattr(os, "sched_getaffinity", None)
    processors = len(own(0)) if own else os.cpu_count() or 1
    return min(MOST_PROCESSES, processors) if processors > 1 else 0


@pytest.fixture(scope="session", autouse=True)
def _own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep tests, and programs they start, out of the user's cache and corrections."""
    folder = str(tmp_path_factory.mktemp("cache"))
    config = str(tmp_path_factory.mktemp("config"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("platformdirs.user_config_dir", lambda *args, **kwargs: config)
        patch.setenv("XDG_CONFIG_HOME", config)
        patch.setattr("platformdirs.user_cache_dir", lambda *args, **kwargs: folder)
        patch.setenv("XDG_CACHE_HOME", folder)
        yield


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Folder of real recordings: ptb-xl, challenge-2011 and formats."""
    folder = os.environ.get("ECGVIEW_DATA")
    if not folder:
        pytest.skip("ECGVIEW_DATA does not name a folder of real recordings")
    return Path(folder)


@pytest.fixture(scope="session")
def small_data_set(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twelve simulated recordings in PTB-XL's layout, folds 1 to 4, one of them with a flat V3."""
    from beats import twelve_lead_array

    from ecgview.formats import save_recording
    from ecgview.leads import LEADS

    folder = tmp_path_factory.mktemp("data") / "ptb-xl"
    rows = []
    for number in range(12):
        signals_mv = twelve_lead_array(500.0, 10.0, seed=number)
        if number == 5:
            signals_mv[LEADS.index("V3")] = 0
        name = f"records500/00000/{number:05d}_hr"
        save_recording(Path(name).name, signals_mv, 500.0, folder / Path(name).parent)
        rows.append((name, f"{number // 2}.0", number // 3 + 1))
    with (folder / "ptbxl_database.csv").open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["filename_hr", "patient_id", "strat_fold"])
        table.writerows(rows)
    return folder


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    def count(outcome: str) -> int:
        reports = terminalreporter.getreports(outcome)
        return sum("real_data" in getattr(report, "keywords", {}) for report in reports)

    ran, skipped = count("passed") + count("failed"), count("skipped")
    if ran or skipped:
        terminalreporter.write_line(f"real recordings: {ran} tests ran, {skipped} skipped")
