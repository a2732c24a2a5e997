"""The icon in the files of the three systems."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import icons

BLUE = (0x0B, 0x6E, 0x99)


def pixels(image: Image.Image) -> np.ndarray:
    return np.asarray(image.convert("RGBA")).astype(int)


def is_near(image: np.ndarray, colour: tuple[int, int, int], tolerance: int = 40) -> np.ndarray:
    return np.all(abs(image[..., :3] - colour) <= tolerance, axis=-1) & (image[..., 3] > 200)


def bright(image: np.ndarray) -> int:
    return int(np.sum(np.all(image[..., :3] > 235, axis=-1) & (image[..., 3] == 255)))


def test_windows_icon_holds_every_size_drawn_for_itself(tmp_path: Path) -> None:
    with Image.open(icons.write_icon(tmp_path / "made" / "ecgview.ico")) as icon:
        held = icon.info["sizes"]
        drawn = {side: pixels(icon.ico.getimage((side, side))) for side in icons.ICO_SIZES_PX}

    assert held == {(side, side) for side in icons.ICO_SIZES_PX}
    for side, image in drawn.items():
        np.testing.assert_array_equal(image, pixels(icons.draw_icon(side)))


def test_macos_icon_holds_the_sizes_of_both_screens(tmp_path: Path) -> None:
    content = icons.write_icon(tmp_path / "ecgview.icns").read_bytes()
    at, kinds = 8, set()
    while at < len(content):
        kind, length = struct.unpack(">4sI", content[at : at + 8])
        kinds.add(kind)
        at += length

    assert content[:8] == struct.pack(">4sI", b"icns", len(content))
    assert {b"ic07", b"ic08", b"ic09", b"ic10", b"ic11", b"ic12", b"ic13", b"ic14"} <= kinds
    with Image.open(tmp_path / "ecgview.icns") as icon:
        widest = pixels(icon)
    assert widest.shape == (1024, 1024, 4)
    assert int(np.sum(widest[512, :, 3] == 255)) == pytest.approx(824, abs=3)


@pytest.mark.parametrize("side", [16, 24, 32, 256])
def test_picture_shows_the_trace_on_blue_with_free_corners(tmp_path: Path, side: int) -> None:
    with Image.open(icons.write_icon(tmp_path / "ecgview.png", side)) as picture:
        image = pixels(picture)

    assert image.shape == (side, side, 4)
    assert image[0, 0, 3] < 128
    assert is_near(image, BLUE).mean() > 0.4
    assert bright(image) >= side / 3


def test_smallest_size_has_more_of_the_trace_than_the_large_drawing_would_give(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = bright(pixels(icons.draw_icon(16)))
    monkeypatch.setattr(icons, "SMALL_ICON", icons.ICON)
    of_the_large = bright(pixels(icons.draw_icon(16)))

    assert own > 2 * of_the_large


def test_other_endings_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"\.png, \.ico or \.icns"):
        icons.write_icon(tmp_path / "ecgview.bmp")
