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
