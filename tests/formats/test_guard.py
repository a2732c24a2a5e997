"""The guard around the parsers of others."""

from __future__ import annotations

import threading
import warnings
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ecgview.errors import RecordingError
from ecgview.formats.guard import collected_warnings, foreign_parser


def state_of_warnings() -> tuple[object, ...]:
    return (*warnings.filters, warnings.showwarning)


def test_each_thread_hears_its_own_warnings_and_the_process_stays_as_it_was() -> None:
    before = state_of_warnings()
    both_are_in, first_has_left = threading.Barrier(2), threading.Event()

    def parse(name: str) -> list[str]:
        with collected_warnings() as said:
            both_are_in.wait(10)
            warnings.warn(f"first of {name}", stacklevel=1)
            if name == "b":
                assert first_has_left.wait(10)
            warnings.warn(f"second of {name}", stacklevel=1)
            found = list(map(str, said))
        if name == "a":
            first_has_left.set()
        return found

    with ThreadPoolExecutor(2) as pool:
        heard = list(pool.map(parse, "ab"))
    assert heard == [["first of a", "second of a"], ["first of b", "second of b"]]
    assert state_of_warnings() == before


def test_warnings_of_other_threads_are_shown_meanwhile() -> None:
    with (
        ThreadPoolExecutor(1) as pool,
        pytest.warns(UserWarning, match="elsewhere"),
        foreign_parser(Path("a.dcm"), "DICOM"),
    ):
        pool.submit(warnings.warn, "elsewhere", stacklevel=1).result()
        warnings.warn("quotes a name", stacklevel=1)


def test_one_parser_may_call_another() -> None:
    before = state_of_warnings()
    with (
        pytest.raises(RecordingError, match=r"a\.npz cannot be read as NumPy \(no numbers\)"),
        foreign_parser(Path("a.npz"), "NumPy"),
        foreign_parser(Path("a.npz"), "NumPy"),
    ):
        warnings.warn("never seen", stacklevel=1)
        raise ValueError("no numbers")
    assert state_of_warnings() == before
