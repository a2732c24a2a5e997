"""What hypothesis keeps goes into the system's temporary folder, not into the checkout."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault(
    "HYPOTHESIS_STORAGE_DIRECTORY", str(Path(tempfile.gettempdir()) / "ecgview-hypothesis")
)
