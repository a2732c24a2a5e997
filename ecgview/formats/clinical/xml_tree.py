"""Reads XML files that nobody vouches for: no entities, no deep nesting, nothing from elsewhere."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path
from typing import Any
from xml.parsers import expat

from ecgview.errors import RecordingError
from ecgview.formats.clinical.kit import MAX_FILE_BYTES
from ecgview.formats.files import read_bytes

MAX_DEPTH = 100
MAX_ELEMENTS = 200_000
_FALSE_UTF16 = re.compile(
    rb"^(<\?xml[^>]{0,80}?)\s+encoding\s*=\s*[\"']utf-?16(?:[lb]e)?[\"']([^>]{0,80}\?>)",
    re.IGNORECASE,
)
"""The first line of a document in ASCII that says it is in UTF-16."""
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_BARE_AMPERSAND = re.compile(rb"&(?![A-Za-z]{1,8};|#[0-9A-Fa-fxX]{1,8};)")


class _BombError(Exception):
    """A document that is refused whatever it says."""


def _count_elements(content: bytes) -> None:
    """Walk through the document without keeping it."""
    counts = {"depth": 0, "elements": 0}

    def start(_name: str, attributes: dict[str, str]) -> None:
        counts["depth"] += 1
        counts["elements"] += 1 + len(attributes)
        if counts["depth"] > MAX_DEPTH:
            raise _BombError(f"elements are nested more than {MAX_DEPTH} deep")
        if counts["elements"] > MAX_ELEMENTS:
            raise _BombError(f"it has more than {MAX_ELEMENTS} elements and attributes")

    def end(*_: Any) -> None:
        counts["depth"] -= 1

    def entity(*_: Any) -> None:
        raise _BombError("it declares entities")

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.EntityDeclHandler = entity
    parser.Parse(content, True)


def checked_xml(content: bytes, name: str) -> bytes:
    """Refuse a document that could exhaust the machine; what is only malformed passes.

    Parameters
    ----------
    content : bytes
        All of it.
    name : str
        Of the file, for messages.

    Returns
    -------
    bytes
        The document; one that is not in the UTF-16 that it declares, since somebody saved it
        otherwise, declares nothing any more.

    Raises
    ------
    RecordingError
        If it declares entities, or is absurdly deep or large.
    """
    content = _FALSE_UTF16.sub(rb"\1\2", content.removeprefix(b"\xef\xbb\xbf"), count=1)
    try:
        _count_elements(content)
    except _BombError as error:
        raise RecordingError(
            f"{name} is refused: {error}.", "No electrocardiograph writes such a file."
        ) from error
    except (expat.ExpatError, LookupError, ValueError):
        # Wrongly declared encodings are common; whoever reads the document decides.
        return content
    return content


def _legible(content: bytes) -> bytes:
    """Take out what no XML may hold and some exports do: control characters, bare ampersands."""
    return _BARE_AMPERSAND.sub(b"&amp;", _CONTROL.sub(b"", content))


def read_tree(content: bytes, name: str) -> ET.Element:
    """Parse a document that `checked_xml` let pass, and take its namespaces off.

    Raises
    ------
    RecordingError
        If it is not well-formed.
    """
    from ecgdatakit.parsing.helpers.xml import parse_xml_root

    first: Exception | None = None
    for attempt in (content, _legible(content)):
        try:
            # It also reads Latin-1 that calls itself UTF-8.
            root: ET.Element = parse_xml_root(attempt)
        except Exception as error:
            first = first or error
        else:
            return root
    place = f" ({first})" if isinstance(first, ET.ParseError) else ""
    raise RecordingError(
        f"{name} is not well-formed XML{place}.",
        "The file is damaged or cut short; copy or export it again.",
    ) from first


def read_xml(path: Path, format_name: str) -> tuple[bytes, ET.Element]:
    """Read a whole file that must be well-formed.

    Parameters
    ----------
    path : Path
        The file.
    format_name : str
        What it is taken for, for messages.

    Returns
    -------
    content : bytes
        As `checked_xml` gives it.
    root : Element
        As `read_tree` gives it.

    Raises
    ------
    RecordingError
        If it cannot be read, is empty or too large, could exhaust the machine, or is not
        well-formed.
    """
    content = read_bytes(path, MAX_FILE_BYTES, f"Export a shorter piece as {format_name}.")
    content = checked_xml(content, path.name)
    return content, read_tree(content, path.name)


def write_tree(root: ET.Element) -> bytes:
    """Write a document again, as UTF-8."""
    return ET.tostring(root, encoding="utf-8", xml_declaration=True)


def text_at(element: ET.Element | None, path: str) -> str:
    """Give the text of an element below another; empty where there is none."""
    return "" if element is None else (element.findtext(path) or "").strip()
