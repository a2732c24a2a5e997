import subprocess
import sys
from pathlib import Path

import pytest

from ecgview.gui.settings import RECENT_FILES_KEPT, SETTINGS, Settings


@pytest.fixture
def file(tmp_path, qapp):
    return tmp_path / "settings.ini"


def test_fresh_installation_has_the_defaults_of_the_table(file):
    settings = Settings.in_file(file)
    for key, setting in SETTINGS.items():
        assert settings[key] == setting.default
        assert type(settings[key]) is type(setting.default)
        assert setting.allows(setting.default)


def test_values_come_back_with_their_types(file):
    values = {
        "view/gain_mm_mv": 20.0,
        "view/shading": False,
        "view/layout": "12x1",
        "files/recent": ("/a/x.hea", "/b/y.csv"),
        "window/geometry": b"\x01\x00\xff",
    }
    first = Settings.in_file(file)
    for key, value in values.items():
        first[key] = value
    first._store.sync()
    again = Settings.in_file(file)
    assert {key: again[key] for key in values} == values


def test_one_recent_file_comes_back_as_a_tuple(file):
    first = Settings.in_file(file)
    first["files/recent"] = ("/a/x.hea",)
    first._store.sync()
    assert Settings.in_file(file)["files/recent"] == ("/a/x.hea",)


@pytest.mark.parametrize(
    ("key", "stored"),
    [
        ("view/gain_mm_mv", "much"),
        ("view/gain_mm_mv", "11"),
        ("window/theme", "pink"),
        ("view/shading", "perhaps"),
    ],
)
def test_damaged_values_read_as_the_default(file, key, stored):
    settings = Settings.in_file(file)
    settings._store.setValue(key, stored)
    assert settings[key] == SETTINGS[key].default


def test_values_that_are_not_allowed_are_refused(file):
    with pytest.raises(ValueError, match="pink"):
        Settings.in_file(file)["window/theme"] = "pink"


def test_recent_files_are_few_unique_and_existing(file, tmp_path):
    settings = Settings.in_file(file)
    paths = [tmp_path / f"{n}.hea" for n in range(RECENT_FILES_KEPT + 3)]
    for path in paths:
        path.touch()
        settings.remember_file(path)
    settings.remember_file(paths[-2])
    recent = settings.recent_files()
    assert recent[:2] == (paths[-2], paths[-1])
    assert len(recent) == len(set(recent)) == RECENT_FILES_KEPT
    paths[-1].unlink()
    assert paths[-1] not in settings.recent_files()


ANOTHER_WINDOW = """
import sys
from pathlib import Path
from ecgview.gui.settings import Settings

settings = Settings.in_file(Path(sys.argv[1]))
settings.remember_file(Path(sys.argv[2]))
settings["view/layout"] = "12x1"
settings._store.sync()
"""


def test_two_windows_lose_nothing_of_each_other(file, tmp_path):
    first, second, third = (tmp_path / name for name in ("first", "second", "third"))
    for path in (first, second, third):
        path.touch()
    here = Settings.in_file(file)
    here.remember_file(first)
    here["view/gain_mm_mv"] = 20.0
    here._store.sync()
    program = [sys.executable, "-c", ANOTHER_WINDOW, str(file), str(second)]
    subprocess.run(program, check=True, timeout=60)
    here.remember_file(third)
    here._store.sync()
    assert here.recent_files() == (third, second, first)
    assert (here["view/layout"], here["view/gain_mm_mv"]) == ("12x1", 20.0)


def test_many_windows_at_once_leave_a_file_that_is_whole(file, tmp_path):
    paths = [tmp_path / f"file{number}" for number in range(4)]
    programs = []
    for path in paths:
        path.touch()
        words = [sys.executable, "-c", ANOTHER_WINDOW, str(file), str(path)]
        programs.append(subprocess.Popen(words, stderr=subprocess.PIPE))
    for program in programs:
        assert program.communicate(timeout=120)[1] == b""
    settings = Settings.in_file(file)
    assert settings["view/layout"] == "12x1"
    assert settings.recent_files()
    assert set(settings.recent_files()) <= set(paths)


def test_a_recent_file_that_may_not_be_looked_at_is_left_out(file, tmp_path, monkeypatch):
    settings = Settings.in_file(file)
    kept, shut = tmp_path / "kept", tmp_path / "shut"
    kept.touch()
    settings["files/recent"] = (str(kept), str(shut))
    exists = Path.exists

    def look(path):
        if path == shut:
            raise PermissionError(13, "Permission denied")
        return exists(path)

    monkeypatch.setattr(Path, "exists", look)
    assert settings.recent_files() == (kept,)


def test_settings_that_cannot_be_kept_say_so(file, tmp_path):
    assert Settings.forgetful().trouble == ""
    assert Settings.in_file(file).trouble == ""
    (tmp_path / "a file").touch()
    nowhere = Settings.in_file(tmp_path / "a file" / "settings.ini")
    assert nowhere.trouble.startswith("Settings cannot be kept: ")
    nowhere["view/layout"] = "12x1"
    assert nowhere["view/layout"] == "12x1"
