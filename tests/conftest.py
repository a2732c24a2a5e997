"""Real recordings for the tests that want them, and how many of those tests ran."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture(scope="session", autouse=True)
def _own_cache_folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep prepared recordings of tests, and of programs they start, out of the user's cache."""
    folder = str(tmp_path_factory.mktemp("cache"))
    with pytest.MonkeyPatch.context() as patch:
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


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    def count(outcome: str) -> int:
        reports = terminalreporter.getreports(outcome)
        return sum("real_data" in getattr(report, "keywords", {}) for report in reports)

    ran, skipped = count("passed") + count("failed"), count("skipped")
    if ran or skipped:
        terminalreporter.write_line(f"real recordings: {ran} tests ran, {skipped} skipped")
