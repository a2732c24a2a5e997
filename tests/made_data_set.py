"""A small data set in PTB-XL's layout with every edge in it."""

from __future__ import annotations

import csv
from pathlib import Path

from beats import twelve_lead_array

from ecgview.formats import save_recording
from ecgview.leads import LEADS

HEADS = (
    "ecg_id", "patient_id", "age", "sex", "device", "recording_date", "report", "scp_codes",
    "heart_axis", "validated_by_human", "second_opinion", "baseline_drift", "static_noise",
    "burst_noise", "electrodes_problems", "pacemaker", "strat_fold", "filename_lr", "filename_hr",
)  # fmt: skip

ROWS = (
    {"age": "56.0", "sex": "0", "scp_codes": "{'NORM': 100.0, 'SR': 0.0}", "strat_fold": "1",
     "report": "sinusrhythmus normales ekg", "validated_by_human": "True"},
    {"age": "300.0", "sex": "1", "scp_codes": "{'ASMI': 50.0, 'LAFB': 100.0}", "strat_fold": "9",
     "report": "vorhofflimmern, linksschenkelblock möglich", "static_noise": " , I-AVF,  ",
     "validated_by_human": "False"},
    {"age": "", "sex": "", "scp_codes": "{}", "strat_fold": "10", "report": ""},
    {"age": "89.0", "sex": "1", "scp_codes": "{'IMI': 100.0, 'LAFB': 100.0, 'SR': 0.0}",
     "strat_fold": "9", "report": "alter hinterwandinfarkt", "baseline_drift": " , alles",
     "burst_noise": "alles", "validated_by_human": "True", "second_opinion": "True"},
    {"age": "17.0", "sex": "0", "scp_codes": "{'AMI': 15.0, 'XYZ': 0.0, 'AFIB': 0.0}",
     "strat_fold": "2", "report": 'he said ""infarkt"", not sure', "pacemaker": "ja, pacemaker"},
)  # fmt: skip
"""Statements, ages, folds and noise of five recordings."""

STATEMENTS = """,description,diagnostic,form,rhythm,diagnostic_class,diagnostic_subclass
NORM,normal ECG,1.0,,,NORM,NORM
ASMI,anteroseptal myocardial infarction,1.0,,,MI,AMI
AMI,anterior myocardial infarction,1.0,,,MI,AMI
IMI,inferior myocardial infarction,1.0,,,MI,IMI
LAFB,left anterior fascicular block,1.0,,,CD,LAFB/LPFB
SR,sinus rhythm,,,1.0,,
AFIB,atrial fibrillation,,,1.0,,
"""


def make_ptb_xl(folder: Path, *, statements: bool = True, flat: int = -1) -> Path:
    """Write the data set; the sixth row of its table has no file, one may have a flat V3."""
    folder.mkdir(parents=True)
    rows = []
    for number, facts in enumerate((*ROWS, {"strat_fold": "3", "scp_codes": "{'NORM': 100.0}"})):
        name = f"{number:05d}"
        if number < len(ROWS):
            signals_mv = twelve_lead_array(500.0, 10.0, seed=number)
            if number == flat:
                signals_mv[LEADS.index("V3")] = 0
            save_recording(f"{name}_hr", signals_mv, 500.0, folder / "records500/00000")
        row = dict.fromkeys(HEADS, "") | facts
        row |= {"ecg_id": str(number), "patient_id": f"{100 + number}.0", "device": "CS-12   E"}
        row |= {"filename_lr": f"records100/00000/{name}_lr"}
        row |= {"filename_hr": f"records500/00000/{name}_hr"}
        rows.append(row)
    with (folder / "ptbxl_database.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.DictWriter(file, HEADS)
        table.writeheader()
        table.writerows(rows)
    if statements:
        (folder / "scp_statements.csv").write_text(STATEMENTS, encoding="utf-8")
    return folder
