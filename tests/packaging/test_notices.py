"""The notices of what others wrote, that are shipped with the application."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from licence_files import QT_TEXTS, licence_files
from shipped import Shipped, SystemPackage, describe

TEXT = next(path for path in QT_TEXTS if path.name == "qt-third-party.txt").read_text("utf-8")
COMPONENTS, TEXTS = TEXT.split("Texts of the licences\n", maxsplit=1)


def shipped(*names: str, system: tuple[SystemPackage, ...] = ()) -> dict[str, str]:
    """Give the texts that would be shipped: where they lie, and what they say."""
    made_of = Shipped("3.11.7", "6.11.3", "Linux x86_64", (), describe(names), system)
    return {
        place: Path(source).read_text(encoding="utf-8", errors="replace")
        for place, source, _ in licence_files(made_of)
    }


def test_every_licence_that_is_named_is_quoted() -> None:
    named = {
        licence.strip()
        for line in re.findall(r"Licence: (.+)\.$", COMPONENTS, re.MULTILINE)
        for licence in line.split(";")
    }
    quoted = set(re.findall(r"^(\S+)\n-+$", TEXTS, re.MULTILINE))

    assert {name for name in named - quoted if "LGPL-3.0.txt" not in name} == set()
    assert quoted <= named


def test_every_component_of_qt_says_what_for_under_which_licence_and_of_whom() -> None:
    entries = re.findall(r"^    For: .+\. Licence: .+\.\n    Copyright \(c\) \S", COMPONENTS, re.M)

    assert len(entries) == COMPONENTS.count("For: ") == COMPONENTS.count("Licence: ")
    for name in (
        "HarfBuzz",
        "PCRE2",
        "libpng",
        "FreeType",
        "MD4C",
        "TinyCBOR",
        "double-conversion",
    ):
        assert re.search(rf"^{name}", COMPONENTS, re.MULTILINE), name


def test_qt_comes_with_its_licence_where_its_source_is_and_the_notices() -> None:
    texts = shipped("PySide6_Essentials", "shiboken6")

    folder = "licences/pyside6-essentials"
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in texts[f"{folder}/LGPL-3.0.txt"]
    assert "https://download.qt.io/" in texts[f"{folder}/qt.txt"]
    assert "HarfBuzz" in texts[f"{folder}/qt-third-party.txt"]


def test_wheels_tell_of_the_libraries_inside_them() -> None:
    texts = shipped("numpy", "scipy", "torch", "matplotlib", "h5py", "pillow")

    for name, inside in {
        "numpy": "pcg64",
        "scipy": "Qhull",
        "torch": "Math Kernel Library",
        "matplotlib": "Anti-Grain Geometry",
        "h5py": "libaec",
        "pillow": "libjpeg",
    }.items():
        of_it = {place: text for place, text in texts.items() if f"/{name}/" in place}
        assert any(inside.lower() in (place + text).lower() for place, text in of_it.items()), name


@pytest.mark.skipif(
    not Path("/usr/share/doc/libc6/copyright").is_file(), reason="the system is no Debian or Ubuntu"
)
def test_libraries_of_the_system_come_with_their_licences_and_where_their_source_is() -> None:
    texts = shipped(system=(SystemPackage("libc6", "2.36", "amd64", ("libc.so.6",)),))

    assert "GNU C Library" in texts["licences/system/libc6/copyright"]
    assert any(re.search(r"/system/L?GPL-[\d.]+$", place) for place in texts)
    assert "apt-get source" in texts["licences/system/SOURCES.txt"]


def test_where_no_library_of_the_system_is_shipped_none_is_told_of() -> None:
    assert not [place for place in shipped("numpy") if "/system/" in place]
