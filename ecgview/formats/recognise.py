"""How each format is told from the first bytes of a file; nothing here opens or imports much."""

from __future__ import annotations

import re
import struct

from ecgview.formats.clinical.recognising import is_xml
from ecgview.formats.head import Head

_RECORD_LINE = re.compile(r"[ \t]*[-\w./]+?(?P<segments>/\d+)?[ \t]+(?P<signals>\d+)(?:[ \t]|$)")
_SIGNAL_LINE = re.compile(
    r"[ \t]*(?=\S*[A-Za-z~])\S+[ \t]+"
    r"(?:0|8|16|24|32|61|80|160|212|310|311|508|516|524)(?:[x:+]\d+)*(?:[ \t]|$)"
)
_SEGMENT_LINE = re.compile(r"[ \t]*(?=\S*[A-Za-z~])[-\w]*~?[ \t]+\d+[ \t]*$")
_EDF_TIME = re.compile(rb"\d\d[.:/-]\d\d[.:/-]\d\d")
_DICOM_ELEMENT = re.compile(
    rb"\x02\0\0\0UL\x04\0"  # length of the meta information
    rb"|\x08\0[\0\x01\x05\x08\x12\x13\x14\x16]\0(?:UL|CS|DA|TM|UI|[\0-\xff]\0\0\0)"
    rb"|\0\x08\0[\0\x01\x05\x08\x12\x13\x14\x16](?:UL|CS|DA|TM|UI)"  # big endian
)
"""The first element of a DICOM file without preamble."""
_DICOM_WAVEFORM_CLASS = re.compile(
    rb"(?:\x02\0\x02\0|\x08\0\x16\0|\0\x08\0\x16)(?:UI..|..\0\0)"
    rb"1\.2\.840\.10008\.5\.1\.4\.1\.1\.9\.",
    re.DOTALL,
)
"""Its element (0002,0002) or (0008,0016), with a waveform class in it."""


def is_wfdb(head: Head) -> bool:
    """Tell a WFDB header: a record line, and as many lines of signals or segments as it says."""
    return head.suffix == ".hea" or (head.is_text and _is_header(head))


def _is_header(head: Head) -> bool:
    lines = [line.rstrip() for line in head.text.splitlines()]
    if head.n_bytes > len(head.start):
        lines = lines[:-1]  # the last one may be cut
    lines = [line for line in lines if line and not line.lstrip().startswith("#")]
    first = _RECORD_LINE.match(lines[0]) if lines else None
    if first is None:
        return False
    expected = int((first["segments"] or first["signals"]).strip("/")[:6])
    pattern = _SEGMENT_LINE if first["segments"] else _SIGNAL_LINE
    is_whole = len(lines) - 1 >= expected or head.n_bytes > len(head.start)
    return expected > 0 and is_whole and all(map(pattern.match, lines[1 : expected + 1]))


def is_edf(head: Head) -> bool:
    """Tell an EDF or BDF file: its version, or a header whose numbers fit together."""
    start = head.start[:256]
    if start.startswith(b"\xffBIOSEMI"):
        return True
    length, n_signals = (start[part].strip(b" \0") for part in (slice(184, 192), slice(252, 256)))
    if len(start) < 256 or b"\n" in start or not (length + n_signals).isdigit():
        return False
    if start[:1] == b"0" and not start[1:8].strip(b" \0") and _EDF_TIME.search(start[168:184]):
        return True
    return bool(length and n_signals) and int(length) == 256 * (int(n_signals) + 1)


def is_dicom(head: Head) -> bool:
    """Tell a DICOM file: its mark after the preamble, or a first element where there is none."""
    return head.start[128:132] == b"DICM" or bool(_DICOM_ELEMENT.match(head.start))


def is_dicom_waveform(head: Head) -> bool:
    """Tell a DICOM file of a waveform class (PS3.4 B.5), which stands in its first elements."""
    return is_dicom(head) and bool(_DICOM_WAVEFORM_CLASS.search(head.start))


MAT4_TYPES = {0: "<f8", 1: "<f4", 2: "<i4", 3: "<i2", 4: "<u2", 5: "u1"}
"""Types of numbers in MATLAB 4 files, which have no mark."""
_VARIABLE = re.compile(rb"[A-Za-z]\w*\0")
_HDF5_MARK = b"\x89HDF\r\n\x1a\n"


def is_matlab(head: Head) -> bool:
    """Tell a MATLAB file of level 4, 5 or 7.3."""
    is_73 = head.start.startswith(b"MATLAB 7.3 MAT-file")
    return is_matlab5(head) or (is_73 and is_hdf5(head)) or is_matlab4(head)


def is_matlab5(head: Head) -> bool:
    """Tell a MATLAB file of level 5, which MATLAB 5 to 7.2 write."""
    return head.start.startswith(b"MATLAB 5.0 MAT-file") and head.start[126:128] in (b"IM", b"MI")


def is_matlab4(head: Head) -> bool:
    """Tell a MATLAB file of level 4 by a first header that makes sense and fits into the file."""
    if len(head.start) < 24:
        return False
    kind, n_rows, n_columns, is_complex, n_name = struct.unpack_from("<5i", head.start)
    name = head.start[20 : 20 + n_name] if 1 < n_name <= 64 else b""
    size = n_rows * n_columns * int(MAT4_TYPES.get(kind // 10, "u1")[-1])
    return (
        kind // 10 in MAT4_TYPES
        and kind % 10 in (0, 1)
        and min(n_rows, n_columns) > 0
        and is_complex in (0, 1)
        and bool(_VARIABLE.fullmatch(name))
        and 20 + n_name + size <= head.n_bytes
    )


def is_hdf5(head: Head) -> bool:
    """Tell an HDF5 file: its mark stands at the start, or at 512, 1024, ... behind other bytes."""
    return any(head.start.startswith(_HDF5_MARK, at) for at in (0, 512, 1024, 2048, 4096))


def is_numpy(head: Head) -> bool:
    """Tell an ``.npy`` file, or a zip archive whose first member is one."""
    n_name = int.from_bytes(head.start[26:28], "little")
    first = head.start[30 : 30 + n_name]
    is_archive = head.start.startswith(b"PK\3\4") and first.endswith(b".npy")
    return head.start.startswith(b"\x93NUMPY") or is_archive


def is_parquet(head: Head) -> bool:
    """Tell a Parquet file."""
    return head.start.startswith(b"PAR1")


def is_text(head: Head) -> bool:
    """Tell a text file, which may be a table of samples; XML is none."""
    return head.is_text and not is_xml(head)
