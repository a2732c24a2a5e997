"""The order of torch's and Qt's libraries on Windows, where it matters."""

from __future__ import annotations

from pathlib import Path

import pytest

from ecgview.gui import native_libraries


@pytest.fixture
def asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Pretend to be a Windows whose runtime is too old for torch; gives what is loaded."""
    names: list[str] = []

    def refuse(path: str) -> None:
        names.append(Path(path).name)
        raise OSError(1114, "A dynamic link library (DLL) initialization routine failed")

    for name in ("c10.dll", "torch_python.dll"):
        (tmp_path / name).touch()
    monkeypatch.setattr(native_libraries.sys, "platform", "win32")
    monkeypatch.setattr(native_libraries.os, "add_dll_directory", names.append, raising=False)
    monkeypatch.setattr(native_libraries.ctypes, "CDLL", refuse)
    monkeypatch.setattr(native_libraries, "_library_folder", lambda: tmp_path)
    return names


def test_torch_is_loaded_before_qt_but_the_window_opens_without_it(
    asked: list[str], tmp_path: Path
) -> None:
    native_libraries.load_before_qt()

    assert asked == [str(tmp_path), "c10.dll"]


def test_the_import_of_torch_says_what_is_wrong_with_its_libraries(asked: list[str]) -> None:
    with native_libraries.loading_quietly():
        assert asked == ["torch_python.dll"]


def test_without_torch_nothing_is_loaded(asked: list[str], tmp_path: Path) -> None:
    for file in list(tmp_path.iterdir()):
        file.unlink()

    native_libraries.load_before_qt()
    native_libraries.load_without_the_lock()

    assert asked == []
