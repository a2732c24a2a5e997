"""The sections of an SCP-ECG file (EN 1064): where they are, also in files that bend the standard.

A file is a checksum, its size, and sections, each with a header of 16 bytes: checksum, number,
length, two versions and six reserved bytes. Section 0 lists number, length and position of the
others. All numbers are little-endian, positions count from 1.
"""

from __future__ import annotations

import binascii
import re
import struct
from dataclasses import dataclass, field

HEADER_BYTES = 16
PREAMBLE_BYTES = 6
_POINTER = struct.Struct("<HII")
_STANDARD = range(1, 12)
_VERSIONS = (10, 13, 20, 21, 22, 23, 24, 25, 30)


@dataclass
class Section:
    """One section.

    Attributes
    ----------
    number : int
        What it is for: 3 lead definitions, 6 rhythm, ...
    offset : int
        Where its header stands, from 0.
    length : int
        Bytes with the header.
    """

    number: int
    offset: int
    length: int


@dataclass
class Layout:
    """The sections of a file and how they were found.

    Attributes
    ----------
    version, protocol : int
        Of section 0.
    sections : dict of int to Section
        By number, without section 0.
    displaced : dict of int to int or None
        Sections that do not stand where section 0 says: by how many bytes, None where they are
        nowhere.
    unlisted, unsound : list of int
        Sections that section 0 does not list; whose checksum does not match.
    """

    version: int
    protocol: int
    sections: dict[int, Section] = field(default_factory=dict)
    displaced: dict[int, int | None] = field(default_factory=dict)
    unlisted: list[int] = field(default_factory=list)
    unsound: list[int] = field(default_factory=list)

    @property
    def remarks(self) -> list[str]:
        """What is not as the standard says, each a sentence."""
        lost = [number for number, by in self.displaced.items() if by is None]
        found = {number: by for number, by in self.displaced.items() if by is not None}
        by_bytes = ", ".join(sorted({f"{by:+d}" for by in found.values()}))
        sentences = {
            f"{_sections(lost, 'is', 'are')} listed but not in the file": lost,
            f"{_sections(list(found), 'stands', 'stand')} elsewhere than the file says "
            f"({by_bytes} bytes)": list(found),
            f"{_sections(self.unlisted, 'is', 'are')} missing in the list of sections": (
                self.unlisted
            ),
        }
        return [f"{sentence}." for sentence, numbers in sentences.items() if numbers]


def _sections(numbers: list[int], one: str, several: str) -> str:
    plural = len(numbers) != 1
    return f"Section{'s' * plural} {', '.join(map(str, numbers))} {several if plural else one}"


def checksum(content: bytes) -> int:
    """CRC-CCITT as SCP-ECG uses it: polynomial 0x1021, started with 0xFFFF."""
    return binascii.crc_hqx(content, 0xFFFF)


def body(data: bytes, section: Section) -> bytes:
    """Give what a section holds behind its header."""
    return data[section.offset + HEADER_BYTES : section.offset + section.length]


def _has_header(data: bytes, offset: int, number: int) -> bool:
    """Tell whether the header of a section stands here."""
    if offset < 0 or offset + HEADER_BYTES > len(data):
        return False
    stated, length, version = struct.unpack_from("<HIB", data, offset + 2)
    return stated == number and length >= HEADER_BYTES and version in _VERSIONS


def _is_sound(data: bytes, section: Section) -> bool:
    """Tell whether the checksum of a section holds."""
    content = data[section.offset : section.offset + section.length]
    return len(content) == section.length and checksum(content[2:]) == int.from_bytes(
        content[:2], "little"
    )


def _pointers(data: bytes, length: int) -> list[tuple[int, int, int]]:
    stop = min(PREAMBLE_BYTES + length, len(data))
    first = PREAMBLE_BYTES + HEADER_BYTES
    n_pointers = max(stop - first, 0) // _POINTER.size
    entries = [_POINTER.unpack_from(data, first + i * _POINTER.size) for i in range(n_pointers)]
    return [entry for entry in entries if entry[0] in _STANDARD and entry[1] >= HEADER_BYTES]


def _search(data: bytes, number: int, length: int, near: int) -> int | None:
    """Find the header of a section nearest to where it should be: of its length, else of any."""
    sized = re.escape(struct.pack("<HI", number, length))
    versioned = re.escape(struct.pack("<H", number)) + b".{4}" + re.escape(data[14:16])
    for pattern in (sized, versioned):
        places = (at.start() - 2 for at in re.finditer(pattern, data, re.DOTALL))
        found = [offset for offset in places if _has_header(data, offset, number)]
        if found:
            return min(found, key=lambda offset: abs(offset - near))
    return None


def _place(data: bytes, layout: Layout, pointers: list[tuple[int, int, int]]) -> None:
    for number, length, position in pointers:
        offset: int | None = position - 1
        if not _has_header(data, position - 1, number):
            offset = _search(data, number, length, position - 1)
            layout.displaced[number] = None if offset is None else offset - position + 1
        if offset is not None:
            layout.sections.setdefault(number, Section(number, offset, length))


def _add_unlisted(data: bytes, layout: Layout, first: int) -> None:
    """Add sections that follow another one without being listed."""
    ends = [first, *(section.offset + section.length for section in layout.sections.values())]
    while ends:
        offset = ends.pop()
        if offset + HEADER_BYTES > len(data):
            continue
        number, length = struct.unpack_from("<HI", data, offset + 2)
        if number not in _STANDARD or number in layout.sections:
            continue
        section = Section(number, offset, length)
        if _has_header(data, offset, number) and offset + length <= len(data):
            layout.sections[number] = section
            layout.unlisted.append(number)
            ends.append(offset + length)


def _settle_lengths(data: bytes, layout: Layout) -> None:
    """Settle where sections end: by checksum, else by the next section."""
    ordered = sorted(layout.sections.values(), key=lambda section: section.offset)
    ends = [*(section.offset for section in ordered), len(data)][1:]
    for section, end in zip(ordered, ends, strict=True):
        stated = struct.unpack_from("<I", data, section.offset + 4)[0]
        lengths = dict.fromkeys((section.length, stated, end - section.offset))
        sound = (n for n in lengths if _is_sound(data, Section(section.number, section.offset, n)))
        length = next(sound, 0)
        if not length:
            length = end - section.offset
            layout.unsound.append(section.number)
        section.length = length


def find_sections(data: bytes) -> Layout | None:
    """Find the sections of a file.

    Parameters
    ----------
    data : bytes
        The whole file.

    Returns
    -------
    Layout or None
        None if it has no section 0.
    """
    if len(data) < PREAMBLE_BYTES + HEADER_BYTES:
        return None
    number, length = struct.unpack_from("<HI", data, 8)
    if number != 0:
        return None
    layout = Layout(data[14], data[15])
    _place(data, layout, _pointers(data, length))
    _add_unlisted(data, layout, PREAMBLE_BYTES + length)
    _settle_lengths(data, layout)
    return layout


def _section(number: int, version: int, protocol: int, content: bytes) -> bytes:
    length = HEADER_BYTES + len(content)
    reserved = b"SCPECG" if number == 0 else bytes(6)
    tail = struct.pack("<HIBB6s", number, length, version, protocol, reserved) + content
    return struct.pack("<H", checksum(tail)) + tail


def build(version: int, protocol: int, contents: dict[int, bytes]) -> bytes:
    """Write a file as the standard has it.

    Parameters
    ----------
    version, protocol : int
        For all section headers.
    contents : dict of int to bytes
        What the sections hold behind their headers.
    """
    written = {
        number: _section(number, version, protocol, content)
        for number, content in sorted(contents.items())
    }
    n_pointers = 1 + max((11, *written))
    length_0 = HEADER_BYTES + n_pointers * _POINTER.size
    pointers = [_POINTER.pack(0, length_0, PREAMBLE_BYTES + 1)]
    position = PREAMBLE_BYTES + length_0 + 1
    for number in range(1, n_pointers):
        length = len(written.get(number, b""))
        pointers.append(_POINTER.pack(number, length, position if length else 0))
        position += length
    section_0 = _section(0, version, protocol, b"".join(pointers))
    rest = section_0 + b"".join(written.values())
    sized = struct.pack("<I", PREAMBLE_BYTES + len(rest)) + rest
    return struct.pack("<H", checksum(sized)) + sized
