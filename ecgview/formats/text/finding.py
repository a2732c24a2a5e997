"""Telling a table of samples from the other text files of a folder."""

from __future__ import annotations

import re

from ecgview.errors import RecordingError
from ecgview.formats.head import HEAD_BYTES, Head

_WORDS_OF_EXPORTS = re.compile(
    r"\b(rhythm|ecg|ekg|electrocardi\w*|sampl\w* ?(rate|freq\w*)|abtastrate|leads?)\b",
    re.IGNORECASE,
)


def looks_like_samples(head: Head) -> bool:
    """Tell whether a text file holds samples of leads, as far as its beginning shows.

    Parameters
    ----------
    head : Head
        The beginning of the file.

    Returns
    -------
    bool
        False for tables without the name of a lead or words such as “sampling rate” above them:
        lists of records, tables of patients.
    """
    from ecgview.formats.text.inference import infer_layout
    from ecgview.formats.text.turned import turned

    if not head.is_text:
        return False
    lines = head.text.splitlines()
    if head.n_bytes > HEAD_BYTES:
        if len(lines) < 2:
            return _is_lead_in_a_row(head.text)
        del lines[-1]  # it may be cut in the middle
    try:
        preview = infer_layout(head.path, turned(lines, head.path) or lines)
    except RecordingError:
        return _is_lead_in_a_row(head.text)
    is_export = any(map(_WORDS_OF_EXPORTS.search, preview.comments))
    return "leads" not in preview.missing or is_export


def _is_lead_in_a_row(text: str) -> bool:
    """Tell a first line that holds the name of a lead and more of its samples than fit here."""
    from ecgview.formats.text.names import column_of
    from ecgview.formats.text.preview import DELIMITERS
    from ecgview.formats.text.turned import FEWEST_CELLS

    for delimiter in DELIMITERS:
        name, _, rest = text.replace(delimiter or " ", "\n").partition("\n")
        if column_of(name).names_a_lead and rest.count("\n") >= FEWEST_CELLS:
            return True
    return False
