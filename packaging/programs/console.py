"""The frozen command line; on macOS the Finder starts it too, on Linux the menu by another name."""

import os
import sys
from pathlib import Path

from ecgview.__main__ import gui_main, main

_LAUNCHD = 1
"""The process that starts programs for the Finder; their errors then need a box to be read."""

by_finder = sys.platform == "darwin" and os.getppid() == _LAUNCHD and len(sys.argv) == 1
if by_finder or Path(sys.argv[0]).name == "ecgview-gui":
    gui_main()
else:
    main()
