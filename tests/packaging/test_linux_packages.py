"""The packages for Linux, made from a small stand-in for the frozen folder, and installed."""

from __future__ import annotations

import configparser
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tarfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import pytest
from samples import SAMPLES, make_ecg

import installers
import product
from ecgview.cli import COMMANDS
from file_types import FILE_TYPES, SESSION
from linux import packages as linux_packages
from linux.desktop import desktop_entry, metainfo_xml
from linux.libraries import MissingLibraryError, Needs, debian_depends, loadable, needs_of
from linux.manual import manual_page
from linux.mime_types import MARKS, NAMESPACE, Mark, mime_xml, opened

TOOLS = ("objdump", "xz", "gzip", "dpkg", "dpkg-deb", "ldconfig")
missing = [tool for tool in TOOLS if not shutil.which(tool, path=f"{os.environ['PATH']}:/sbin")]
linux_only = pytest.mark.skipif(sys.platform != "linux", reason="packages for Linux")
makes_packages = pytest.mark.skipif(
    sys.platform != "linux" or bool(missing),
    reason=f"packages for Linux; missing tools: {', '.join(missing) or 'none'}",
)
MIME = f"{{{NAMESPACE}}}"
ODD_HOME = 'Zoë\'s "$HOME" 100% ж'


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like the frozen one: a program, data, a library, a link and odd permissions."""
    folder = tmp_path_factory.mktemp("frozen") / "ecgview"
    inside = folder / "_internal"
    (inside / "licences").mkdir(parents=True)
    (folder / "ecgview").write_text('#!/bin/sh\necho "$0" "$@"\n', encoding="utf-8")
    (folder / "ecgview").chmod(0o700)
    (inside / "licences" / "MIT with spaces.txt").write_text("text", encoding="utf-8")
    (inside / "licences" / "MIT with spaces.txt").chmod(0o700)
    shutil.copy(shutil.which("true") or sys.executable, inside / "libtrue.so.1")
    (inside / "libtrue.so").symlink_to("libtrue.so.1")
    return folder


@pytest.fixture(scope="module")
def made(frozen: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The packages by their endings."""
    output = tmp_path_factory.mktemp("packages")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", "1700000000")
        paths = linux_packages.make(frozen, output, level=1)
    assert sorted(output.iterdir()) == sorted(paths)
    return {path.suffix: path for path in paths}


@pytest.fixture
def unpacked(made: dict[str, Path], tmp_path: Path) -> Path:
    """The archive's folder, unpacked where the name is odd."""
    folder = tmp_path / "down loads ä"
    with tarfile.open(made[".xz"]) as archive:
        archive.extractall(folder, filter="tar")
    (inside,) = folder.iterdir()
    return inside


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home folder in which another program has installed itself."""
    folder = tmp_path / ODD_HOME
    entry = folder / ".local" / "share" / "applications" / "other.desktop"
    entry.parent.mkdir(parents=True)
    entry.write_text("[Desktop Entry]\nType=Application\nName=Other\nExec=true\n", encoding="utf-8")
    return folder


def run_script(script: Path, home: Path, *words: str | Path) -> subprocess.CompletedProcess[str]:
    environment = {"HOME": str(home), "PATH": os.environ["PATH"], "TMPDIR": "/tmp"}
    command = ["sh", str(script), *map(str, words)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60)


def snapshot(folder: Path) -> dict[str, str]:
    """Give everything below a folder: names, with contents or targets of links."""
    # Left out: the desktop's own list of what is installed; the other program's entry is in it.
    paths = [path for path in folder.rglob("*") if path.name != "mimeinfo.cache"]
    return {str(path.relative_to(folder)): contents(path) for path in paths}


def contents(path: Path) -> str:
    if path.is_symlink():
        return f"link to {path.readlink()}"
    return path.read_bytes().hex() if path.is_file() else "folder"


def entry_of(path: Path) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(interpolation=None, delimiters=("=",), strict=True)
    parser.optionxform = str  # type: ignore[assignment, method-assign]
    parser.read(path, encoding="utf-8")
    return parser


def command_of(line: str) -> list[str]:
    """Read ``Exec`` as desktops do: the escapes of the file, then those of quoted words."""
    text = re.sub(r"\\(.)", r"\1", line)
    words = re.findall(r'"((?:[^"\\]|\\.)*)"|(\S+)', text)
    return [re.sub(r"\\(.)", r"\1", quoted or plain).replace("%%", "%") for quoted, plain in words]


def has_mark(content: bytes, mark: Mark) -> bool:
    value = mark.value.encode().decode("unicode_escape").encode("latin-1")
    first, _, last = mark.offset.partition(":")
    places = range(int(first), int(last or first) + 1)
    here = any(content.startswith(value, place) for place in places)
    return here and (mark.also is None or has_mark(content, mark.also))


def test_each_proposed_ending_is_described_once() -> None:
    root = ElementTree.fromstring(mime_xml())
    patterns = Counter(each.attrib["pattern"] for each in root.iter(f"{MIME}glob"))

    assert set(patterns.values()) == {1}
    assert set(patterns) == {f"*{e}" for each in FILE_TYPES if each.proposed for e in each.endings}
    assert next(iter(root)).attrib["type"] == SESSION.mime


@pytest.mark.parametrize(
    ("reader", "mime"),
    [
        ("EDF", "application/x-edf"),
        ("ISHNE Holter", "application/x-ecg"),
        ("MFER", "application/x-mfer"),
    ],
)
def test_files_are_known_by_their_marks(tmp_path: Path, reader: str, mime: str) -> None:
    samples = [sample for sample in SAMPLES if sample.reader == reader]
    assert samples
    for number, sample in enumerate(samples):
        (tmp_path / str(number)).mkdir()
        content = sample.make(tmp_path / str(number), make_ecg()).read_bytes()
        having = {name for name, marks in MARKS.items() if any(has_mark(content, m) for m in marks)}
        assert having == {mime}, sample.name


def test_a_session_is_known_by_its_mark(tmp_path: Path) -> None:
    from ecgview.gui.session_file import FORMAT

    content = f'{{\n "format": "{FORMAT}",\n'.encode()
    assert [has_mark(content, mark) for mark in MARKS[SESSION.mime]] == [True]


def test_menu_entry(tmp_path: Path) -> None:
    path = tmp_path / f"{product.IDENTIFIER}.desktop"
    path.write_text(desktop_entry(), encoding="utf-8")
    entry = entry_of(path)["Desktop Entry"]

    assert entry["Name"] == "ecgview"
    assert entry["Icon"] == product.IDENTIFIER
    assert entry["Exec"] == "ecgview-gui %F"
    assert entry["MimeType"].rstrip(";").split(";") == opened()
    assert "MedicalSoftware" not in entry["Categories"]  # it is no medical device
    if validator := shutil.which("desktop-file-validate"):
        subprocess.run([validator, path], check=True)


def test_files_of_other_programs_stay_theirs() -> None:
    """Desktops take any program that names a type where the user has chosen none."""
    others = {each.mime for each in FILE_TYPES if not each.proposed}

    assert {"text/csv", "application/xml", "application/dicom"} <= others
    assert others.isdisjoint(opened())
    assert others.isdisjoint(each.attrib.get("type") for each in ElementTree.fromstring(mime_xml()))


def test_page_of_software_centres_says_what_it_is_and_needs() -> None:
    root = ElementTree.fromstring(metainfo_xml("Needs glibc 2.36."))
    paragraphs = [each.text for each in root.iter("p")]

    assert root.findtext("id") == product.IDENTIFIER
    assert root.findtext("launchable") == f"{product.IDENTIFIER}.desktop"
    assert product.WORDING in paragraphs
    assert "Needs glibc 2.36." in paragraphs
    assert root.find("releases/release[@version]").attrib["version"] == product.VERSION  # type: ignore[union-attr]


def test_manual_names_every_command() -> None:
    page = manual_page()

    assert [name for name in COMMANDS if f"\n.B {name}\n" not in page] == []
    assert product.WORDING.split(". ")[0] in page
    if typesetter := shutil.which("groff"):
        command = [typesetter, "-man", "-ww", "-Tascii"]
        done = subprocess.run(command, input=page, capture_output=True, text=True, check=True)
        assert done.stderr == ""


def test_window_is_found_by_docks() -> None:
    code = "from ecgview.gui.app import make_application; app = make_application()"
    command = [sys.executable, "-c", f"{code}; print(app.desktopFileName())"]
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == product.IDENTIFIER


@pytest.mark.parametrize(("name", "begun"), [("ecgview", "terminal"), ("ecgview-gui", "window")])
def test_the_menu_starts_the_window_by_its_name(
    name: str, begun: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[str] = []
    monkeypatch.setattr("ecgview.__main__.main", lambda: done.append("terminal"))
    monkeypatch.setattr("ecgview.__main__.gui_main", lambda: done.append("window"))
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("sys.argv", [f"/usr/bin/{name}", "a.hea"])
    # Not with runpy, which puts a name of its own into sys.argv.
    exec((product.ROOT / "packaging" / "programs" / "console.py").read_text(encoding="utf-8"), {})
    assert done == [begun]


@pytest.mark.parametrize("script", ["install.sh", "uninstall.sh"])
def test_scripts_are_plain_sh(script: str) -> None:
    path = linux_packages.HERE / script
    checker = shutil.which("shellcheck")
    if checker is None:
        pytest.skip("shellcheck is not installed")
    subprocess.run([checker, "--shell=sh", path], check=True)


@pytest.mark.parametrize("platform", ["linux", "win32", "darwin"])
def test_every_system_has_a_maker(platform: str) -> None:
    assert installers.maker(platform).__name__ == "make"


@makes_packages
def test_archive_has_usual_owners_and_permissions(made: dict[str, Path]) -> None:
    top = made[".xz"].name.removesuffix(".tar.xz")
    with tarfile.open(made[".xz"]) as archive:
        members = {each.name: each for each in archive.getmembers()}
    licence = members[f"{top}/ecgview/_internal/licences/MIT with spaces.txt"]

    assert {(each.uid, each.gid, each.uname, each.mtime) for each in members.values()} == {
        (0, 0, "root", 1_700_000_000)
    }
    assert licence.mode == 0o644
    assert members[f"{top}/ecgview/_internal/libtrue.so.1"].mode == 0o644
    assert members[f"{top}/ecgview/ecgview"].mode == 0o755
    assert members[f"{top}/ecgview/_internal/libtrue.so"].linkname == "libtrue.so.1"
    assert {f"{top}/install.sh", f"{top}/LICENSE", f"{top}/README.txt"} <= set(members)


@makes_packages
def test_same_files_make_same_packages(
    made: dict[str, Path], frozen: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copy = tmp_path / "elsewhere" / "ecgview"
    shutil.copytree(frozen, copy, symlinks=True)
    os.utime(copy / "ecgview", (1, 1))
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    again = linux_packages.make(copy, tmp_path, level=1)

    assert {path.suffix: path.read_bytes() for path in again} == {
        ending: path.read_bytes() for ending, path in made.items()
    }


@makes_packages
def test_deb_says_what_it_is_and_needs(made: dict[str, Path], frozen: Path) -> None:
    shown = subprocess.run(
        ["dpkg-deb", "--field", made[".deb"]], capture_output=True, text=True, check=True
    ).stdout
    fields = dict(re.findall(r"^([\w-]+): (.*)$", shown, re.MULTILINE))

    assert (fields["Package"], fields["Version"]) == ("ecgview", product.VERSION)
    assert made[".deb"].name == f"ecgview_{product.VERSION}_{fields['Architecture']}.deb"
    assert fields["Depends"].startswith(f"libc6 (>= {needs_of(frozen).glibc_text})")
    assert product.WORDING in shown.replace("\n ", " ")
    assert max(map(len, shown.partition("Description:")[2].splitlines())) <= 79
    assert "@" in fields["Maintainer"]
    assert 10 < int(fields["Installed-Size"]) < 1000


@makes_packages
def test_a_library_that_nobody_has_is_told_with_its_package() -> None:
    needs = Needs((2, 36), frozenset({"libnever.so.7"}), frozenset())
    with pytest.raises(MissingLibraryError, match=r"libnever\.so\.7.*apt-get install libnever7"):
        debian_depends(needs)


@makes_packages
def test_data_of_carried_libraries_is_needed_too() -> None:
    """A library that is carried still reads what its package left to another one."""
    carried = frozenset({"libX11.so.6"} & loadable().keys())
    if not carried:
        pytest.skip("libX11 is not installed")
    assert "libx11-data" in debian_depends(Needs((2, 36), frozenset(), carried))


@makes_packages
def test_deb_lays_down_what_its_sums_say(made: dict[str, Path], tmp_path: Path) -> None:
    for option in ("--extract", "--control"):
        subprocess.run(["dpkg-deb", option, made[".deb"], tmp_path / option[2:]], check=True)
    tree = tmp_path / "extract"
    listed = (tmp_path / "control" / "md5sums").read_text(encoding="utf-8").splitlines()
    sums = {name: digest for digest, name in (line.split("  ", 1) for line in listed)}
    files = [path for path in tree.rglob("*") if path.is_file() and not path.is_symlink()]
    manuals = tree / "usr" / "share" / "man" / "man1"

    assert sums == {
        str(path.relative_to(tree)): hashlib.md5(path.read_bytes()).hexdigest() for path in files
    }
    for program in ("ecgview", "ecgview-gui"):
        assert (tree / "usr" / "bin" / program).resolve() == tree / "usr/lib/ecgview/ecgview"
        assert (manuals / f"{program}.1.gz").is_file()
    assert {path.parts[len(tree.parts)] for path in files} == {"usr"}
    text = (tree / "usr/share/doc/ecgview/copyright").read_text(encoding="utf-8")
    assert "License: Expat\n Permission is hereby granted" in text


@makes_packages
def test_icons_have_the_size_of_their_folder(made: dict[str, Path], unpacked: Path) -> None:
    from PIL import Image

    theme = unpacked / "share" / "icons" / "hicolor"
    pictures = sorted(theme.rglob("*.png"))
    assert {path.parts[-3] for path in pictures} >= {"16x16", "48x48", "512x512"}
    for path in pictures:
        with Image.open(path) as picture:
            assert "{}x{}".format(*picture.size) == path.parts[-3]
            assert picture.getchannel("A").getextrema() == (0, 255)  # clear corners
    ElementTree.parse(theme / "scalable" / "apps" / f"{product.IDENTIFIER}.svg")


@makes_packages
def test_install_and_uninstall_leave_what_was_there(unpacked: Path, home: Path) -> None:
    before = snapshot(home)
    installed = run_script(unpacked / "install.sh", home)
    assert installed.returncode == 0, installed.stderr
    shutil.rmtree(unpacked)  # as people do

    local = home / ".local"
    entry = entry_of(local / f"share/applications/{product.IDENTIFIER}.desktop")
    command = command_of(entry["Desktop Entry"]["Exec"])
    demo = command_of(entry["Desktop Action demo"]["Exec"])
    ran = subprocess.run([command[0], "--version"], capture_output=True, text=True, check=True)

    assert command == [str(local / "bin" / "ecgview-gui"), "%F"]
    assert demo == [str(local / "bin" / "ecgview"), "demo"]
    assert ran.stdout == f"{command[0]} --version\n"
    assert (local / f"share/icons/hicolor/48x48/apps/{product.IDENTIFIER}.png").is_file()
    assert (local / f"share/mime/packages/{product.IDENTIFIER}.xml").is_file()
    assert str(local / "bin" / "ecgview") in installed.stdout  # bin is on no search path here

    removed = run_script(local / "lib" / "ecgview" / "uninstall.sh", home)
    assert removed.returncode == 0, removed.stderr
    assert snapshot(home) == before


@makes_packages
def test_installing_again_replaces_and_still_uninstalls(unpacked: Path, home: Path) -> None:
    before = snapshot(home)
    assert run_script(unpacked / "install.sh", home).returncode == 0
    first = snapshot(home)
    stale = home / ".local" / "lib" / "ecgview" / "_internal" / "of an older version"
    stale.touch()
    again = run_script(unpacked / "install.sh", home)

    assert again.returncode == 0, again.stderr
    listed = ".local/lib/ecgview/installed.txt"
    assert snapshot(home) | {listed: ""} == first | {listed: ""}
    assert run_script(unpacked / "uninstall.sh", home).returncode == 0
    assert snapshot(home) == before


@makes_packages
@pytest.mark.parametrize("taken", ["bin/ecgview-gui", "lib/ecgview/mine.txt", "share/man"])
def test_what_is_in_the_way_is_left_and_nothing_is_installed(
    unpacked: Path, home: Path, taken: str
) -> None:
    other = home / ".local" / taken
    other.parent.mkdir(parents=True, exist_ok=True)
    other.write_text("of another program", encoding="utf-8")
    before = snapshot(home)
    refused = run_script(unpacked / "install.sh", home)

    assert refused.returncode != 0
    assert str(home / ".local") in refused.stderr
    assert snapshot(home) == before


@makes_packages
def test_a_folder_of_choice(unpacked: Path, home: Path, tmp_path: Path) -> None:
    before, prefix = snapshot(home), tmp_path / "pre fix" / "deep"
    installed = run_script(unpacked / "install.sh", home, "--prefix", prefix)

    assert installed.returncode == 0, installed.stderr
    assert (prefix / "share" / "metainfo").is_dir()
    assert "XDG_DATA_DIRS" in installed.stdout
    assert snapshot(home) == before
    assert run_script(unpacked / "uninstall.sh", home, "--prefix", prefix).returncode == 0
    assert not prefix.parent.exists()


@linux_only
@pytest.mark.parametrize("words", [["--prefix"], ["--nonsense"]])
def test_wrong_words_are_told(words: list[str], home: Path) -> None:
    for script in ("install.sh", "uninstall.sh"):
        refused = run_script(linux_packages.HERE / script, home, *words)
        assert refused.returncode != 0
        assert "prefix" in refused.stderr


@linux_only
def test_uninstalling_what_is_not_there_is_told(home: Path) -> None:
    refused = run_script(linux_packages.HERE / "uninstall.sh", home)
    assert refused.returncode == 1
    assert "nothing was installed" in refused.stderr
