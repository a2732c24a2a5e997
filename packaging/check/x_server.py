"""An X server without a screen, for windows that are tried."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager

from check.running import LeftOut


@contextmanager
def x_server() -> Iterator[str]:
    """Give the display of a server of our own, which ends with the block."""
    if not shutil.which("Xvfb"):
        raise LeftOut("Xvfb is not installed")
    reading, writing = os.pipe()
    options = ("-displayfd", str(writing), "-screen", "0", "1600x1000x24", "-nolisten", "tcp")
    server = subprocess.Popen(
        ["Xvfb", *options],
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as told:
            yield f":{told.readline().strip()}"
    finally:
        server.terminate()
        server.wait()
