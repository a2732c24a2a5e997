"""Files that are no recordings: what they are, and what to do, is said."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ecgview.errors import RecordingError
from ecgview.formats import NeedsOptions, open_recording


@pytest.mark.parametrize(
    ("name", "content", "what", "hint"),
    [
        ("r.edf.gz", b"\x1f\x8b\x08" + bytes(60), "a compressed archive", "Unpack it"),
        ("r.csv", b"PK\3\4" + bytes(60), "a compressed archive", "Unpack it"),
        ("r.xlsx", b"PK\3\4" + bytes(60), "an Excel workbook", "CSV"),
        ("r.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "an Excel workbook", "CSV"),
        ("r.tar", bytes(257) + b"ustar\0" + bytes(300), "a tar archive", "Unpack it"),
        ("r.pdf", b"%PDF-1.4\n1 0 obj\n", "a picture or a PDF", "no samples"),
        ("r.dat", b"version https://git-lfs.github.com/spec/v1\nsize 3\n", "Git LFS", "lfs pull"),
        ("r.xml", b"<!DOCTYPE html>\n<html><body>404</body></html>", "a web page", "download"),
        ("r.pkl", b"\x80\x04\x95" + bytes(60), "a pickle", "never unpacks"),
        ("RECORDS", b"100\n101\n102\n", "a list of WFDB records", "(.hea)"),
        ("r.json", b'{"ecg": [1, 2, 3], "fs": 500}', "JSON, but not AliveCor's", "CSV"),
    ],
)
def test_what_is_no_recording_is_named(
    tmp_path: Path, name: str, content: bytes, what: str, hint: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(RecordingError, match="not in a format") as refused:
        open_recording(path)
    assert what in str(refused.value)
    assert hint in str(refused.value)


def test_an_archive_of_arrays_is_no_foreign_archive(tmp_path: Path) -> None:
    path = tmp_path / "r.npz"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("x.npy", b"\x93NUMPY\1\0\x08\0{}")
    with pytest.raises(RecordingError) as refused:
        open_recording(path)
    assert "not in a format" not in str(refused.value)


def test_the_question_says_that_its_values_are_examples(tmp_path: Path) -> None:
    path = tmp_path / "r.csv"
    path.write_text("\n".join(",".join(["0.1"] * 12) for _ in range(100)))
    with pytest.raises(NeedsOptions, match="lead names, sampling rate and unit") as asked:
        open_recording(path)
    assert "--lead-names standard --rate-hz 500 --unit mV (the values are examples)" in str(
        asked.value
    )
