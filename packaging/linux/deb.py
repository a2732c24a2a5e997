"""The package for Debian and its family (Ubuntu, Mint): made by dpkg-deb itself.

No script runs when it is installed or removed: Debian's own triggers bring the caches of menus,
icons, types and manuals up to date, and dpkg takes away what it laid down.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import shutil
import subprocess
import tempfile
import textwrap
from pathlib import Path

from linux.archive import usual_mode
from linux.desktop import GENERIC_NAME
from linux.libraries import Needs, debian_depends
from product import DESCRIPTION, NAME, PUBLISHER, ROOT, SUMMARY, VERSION, WORDING
from source_date import source_date, source_date_s

MAINTAINER = f"{PUBLISHER} <developers@{NAME}.invalid>"
"""Debian wants an address; one in `.invalid` says that there is none (RFC 2606)."""
PROGRAMS = (NAME, f"{NAME}-gui")
OVERRIDES = {
    "embedded-library": "it brings the libraries it was tested with, as one folder",
    "unstripped-binary-or-object": "the libraries are shipped as their projects released them",
    "unstripped-static-library": "the libraries are shipped as their projects released them",
    "hardening-no-pie": "the libraries are shipped as their projects released them",
    "hardening-no-relro": "the libraries are shipped as their projects released them",
    "hardening-no-fortify-functions": "the libraries are shipped as their projects released them",
    "custom-library-search-path": "the libraries look for each other within the folder",
    "library-not-linked-against-libc": "the libraries are shipped as they were released",
    "wrong-path-for-interpreter": "scripts inside torch and others that ecgview never runs",
    "shared-library-lacks-prerequisites": "the libraries are shipped as they were released",
    "duplicate-font-file": "figures are drawn with the same letters on every system",
    "initial-upload-closes-no-bugs": "it is not part of Debian",
}
"""What lintian finds and why it stays."""


def write_deb(frozen: Path, share: Path, needs: Needs, output: Path, level: int) -> Path:
    """Make the package.

    Parameters
    ----------
    frozen, share : Path
        The frozen folder, and what goes into ``/usr/share``.
    needs : Needs
        Of the frozen folder.
    output : Path
        The folder it is written to.
    level : int
        Of compression, 1 to 9.

    Returns
    -------
    Path
        The package.
    """
    depends = debian_depends(needs)
    with tempfile.TemporaryDirectory(dir=output) as folder:
        tree = Path(folder, "tree")
        _lay_out(tree, frozen, share)
        architecture = _architecture()
        _write_control(tree, depends, architecture)
        _make_usual(tree)
        path = output / f"{NAME}_{VERSION}_{architecture}.deb"
        pack = ("dpkg-deb", "--root-owner-group", "--threads-max=2", "-Zxz", f"-z{level}")
        date = {"SOURCE_DATE_EPOCH": str(source_date_s())}
        command = [*pack, "--build", str(tree), str(path)]
        subprocess.run(command, env=os.environ | date, check=True, stdout=subprocess.DEVNULL)
    return path


def _architecture() -> str:
    command = ["dpkg", "--print-architecture"]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()


def _lay_out(tree: Path, frozen: Path, share: Path) -> None:
    """Put everything at the place it will have."""
    shutil.copytree(frozen, tree / "usr" / "lib" / NAME, symlinks=True)
    shutil.copytree(share, tree / "usr" / "share")
    (tree / "usr" / "bin").mkdir()
    for program in PROGRAMS:
        (tree / "usr" / "bin" / program).symlink_to(f"../lib/{NAME}/{NAME}")
    manuals = tree / "usr" / "share" / "man" / "man1"
    _gzip(manuals / f"{NAME}.1.gz", (manuals / f"{NAME}.1").read_bytes())
    (manuals / f"{NAME}.1").unlink()
    (manuals / f"{NAME}-gui.1.gz").symlink_to(f"{NAME}.1.gz")
    documents = tree / "usr" / "share" / "doc" / NAME
    documents.mkdir(parents=True)
    (documents / "copyright").write_text(copyright_text(), encoding="utf-8")
    _gzip(documents / "changelog.gz", _changelog().encode())
    overrides = tree / "usr" / "share" / "lintian" / "overrides" / NAME
    overrides.parent.mkdir(parents=True)
    lines = (f"# {why}\n{NAME}: {tag}\n" for tag, why in OVERRIDES.items())
    overrides.write_text("".join(lines), encoding="utf-8")


def _gzip(path: Path, content: bytes) -> None:
    path.write_bytes(gzip.compress(content, mtime=0))


def _changelog() -> str:
    date = f"{source_date():%a, %d %b %Y %H:%M:%S +0000}"
    return (
        f"{NAME} ({VERSION}) stable; urgency=medium\n\n"
        f"  * Version {VERSION}; CHANGELOG.md of the sources says what is new.\n\n"
        f" -- {MAINTAINER}  {date}\n"
    )


def copyright_text() -> str:
    """Write whose work is inside and on which terms, in Debian's form."""
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8").split("\n")
    holder = next(line for line in licence if line.startswith("Copyright")).partition(") ")[2]
    terms = "\n".join(licence[licence.index(next(x for x in licence if x.startswith("Perm"))) :])
    return f"""Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: {NAME}
Comment: Python, Qt, PyTorch and all other software inside, with its licences, is listed in
 /usr/lib/{NAME}/_internal/licences; Qt is under the LGPL 3, see
 /usr/share/common-licenses/LGPL-3.

Files: *
Copyright: {holder}
License: Expat

License: Expat
{_continued(terms)}
"""


def _continued(text: str) -> str:
    """Indent lines as Debian's fields want them, broken at 79 letters, a dot for an empty one."""
    paragraphs = text.strip().split("\n")
    lines = (line for each in paragraphs for line in textwrap.wrap(each, 78) or ["."])
    return "\n".join(f" {line}" for line in lines)


def _write_control(tree: Path, depends: list[str], architecture: str) -> None:
    files = sorted(path for path in tree.rglob("*") if path.is_file() and not path.is_symlink())
    size_kib = sum((path.stat().st_size + 1023) // 1024 for path in files)
    fields = {
        "Package": NAME,
        "Version": VERSION,
        "Architecture": architecture,
        "Maintainer": MAINTAINER,
        "Installed-Size": str(size_kib),
        "Depends": ", ".join(depends),
        "Section": "science",
        "Priority": "optional",
        "Description": f"{GENERIC_NAME}: {SUMMARY[0].lower()}{SUMMARY[1:]}\n"
        + _continued(f"{DESCRIPTION}\n\n{WORDING}"),
    }
    control = tree / "DEBIAN"
    control.mkdir()
    text = "".join(f"{name}: {value}\n" for name, value in fields.items())
    (control / "control").write_text(text, encoding="utf-8")
    sums = (f"{_md5(path)}  {path.relative_to(tree).as_posix()}\n" for path in files)
    (control / "md5sums").write_text("".join(sums), encoding="utf-8")


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "md5").hexdigest()


def _make_usual(tree: Path) -> None:
    """Give all files the usual permissions and the date of the sources."""
    moment_s = source_date_s()
    for path in [tree, *tree.rglob("*")]:
        if not path.is_symlink():
            path.chmod(usual_mode(path))
        os.utime(path, (moment_s, moment_s), follow_symlinks=False)
