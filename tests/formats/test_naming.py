"""Which leads signals are, by their names."""

from __future__ import annotations

from ecgview.formats.naming import leads_by_name, name_leads
from ecgview.leads import CHEST_LEADS


def test_c1_to_c6_are_chest_leads() -> None:
    codes = ["C1", "C2", "C3", "C4", "C5", "C6"]
    assert tuple(leads_by_name(codes)) == CHEST_LEADS
    assert tuple(leads_by_name([*codes, "P1", "T1", "Resp"])[:6]) == CHEST_LEADS


def test_beside_electrodes_of_the_head_they_are_electrodes_of_the_head() -> None:
    assert leads_by_name(["C3", "C4-A1", "Fp1", "ECG II"]) == [None, None, None, "II"]
    assert leads_by_name(["EEG Cz", "C3-Ref", "V1"]) == [None, None, "V1"]
    assert name_leads(["C3", "O1", "vx", "I"]) == [False, False, True, True]
