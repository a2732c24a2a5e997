"""The guard around the parsers of others."""

from __future__ import annotations

import threading
import warnings
from pathlib import Path

import pytest

from ecgview.errors import RecordingError
from ecgview.formats.guard import foreign_parser


def test_files_parsed_side_by_side_leave_the_warnings_of_the_process_as_they_were() -> None:
    before = list(warnings.filters)
    first_is_in, second_is_in, first_may_leave = (threading.Event() for _ in range(3))

    def first() -> None:
        with foreign_parser(Path("a.dcm"), "DICOM"):
            first_is_in.set()
            first_may_leave.wait()

    def second() -> None:
        with foreign_parser(Path("b.dcm"), "DICOM"):
            second_is_in.set()

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    first_is_in.wait()
    threads[1].start()
    assert not second_is_in.wait(0.1)
    first_may_leave.set()
    for thread in threads:
        thread.join()
    assert second_is_in.is_set()
    assert list(warnings.filters) == before


def test_one_parser_may_call_another() -> None:
    with (
        pytest.raises(RecordingError, match=r"a\.npz cannot be read as NumPy \(no numbers\)"),
        foreign_parser(Path("a.npz"), "NumPy"),
        foreign_parser(Path("a.npz"), "NumPy"),
    ):
        warnings.warn("never seen", stacklevel=1)
        raise ValueError("no numbers")
