"""Time spent in a function, for the benchmarks beside this file."""

from __future__ import annotations

import time
from typing import Any


class Clock:
    """Adds up the time spent in one function."""

    def __init__(self, function: Any) -> None:
        self.function = function
        self.total_s = 0.0

    def __call__(self, *arguments: Any) -> Any:
        started_s = time.perf_counter()
        try:
            return self.function(*arguments)
        finally:
            self.total_s += time.perf_counter() - started_s
