"""``python -m ecgview`` and the entry points."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line."""
    import multiprocessing

    multiprocessing.freeze_support()
    from ecgview.cli import main as run

    sys.exit(run())


def gui_main() -> None:
    """Open the window, with the files named."""
    import multiprocessing

    multiprocessing.freeze_support()
    from ecgview.cli.windowed import run_windowed

    sys.exit(run_windowed(sys.argv[1:]))


if __name__ == "__main__":
    main()
