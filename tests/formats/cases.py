"""The files that every reader is tried on: made ones with known contents, and real ones."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from samples import SAMPLES, Sample, make_ecg

from ecgview.formats import READERS, ImportOptions
from ecgview.leads import LEADS

_UV = ImportOptions(unit="uV")
_SAYCASES = ImportOptions(leads=LEADS, rate_hz=500, unit="uV")

REAL_FILES: dict[str, tuple[str, ImportOptions | None]] = {
    "formats/csv_500hz.csv": ("CSV", _UV),
    "formats/muse_export.txt": ("CSV", _SAYCASES),
    "formats/dicom_1000hz.dcm": ("DICOM", None),
    "formats/edf_800hz_flat_chest.edf": ("EDF", None),
    "formats/hdf5_sph.h5": ("HDF5", ImportOptions(leads=LEADS, rate_hz=500, unit="mV")),
    "formats/hl7_aecg.xml": ("HL7 aECG", None),
    "formats/muse.xml": ("GE MUSE XML", None),
    "formats/philips_1.03.xml": ("Philips XML", None),
    "formats/philips_1.04.01.xml": ("Philips XML", None),
    "formats/schiller.xml": ("Schiller XML", None),
    "formats/scp_8lead_600hz.scp": ("SCP-ECG", None),
    "formats/scp_huffman_500hz.scp": ("SCP-ECG", None),
    "formats/scp_malformed.scp": ("SCP-ECG", None),
    "formats/scp_raw_1000hz.scp": ("SCP-ECG", None),
    "formats/wfdb/HR06000.hea": ("WFDB", None),
    "formats/wfdb/JS00001.hea": ("WFDB", None),
    "formats/wfdb/ludb_1.hea": ("WFDB", None),
    "formats/wfdb/s0010_re.hea": ("WFDB", None),
    "ptb-xl/records500/00000/00034_hr.hea": ("WFDB", None),
    "challenge-2011/set-a/1002867.hea": ("WFDB", None),
}
"""Real files below the folder of data: the reader each is for, and what the user must say."""


@dataclass(frozen=True)
class Case:
    """A file to open: a made one (with its `sample`), or a real one (`real`, its place)."""

    name: str
    reader: str
    options: ImportOptions | None
    by_content: bool
    sample: Sample | None = None
    real: str = ""

    def place(self, folder: Path, data: Path | None) -> Path:
        """Put the file, with all that belongs to it, into an empty folder."""
        if self.sample is not None:
            return self.sample.make(folder, make_ecg())
        assert data is not None
        source = data / self.real
        for path in source.parent.glob(f"{source.stem}.*") if not self.by_content else [source]:
            shutil.copyfile(path, folder / path.name)
        return folder / source.name


def _real(place: str, reader: str, options: ImportOptions | None) -> Case:
    by_content = not place.endswith(".hea")
    return Case(f"real {Path(place).name}", reader, options, by_content, real=place)


_KNOWN = {reader.name for reader in READERS}
_MADE = [Case(s.name, s.reader, s.options, s.by_content, sample=s) for s in SAMPLES]
_REAL = [_real(place, *facts) for place, facts in REAL_FILES.items()]

CASES = [
    pytest.param(case, id=case.name, marks=[pytest.mark.real_data] if case.real else [])
    for case in [*_MADE, *_REAL]
    if case.reader in _KNOWN
]
MADE = [param for param in CASES if param.values[0].sample]
BY_CONTENT = [param for param in CASES if param.values[0].by_content]
