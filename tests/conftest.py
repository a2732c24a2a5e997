"""Real recordings for the tests that want them, and how many of those tests ran."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


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
