"""The page of ``man ecgview``, from what the command line says of itself."""

from __future__ import annotations

from importlib import import_module

from ecgview.cli import COMMANDS
from product import DESCRIPTION, NAME, SUMMARY, VERSION, WORDING
from source_date import source_date

FOLDERS = (
    ("$XDG_CONFIG_HOME/ecgview", "settings and remembered corrections; ~/.config by default"),
    ("$XDG_DATA_HOME/ecgview", "models of your own, training runs; ~/.local/share by default"),
    ("$XDG_CACHE_HOME/ecgview", "prepared recordings; ~/.cache by default"),
)


def manual_page() -> str:
    """Write the page in the macros of man(7)."""
    return "\n".join(
        [
            f'.TH {NAME.upper()} 1 "{source_date():%Y-%m-%d}" "{NAME} {VERSION}" "User Commands"',
            ".SH NAME",
            f"{NAME}, {NAME}\\-gui \\- {_plain(SUMMARY[0].lower() + SUMMARY[1:])}",
            ".SH SYNOPSIS",
            *(f".B {NAME}", ".RI [ FILE .\\|.\\|. ]", ".br"),
            *(f".B {NAME}", ".I COMMAND", ".RI [ OPTIONS ]"),
            ".SH DESCRIPTION",
            _plain(DESCRIPTION),
            ".PP",
            "With files instead of a command, or with nothing, the window opens.",
            f".B {NAME}\\-gui",
            "always opens the window.",
            ".PP",
            _plain(WORDING),
            ".SH COMMANDS",
            *_commands(),
            ".PP",
            f".B {NAME}",
            ".IR \"COMMAND\" \" \\-\\-help\"",
            "lists the options of a command.",
            ".SH FILES",
            *(line for name, use in FOLDERS for line in (".TP", f".I {_plain(name)}", _plain(use))),
            "",
        ]
    )  # fmt: skip


def _commands() -> list[str]:
    lines = []
    for name in COMMANDS:
        lines += [".TP", f".B {name}", _plain(import_module(f"ecgview.cli.{name}").HELP)]
    return lines


def _plain(text: str) -> str:
    """Escape what would be a request, or a sign of another kind, to the typesetter."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-").replace("~", "\\(ti")
    return escaped.replace("%%", "%")
