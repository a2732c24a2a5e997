from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from ecgview.errors import RecordingError
from ecgview.formats import open_recording
from ecgview.formats.assemble import assemble
from ecgview.formats.checks.channels import is_like_a_lead, is_right_or_posterior
from ecgview.formats.facts import SignalFacts
from ecgview.leads import LEADS, LIMB_FROM_I_II, LIMB_LEADS, normalise_lead_name
from ecgview.recording import ArraySource
from ecgview.simulate import simulate

TIME_S = np.arange(2000) / 500


def limb_steps() -> np.ndarray:
    """Six limb leads in uV that obey the identities to a rounding, shape (6, 2000)."""
    two = np.stack([800 * np.sin(9 * TIME_S), 600 * np.sin(11 * TIME_S + 1)])
    return np.rint(LIMB_FROM_I_II @ np.rint(two))


def heart_steps() -> np.ndarray:
    """Twelve leads of a simulated heart in uV, shape (12, samples)."""
    return np.rint(1000 * simulate("normal", seed=4).read_twelve())


def opened(write_record, steps, names=LIMB_LEADS, **facts):
    return open_recording(write_record(steps, names=names, **facts))


def codes(recording) -> list[str]:
    return [warning.code for warning in recording.warnings]


def the_warning(recording, code: str):
    (warning,) = [one for one in recording.warnings if one.code == code]
    return warning


def test_a_good_recording_has_no_warning(write_record) -> None:
    assert opened(write_record, heart_steps(), LEADS).warnings == ()


def test_leads_that_follow_exactly_are_noted_and_not_checked_against_themselves(
    write_record, wave
) -> None:
    (note,) = opened(write_record, wave, ("I", "II")).warnings
    assert (note.code, note.is_note) == ("completed", True)
    assert note.message == "Not in the file: III, aVR, aVL, aVF; follow exactly from I and II."


def test_flat_leads_are_listed(write_record, wave) -> None:
    steps = np.vstack([wave, np.zeros(1000), np.full(1000, 77)])
    warning = the_warning(opened(write_record, steps, ("I", "II", "V3", "V4")), "flat-lead")
    assert warning.message == "Flat from start to end: V3, V4."


def test_a_lead_that_is_one_gap_is_a_gap_and_not_flat(write_record, wave) -> None:
    steps = np.vstack([wave, np.full(1000, -32768)])
    recording = opened(write_record, steps, ("I", "II", "V3"))
    assert sorted(codes(recording)) == ["completed", "gap"]
    message = the_warning(recording, "gap").message
    assert "V3 100.0%" in message
    assert "II" not in message


def test_the_longest_gap_is_told(write_record, wave) -> None:
    wave[1, 100:150] = wave[1, 400:600] = -32768
    message = the_warning(opened(write_record, wave, ("I", "II")), "gap").message
    assert "II 25.0%" in message
    assert "up to 0.4 s on end" in message


def test_a_lead_held_for_a_time_is_told_with_its_duration(write_record) -> None:
    steps = heart_steps()
    steps[8, 1000:2250] = steps[8, 1000]
    message = the_warning(opened(write_record, steps, LEADS), "stuck-lead").message
    assert message == "Flat for a time: V3 for 2.5 s."


def test_peaks_cut_off_are_told_and_round_ones_are_not(write_record) -> None:
    steps = heart_steps()
    top = np.rint(0.7 * steps[10].max())
    assert "saturated" not in codes(opened(write_record, steps, LEADS))
    steps[10] = np.minimum(steps[10], top)
    message = the_warning(opened(write_record, steps, LEADS), "saturated").message
    assert message == f"Clipped: V5 at {top / 1000:.3g} mV."


def test_a_column_stored_twice_is_told(write_record) -> None:
    steps = heart_steps()
    steps[9] = steps[8]
    message = the_warning(opened(write_record, steps, LEADS), "copied-lead").message
    assert message == "One lead was stored as two: V4 is the same as V3."


@pytest.mark.parametrize(
    ("factor", "message"),
    [(40, "I 36.6 mV"), (0.02, "more than 32 uV")],
)
def test_implausible_amplitudes(write_record, factor: float, message: str) -> None:
    time_s = np.arange(1000) / 500
    steps = factor * np.stack([800 * np.sin(7 * time_s), 500 * np.cos(5 * time_s)])
    recording = opened(write_record, np.rint(steps), ("I", "V1"))
    assert codes(recording) == ["implausible-amplitude"]
    assert message in recording.warnings[0].message


@pytest.mark.parametrize(("taken_for", "gain"), [("V", 1e-3), ("uV", 1e3)])
def test_a_mistaken_unit_is_named_by_its_factor(write_record, taken_for: str, gain: float) -> None:
    path = write_record(heart_steps(), names=LEADS, units=taken_for)
    warning = the_warning(open_recording(path), "implausible-amplitude")
    assert warning.suggestion.gains == (gain,) * 12
    mended = open_recording(path, options=warning.suggestion)
    assert mended.warnings == ()
    np.testing.assert_allclose(1000 * mended.read_twelve(), heart_steps(), atol=0.01)


def test_of_many_leads_that_are_too_large_the_largest_is_named(write_record) -> None:
    recording = open_recording(write_record(heart_steps(), names=LEADS, units="V"))
    message = the_warning(recording, "implausible-amplitude").message
    assert re.fullmatch(
        r"Larger than a heart's signal: 12 leads, V\d the most with \d,\d{3} mV\.", message
    )


def test_one_artefact_is_no_mistaken_unit(write_record) -> None:
    steps = heart_steps()
    steps[7, 3000:3050] += 28_000
    warning = the_warning(opened(write_record, steps, LEADS), "implausible-amplitude")
    assert "V2" in warning.message
    assert warning.suggestion is None


def test_units_of_5_uv_read_as_1_uv(write_record) -> None:
    path = write_record(np.rint(heart_steps() / 5), names=LEADS)
    warning = the_warning(open_recording(path), "small-amplitude")
    mended = open_recording(path, options=warning.suggestion)
    assert mended.warnings == ()
    np.testing.assert_allclose(1000 * mended.read_twelve(), heart_steps(), atol=2.6)


def test_few_leads_may_be_small(write_record) -> None:
    steps = np.rint(heart_steps()[:2] / 5)
    assert codes(opened(write_record, steps, ("I", "II"))) == ["completed"]


def test_an_offset_is_not_an_amplitude(write_record, wave) -> None:
    assert opened(write_record, wave + 20_000, ("I", "V1")).warnings == ()


def test_low_rate(write_record, wave) -> None:
    warning = the_warning(opened(write_record, wave, ("I", "V1"), fs="75"), "low-rate")
    assert "37.5 Hz" in warning.hint


def test_only_the_first_minute_is_checked(write_record) -> None:
    steps = np.tile(limb_steps(), (1, 16))
    steps[2, 31_000:] += 500
    (warning,) = opened(write_record, steps).warnings
    assert warning.code == "checked-part"
    assert "first 60 s of 64 s" in warning.message


@pytest.mark.parametrize("repeats", [1, 7])
def test_a_calibration_pulse_at_the_end_is_found_also_of_long_recordings(
    write_record, repeats: int
) -> None:
    steps = np.tile(heart_steps(), (1, repeats))
    pulse = np.zeros((12, 500))
    pulse[:, 200:300] = 1000
    recording = opened(write_record, np.hstack([steps, pulse]), LEADS)
    note = the_warning(recording, "calibration-pulse")
    assert note.is_note
    assert f"From {10 * repeats}.00 s on" in note.message


@pytest.mark.parametrize(
    "name",
    ["V3R", "v3r", "V3-R", "V3 R", "V3_R", "V3(R)", "V3 (r)", "V3 [R]", "V3 right", "V3 (right)",
     "rV3", "MDC_ECG_LEAD_V3R", "ECG V4R", "Lead V.5.R", "C3R", "V7", "v8", "V9", "V8 (posterior)"],
)  # fmt: skip
def test_right_sided_and_posterior_leads_are_never_taken_for_another(name: str) -> None:
    assert normalise_lead_name(name) is None
    assert is_right_or_posterior(name)
    assert not is_like_a_lead(name)


@pytest.mark.parametrize("name", ["aVX", "VR1", "IV", "IIII", "V10", "AVRL", "L4", "V0", "I-II"])
def test_names_that_look_like_a_lead_are_told(write_record, wave, name: str) -> None:
    warning = the_warning(opened(write_record, wave, ("I", name)), "unknown-lead")
    assert name in warning.message


@pytest.mark.parametrize("name", ["Resp", "SpO2", "CO2", "vx", "Pleth", "event", "ECG 1-2"])
def test_names_of_other_signals_are_not(name: str) -> None:
    assert normalise_lead_name(name) is None
    assert not is_like_a_lead(name)


def test_each_other_channel_is_told_once(write_record, wave) -> None:
    steps = np.vstack([wave, wave, wave, wave[:1]])
    names = ("I", "II", "V4R", "V8", "Resp", "aVX", "I")
    recording = opened(write_record, steps, names)
    told = {warning.code: warning.message for warning in recording.warnings}
    assert set(told) == {
        "duplicate-lead",
        "unknown-lead",
        "other-leads",
        "other-channels",
        "completed",
    }
    assert told["other-leads"] == "Right-sided or posterior: V4R, V8."
    assert told["other-channels"] == "Kept, but not among the twelve leads: Resp."
    assert recording.leads == LIMB_LEADS


def test_places_on_the_head_are_no_chest_leads(write_record, wave) -> None:
    steps = np.vstack([wave, wave, wave[1:]])
    recording = opened(write_record, steps, ("II", "C3", "C4", "O1", "V1"))
    assert recording.leads == ("II", "V1")
    assert codes(recording) == ["other-channels"]
    without_eeg = opened(write_record, steps, ("II", "C3", "C4", "Resp", "V1"))
    assert without_eeg.leads == ("II", "V1", "V3", "V4")


@pytest.mark.real_data
def test_ptb_xl_obeys_the_identities(data_dir) -> None:
    headers = sorted((data_dir / "ptb-xl/records500").rglob("*.hea"))[::76]
    found = [w.code for header in headers for w in open_recording(header).warnings]
    assert len(headers) >= 29
    assert "limb-identity" not in found
    assert len(found) <= 1


@pytest.mark.real_data
def test_ludb_takes_the_numbers_as_they_stand(data_dir) -> None:
    path = data_dir / "formats/wfdb/ludb_1.hea"
    warning = the_warning(open_recording(path), "limb-identity")
    assert warning.suggestion.unit == "1000/mV"
    assert "limb-identity" not in codes(open_recording(path, options=warning.suggestion))


def anything(rng: np.random.Generator) -> np.ndarray:
    """Up to thirteen signals that no recorder made, shape (signals, samples)."""
    shape = int(rng.integers(1, 14)), int(rng.choice([1, 2, 3, 5, 30, 500, 2000]))
    noise = rng.normal(size=shape)
    with_holes = np.where(rng.random(shape) < 0.3, rng.choice([np.nan, np.inf, 1e19]), noise)
    step = np.where(np.arange(shape[1]) < shape[1] // 2, 0.0, rng.choice([1.0, 1e20]))
    kinds = (noise * 10.0 ** rng.uniform(-4, 6), np.clip(noise, -0.5, 0.5), np.cumsum(noise, 1),
             np.zeros(shape) + step, noise[:1] * rng.choice([1, -1, 2, 0], (shape[0], 1)),
             with_holes)  # fmt: skip
    return kinds[rng.integers(len(kinds))]


def test_anything_at_all_can_be_checked_and_its_suggestions_be_applied() -> None:
    n_suggestions = 0
    for seed in range(400):
        rng = np.random.default_rng(seed)
        source = ArraySource(anything(rng).astype(np.float32))
        facts = [SignalFacts(lead, "mV", 0.001) for lead in (*LEADS, "V3R")[: source.n_channels]]
        fs_hz = float(rng.choice([1, 75, 500, 100_000]))
        try:
            recording = assemble(Path("a"), "none", fs_hz, facts, source)
        except RecordingError:
            continue  # nothing but gaps
        for suggestion in (w.suggestion for w in recording.warnings if w.suggestion):
            n_suggestions += 1
            assemble(Path("a"), "none", fs_hz, facts, source, options=suggestion)
    assert n_suggestions > 0
