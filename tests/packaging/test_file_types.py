"""The file types that installers register."""

from __future__ import annotations

from collections import Counter

import file_types


def test_every_ending_that_a_reader_names_belongs_to_one_type() -> None:
    endings = Counter(end for each in file_types.FILE_TYPES for end in each.endings)

    assert not file_types.unlisted_endings()
    assert set(endings.values()) == {1}
    assert all(ending.startswith(".") for ending in endings)


def test_types_have_names_of_their_own() -> None:
    assert len({each.mime for each in file_types.FILE_TYPES}) == len(file_types.FILE_TYPES)
    assert len({each.identifier for each in file_types.FILE_TYPES}) == len(file_types.FILE_TYPES)


def test_endings_of_other_programs_are_not_taken() -> None:
    taken = {end for each in file_types.FILE_TYPES if each.proposed for end in each.endings}

    assert taken.isdisjoint({".xml", ".csv", ".txt", ".json", ".mat", ".dcm"})
    assert {".ecgview", ".hea", ".edf"} <= taken
