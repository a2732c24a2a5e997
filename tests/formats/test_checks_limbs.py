"""Limb leads that contradict each other, and what is suggested."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from ecgview.formats import ImportOptions, open_recording
from ecgview.formats.applying import combined
from ecgview.leads import LEAD_INDEX, LIMB_FROM_I_II, LIMB_LEADS

TIME_S = np.arange(2000) / 500
Broken = dict[str, np.ndarray]


def limb_leads() -> Broken:
    """Six limb leads in uV that obey the identities to a rounding."""
    two = np.stack([800 * np.sin(9 * TIME_S), 600 * np.sin(11 * TIME_S + 1)])
    return dict(zip(LIMB_LEADS, np.rint(LIMB_FROM_I_II @ np.rint(two)), strict=True))


def written(write_record, leads_uv: Broken, **facts) -> Path:
    return write_record(np.rint(np.stack(list(leads_uv.values()))), names=tuple(leads_uv), **facts)


def the_warning(path: Path):
    (warning,) = [w for w in open_recording(path).warnings if w.code.startswith("limb")]
    return warning


def exchanged(one: str, other: str) -> Broken:
    x = limb_leads()
    return {**x, one: x[other], other: x[one]}


def multiplied(by: float, *leads: str) -> Broken:
    return {lead: by * x if lead in leads else x for lead, x in limb_leads().items()}


def cabrera() -> Broken:
    x = limb_leads()
    columns = (x["aVL"], x["I"], -x["aVR"], x["II"], x["aVF"], x["III"])
    return dict(zip(LIMB_LEADS, columns, strict=True))


def test_a_contradiction_is_told_with_its_size(write_record) -> None:
    broken = exchanged("I", "II")
    warning = the_warning(written(write_record, broken))
    # With I and II exchanged, III is off by twice itself.
    largest_uv = 2 * np.abs(broken["III"]).max()
    assert f"III differs from II - I by up to {largest_uv:.0f} uV" in warning.message
    assert "aVR" not in warning.message + warning.hint


def test_the_largest_contradiction_stands_alone_and_the_others_behind_it(write_record) -> None:
    gains = (1, 1.1, 1.3, 1.6, 2.0, 2.5)
    broken = dict(zip(LIMB_LEADS, map(np.multiply, limb_leads().values(), gains), strict=True))
    warning = the_warning(written(write_record, broken))
    assert warning.message.count("differs from") == 1
    told = [warning.message, *re.findall(r"Also off: (.*)\.", warning.hint)[0].split(", ")]
    sizes_uv = [int(size) for text in told for size in re.findall(r"by up to (\d+) uV", text)]
    assert len(sizes_uv) == 4
    assert sizes_uv == sorted(sizes_uv, reverse=True)


def test_an_exchange_is_found_in_leads_that_were_each_rounded_by_themselves(write_record) -> None:
    rng = np.random.default_rng(4)
    rough = {lead: x + rng.integers(-2, 3, x.size) for lead, x in exchanged("aVL", "aVF").items()}
    warning = the_warning(written(write_record, rough))
    assert "the names of aVF and aVL are exchanged" in warning.hint
    assert warning.suggestion is not None
    assert "III" not in warning.message + warning.hint


@pytest.mark.parametrize(
    ("broken", "words"),
    [
        (exchanged("aVL", "aVF"), "the names of aVF and aVL are exchanged"),
        (exchanged("I", "II"), "the names of II and I are exchanged"),
        (exchanged("III", "aVF"), "the names of aVF and III are exchanged"),
        (multiplied(-1, "aVR"), "aVR is turned round"),
        (multiplied(-1, "I"), "I is turned round"),
        (multiplied(2, "II"), "II is multiplied by 0.5"),
        (multiplied(10, "aVL"), "aVL is multiplied by 0.1"),
        (multiplied(2 / 3, "aVR", "aVL", "aVF"), "aVR, aVL, aVF are multiplied by 1.5"),
        (multiplied(2, "aVR", "aVF"), "aVR is multiplied by 0.5 and aVF is multiplied by 0.5"),
        (cabrera(), "I is named aVL"),
    ],
)
def test_what_explains_it_is_suggested_and_mends_it(
    write_record, broken: Broken, words: str
) -> None:
    path = written(write_record, broken)
    warning = the_warning(path)
    assert words in warning.hint
    mended = open_recording(path, options=warning.suggestion)
    assert not [w for w in mended.warnings if w.code == "limb-identity"]
    sound_uv = np.stack(list(limb_leads().values()))
    np.testing.assert_allclose(1000 * mended.read(LIMB_LEADS), sound_uv, atol=1.5)


def test_a_suggestion_adds_to_what_the_user_has_said_already(write_record) -> None:
    path = written(write_record, multiplied(-2, "aVR"), units="uV")
    said = ImportOptions(rate_hz=250, gains=(1, 1, 1, 0.5, 1, 1), unit="1000/mV")
    (warning,) = [
        w for w in open_recording(path, options=said).warnings if w.code == "limb-identity"
    ]
    assert warning.suggestion == ImportOptions(gains=(1, 1, 1, -1, 1, 1))
    both = combined(said, warning.suggestion)
    assert both == ImportOptions(rate_hz=250, gains=(1, 1, 1, -0.5, 1, 1), unit="1000/mV")
    assert open_recording(path, options=both).warnings == ()


def test_what_could_be_either_is_told_and_not_suggested(write_record) -> None:
    broken = {lead: x for lead, x in exchanged("I", "II").items() if not lead.startswith("a")}
    warning = the_warning(written(write_record, broken))
    assert warning.suggestion is None
    assert "the names of II and I are exchanged, or if III is turned round" in warning.hint


def test_gains_of_their_own_are_recognised(write_record) -> None:
    gains = [1716, 1206, 1229, 1368, 1368, 698]
    path = written(write_record, limb_leads(), gains=gains)
    warning = the_warning(path)
    assert warning.suggestion == ImportOptions(unit="1000/mV")
    assert open_recording(path, options=warning.suggestion).warnings == ()


def test_gains_of_their_own_of_small_numbers_are_told_without_a_gain(write_record) -> None:
    steps = {lead: x / 5 for lead, x in limb_leads().items()}
    warning = the_warning(written(write_record, steps, gains=[300, 200, 250, 220, 230, 240]))
    assert "numbers are taken as they stand" in warning.hint
    assert warning.suggestion is None


def test_a_lead_sampled_late_is_told_with_its_delay(write_record) -> None:
    x = limb_leads()
    warning = the_warning(written(write_record, {**x, "aVF": np.roll(x["aVF"], 3)}))
    assert warning.suggestion is None
    assert "aVF fits if it is moved by 3 samples (6 ms)" in warning.hint


def test_a_lead_filtered_by_itself_is_told(write_record) -> None:
    x = limb_leads()
    x["aVF"] = x["aVF"] - np.rint(40 * np.cos(2 * TIME_S))
    warning = the_warning(written(write_record, x))
    assert "aVF differs from II - I/2 by up to 41 uV" in warning.message
    assert "III" not in warning.message
    assert "slow" in warning.hint


def test_rounding_is_no_contradiction_and_a_little_more_is_noted(write_record) -> None:
    x = limb_leads()
    x["III"][50] += 3
    assert open_recording(written(write_record, x)).warnings == ()
    x["III"][50] += 1
    warning = the_warning(written(write_record, x))
    assert (warning.code, warning.is_note) == ("limb-rounding", True)
    assert "by up to 4 uV" in warning.message


def test_an_offset_alone_is_noted(write_record) -> None:
    x = limb_leads()
    warning = the_warning(written(write_record, {**x, "III": x["III"] + 250}))
    assert (warning.code, warning.is_note) == ("limb-offset", True)
    assert "up to 250 uV" in warning.message


def test_the_pair_is_named_where_i_or_ii_is_missing(write_record) -> None:
    x = limb_leads()
    x["aVF"] = x["aVF"] + 100 * np.sign(np.sin(70 * TIME_S))
    warning = the_warning(written(write_record, {lead: x[lead] for lead in LIMB_LEADS[1:]}))
    assert "differs from what II and" in warning.message


def test_gaps_are_passed_over(write_record) -> None:
    broken = exchanged("aVL", "aVF")
    broken["II"][300:700] = -32768
    warning = the_warning(written(write_record, broken))
    assert "the names of aVF and aVL are exchanged" in warning.hint


@pytest.mark.real_data
@pytest.mark.parametrize(("one", "other"), [("aVL", "aVF"), ("I", "II"), ("II", "aVR")])
def test_columns_exchanged_in_real_recordings_are_found(
    data_dir, write_record, one: str, other: str
) -> None:
    header = data_dir / "ptb-xl/records500/00000/00034_hr.hea"
    sound_uv = np.rint(1000 * open_recording(header).read(LIMB_LEADS))
    rows = list(range(6))
    rows[LEAD_INDEX[one]], rows[LEAD_INDEX[other]] = LEAD_INDEX[other], LEAD_INDEX[one]
    path = write_record(sound_uv[rows], names=LIMB_LEADS)
    mended = open_recording(path, options=the_warning(path).suggestion)
    np.testing.assert_allclose(1000 * mended.read(LIMB_LEADS), sound_uv, atol=0.01)
