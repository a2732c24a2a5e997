"""Qt's plugins without those that ecgview never loads, and so without the libraries they need."""

import re
from pathlib import Path

from PyInstaller.utils.hooks.qt import add_qt6_dependencies

# Screens without a window system, the on-screen keyboard (which brings QML), pictures other than
# SVG (PNG needs no plugin), and GTK, whose libraries clash with those of the user's desktop.
UNUSED = re.compile(
    r"plugins/(egldeviceintegrations|generic|imageformats/(?!\w*svg)|platformthemes/\w*gtk"
    r"|platforminputcontexts/\w*virtualkeyboard"
    r"|platforms/\w*(eglfs|linuxfb|minimalegl|vkkhrdisplay|vnc))"
)

hiddenimports, binaries, datas = add_qt6_dependencies(__file__)
binaries = [entry for entry in binaries if not UNUSED.search(Path(entry[0]).as_posix())]
