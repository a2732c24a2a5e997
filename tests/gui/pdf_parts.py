"""What stands in a PDF, by our own small reading of its drawing commands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from pypdf import PdfReader

MM_PER_POINT = 25.4 / 72


@dataclass(frozen=True)
class Line:
    """A stroked line: its points in mm from the lower left corner, and its colour."""

    points_mm: NDArray[np.float64]
    colour: str


def lines_of(pdf: bytes, page: int = 0) -> list[Line]:
    """Every line that is stroked on a page, with all transformations applied."""
    matrix, stack = np.eye(3), []
    colour, path, found = "", [], []
    for operands, operator in _operations(pdf, page):
        if operator == b"q":
            stack.append((matrix, colour))
        elif operator == b"Q":
            matrix, colour = stack.pop()
        elif operator == b"cm":
            a, b, c, d, e, f = operands
            matrix = np.array([[a, b, 0], [c, d, 0], [e, f, 1]]) @ matrix
        elif operator == b"SCN":
            colour = "#" + "".join(f"{round(part * 255):02X}" for part in operands[:3])
        elif operator == b"m":
            path.append([operands])
        elif operator == b"l":
            path[-1].append(operands)
        elif operator in (b"S", b"s", b"f", b"f*", b"B", b"B*", b"n", b"b", b"b*"):
            if operator == b"S":
                found += [Line(_in_mm(points, matrix), colour) for points in path]
            path = []
    return found


def _operations(pdf: bytes, page: int) -> Iterator[tuple[list[float], bytes]]:
    """Give the commands of a page with the numbers before them; ten times as fast as pypdf."""
    contents = PdfReader(BytesIO(pdf)).pages[page].get_contents()
    assert contents is not None
    numbers: list[float] = []
    for word in contents.get_data().split():
        try:
            numbers.append(float(word))
        except ValueError:
            yield numbers, word
            numbers = []


def _in_mm(points: list, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    placed = np.array([[x, y, 1.0] for x, y in points]) @ matrix
    return placed[:, :2] * MM_PER_POINT


def text_of(pdf: bytes, page: int = 0) -> str:
    """The text of a page, with single spaces."""
    return re.sub(r"\s+", " ", PdfReader(BytesIO(pdf)).pages[page].extract_text())


def size_mm(pdf: bytes) -> tuple[float, float]:
    """Width and height of the first page."""
    box = PdfReader(BytesIO(pdf)).pages[0].mediabox
    return float(box.width) * MM_PER_POINT, float(box.height) * MM_PER_POINT


def n_pages(pdf: bytes) -> int:
    return len(PdfReader(BytesIO(pdf)).pages)
