"""Rewrites an SCP-ECG file that bends the standard as one that keeps it, where it is unambiguous.

ecgdatakit then reads the result. What was bent is said in sentences, for the import report.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ecgview.formats.clinical.scp_coding import (
    CodingError,
    Table,
    n_decimated,
    read_tables,
    spread_decimated,
    undo_differences,
    unpack_huffman,
)
from ecgview.formats.clinical.scp_sections import body, build, find_sections
from ecgview.formats.clinical.scp_tags import whole_tags

_SUBTRACTED = 1
"""Bit of the flags in section 3: the reference beat is subtracted from the rhythm."""
_ONE_SWAPPED = 0x01000000
_LARGEST_FACTOR = 16
"""The standard thins out by four."""
_MAX_BYTES_OF_LEAD = 0xFFFF


@dataclass
class Definition:
    """A lead of section 3: its first and last sample, from 1, and the code of its name."""

    start: int
    end: int
    code: int

    @property
    def n_samples(self) -> int:
        """Samples that section 3 announces."""
        return self.end - self.start + 1


@dataclass
class Packed:
    """Section 5 or 6: multiplier, interval and the packed samples of each lead."""

    nv_per_step: int
    interval_us: int
    order: int
    flag: int
    chunks: list[bytes]

    def content(self) -> bytes:
        """Write the section again."""
        head = struct.pack("<HHBB", self.nv_per_step, self.interval_us, self.order, self.flag)
        sizes = struct.pack(f"<{len(self.chunks)}H", *map(len, self.chunks))
        return head + sizes + b"".join(self.chunks)


@dataclass
class Mended:
    """A file that keeps the standard.

    Attributes
    ----------
    version, protocol : int
        Of its section headers.
    contents : dict of int to bytes
        Its sections.
    remarks : list of str
        What was bent straight, each a sentence.
    unsound : list of int
        Sections whose checksum did not match.
    pretends : bool
        The file says of its samples that they are coded, and they are not: read as it says, they
        would be noise.
    """

    version: int
    protocol: int
    contents: dict[int, bytes]
    remarks: list[str] = field(default_factory=list)
    unsound: list[int] = field(default_factory=list)
    pretends: bool = False

    def file(self, without: tuple[int, ...] = ()) -> bytes:
        """Write the file, without some of its sections."""
        kept = {n: content for n, content in self.contents.items() if n not in without}
        return build(self.version, self.protocol, kept)

    @property
    def subtracts_beats(self) -> bool:
        """Whether the rhythm cannot be had without the reference beat."""
        return len(self.contents[3]) > 1 and bool(self.contents[3][1] & _SUBTRACTED)


def _definitions(section_3: bytes) -> list[Definition]:
    n_leads = min(section_3[0], (len(section_3) - 2) // 9) if section_3 else 0
    return [Definition(*struct.unpack_from("<IIB", section_3, 2 + 9 * i)) for i in range(n_leads)]


def _packed(content: bytes, n_leads: int) -> Packed | None:
    """Read section 5 or 6; what is cut off at the end is missing."""
    if len(content) < 6 + 2 * n_leads:
        return None
    nv_per_step, interval_us, order, flag = struct.unpack_from("<HHBB", content)
    sizes = struct.unpack_from(f"<{n_leads}H", content, 6)
    chunks, at = [], 6 + 2 * n_leads
    for size in sizes:
        chunks.append(content[at : at + size])
        at += size
    return Packed(nv_per_step, interval_us, order, flag, chunks)


def _mend_ranges(leads: list[Definition], rhythm: Packed, is_coded: bool) -> list[str]:
    """Let section 3 announce the samples that are there."""
    remarks = []
    if any(lead.start == 0 for lead in leads):
        remarks.append("Samples are counted from 0, not from 1.")
        for lead in leads:
            lead.start = 1
    if is_coded or rhythm.flag:
        return remarks
    for lead, chunk in zip(leads, rhythm.chunks, strict=True):
        announced, n_samples = lead.n_samples, len(chunk) // 2
        if announced == n_samples:
            continue
        if not n_samples / 2 <= announced <= 2 * n_samples:
            # Packed in a way of its own, or longer than the two bytes for its size can say.
            raise CodingError(f"{announced} samples of a lead are announced, {n_samples} are there")
        lead.end = lead.start + n_samples - 1
        remarks.append(f"{announced} samples a lead are announced, {n_samples} are there.")
    return list(dict.fromkeys(remarks))


def _refuse_swapped(leads: list[Definition]) -> None:
    """Refuse files of Healforce recorders, whose samples are packed in a way of their own."""
    if any(lead.start == _ONE_SWAPPED for lead in leads):
        raise CodingError("its numbers have their bytes in the other order, as Healforce has them")


def _drop_missing(leads: list[Definition], rhythm: Packed, section_6: bytes, coded: bool) -> bool:
    """Leave out leads whose samples are cut off at the end of the file; tell whether any were."""
    sizes = struct.unpack_from(f"<{len(leads)}H", section_6, 6)
    whole = [len(chunk) == size for chunk, size in zip(rhythm.chunks, sizes, strict=True)]
    kept = [
        i for i, is_whole in enumerate(whole) if is_whole or (not coded and rhythm.chunks[i][:2])
    ]
    if all(whole) or not kept:
        return False
    leads[:] = [leads[i] for i in kept]
    rhythm.chunks = [rhythm.chunks[i][: len(rhythm.chunks[i]) // 2 * 2] for i in kept]
    return True


def _amplitudes(
    packed: Packed, n_samples: list[int], tables: list[Table]
) -> list[NDArray[np.int64]]:
    rows = []
    for chunk, n in zip(packed.chunks, n_samples, strict=True):
        values = (
            unpack_huffman(chunk, n, tables)
            if tables
            else np.frombuffer(chunk[: len(chunk) // 2 * 2], "<i2").astype(np.int64)
        )
        rows.append(undo_differences(values, packed.order))
    return rows


def _plain(packed: Packed, rows: list[NDArray[np.int64]], interval_us: int) -> bytes:
    chunks = [row.astype("<i2").tobytes() for row in rows]
    if any(len(chunk) > _MAX_BYTES_OF_LEAD for chunk in chunks):
        raise CodingError("a lead is too long")
    return Packed(packed.nv_per_step, interval_us, 0, 0, chunks).content()


def _protected(section_4: bytes) -> tuple[int, list[tuple[int, int]]]:
    """Length of the reference beat in ms, and the zones that are stored at full rate."""
    length_ms, _, n_beats = struct.unpack_from("<HHH", section_4)
    at = 6 + 14 * n_beats
    zones = [struct.unpack_from("<II", section_4, at + 8 * i) for i in range(n_beats)]
    return length_ms, sorted((begin, end) for begin, end in zones if end >= begin > 0)


def _undo_decimation(contents: dict[int, bytes], leads: list[Definition], rhythm: Packed) -> bool:
    """Write sections 5 and 6 anew without bimodal compression; tell whether there was any."""
    beat = _packed(contents.get(5, b""), len(leads))
    if not rhythm.flag or beat is None or 4 not in contents or not beat.interval_us:
        return False
    factor, rest = divmod(rhythm.interval_us, beat.interval_us)
    if not 2 <= factor <= _LARGEST_FACTOR or rest:
        return False
    tables = read_tables(contents.get(2, b""))
    length_ms, zones = _protected(contents[4])
    n_stored = [n_decimated(lead.start, lead.end, zones, factor) for lead in leads]
    n_beat = [round(1000 * length_ms / beat.interval_us)] * len(leads)
    stored = _amplitudes(rhythm, n_stored, tables)
    rows = [
        np.rint(spread_decimated(row, lead.start, lead.end, zones, factor)).astype(np.int64)
        for row, lead in zip(stored, leads, strict=True)
    ]
    contents[6] = _plain(rhythm, rows, beat.interval_us)
    contents[5] = _plain(beat, _amplitudes(beat, n_beat, tables), beat.interval_us)
    contents.pop(2, None)
    return True


def _mend_rhythm(mended: Mended) -> None:
    contents = mended.contents
    leads = _definitions(contents[3])
    rhythm = _packed(contents[6], len(leads))
    if rhythm is None or not leads:
        return
    _refuse_swapped(leads)
    lead_bytes = [2 * (lead.end - max(lead.start, 1) + 1) for lead in leads]
    if 2 in contents and [len(chunk) for chunk in rhythm.chunks] == lead_bytes:
        mended.remarks.append("Huffman tables are in the file, but the samples are not coded.")
        mended.pretends = True
        del contents[2]
    coded = bool(read_tables(contents.get(2, b"")))
    if not coded:
        contents.pop(2, None)
    if not mended.subtracts_beats and _drop_missing(leads, rhythm, contents[6], coded):
        mended.remarks.append("The file is cut short: samples or leads at its end are missing.")
        contents.pop(5, None)
    mended.remarks += _mend_ranges(leads, rhythm, coded)
    contents[6] = rhythm.content()
    if _undo_decimation(contents, leads, rhythm):
        mended.remarks.append(
            "Between the beats the file keeps one sample of several (bimodal compression): "
            "there the trace is interpolated."
        )
    rows = b"".join(struct.pack("<IIB", lead.start, lead.end, lead.code) for lead in leads)
    contents[3] = bytes([len(leads), contents[3][1]]) + rows


def mend(data: bytes) -> Mended | None:
    """Rewrite a file as the standard has it.

    Parameters
    ----------
    data : bytes
        The whole file.

    Returns
    -------
    Mended or None
        None where it is no SCP-ECG file, or has no lead definitions or no rhythm.

    Raises
    ------
    CodingError
        If its packed samples contradict themselves.
    """
    try:
        return _mend(data)
    except (struct.error, ValueError, IndexError) as error:
        raise CodingError("a section is cut short") from error


def _mend(data: bytes) -> Mended | None:
    layout = find_sections(data)
    if layout is None or not {3, 6} <= layout.sections.keys():
        return None
    contents = {number: body(data, section) for number, section in layout.sections.items()}
    if len(contents[3]) < 2:
        return None
    mended = Mended(layout.version, layout.protocol, contents, layout.remarks, layout.unsound)
    if 1 in contents:
        contents[1] = whole_tags(contents[1])
    _mend_rhythm(mended)
    return mended
