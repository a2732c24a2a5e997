"""What is said to Windows: version, manifest, installer script. The installer itself is tried by
``packaging/check``."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import product
from check.running import Ran
from check.windows_system import APP_ID, Windows, WineWindows
from file_types import FILE_TYPES
from windows import installer
from windows.associations import associations, program_id, task
from windows.version_info import version_numbers, write_version_info

WINDOWS = Path(installer.__file__).parent
SCRIPT = (WINDOWS / "ecgview.iss").read_text(encoding="utf-8")
PARAMETER = re.compile(r'\s*(\w+):\s*("(?:[^"]|"")*"|[^;"]*)\s*(?:;|$)')


def entries(text: str, section: str) -> list[dict[str, str]]:
    """Read the lines of the sections of a name, each as its parameters."""
    found, current = [], ""
    for line in text.splitlines():
        if heading := re.fullmatch(r"\[(\w+)\]", line.strip()):
            current = heading[1]
        elif current == section and line.strip() and line[0] not in ";#":
            parameters = PARAMETER.findall(line)
            assert parameters, line
            found.append({name: value.strip('"').strip() for name, value in parameters})
    return found


def directives(text: str) -> dict[str, str]:
    section = text.split("[Setup]")[1].split("[Tasks]")[0]
    return dict(re.findall(r"^(\w+)=(.*)$", section, re.MULTILINE))


class Made:
    """Stands for a class of PyInstaller's version resources; keeps what it is given."""

    def __init__(self, *words: Any, **named: Any) -> None:
        self.words, self.named = words, named


@pytest.mark.parametrize("program", ["ecgview", "ecgview-gui"])
def test_version_resource_names_program_and_version(tmp_path: Path, program: str) -> None:
    text = write_version_info(program, tmp_path / "made" / "v.txt").read_text(encoding="utf-8")
    structures = ["VSVersionInfo", "FixedFileInfo", "StringFileInfo", "StringTable", "StringStruct"]
    made = eval(text, dict.fromkeys([*structures, "VarFileInfo", "VarStruct"], Made))

    strings, translation = made.named["kids"]
    table = strings.words[0][0]
    values = dict(each.words for each in table.words[1])
    assert values["OriginalFilename"] == f"{program}.exe"
    assert values["FileVersion"] == values["ProductVersion"] == product.VERSION
    assert product.WORDING in values["Comments"]
    language, code_page = translation.words[0][0].words[1]
    assert table.words[0] == f"{language:04X}{code_page:04X}"
    assert made.named["ffi"].named["filevers"] == version_numbers()


@pytest.mark.parametrize(
    ("version", "numbers"),
    [
        ("0.1.0", (0, 1, 0, 0)),
        ("1.2", (1, 2, 0, 0)),
        ("2.0.1rc3", (2, 0, 1, 0)),
        ("1.2.3.dev4", (1, 2, 3, 0)),
    ],
)
def test_version_numbers_are_those_of_the_release(version: str, numbers: tuple[int, ...]) -> None:
    assert version_numbers(version) == numbers


def test_manifest_asks_for_sharp_screens_long_paths_utf8_and_no_rights() -> None:
    root = ElementTree.parse(WINDOWS / "ecgview.manifest").getroot()
    settings = {
        re.sub(r"\{.*/(\d{4})/WindowsSettings\}", r"\1 ", each.tag): each.text
        for each in root.iter()
        if "WindowsSettings" in each.tag
    }
    (level,) = [each for each in root.iter() if each.tag.endswith("requestedExecutionLevel")]
    systems = [each.get("Id") for each in root.iter() if each.tag.endswith("supportedOS")]

    assert settings == {
        "2005 dpiAware": "true/pm",
        "2016 dpiAwareness": "PerMonitorV2, PerMonitor",
        "2016 longPathAware": "true",
        "2019 activeCodePage": "UTF-8",
    }
    assert level.attrib == {"level": "asInvoker", "uiAccess": "false"}
    assert systems == ["{8e0f7a12-bfb3-4fe8-b9a5-48fd50a15a9a}"]


def test_installer_needs_no_administrator_and_keeps_its_identity() -> None:
    setup = directives(SCRIPT)

    assert setup["PrivilegesRequired"] == "lowest"
    assert setup["AppId"] == "{{D4A55771-DCFD-442D-9A15-D3F442E0D4F8}"
    assert f"{setup['AppId'][1:]}_is1" == APP_ID
    assert setup["ArchitecturesAllowed"] == setup["ArchitecturesInstallIn64BitMode"]
    assert setup["ChangesAssociations"] == setup["ChangesEnvironment"] == "yes"


def test_everything_the_script_names_is_defined_or_generated(tmp_path: Path) -> None:
    installer.write_generated(tmp_path)
    given = {"Frozen", "Output", "Generated", "Signing"}
    defined = set(re.findall(r"#define (\w+)", SCRIPT + installer.settings())) | given
    files = re.findall(r"\{#Generated\}\\([\w.-]+)|Generated \+ \"\\([\w.]+)\"", SCRIPT)
    named = {first or second for first, second in files}

    assert set(re.findall(r"\{#(\w+)\}", SCRIPT)) <= defined
    assert named == {path.name for path in tmp_path.iterdir()}


def test_every_task_and_function_that_a_line_names_is_there() -> None:
    whole = SCRIPT + associations()
    tasks = {entry["Name"] for entry in entries(whole, "Tasks")}
    lines = [line for name in ("Registry", "Icons", "Files") for line in entries(whole, name)]
    used = {line["Tasks"] for line in lines if "Tasks" in line}
    functions = set(re.findall(r"(?:function|procedure) (\w+)", whole))
    calls = re.findall(r"(?:Check: \"|and |not \(|BeforeInstall: )(\w+)\(", associations())
    codes = re.findall(r"\{code:(\w+)\}", whole)

    assert used == tasks
    assert len(calls) > len(tasks)
    assert set(calls) == {"IsFree", "KeepPrevious"}
    assert {*calls, *codes, "GiveBackAll"} <= functions


def test_each_ending_is_offered_once_and_only_proposed_ones_are_taken_by_a_task() -> None:
    lines = entries(associations(), "Registry")
    offered = Counter(
        line["ValueName"] for line in lines if line["Subkey"].endswith("SupportedTypes")
    )
    taken = {
        line["Subkey"].rpartition("\\")[2]: (line["ValueData"], line.get("Tasks"))
        for line in lines
        if re.search(r"Classes\\\.\w+$", line["Subkey"]) and line.get("ValueName") == ""
    }

    assert offered == {ending: 1 for each in FILE_TYPES for ending in each.endings}
    assert taken == {
        ending: (program_id(each), task(each))
        for each in FILE_TYPES
        if each.proposed
        for ending in each.endings
    }


def test_what_is_taken_is_given_back() -> None:
    text = associations()
    taken = set(re.findall(r"KeepPrevious\((.*?)\)", text))

    assert taken
    assert taken == set(re.findall(r"GiveBack\((.*?)\);", text))
    assert len(entries(text, "Registry")) == len(set(map(str, entries(text, "Registry"))))


def test_registry_of_other_programs_is_never_deleted_whole() -> None:
    whole = SCRIPT + associations()
    deleted = [
        line["Subkey"]
        for line in entries(whole, "Registry")
        if "uninsdeletekey" in line.get("Flags", "").split()
    ]

    assert deleted
    assert all(re.search(r"\\ecgview[\w.-]*$", key) for key in deleted)


def test_user_data_is_removed_only_when_asked() -> None:
    code = SCRIPT.split("procedure CurUninstallStepChanged")[1]

    assert "IsToPurge then" in code
    assert SCRIPT.count("DelTree(") == code.split("IsToPurge then")[1].count("DelTree(") == 1
    assert "[UninstallDelete]" not in SCRIPT
    assert "MB_DEFBUTTON2" in SCRIPT


def test_first_page_shows_the_fixed_wording_and_the_licence_is_ours(tmp_path: Path) -> None:
    installer.write_generated(tmp_path)
    mark = b"\xef\xbb\xbf"
    before = (tmp_path / "before.txt").read_bytes()
    licence = (tmp_path / "licence.txt").read_bytes()

    assert before.startswith(mark + product.WORDING.encode())
    assert licence.removeprefix(mark).replace(b"\r\n", b"\n") == (
        (product.ROOT / "LICENSE").read_bytes().replace(b"\r\n", b"\n")
    )
    setup = directives(SCRIPT)
    assert setup["LicenseFile"].endswith("licence.txt")
    assert setup["InfoBeforeFile"].endswith("before.txt")


@pytest.fixture
def frozen(tmp_path: Path) -> Path:
    folder = tmp_path / "frozen"
    (folder / "_internal").mkdir(parents=True)
    for name in (*installer.PROGRAMS, "_internal/a ж.txt"):
        (folder / name).write_text(name, encoding="utf-8")
    return folder


def test_archive_holds_the_program_the_licence_and_the_wording(
    tmp_path: Path, frozen: Path
) -> None:
    archive = installer.make_archive(frozen, tmp_path / "out")
    top = f"ecgview-{product.VERSION}/"
    with zipfile.ZipFile(archive) as packed:
        names = set(packed.namelist())
        read_me = packed.read(f"{top}READ ME.txt").decode()

    assert archive.name == f"ecgview-{product.VERSION}-windows-x64.zip"
    assert {f"{top}ecgview-gui.exe", f"{top}_internal/a ж.txt", f"{top}LICENSE.txt"} <= names
    assert all(name.startswith(top) for name in names)
    assert product.WORDING in read_me


def test_missing_compiler_and_missing_program_are_said_in_a_sentence(
    tmp_path: Path, frozen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PATH", *installer.USUAL_FOLDERS, installer.COMPILER):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(SystemExit, match=f"Install Inno Setup 6 .* {installer.COMPILER}"):
        installer.make(frozen, tmp_path / "out")

    monkeypatch.setenv(installer.COMPILER, str(tmp_path / "ISCC.exe"))
    with pytest.raises(SystemExit, match=r"ISCC\.exe is not there"):
        installer.make(frozen, tmp_path / "out")

    (frozen / "ecgview-gui.exe").unlink()
    with pytest.raises(SystemExit, match=r"lacks ecgview-gui\.exe"):
        installer.make(frozen, tmp_path / "out")


def test_compiler_is_told_where_things_are_and_how_to_sign(
    tmp_path: Path, frozen: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    compiler = tmp_path / "ISCC.exe"
    compiler.touch()
    monkeypatch.setenv(installer.COMPILER, str(compiler))
    monkeypatch.setenv(installer.SIGN_COMMAND, "signtool sign $f")
    commands: list[list[str]] = []
    monkeypatch.setattr(installer.subprocess, "run", lambda words, check: commands.append(words))

    setup, archive = installer.make(frozen, tmp_path / "out")

    (words,) = commands
    assert words[0] == str(compiler)
    assert words[-1] == str(WINDOWS / "ecgview.iss")
    assert {f"/DFrozen={frozen}", f"/DOutput={tmp_path / 'out'}"} <= set(words)
    assert {"/DSigning", "/Secgview=signtool sign $f"} <= set(words)
    assert setup == tmp_path / "out" / f"ecgview-{product.VERSION}-windows-x64-setup.exe"
    assert archive.is_file()


def test_registry_is_read_from_what_the_system_prints(monkeypatch: pytest.MonkeyPatch) -> None:
    printed = (
        "\nHKEY_CURRENT_USER\\Software\\Classes\\.edf\n"
        "    (Default)    REG_SZ    ecgview.edf\n"
        "\nHKEY_CURRENT_USER\\Software\\Classes\\.edf\\OpenWithProgids\n"
        "    Other.edf    REG_SZ    \n    ecgview.edf    REG_SZ\n"
    )
    asked: list[tuple[str, ...]] = []

    def answer(system: Windows, program: str, *words: str) -> Ran:
        asked.append((program, *words))
        return Ran([], 0, printed, "")

    monkeypatch.setattr(Windows, "_call", answer)

    assert Windows().tree(r"HKCU\Software\Classes") == {
        ".edf": {"": "ecgview.edf"},
        r".edf\openwithprogids": {"Other.edf": "", "ecgview.edf": ""},
    }
    assert asked == [("reg", "query", r"HKCU\Software\Classes", "/s")]
    assert Windows().values(r"HKCU\Software\Classes\.edf")[""] == "ecgview.edf"


def test_paths_are_named_as_the_imitated_windows_does(tmp_path: Path) -> None:
    wine = WineWindows(tmp_path, ":9")
    (tmp_path / "drive_c" / "users" / "Public").mkdir(parents=True)
    (tmp_path / "drive_c" / "users" / "me").mkdir()

    assert wine.named(wine.local / "Programs") == r"C:\users\me\AppData\Local\Programs"
    assert wine.environment()["WINEPREFIX"] == str(tmp_path)
