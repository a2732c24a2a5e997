"""What the electrodes pick up besides the heart: drifting skin potentials and muscle noise."""

from __future__ import annotations

import numpy as np

from ecgview.simulate.heart import Array


def wander(
    n_electrodes: int, n_samples: int, fs_hz: float, size_mv: float, rng: np.random.Generator
) -> Array:
    """Draw slow drifts of electrode potentials, most of it below 0.4 Hz.

    Parameters
    ----------
    n_electrodes, n_samples : int
        Shape of the result.
    fs_hz : float
        Sampling rate.
    size_mv : float
        Root mean square of each drift in mV.
    rng : numpy.random.Generator
        Where chance comes from.

    Returns
    -------
    ndarray, shape (electrodes, samples)
        Potentials in mV.
    """
    frequency_hz = np.fft.rfftfreq(n_samples, 1 / fs_hz)
    spectrum = 1 / (1 + (frequency_hz / 0.12) ** 2) * np.exp(-((frequency_hz / 0.8) ** 2))
    return _coloured(spectrum, n_electrodes, n_samples, size_mv, rng)


def muscle_noise(
    n_electrodes: int, n_samples: int, fs_hz: float, size_mv: float, rng: np.random.Generator
) -> Array:
    """Draw noise of skeletal muscle and amplifiers, 20 Hz to 100 Hz.

    Parameters and result are those of `wander`.
    """
    frequency_hz = np.fft.rfftfreq(n_samples, 1 / fs_hz)
    rise = frequency_hz**2 / (frequency_hz**2 + 20.0**2)
    spectrum = rise / (1 + (frequency_hz / 90) ** 4)
    return _coloured(spectrum, n_electrodes, n_samples, size_mv, rng)


def _coloured(
    spectrum: Array, n_rows: int, n_samples: int, size: float, rng: np.random.Generator
) -> Array:
    """Noise of a given amplitude spectrum; the mean is left out."""
    spectrum = spectrum.copy()
    spectrum[0] = 0
    shape = (n_rows, len(spectrum))
    values = spectrum * (rng.standard_normal(shape) + 1j * rng.standard_normal(shape))
    noise = np.fft.irfft(values, n_samples, axis=1)
    power = (spectrum**2).sum() * 4 / n_samples**2
    return noise * size / np.sqrt(power) if power > 0 else noise
