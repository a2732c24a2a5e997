"""The moment that packages carry, so that the same sources give the same bytes."""

from __future__ import annotations

import os
import subprocess
from datetime import UTC, datetime

from product import ROOT


def source_date_s() -> int:
    """Give the seconds since 1970 that SOURCE_DATE_EPOCH says, else those of the last commit.

    See https://reproducible-builds.org/specs/source-date-epoch/. Without git, as in an unpacked
    source archive, it is the time of the licence's file.
    """
    said = os.environ.get("SOURCE_DATE_EPOCH")
    return int(said) if said else _commit_date_s() or int((ROOT / "LICENSE").stat().st_mtime)


def source_date() -> datetime:
    """Give `source_date_s` in UTC."""
    return datetime.fromtimestamp(source_date_s(), UTC)


def _commit_date_s() -> int:
    command = ["git", "log", "-1", "--format=%ct"]
    try:
        asked = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return 0
    return int(asked.stdout.strip() or 0)
