"""Says of XML files that are none of the known formats what they are."""

from __future__ import annotations

from pathlib import Path

from ecgview.errors import RecordingError
from ecgview.formats.clinical.recognising import xml_root
from ecgview.formats.head import read_head
from ecgview.formats.options import ImportOptions
from ecgview.recording import Recording

_KNOWN = "HL7 aECG, GE MUSE, Philips Sierra, Mortara ELI and Schiller XML"


def open_other_xml(path: Path, _options: ImportOptions) -> Recording:
    """Refuse a file, and name its root element.

    Raises
    ------
    RecordingError
        Always.
    """
    root = xml_root(read_head(path))
    kind = f"its root element is <{root[:60]}>" if root else "it has no root element"
    raise RecordingError(
        f"{path.name} is XML, but no electrocardiogram that ecgview knows: {kind}.",
        f"ecgview reads {_KNOWN}. Export the recording in one of them.",
    )
