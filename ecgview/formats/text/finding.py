"""Telling a table of samples from the other text files of a folder."""

from __future__ import annotations

from ecgview.errors import RecordingError
from ecgview.formats.head import HEAD_BYTES, Head
from ecgview.formats.text.inference import infer_layout


def looks_like_samples(head: Head) -> bool:
    """Tell whether a text file holds samples of leads, as far as its beginning shows.

    Parameters
    ----------
    head : Head
        The beginning of the file.

    Returns
    -------
    bool
        False for tables without the name of a lead: lists of records, tables of patients.
    """
    if not head.is_text:
        return False
    lines = head.text.splitlines()
    if head.n_bytes > HEAD_BYTES:
        del lines[-1:]  # it may be cut in the middle
    try:
        return "leads" not in infer_layout(head.path, lines).missing
    except RecordingError:
        return False
