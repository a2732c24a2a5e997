"""Whatever is wrong with a file, it opens or is refused with a sentence."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from ecgview.errors import RecordingError
from ecgview.formats import ImportOptions, open_recording

SNIPPETS = ["0", "-", "/", "\n", " ", "9" * 12, "e", ",", ".", "\t", ";", '"', "nan", "x4", ":2"]
HEADER = (
    "rec 2 500 100\nrec.dat 212 1000(3)/mV 12 0 0 0 0 I\nrec.dat 212 1/uV 12 0 0 0 0 V1\n# Age: 3\n"
)
TABLE = "Sampling rate: 500\ntime_s,I (mV),II (mV)\n" + "".join(
    f"{row / 500:.3f},0.{row},-0.{row}\n" for row in range(30)
)


def damaged(text: str, random: np.random.Generator) -> bytes:
    for _ in range(random.integers(1, 5)):
        place = int(random.integers(len(text)))
        removed = int(random.integers(0, 12)) * int(random.integers(2))
        text = text[:place] + str(random.choice(SNIPPETS)) + text[place + removed :]
    content = bytearray(text.encode())
    if random.random() < 0.3:
        content[random.integers(len(content))] = random.integers(256)
    return bytes(content)


@pytest.mark.parametrize(("name", "text"), [("rec.hea", HEADER), ("rec.csv", TABLE)])
def test_damage_is_read_or_refused(tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / "rec.dat").write_bytes(np.arange(300, dtype=np.uint8).tobytes())
    random, outcomes = np.random.default_rng(5), Counter()
    for _ in range(400):
        (tmp_path / name).write_bytes(damaged(text, random))
        try:
            recording = open_recording(tmp_path / name, options=ImportOptions(rate_hz=500))
        except RecordingError as error:
            assert error.message
            assert error.hint
            outcomes["refused"] += 1
        else:
            assert recording.read(recording.leads).shape[1] == recording.n_samples
            outcomes["opened"] += 1
    assert min(outcomes["refused"], outcomes["opened"]) > 20
