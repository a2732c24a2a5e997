"""All packages for Linux from the frozen folder: two archives and a package for Debian's family."""

from __future__ import annotations

import platform
import shutil
import sys
import tempfile
from pathlib import Path

from linux.archive import COMPRESSORS, write_archive
from linux.deb import write_deb
from linux.libraries import MissingLibraryError, Needs, needs_of
from linux.share import write_share
from product import NAME, ROOT, SUMMARY, VERSION, WORDING

HERE = Path(__file__).parent
BEST = 6
"""Level of compression: higher ones take several times the memory to gain a few megabytes."""


def make(frozen: Path, output: Path, level: int = BEST) -> list[Path]:
    """Make the packages.

    Parameters
    ----------
    frozen : Path
        The frozen folder.
    output : Path
        Where they are written.
    level : int
        Of compression, 1 to 9.

    Returns
    -------
    list of Path
        Archive as .tar.xz and .tar.gz, and the .deb where there is dpkg-deb.
    """
    needs = needs_of(frozen)
    print(needs.sentence)
    with tempfile.TemporaryDirectory(dir=output) as folder:
        share, readme = Path(folder, "share"), Path(folder, "README.txt")
        write_share(share, needs.sentence)
        readme.write_text(readme_text(needs), encoding="utf-8")
        # First what may lack something of this machine: packing takes minutes.
        debs = _deb(frozen, share, needs, output, level)
        return [*_archives(frozen, share, readme, output, level), *debs]


def _deb(frozen: Path, share: Path, needs: Needs, output: Path, level: int) -> list[Path]:
    if shutil.which("dpkg-deb") is None:
        print("No .deb is made: it takes Debian's dpkg-deb.")
        return []
    try:
        return [write_deb(frozen, share, needs, output, level)]
    except MissingLibraryError as error:
        sys.exit(str(error))


def _archives(frozen: Path, share: Path, readme: Path, output: Path, level: int) -> list[Path]:
    title = f"{NAME}-{VERSION}-linux-{platform.machine()}"
    files = [HERE / "install.sh", HERE / "uninstall.sh", ROOT / "LICENSE", readme]
    parts = {f"{title}/{file.name}": file for file in files}
    parts |= {f"{title}/{NAME}": frozen, f"{title}/share": share}
    return [write_archive(output / f"{title}{end}", parts, level) for end in COMPRESSORS]


def readme_text(needs: Needs) -> str:
    """Write what stands beside the program in the archive."""
    return f"""{NAME} {VERSION} for Linux: {SUMMARY[0].lower()}{SUMMARY[1:]}.

{WORDING}

{needs.sentence}
(`ldd --version` says which one you have.) Python is not needed.

To try it without installing anything:

    ./{NAME}/{NAME} demo

To install it for yourself, without administrator's rights, into ~/.local, with an entry in the
menus, file types and the commands `ecgview` and `ecgview-gui`:

    sh install.sh                       (or: sh install.sh --prefix FOLDER)

To remove it again; your settings, notes and models stay:

    sh uninstall.sh                     (or: sh ~/.local/lib/ecgview/uninstall.sh)

A newer version is installed over an older one. The licences of everything inside are in
{NAME}/_internal/licences.
"""
