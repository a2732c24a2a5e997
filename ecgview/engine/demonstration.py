"""A training run for a class: small, quick, and with recordings of our own if there are no others.

Nothing here needs torch.
"""

from __future__ import annotations

import atexit
import hashlib
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ecgview.engine.events import Event, Finished, Progress
from ecgview.errors import EcgviewError
from ecgview.paths import check_folder, user_cache_dir

if TYPE_CHECKING:
    from ecgview.engine.dataset import Entry

DEMONSTRATION_RECIPE = "gradowski2025"
DEMONSTRATION: dict[str, Any] = {
    "leads": ("I", "II", "V2"),
    "epochs": 30,
    "base_width": 8,
    "batch_size": 16,
    "lr": 3e-3,
    "schedule": "one-cycle",
}
"""Parameters of the demonstration that differ from its recipe's."""
RECORDINGS = 240
"""How many recordings the demonstration uses at most, those to validate on included."""

_FS_HZ = 250.0
_VALIDATION_PART = 6
# How often each case of the simulator occurs.
_SHARES = {
    "normal": 10,
    "lvh": 2,
    "anterior-infarction": 2,
    "inferior-infarction": 2,
    "rbbb": 2,
    "lbbb": 1,
    "atrial-fibrillation": 1,
}
_COMPLETE = "complete.txt"


def simulated_data_set(folder: Path, count: int, seed: int = 1) -> Iterator[Event]:
    """Simulate a data set: a folder of WFDB recordings, each of another simulated person.

    A folder that was filled before is taken as it is; one that was left half filled is filled up.

    Parameters
    ----------
    folder : Path
        Made where it does not exist; its name is the data set's.
    count : int
        How many recordings.
    seed : int
        The same seed gives the same recordings.

    Yields
    ------
    Event
        `Progress`, and `Finished` with the folder.

    Raises
    ------
    RecordingError
        If the folder cannot be written to.
    """
    from ecgview.formats import save_recording
    from ecgview.simulate import simulate

    order = [case for case, share in _SHARES.items() for _ in range(share)]
    complete = folder / _COMPLETE
    if not complete.is_file():
        for number in range(count):
            case = order[(seed + 7 * number) % len(order)]
            name = f"simulated_{number:04d}_{case}"
            if not (folder / f"{name}.hea").is_file():
                recording = simulate(case, seed=1000 * seed + number, fs_hz=_FS_HZ)
                save_recording(
                    name, recording.read_twelve(), _FS_HZ, folder, comments=recording.comments
                )
            yield Progress(number + 1, count, "Simulating recordings")
        complete.write_text(f"{count} recordings, seed {seed}\n", encoding="utf-8")
    yield Finished(folder)


def demonstration_folder(count: int = RECORDINGS, seed: int = 1) -> Iterator[Event]:
    """Simulate the demonstration's recordings into the user's cache, once; as above.

    Who has no cache to write in gets them in a temporary folder, until the program ends.
    """
    folder = user_cache_dir().parent / f"simulated-{count}-{seed}"
    try:
        check_folder(folder)
    except EcgviewError:
        folder = Path(tempfile.mkdtemp(prefix="ecgview-"))
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
    yield from simulated_data_set(folder, count, seed)


def demonstration_entries(
    data_dirs: Sequence[Path], count: int = RECORDINGS
) -> tuple[tuple[Entry, ...], tuple[Entry, ...]]:
    """Choose a few recordings of data sets, patient-wise.

    Parameters
    ----------
    data_dirs : sequence of Path
        Data folders; folds 9 and 10 are left alone.
    count : int
        How many at most.

    Returns
    -------
    tuple of tuple of Entry
        Those to train on, and about a sixth, of other patients, to validate on.
    """
    from ecgview.engine.dataset import list_entries

    found = [entry for folder in data_dirs for entry in list_entries(folder)]
    found = [entry for entry in found if entry.fold not in (9, 10)] or found
    # In an order that depends on nothing but the patients, so that a patient stays together.
    found.sort(key=lambda entry: _hash(entry.patient))
    chosen = found[:count]
    patients = list(dict.fromkeys(entry.person for entry in chosen))
    checked = set(patients[: max(1, len(patients) // _VALIDATION_PART)])
    training = tuple(entry for entry in chosen if entry.person not in checked)
    return training, tuple(entry for entry in chosen if entry.person in checked)


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()
