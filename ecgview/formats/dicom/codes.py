"""Codes that DICOM objects use for leads.

Numbers of leads are those of SCP-ECG (EN 1064, lead identification) and of ISO/IEEE 11073-10101
(``MDC_ECG_LEAD``), which agree; DICOM PS3.16 CID 3001 uses them as ``2:1`` of the scheme MDC, older
recorders as ``5.6.3-9-1`` of the scheme SCPECG.
"""

from __future__ import annotations

import re

_IN_A_ROW: dict[int, tuple[str, ...]] = {
    1: ("I", "II", "V1", "V2", "V3", "V4", "V5", "V6", "V7", "V2R", "V3R", "V4R", "V5R", "V6R"),
    15: ("V7R", "VX", "VY", "VZ", "CC5", "CM5"),
    61: ("III", "aVR", "aVL", "aVF", "-aVR", "V8", "V9", "V8R", "V9R"),
    131: ("ES", "AS", "AI"),
}
LEAD_OF_NUMBER = {
    first + offset: lead for first, leads in _IN_A_ROW.items() for offset, lead in enumerate(leads)
}
NUMBER_OF_LEAD = {lead: number for number, lead in LEAD_OF_NUMBER.items()}
_LEAD_OF_NAME = {lead.upper(): lead for lead in NUMBER_OF_LEAD} | {
    axis: f"V{axis}" for axis in ("X", "Y", "Z")
}
_NUMBERED = re.compile(r"(?:2:|5\.6\.3-9-)(\d{1,3})$")
_NAMED = re.compile(r"MDC_ECG_LEAD_(\w+)$", re.IGNORECASE)


def lead_of_code(scheme: str, value: str) -> str | None:
    """Give the name of the lead that a coded channel source means.

    Parameters
    ----------
    scheme : str
        Coding scheme: ``MDC``, ``SCPECG`` or another.
    value : str
        Code value, such as ``2:1``, ``5.6.3-9-61`` or ``MDC_ECG_LEAD_V1``.

    Returns
    -------
    str or None
        Such as ``aVR``, ``V3R`` or ``VX``; None for a code that is not known.
    """
    value = value.strip()
    if numbered := _NUMBERED.match(value):
        return LEAD_OF_NUMBER.get(int(numbered[1]))
    if named := _NAMED.match(value):
        return _LEAD_OF_NAME.get(named[1].upper(), named[1])
    if scheme.strip().upper() == "MDC" and value.isdecimal() and len(value) <= 6:
        # The bare number may carry its partition: 131073 = 2 * 65536 + 1.
        return LEAD_OF_NUMBER.get(int(value) & 0xFFFF)
    return None
