from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from ecgview.engine.dataset import list_entries
from ecgview.engine.demonstration import (
    DEMONSTRATION,
    DEMONSTRATION_RECIPE,
    demonstration_entries,
    simulated_data_set,
)
from ecgview.engine.events import Finished, Progress
from ecgview.engine.recipes import find_recipe
from ecgview.formats import open_recording
from ecgview.leads import LEADS


def fill(folder: Path, count: int, seed: int = 1) -> list[str]:
    *progress, last = simulated_data_set(folder, count, seed)
    assert isinstance(last, Finished)
    assert last.result == folder
    assert all(isinstance(event, Progress) for event in progress)
    return sorted(path.name for path in folder.glob("*.hea"))


def test_a_simulated_data_set_has_many_people_and_says_what_it_is(tmp_path: Path) -> None:
    names = fill(tmp_path / "simulated", 20)
    assert len(names) == 20
    cases = Counter(name.split("_")[2].removesuffix(".hea") for name in names)
    assert cases["normal"] == 10
    assert len(cases) == 7
    first, second = (open_recording(tmp_path / "simulated" / name) for name in names[:2])
    assert set(first.leads) == set(LEADS)
    assert any("not a recording of a person" in comment for comment in first.comments)
    assert not (first.read_twelve() == second.read_twelve()).all()
    entries = list_entries(tmp_path / "simulated")
    assert {entry.source for entry in entries} == {"simulated"}


def test_the_same_seed_gives_the_same_recordings(tmp_path: Path) -> None:
    for folder in ("a", "b"):
        fill(tmp_path / folder, 3)
    for one in (tmp_path / "a").glob("*.dat"):
        assert one.read_bytes() == (tmp_path / "b" / one.name).read_bytes()
    fill(tmp_path / "c", 3, seed=2)
    other = sorted((tmp_path / "c").glob("*.dat"))[0]
    assert other.read_bytes() != (tmp_path / "a" / other.name).read_bytes()


def test_a_half_filled_folder_is_filled_up_and_a_full_one_left(tmp_path: Path) -> None:
    events = simulated_data_set(tmp_path / "s", 4)
    next(events), next(events)  # interrupted after two
    kept = {path: path.stat().st_mtime_ns for path in (tmp_path / "s").glob("*.dat")}
    assert len(kept) == 2
    assert len(fill(tmp_path / "s", 4)) == 4
    assert all(path.stat().st_mtime_ns == time_ns for path, time_ns in kept.items())
    assert len(list(simulated_data_set(tmp_path / "s", 4))) == 1


@pytest.mark.real_data
def test_a_few_recordings_of_a_large_set_keep_patients_apart(data_dir: Path) -> None:
    training, checked = demonstration_entries([data_dir / "ptb-xl"], 200)
    assert len(training) + len(checked) == 200
    assert 20 <= len(checked) <= 45
    assert not {e.patient for e in training} & {e.patient for e in checked}
    assert not {e.fold for e in (*training, *checked)} & {9, 10}


def test_few_recordings_give_both_parts(small_data_set: Path) -> None:
    training, checked = demonstration_entries([small_data_set], 200)
    assert len(training) + len(checked) == 12
    assert checked
    assert not {e.patient for e in training} & {e.patient for e in checked}


def test_the_parameters_are_valid() -> None:
    parameters = find_recipe(DEMONSTRATION_RECIPE).parameters(**DEMONSTRATION)
    assert parameters.leads == ("I", "II", "V2")
