"""The import report."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from ecgview.formats import ImportOptions, describe, open_recording
from ecgview.formats.report import State, import_report
from ecgview.leads import LEADS
from ecgview.record_facts import ImportWarning
from ecgview.simulate import simulate


def heart_steps() -> np.ndarray:
    return np.rint(1000 * simulate("normal", seed=4).read_twelve())


def states(recording) -> dict[str, set[State]]:
    found: dict[str, set[State]] = {}
    for check in import_report(recording).checks:
        found.setdefault(check.title, set()).add(check.state)
    return found


def test_a_good_recording_passes_every_check(write_record) -> None:
    report = import_report(open_recording(write_record(heart_steps(), names=LEADS)))
    assert [check.title for check in report.checks] == [
        "Lead names",
        "Units and amplitudes",
        "Limb leads",
        "Electrodes",
        "Signals",
        "Gaps",
        "Sampling rate",
        "Calibration pulse",
    ]
    assert {check.state for check in report.checks} == {State.PASSED}
    assert report.state is State.PASSED
    assert report.corrections == ()


def test_the_state_is_that_of_the_gravest(write_record, wave) -> None:
    recording = open_recording(write_record(wave))
    assert import_report(recording).state is State.NOTE
    warned = replace(recording, warnings=(*recording.warnings, ImportWarning("low-rate", "Slow.")))
    assert import_report(warned).state is State.WARNING


def test_each_line_says_what_came_of_it(write_record, wave) -> None:
    steps = np.vstack([wave, np.zeros(1000)])
    steps[1, 200:400] = -32768
    found = states(open_recording(write_record(steps, names=("I", "II", "V1"), fs="80")))
    assert found == {
        "Lead names": {State.PASSED},
        "Units and amplitudes": {State.PASSED},
        "Limb leads": {State.NOTE},
        "Derived leads": {State.NOTE},
        "Electrodes": {State.NOTE},
        "Signals": {State.WARNING},
        "Gaps": {State.WARNING},
        "Sampling rate": {State.WARNING},
        "Calibration pulse": {State.PASSED},
    }


def test_what_a_reader_found_itself_stands_first(write_record) -> None:
    recording = open_recording(write_record(heart_steps(), names=LEADS))
    recording = replace(recording, warnings=(ImportWarning("checksum", "It does not match."),))
    first = import_report(recording).checks[0]
    assert (first.title, first.state, first.code) == ("Reading", State.WARNING, "checksum")


def test_signals_keep_the_name_and_unit_of_the_file(write_record, wave) -> None:
    steps = np.vstack([wave, wave[:1]])
    path = write_record(steps, names=("MLII", "aux", "Resp"), units=("uV", "uV", "NU"), gains=1)
    options = ImportOptions(leads=("MLII", "V1", "Resp"))
    report = import_report(open_recording(path, options=options))
    rows = [(s.name, s.lead, s.origin, s.unit) for s in report.signals]
    assert rows == [
        ("MLII", "II", "measured", "uV"),
        ("aux", "V1", "measured", "uV"),
        ("Resp", None, "other", "NU"),
    ]
    assert report.corrections == ("aux renamed V1",)
    assert report.absent_leads == tuple(lead for lead in LEADS if lead not in ("II", "V1"))


def test_electrodes_are_not_said_to_be_in_order_where_other_flaws_hide_them(write_record) -> None:
    steps = heart_steps()
    steps[7] = 0
    report = import_report(open_recording(write_record(steps, names=LEADS)))
    (electrodes,) = [check for check in report.checks if check.title == "Electrodes"]
    assert (electrodes.state, electrodes.message.split(":")[0]) == (State.NOTE, "Not checked")


def test_what_was_not_opened_from_a_file_was_not_checked() -> None:
    report = import_report(simulate("normal"))
    assert (report.simulated, report.checks) == (True, ())


def test_a_description_holds_suggestions_and_options_as_json(write_record) -> None:
    steps = heart_steps()
    steps[3] *= -1
    path = write_record(steps, names=LEADS)
    described = json.loads(json.dumps(describe(open_recording(path)), allow_nan=False))
    assert described["options"] == {}
    gains = [1, 1, 1, -1, *[1] * 8]
    (warning,) = described["warnings"]
    assert warning["suggestion"] == {"gains": gains}
    (check,) = [check for check in described["checks"] if check["state"] == "warning"]
    assert (check["title"], check["suggestion"]) == ("Limb leads", {"gains": gains})
    mended = open_recording(path, options=ImportOptions(gains=tuple(gains)))
    described = describe(mended)
    assert described["options"] == {"gains": gains}
    assert described["corrections"] == ["amplitudes multiplied: aVR by -1"]
    assert described["warnings"] == []


@pytest.mark.real_data
def test_parts_marks_and_devices_of_a_real_file(data_dir) -> None:
    described = describe(open_recording(data_dir / "formats/muse.xml"))
    assert described["parts"] == ["rhythm", "median beat"]
    assert described["part"] == "rhythm"
    assert described["derived_leads"] == ["III", "aVR", "aVL", "aVF"]
    assert described["n_marks"] > 0
