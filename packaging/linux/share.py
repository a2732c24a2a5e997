"""What a package lays into a folder ``share``: menu entry, icons, file types, manual."""

from __future__ import annotations

import shutil
from pathlib import Path

from icons import write_icon
from linux.desktop import desktop_entry, metainfo_xml
from linux.manual import manual_page
from linux.mime_types import mime_xml
from product import ICON, IDENTIFIER, NAME

ICON_SIZES_PX = (16, 22, 24, 32, 48, 64, 128, 256, 512)
"""Sizes of the theme hicolor; menus and docks take the nearest, or the drawing itself."""


def write_share(folder: Path, needs: str) -> None:
    """Write all files.

    Parameters
    ----------
    folder : Path
        The folder ``share``; made if need be.
    needs : str
        What the build needs of the system, in a sentence.
    """
    contents = {
        f"applications/{IDENTIFIER}.desktop": desktop_entry().encode(),
        f"metainfo/{IDENTIFIER}.metainfo.xml": metainfo_xml(needs),
        f"mime/packages/{IDENTIFIER}.xml": mime_xml(),
        f"man/man1/{NAME}.1": manual_page().encode(),
    }
    for name, content in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    _write_icons(folder / "icons" / "hicolor")


def _write_icons(theme: Path) -> None:
    for side_px in ICON_SIZES_PX:
        write_icon(theme / f"{side_px}x{side_px}" / "apps" / f"{IDENTIFIER}.png", side_px)
    drawing = theme / "scalable" / "apps" / f"{IDENTIFIER}.svg"
    drawing.parent.mkdir(parents=True)
    shutil.copyfile(ICON, drawing)
