"""Errors, told on standard error."""

from __future__ import annotations

import sys

from ecgview.errors import EcgviewError

SOME_FAILED = 1


def complain(error: EcgviewError) -> int:
    """Tell an error on standard error and give the exit status."""
    from ecgview.engine.distributed import rank, world_size

    who = f"ecgview (process {rank()})" if world_size() > 1 else "ecgview"
    print(f"{who}: {error.message}", file=sys.stderr)
    if error.hint:
        print(f"  {error.hint}", file=sys.stderr)
    return SOME_FAILED
