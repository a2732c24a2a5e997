"""Write the program's icon as the systems want it: ``python packaging/icons.py FILE...``.

The drawing is ``resources/icons/ecgview.svg``. Its thin lines blur on a few pixels, so the
smallest sizes have a drawing of their own.
"""

from __future__ import annotations

import argparse
import io
from pathlib import Path
from typing import TYPE_CHECKING

from product import ICON

if TYPE_CHECKING:
    from PIL.Image import Image

SMALL_ICON = ICON.with_name("ecgview-small.svg")
SMALL_MAX_PX = 24
"""Up to this side the small drawing is clearer."""
ICO_SIZES_PX = (16, 20, 24, 32, 40, 48, 64, 128, 256)
"""What Windows asks for at 100 to 250 % in lists, taskbar and folders."""
ICNS_SIZES_PX = (32, 64, 128, 256, 512, 1024)
"""16@2x, 32@2x, 128 to 512 and their @2x; macOS makes the plain small ones from these."""
MACOS_BODY = 824 / 1024
"""How much of the side an icon's body takes among other programs' in the Dock."""
DRAWING_BODY = 58 / 64
"""How much of the side it takes in our drawing."""


def write_icon(path: Path, size_px: int = 256) -> Path:
    """Draw the icon into a file of the kind that its ending names.

    Parameters
    ----------
    path : Path
        Ending in ``.png``, ``.ico`` or ``.icns``; its folder is made if need be.
    size_px : int
        Side of a ``.png``; the others hold all sizes that their system uses.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    ValueError
        For another ending.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    match path.suffix.lower():
        case ".png":
            draw_icon(size_px).save(path)
        case ".ico":
            _save_all(path, [draw_icon(side_px) for side_px in ICO_SIZES_PX])
        case ".icns":
            margin = (1 - MACOS_BODY / DRAWING_BODY) / 2
            _save_all(path, [draw_icon(side_px, margin) for side_px in ICNS_SIZES_PX])
        case other:
            raise ValueError(f"Icons end in .png, .ico or .icns, not in {other or 'nothing'}.")
    return path


def draw_icon(side_px: int, margin: float = 0.0) -> Image:
    """Draw the icon of one size.

    Parameters
    ----------
    side_px : int
        Width and height.
    margin : float
        What is left free at each side, as a part of the width.

    Returns
    -------
    Image
        In RGBA.
    """
    from PIL import Image
    from PySide6.QtCore import QBuffer, QRectF
    from PySide6.QtGui import QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    picture = QImage(side_px, side_px, QImage.Format.Format_ARGB32_Premultiplied)
    picture.fill(0)
    painter = QPainter(picture)
    free_px, body_px = margin * side_px, (1 - 2 * margin) * side_px
    drawing = SMALL_ICON if side_px <= SMALL_MAX_PX else ICON
    QSvgRenderer(str(drawing)).render(painter, QRectF(free_px, free_px, body_px, body_px))
    painter.end()
    png = QBuffer()
    picture.save(png, "PNG")  # type: ignore[call-overload]
    return Image.open(io.BytesIO(png.data().data())).convert("RGBA")


def _save_all(path: Path, images: list[Image]) -> None:
    *smaller, largest = images
    sizes = [image.size for image in images]
    # The format of the file takes what it knows of these: .ico the sizes, .icns the images.
    largest.save(path, sizes=sizes, append_images=smaller)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help=".png, .ico or .icns")
    parser.add_argument("--size", type=int, default=256, help="side of a .png in pixels (256)")
    options = parser.parse_args()
    for file in options.files:
        print(write_icon(file, options.size))


if __name__ == "__main__":
    main()
