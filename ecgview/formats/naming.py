"""Which leads the signals of a file are, by their names."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ecgview.leads import normalise_lead_name, normalise_other_lead

_HEAD_ELECTRODE = re.compile(
    r"(?:eeg\s*)?(?:fp[12z]|f[3478z]|[cp]z|p[3478]|o[12z]|t[3-8])(?:-\w+)?", re.IGNORECASE
)
"""Places of the 10-20 system of electroencephalography."""
_CENTRAL_ELECTRODE = re.compile(r"c[1-6](?:-\w+)?", re.IGNORECASE)


def leads_by_name(names: Sequence[str]) -> list[str | None]:
    """Tell which of the twelve leads signals are called as.

    Parameters
    ----------
    names : sequence of str
        Of all signals of a file: C1 to C6 are V1 to V6 (IEC 60601-2-25), but beside electrodes of
        the head they are electrodes of the head too.

    Returns
    -------
    list of str or None
        A standard name each; None where it is none.
    """
    leads = [normalise_lead_name(name) for name in names]
    others = (name for name, lead in zip(names, leads, strict=True) if lead is None)
    if any(_HEAD_ELECTRODE.fullmatch(name.strip()) for name in others):
        is_central = [_CENTRAL_ELECTRODE.fullmatch(name.strip()) is not None for name in names]
        leads = [None if central else lead for lead, central in zip(leads, is_central, strict=True)]
    return leads


def name_leads(names: Sequence[str]) -> list[bool]:
    """Tell which signals are called as a lead, of the twelve or of another system."""
    leads = leads_by_name(names)
    return [
        lead is not None or normalise_other_lead(name) is not None
        for name, lead in zip(names, leads, strict=True)
    ]
