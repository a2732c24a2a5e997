"""Simulated twelve-lead electrocardiograms of our own: for the demo, for teaching, for tests.

Waves run over the walls of the four chambers (`heart`, `sources`), a torso that varies from
person to person turns them into leads (`torso`, `waves`), rhythm and noise are drawn by chance
(`rhythm`, `noise`). The averages were set so that a normal electrocardiogram resembles the
median of real ones; everything after the seed is deterministic.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ecgview.errors import EcgviewError
from ecgview.leads import INDEPENDENT_LEADS, LEADS, LIMB_FROM_I_II
from ecgview.recording import Recording, recording_from_array
from ecgview.simulate.cases import CASES, average_patient
from ecgview.simulate.heart import Array
from ecgview.simulate.noise import muscle_noise, wander
from ecgview.simulate.person import Person, vary
from ecgview.simulate.rhythm import beat_times
from ecgview.simulate.torso import LEADS_FROM_ELECTRODES
from ecgview.simulate.waves import atrial_wave, lay, ventricular_wave

__all__ = ["CASES", "simulate"]

_RESOLUTION_MV = 0.001


def simulate(
    case: str = "normal", *, seed: int = 0, duration_s: float = 10.0, fs_hz: float = 500.0
) -> Recording:
    """Simulate a twelve-lead electrocardiogram.

    Parameters
    ----------
    case : str
        One of `CASES`.
    seed : int
        Chooses the person and the moment; the same seed gives the same recording.
    duration_s : float
        Length in seconds.
    fs_hz : float
        Sampling rate.

    Returns
    -------
    Recording
        All twelve leads in units of 1 uV, marked as simulated.

    Raises
    ------
    EcgviewError
        If there is no such case.
    """
    if case not in CASES:
        raise EcgviewError(f"There is no simulated case “{case}”.", f"Use {', '.join(CASES)}.")
    rng = np.random.default_rng([seed, *case.encode()])
    person = vary(average_patient(case), rng)
    n_samples = round(duration_s * fs_hz)
    independent_mv = _heart_on_leads(person, n_samples, fs_hz, rng)
    electrodes_mv = wander(9, n_samples, fs_hz, person.wander_mv, rng)
    electrodes_mv += muscle_noise(9, n_samples, fs_hz, person.muscle_noise_mv, rng)
    independent_mv += LEADS_FROM_ELECTRODES @ electrodes_mv
    return recording_from_array(
        f"demo-{case}",
        _twelve(independent_mv),
        fs_hz,
        resolution_mv=_RESOLUTION_MV,
        simulated=True,
        comments=(
            "Simulated by ecgview; not a recording of a person.",
            f"Case: {CASES[case]}; seed {seed}.",
        ),
    )


def _heart_on_leads(
    person: Person, n_samples: int, fs_hz: float, rng: np.random.Generator
) -> Array:
    """I, II, V1..V6 in mV without noise, shape (8, samples)."""
    beats_s = beat_times(person.rhythm, n_samples / fs_hz, rng)
    leads_mv = np.zeros((16, n_samples))
    ventricular = ventricular_wave(person)
    intervals_s = np.diff(beats_s, prepend=beats_s[0] - person.rhythm.rr_s)
    for beat_s, interval_s in zip(beats_s, intervals_s, strict=True):
        stretch = (interval_s / person.rhythm.rr_s) ** 0.25
        height = 1 + 0.01 * rng.standard_normal()
        lay(leads_mv, ventricular, beat_s, fs_hz, height=height, stretch=stretch)
    if person.rhythm.fibrillation:
        _fibrillate(leads_mv, person, fs_hz, rng)
    else:
        atrial = atrial_wave(person)
        for beat_s in beats_s:
            lay(leads_mv, atrial, beat_s - person.pr_s, fs_hz)
    breath = person.rhythm.breath(np.arange(n_samples) / fs_hz)
    return leads_mv[:8] + breath * leads_mv[8:]


def _fibrillate(leads_mv: Array, person: Person, fs_hz: float, rng: np.random.Generator) -> None:
    """Let wavelets from wandering origins cross the atria without order."""
    duration_s = leads_mv.shape[1] / fs_hz
    for origin_cm in ((3.6, 0.6, -5.0), (-2.4, 1.0, -5.4), (1.2, -1.8, -3.6), (-0.8, 1.6, -3.4)):
        wave = atrial_wave(person, origin_cm)
        now = -0.5 + rng.uniform(0, 0.2)
        while now < duration_s:
            lay(leads_mv, wave, now, fs_hz, height=rng.uniform(0.1, 0.55))
            now += rng.normal(0.19, 0.025)


def _twelve(independent_mv: Array) -> dict[str, NDArray[np.floating]]:
    """All twelve leads in whole units; the limb leads follow from the rounded I and II."""
    rows = dict(zip(INDEPENDENT_LEADS, independent_mv, strict=True))
    limb = LIMB_FROM_I_II @ np.round(independent_mv[:2] / _RESOLUTION_MV)
    rows.update(zip(LEADS[:6], limb * _RESOLUTION_MV, strict=True))
    return {lead: np.round(rows[lead] / _RESOLUTION_MV) * _RESOLUTION_MV for lead in LEADS}
