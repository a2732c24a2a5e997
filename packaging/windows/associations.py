"""What the installer for Windows tells the system about file types, as an include file.

Every type is offered under *Open with*. For the proposed ones the installer asks, type by type,
whether a double-click should open ecgview; where another program does so already, the box
starts empty.
"""

from __future__ import annotations

from file_types import FILE_TYPES, FileType
from product import NAME, SUMMARY

CLASSES = r"Software\Classes"
PROGRAM = r"{app}\ecgview-gui.exe"
APPLICATION = rf"{CLASSES}\Applications\ecgview-gui.exe"
COMMAND = f'""{PROGRAM}"" ""%1""'
"""In Inno Setup's way of writing quotes inside quotes."""


def program_id(file_type: FileType) -> str:
    """Name of a type in the registry."""
    return f"{NAME}.{file_type.short_name}"


_GROUP = f'GroupDescription: "Open with {NAME} on a double-click:"'


def task(file_type: FileType) -> str:
    """Name of the box for a proposed type."""
    return "open_" + file_type.short_name.replace("-", "_")


def associations() -> str:
    """Lay out the include file: tasks, registry, and what gives the endings back."""
    proposed = [file_type for file_type in FILE_TYPES if file_type.proposed]
    sections = {
        "Tasks": [line for each in proposed for line in _task_lines(each)],
        "Registry": [
            *_application_lines(),
            *(line for each in FILE_TYPES for line in _open_with_lines(each)),
            *(_default_line(each, ending) for each in proposed for ending in each.endings),
        ],
        "Code": [
            "procedure GiveBackAll;",
            "begin",
            *(f"  GiveBack({_words(each, end)});" for each in proposed for end in each.endings),
            "end;",
        ],
    }
    return "\n\n".join("\n".join([f"[{name}]", *lines]) for name, lines in sections.items()) + "\n"


def _task_lines(file_type: FileType) -> list[str]:
    endings = ", ".join(file_type.endings)
    line = f'Name: {task(file_type)}; Description: "{file_type.name} ({endings})"; {_GROUP}'
    free = " and ".join(f"IsFree({_words(file_type, ending)})" for ending in file_type.endings)
    return [
        f'{line}; Check: "{free}"',
        f'{line}; Flags: unchecked; Check: "not ({free})"',
    ]


def _application_lines() -> list[str]:
    capabilities = rf"{APPLICATION}\Capabilities"
    return [
        _line(APPLICATION, "FriendlyAppName", NAME, "uninsdeletekey"),
        _line(rf"{APPLICATION}\DefaultIcon", "", f"{PROGRAM},0"),
        _line(rf"{APPLICATION}\shell\open\command", "", COMMAND),
        _line(capabilities, "ApplicationName", NAME),
        _line(capabilities, "ApplicationDescription", SUMMARY),
        _line(r"Software\RegisteredApplications", NAME, capabilities, "uninsdeletevalue"),
    ]


def _open_with_lines(file_type: FileType) -> list[str]:
    name = program_id(file_type)
    lines = [
        _line(rf"{CLASSES}\{name}", "", file_type.name, "uninsdeletekey"),
        _line(rf"{CLASSES}\{name}\DefaultIcon", "", f"{PROGRAM},0"),
        _line(rf"{CLASSES}\{name}\shell\open\command", "", COMMAND),
    ]
    for ending in file_type.endings:
        with_programs = rf"{CLASSES}\{ending}\OpenWithProgids"
        lines += [
            _line(rf"{APPLICATION}\SupportedTypes", ending, ""),
            _line(rf"{APPLICATION}\Capabilities\FileAssociations", ending, name),
            _key(rf"{CLASSES}\{ending}"),
            _key(with_programs),
            _line(with_programs, name, "", "uninsdeletevalue"),
        ]
    return lines


def _default_line(file_type: FileType, ending: str) -> str:
    line = _line(rf"{CLASSES}\{ending}", "", program_id(file_type))
    before = f"KeepPrevious({_words(file_type, ending)})"
    return f"{line}; Tasks: {task(file_type)}; BeforeInstall: {before}"


def _line(key: str, name: str, value: str, flag: str = "") -> str:
    line = (
        f'Root: HKA; Subkey: "{key}"; ValueType: string; ValueName: "{name}"; ValueData: "{value}"'
    )
    return f"{line}; Flags: {flag}" if flag else line


def _key(key: str) -> str:
    return f'Root: HKA; Subkey: "{key}"; Flags: uninsdeletekeyifempty'


def _words(file_type: FileType, ending: str) -> str:
    return f"'{ending}', '{program_id(file_type)}'"
