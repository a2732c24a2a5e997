"""The installer for Windows and the folder to unpack.

Run by ``packaging/installers.py``. Needs Inno Setup 6.3 or later, which ``ECGVIEW_ISCC`` may name;
``ECGVIEW_SIGN_COMMAND`` signs what is made.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from PIL import Image

from icons import draw_icon, write_icon
from product import DESCRIPTION, LICENCE, NAME, PUBLISHER, ROOT, SUMMARY, VERSION, WORDING
from windows.associations import associations
from windows.version_info import version_numbers

SCRIPT = Path(__file__).with_name("ecgview.iss")
PROGRAMS = ("ecgview-gui.exe", "ecgview.exe")
COMPILER = "ECGVIEW_ISCC"
SIGN_COMMAND = "ECGVIEW_SIGN_COMMAND"
"""Variable with the command that signs a file, in which ``$f`` stands for the file's name."""
WIZARD_IMAGES_PX = (55, 83, 110, 138)
"""Sides of the picture on the installer's pages, for screens at 100, 150, 200 and 250 %."""
USUAL_FOLDERS = ("ProgramFiles(x86)", "ProgramFiles", "LOCALAPPDATA")

BEFORE = f"""{WORDING}

{NAME} {VERSION}

{DESCRIPTION}

Everything runs on this computer: nothing is sent anywhere, and no updates are looked for.

The licences of all that is installed are in the folder _internal\\licences.
"""


def setup_name() -> str:
    """Name of the installer without its ending."""
    return f"{NAME}-{VERSION}-windows-x64-setup"


def make(frozen: Path, output: Path) -> list[Path]:
    """Make the installer and the zip archive.

    Parameters
    ----------
    frozen : Path
        The frozen folder, as ``build.py`` makes it on Windows.
    output : Path
        Folder for the results; made if need be.

    Returns
    -------
    list of Path
        The installer, then the archive.

    Raises
    ------
    SystemExit
        With a sentence, if Inno Setup or the programs are not there.
    subprocess.CalledProcessError
        If Inno Setup fails; it has said why.
    """
    check_programs(frozen)
    # The installer comes first: it may sign the programs, which the archive then holds signed.
    return [make_setup(frozen, output, [str(find_compiler())]), make_archive(frozen, output)]


def check_programs(frozen: Path) -> None:
    """Refuse a folder without the two programs."""
    missing = [name for name in PROGRAMS if not (frozen / name).is_file()]
    if missing:
        raise SystemExit(
            f"{frozen} lacks {' and '.join(missing)}: make it on Windows with packaging/build.py."
        )


def find_compiler() -> Path:
    """Find Inno Setup's compiler: as named, in ``PATH``, or where it is usually installed."""
    named = os.environ.get(COMPILER)
    on_path = shutil.which("ISCC")
    homes = [Path(os.environ[name]) for name in USUAL_FOLDERS if name in os.environ]
    usual = [
        home / folder / f"Inno Setup {release}" / "ISCC.exe"
        for home in homes
        for folder in ("", "Programs")
        for release in (6, 7)
    ]
    candidates = [Path(named)] if named else [*([Path(on_path)] if on_path else []), *usual]
    for candidate in candidates:
        if candidate.is_file():
            return candidate
    raise SystemExit(
        f"{named} is not there."
        if named
        else "Inno Setup's compiler, ISCC.exe, was not found. "
        f"Install Inno Setup 6 (winget install JRSoftware.InnoSetup) or name it in {COMPILER}."
    )


def make_setup(
    frozen: Path,
    output: Path,
    compiler: Sequence[str],
    translate: Sequence[str] = (),
    programs: str | None = None,
) -> Path:
    """Compile the installer.

    Parameters
    ----------
    frozen, output : Path
        As for `make`.
    compiler : sequence of str
        Inno Setup's compiler, as the words of a command.
    translate : sequence of str
        Command that turns a path of this system into one of the compiler's; none on Windows.
    programs : str, optional
        Where programs are installed, if not where Windows says; with Inno Setup's constants.

    Returns
    -------
    Path
        The installer.
    """
    output.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        generated = Path(folder)
        write_generated(generated)
        places = {"Frozen": frozen, "Output": output, "Generated": generated}
        words = [f"/D{name}={_of_compiler(at, translate)}" for name, at in places.items()]
        words += [f"/DPrograms={programs}"] if programs else []
        signing = os.environ.get(SIGN_COMMAND)
        if signing:
            words += ["/DSigning", f"/Secgview={signing}"]
        subprocess.run([*compiler, "/Q", *words, _of_compiler(SCRIPT, translate)], check=True)
    return output / f"{setup_name()}.exe"


def _of_compiler(path: Path, translate: Sequence[str]) -> str:
    absolute = str(path.resolve())
    if not translate:
        return absolute
    return subprocess.check_output([*translate, absolute], text=True).strip()


def write_generated(folder: Path) -> None:
    """Write what the script includes and shows, from the facts that all installers share."""
    write_icon(folder / "ecgview.ico")
    for side_px in WIZARD_IMAGES_PX:
        drawn = draw_icon(side_px, margin=0.05)
        on_white = Image.new("RGB", drawn.size, "white")
        on_white.paste(drawn, mask=drawn)
        on_white.save(folder / f"wizard-{side_px}.bmp")
    texts = {
        "settings.isi": settings(),
        "associations.isi": associations(),
        "licence.txt": (ROOT / "LICENSE").read_text(encoding="utf-8"),
        "before.txt": BEFORE,
    }
    for name, text in texts.items():
        # Inno Setup takes text for UTF-8 only if it starts with the mark.
        (folder / name).write_text(text, encoding="utf-8-sig", newline="\r\n")


def settings() -> str:
    """Lay out names and versions for the script's preprocessor."""
    values = {
        "Name": NAME,
        "Version": VERSION,
        "VersionNumbers": ".".join(map(str, version_numbers())),
        "Publisher": PUBLISHER,
        "Summary": SUMMARY,
        "Copyright": f"{PUBLISHER}, {LICENCE} licence",
        "OutputName": setup_name(),
    }
    return "".join(f'#define {name} "{value}"\n' for name, value in values.items())


def make_archive(frozen: Path, output: Path) -> Path:
    """Pack the frozen folder for those who unpack it themselves.

    Parameters
    ----------
    frozen, output : Path
        As for `make`.

    Returns
    -------
    Path
        The archive; it holds one folder with the version in its name.
    """
    output.mkdir(parents=True, exist_ok=True)
    archive = output / f"{NAME}-{VERSION}-windows-x64.zip"
    top = Path(f"{NAME}-{VERSION}")
    files = sorted(path for path in frozen.rglob("*") if path.is_file())
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, strict_timestamps=False) as packed:
        for file in files:
            packed.write(file, top / file.relative_to(frozen))
        packed.write(ROOT / "LICENSE", top / "LICENSE.txt")
        packed.writestr(str(top / "READ ME.txt"), BEFORE.replace("\n", "\r\n"))
    return archive
