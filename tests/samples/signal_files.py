"""WFDB, EDF, BDF, DICOM and the binary formats of recorders, written byte by byte."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np

from ecgview.leads import LEADS
from samples.ecg import BEATS, FIRST_NAME, FS_HZ, IDENTIFIER, LAST_NAME, Ecg

EIGHT_LEADS = ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6")


def wfdb(folder: Path, ecg: Ecg) -> Path:
    lines = [f"rec 12 {FS_HZ} {ecg.n_samples} 08:09:10 07/06/2010"]
    lines += [f"rec.dat 16 1000/mV 16 0 0 0 0 {lead}" for lead in LEADS]
    lines += ["# Age: 60", "# Sex: Female", f"# Patient ID: {IDENTIFIER}"]
    (folder / "rec.dat").write_bytes(ecg.steps_uv.T.astype("<i2").tobytes())
    path = folder / "rec.hea"
    path.write_text("\n".join(lines) + "\n")
    return path


def wfdb_with_beats(folder: Path, ecg: Ecg) -> Path:
    normal_beat, last, words = 1, 0, []
    for place in BEATS:
        words.append(normal_beat << 10 | place - last)
        last = place
    (folder / "rec.atr").write_bytes(struct.pack(f"<{len(words) + 1}H", *words, 0))
    return wfdb(folder, ecg)


def wfdb_matlab(folder: Path, ecg: Ecg) -> Path:
    """Write a record of the Challenges: a MATLAB 4 matrix, whose header takes 24 bytes."""
    lines = [f"rec 12 {FS_HZ} {ecg.n_samples}"]
    lines += [f"rec.mat 16+24 1000/mV 16 0 0 0 0 {lead}" for lead in LEADS]
    matrix = struct.pack("<5I", 30, 12, ecg.n_samples, 0, 4) + b"val\0"
    (folder / "rec.mat").write_bytes(matrix + ecg.steps_uv.T.astype("<i2").tobytes())
    path = folder / "rec.hea"
    path.write_text("\n".join(lines) + "\n#Age: 60\n#Sex: Female\n")
    return path


def _edf(
    ecg: Ecg, labels: tuple[str, ...], version: bytes, reserved: str, onsets_s: tuple[float, ...]
) -> bytes:
    """Write records of one second at the onsets; the last signal holds the annotations."""
    n_bytes = 3 if version[0] == 0xFF else 2
    limit, n_signals, n_text = 2 ** (8 * n_bytes - 1), len(labels) + 1, 60
    columns = [
        (16, [*labels, "BDF Annotations" if n_bytes == 3 else "EDF Annotations"]),
        (80, [""] * n_signals),
        (8, ["uV"] * len(labels) + [""]),
        (8, [-limit] * len(labels) + [-1]),
        (8, [limit - 1] * len(labels) + [1]),
        (8, [-limit] * n_signals),
        (8, [limit - 1] * n_signals),
        (80, [""] * n_signals),
        (8, [FS_HZ] * len(labels) + [n_text]),
        (32, [""] * n_signals),
    ]
    patient = f"{IDENTIFIER} F 03-FEB-1950 {FIRST_NAME}_{LAST_NAME}"
    head = f"{patient:<80}{'Startdate 07-JUN-2010 X X Cart':<80}07.06.1008.09.10"
    head += f"{256 * (n_signals + 1):<8}{reserved:<44}{len(onsets_s):<8}{1:<8}{n_signals:<4}"
    head += "".join(f"{value:<{width}}" for width, values in columns for value in values)
    records = []
    for number, onset_s in enumerate(onsets_s):
        window = slice(number * FS_HZ, (number + 1) * FS_HZ)
        for label in labels:
            steps = ecg.lead_uv(label.removeprefix("ECG "))[window].astype("<i4")
            records.append(steps.view(np.uint8).reshape(-1, 4)[:, :n_bytes].tobytes())
        text = f"+{onset_s:g}\x14\x14\0" + (f"+{onset_s + 0.2:g}\x14beat\x14\0")
        records.append(text.encode().ljust(n_text * n_bytes, b"\0"))
    return version + head.encode("ascii") + b"".join(records)


def edf(folder: Path, ecg: Ecg) -> Path:
    path = folder / "rec.edf"
    onsets_s = tuple(range(ecg.n_samples // FS_HZ))
    path.write_bytes(_edf(ecg, LEADS, b"0       ", "EDF+C", onsets_s))
    return path


def edf_with_gap(folder: Path, ecg: Ecg) -> Path:
    """Write EDF+D whose second second is missing: the samples go on after it."""
    path = folder / "rec.edf"
    onsets_s = (0, *range(2, ecg.n_samples // FS_HZ + 1))
    path.write_bytes(_edf(ecg, LEADS, b"0       ", "EDF+D", onsets_s))
    return path


def bdf(folder: Path, ecg: Ecg) -> Path:
    path = folder / "rec.bdf"
    onsets_s = tuple(range(ecg.n_samples // FS_HZ))
    path.write_bytes(_edf(ecg, EIGHT_LEADS, b"\xffBIOSEMI", "BDF+C", onsets_s))
    return path


_SCP_CODES = {"I": 1, "II": 2, **{f"V{n}": n + 2 for n in range(1, 7)}}


def _scp_section(number: int, body: bytes) -> bytes:
    import binascii

    body += b"\0" * (len(body) % 2)
    rest = struct.pack("<HIBB6x", number, len(body) + 16, 13, 13) + body
    return struct.pack("<H", binascii.crc_hqx(rest, 0xFFFF)) + rest


def scp(folder: Path, ecg: Ecg) -> Path:
    """Write SCP-ECG with eight leads, without compression."""
    import binascii

    n = ecg.n_samples
    machine = bytearray(36) + b"1.0\0SN1\0SW1\0SCP\0Cart maker\0"
    machine[8:13], machine[14] = b"CART1", 13
    tags = [
        (0, LAST_NAME.encode() + b"\0"),
        (1, FIRST_NAME.encode() + b"\0"),
        (2, IDENTIFIER.encode() + b"\0"),
        (4, struct.pack("<HB", 60, 1)),
        (5, struct.pack("<HBB", 1950, 2, 3)),
        (8, b"\2"),
        (14, bytes(machine)),
        (25, struct.pack("<HBB", 2010, 6, 7)),
        (26, bytes([8, 9, 10])),
        (255, b""),
    ]
    leads = b"".join(struct.pack("<IIB", 1, n, _SCP_CODES[lead]) for lead in EIGHT_LEADS)
    rhythm = struct.pack("<HHBB8H", 1000, 1_000_000 // FS_HZ, 0, 0, *[2 * n] * 8)
    rhythm += b"".join(ecg.lead_uv(lead).astype("<i2").tobytes() for lead in EIGHT_LEADS)
    sections = {
        1: _scp_section(1, b"".join(struct.pack("<BH", t, len(v)) + v for t, v in tags)),
        3: _scp_section(3, bytes([8, 4 | 8 << 3]) + leads),
        6: _scp_section(6, rhythm),
    }
    place, pointers = 7 + 16 + 120, struct.pack("<HII", 0, 16 + 120, 7)
    for number in range(1, 12):
        length = len(sections.get(number, b""))
        pointers += struct.pack("<HII", number, length, place if length else 0)
        place += length
    body = _scp_section(0, pointers) + b"".join(sections.values())
    body = struct.pack("<I", len(body) + 6) + body
    path = folder / "rec.scp"
    path.write_bytes(struct.pack("<H", binascii.crc_hqx(body, 0xFFFF)) + body)
    return path


def ishne(folder: Path, ecg: Ecg) -> Path:
    """Write a Holter file of three leads, without a checksum."""
    leads = {"I": 5, "II": 6, "V1": 11}
    head = bytearray(512)
    struct.pack_into("<iiii", head, 0, 0, ecg.n_samples, 522, 522)
    struct.pack_into("<h", head, 16, 1)
    for place, text in ((18, FIRST_NAME), (58, LAST_NAME), (98, IDENTIFIER), (222, "Holter 9")):
        head[place : place + len(text)] = text.encode()
    struct.pack_into("<hh", head, 118, 2, 0)
    struct.pack_into("<9h", head, 122, 3, 2, 1950, 7, 6, 2010, 7, 6, 2010)
    struct.pack_into("<3h", head, 140, 8, 9, 10)
    struct.pack_into("<h", head, 146, len(leads))
    struct.pack_into("<12h", head, 148, *leads.values(), *[-9] * 9)
    struct.pack_into("<12h", head, 172, *[1] * 3, *[-9] * 9)
    struct.pack_into("<12h", head, 196, *[1000] * 3, *[-9] * 9)
    struct.pack_into("<h", head, 262, FS_HZ)
    samples = np.array([ecg.lead_uv(lead) for lead in leads]).T.astype("<i2").tobytes()
    path = folder / "rec.ecg"
    path.write_bytes(b"ISHNE1.0\0\0" + bytes(head) + samples)
    return path


_MFER_CODES = {"I": 1, "II": 2, **{f"V{n}": n + 2 for n in range(1, 7)}}


def mfer(folder: Path, ecg: Ecg) -> Path:
    """Write little-endian MFER with eight leads, all samples of a lead in one block."""

    def item(tag: int, value: bytes) -> bytes:
        n = len(value)
        length = bytes([n]) if n < 128 else b"\x84" + struct.pack(">I", n)
        return bytes([tag]) + length + value

    n = ecg.n_samples
    parts = [
        item(0x40, b"MFR ECG 1.0".ljust(32)),
        item(0x01, b"\1"),
        item(0x17, b"Maker^Cart 7^1.0^SN1"),
        item(0x08, struct.pack("<H", 1)),
        item(0x0B, b"\1\xfd" + struct.pack("<H", 1000 // FS_HZ)),
        item(0x0C, b"\0\xfa" + struct.pack("<H", 1)),
        item(0x0A, b"\0"),
        item(0x04, struct.pack("<I", n)),
        item(0x05, b"\x08"),
        item(0x06, b"\1"),
    ]
    for place, lead in enumerate(EIGHT_LEADS):
        parts.append(
            b"\x3f" + bytes([place]) + b"\4" + item(0x09, struct.pack("<H", _MFER_CODES[lead]))
        )
    parts += [
        item(0x81, f"{LAST_NAME}^^{FIRST_NAME}".encode()),
        item(0x82, IDENTIFIER.encode()),
        item(0x83, bytes([60]) + struct.pack("<HHBB", 0, 1950, 2, 3)),
        item(0x84, b"\2"),
        item(0x85, struct.pack("<HBBBBB", 2010, 6, 7, 8, 9, 10)),
        item(0x1E, b"".join(ecg.lead_uv(lead).astype("<i2").tobytes() for lead in EIGHT_LEADS)),
        b"\x80\0",
    ]
    path = folder / "rec.mwf"
    path.write_bytes(b"".join(parts))
    return path
