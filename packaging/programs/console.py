"""The frozen command line; on macOS the Finder starts it too."""

import os
import sys

from ecgview.__main__ import gui_main, main

_LAUNCHD = 1
"""The process that starts programs for the Finder; their errors then need a box to be read."""

if sys.platform == "darwin" and os.getppid() == _LAUNCHD and len(sys.argv) == 1:
    gui_main()
else:
    main()
