"""How the clinical formats are told from the first bytes of a file, whatever it is called."""

from __future__ import annotations

import re
import struct

from ecgview.formats.head import Head

_BEFORE_THE_ROOT = re.compile(
    r"(?:\s|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>)*", re.DOTALL
)
_ROOT = re.compile(r"<([^\s<>/!?]+)[\s/>]")
_KARDIA_KEYS = ("recordedAt", "algorithmDetermination", "amplitudeResolution", "mainsFrequency")
_MORTARA_MARKS = (
    "ACQUISITION_TIME",
    "<TYPICAL_CYCLE",
    "<CHANNEL",
    "<SUBJECT",
    "<DEMOGRAPHIC_FIELD",
    "MORTARA",
    "WELCH ALLYN",
    "ELI LINK",
)
_SCP_HEADER_BYTES = 32
_MAX_SCP_POINTERS = 1024


def _xml_text(head: Head) -> str:
    """Decode the beginning of a file that may be XML, with or without a byte order mark."""
    if head.start.startswith(b"<\0"):
        return head.start.decode("utf-16-le", errors="replace")
    if head.start.startswith(b"\0<"):
        return head.start.decode("utf-16-be", errors="replace")
    return head.text.removeprefix("\ufeff")


def xml_root(head: Head) -> str:
    """Give the name of the root element of an XML file without its namespace, else nothing."""
    text = _xml_text(head)
    if not text.lstrip().startswith("<"):
        return ""
    before = _BEFORE_THE_ROOT.match(text)
    root = _ROOT.match(text, before.end() if before else 0)
    return root[1].rpartition(":")[2] if root else ""


def is_xml(head: Head) -> bool:
    """Tell any XML file, also HTML."""
    start = _xml_text(head).lstrip()
    return bool(xml_root(head)) or start.startswith(("<?xml", "<!DOCTYPE", "<!--"))


def what_else(head: Head) -> str:
    """Say what a file is that is in none of the formats, for the sentence that refuses it."""
    if not is_xml(head):
        return ""
    root = xml_root(head)
    return f": it is XML with the root element <{root[:60]}>" if root else ": it is XML"


def is_aecg(head: Head) -> bool:
    """Tell HL7's annotated electrocardiogram."""
    return xml_root(head).lower() == "annotatedecg"


def is_muse(head: Head) -> bool:
    """Tell an export of GE's MUSE."""
    return xml_root(head).lower() == "restingecg"


def is_philips(head: Head) -> bool:
    """Tell Philips' Sierra XML."""
    return xml_root(head).lower() == "restingecgdata"


def is_mortara(head: Head) -> bool:
    """Tell the XML of Mortara's ELI electrocardiographs: its root is called ECG only."""
    text = _xml_text(head).upper()
    return xml_root(head) == "ECG" and any(mark in text for mark in _MORTARA_MARKS)


def is_schiller(head: Head) -> bool:
    """Tell Schiller's XML: the root is the class name of the program that wrote it."""
    return xml_root(head).lower().rpartition(".")[2] == "schilleredi"


def is_cardiosoft(head: Head) -> bool:
    """Tell the XML of GE's CardioSoft and CASE."""
    return xml_root(head).lower() == "cardiologyxml"


def is_kardia(head: Head) -> bool:
    """Tell a recording of AliveCor's Kardia interface, by its keys."""
    text = head.text.lstrip("\ufeff \t\r\n")
    keys = sum(f'"{key}"' in text for key in _KARDIA_KEYS)
    return text.startswith("{") and (keys >= 2 or '"data12L"' in text)


def is_ishne(head: Head) -> bool:
    """Tell an ISHNE Holter file by its magic number."""
    return head.start.startswith(b"ISHNE1.0")


def is_mfer(head: Head) -> bool:
    """Tell MFER by its preamble."""
    return len(head.start) >= 6 and head.start[0] == 0x40 and head.start[2:6] == b"MFR "


def is_scp(head: Head) -> bool:
    """Tell SCP-ECG by its section 0, which stands first and points to itself."""
    if len(head.start) < _SCP_HEADER_BYTES:
        return False
    section, length = struct.unpack_from("<HI", head.start, 8)
    if section != 0 or not 16 <= length <= 16 + 10 * _MAX_SCP_POINTERS:
        return False
    first, _, position = struct.unpack_from("<HII", head.start, 22)
    return head.start[16:22] == b"SCPECG" or (first == 0 and position == 7)
