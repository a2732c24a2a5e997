"""Files that are nearly valid are opened, asked about or refused with a sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from attempt import Input, attempt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from seeds import Seed
from structure import edf_files, text_tables, wfdb_headers

from ecgview.formats import ImportOptions

OPTIONS = st.sampled_from([ImportOptions(), ImportOptions(rate_hz=500, unit="uV")])
SAMPLES = np.arange(4000, dtype="<i2").tobytes()
MANY = settings(
    max_examples=120,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def opened(name: str, files: dict[str, bytes], options: ImportOptions, folder: Path) -> str:
    return attempt(Input(Seed(name, name, files, options), files, options), folder)


@MANY
@given(header=wfdb_headers(), options=OPTIONS)
def test_wfdb_headers(folder: Path, header: bytes, options: ImportOptions) -> None:
    files = {"rec.hea": header, "rec.dat": SAMPLES}
    assert opened("rec.hea", files, options, folder)


@MANY
@given(content=edf_files(), options=OPTIONS)
def test_edf_headers(folder: Path, content: bytes, options: ImportOptions) -> None:
    assert opened("rec.edf", {"rec.edf": content}, options, folder)


@MANY
@given(content=text_tables(), options=OPTIONS)
def test_text_tables(folder: Path, content: bytes, options: ImportOptions) -> None:
    assert opened("rec.csv", {"rec.csv": content}, options, folder)
