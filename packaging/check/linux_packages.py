"""The packages for Linux: unpacked, installed, run, removed; the .deb in a Debian of its own."""

from __future__ import annotations

import os
import shutil
import struct
import subprocess
import tempfile
from collections.abc import Callable, Sequence
from configparser import ConfigParser
from pathlib import Path

from samples import SAMPLES, make_ecg

from check.debian_root import DebianRoot
from check.running import ODD_NAME, CheckError, LeftOut, demand
from check.window import PICTURE_SIZE, SMALLEST_PICTURE_BYTES
from linux.mime_types import MARKS
from product import IDENTIFIER, VERSION

LARGEST_ARCHIVE_MB = 300
TIMEOUT_S = 900
MIME_OF_READER = {
    "WFDB": "application/x-wfdb-header",
    "EDF": "application/x-edf",
    "SCP-ECG": "application/x-scp-ecg",
    "ISHNE Holter": "application/x-ecg",
    "MFER": "application/x-mfer",
    "HL7 aECG": "application/xml",
    "CSV": "text/csv",
}
"""What the desktop calls our own files, and what it goes on calling others'."""


def run(command: Sequence[str | Path], status: int = 0, **how: object) -> str:
    """Run a command, demand how it ends, and give what it printed."""
    words = [str(word) for word in command]
    ran = subprocess.run(  # type: ignore[call-overload]
        words, **how, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=TIMEOUT_S
    )
    if ran.returncode != status:
        raise CheckError(
            f"{' '.join(words)} ended with {ran.returncode}:\n{ran.stdout}{ran.stderr}"
        )
    return str(ran.stdout)


def only(folder: Path, pattern: str) -> Path:
    """Give the one file of a pattern."""
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        raise CheckError(f"{pattern} is there {len(found)} times in {folder}.")
    return found[0]


def need(*tools: str) -> None:
    """Leave the check out where a tool is missing."""
    lacking = [tool for tool in tools if shutil.which(tool) is None]
    if lacking:
        raise LeftOut(f"{', '.join(lacking)} is not installed")


def check_size(packages: Path, _: Path) -> None:
    size_mb = only(packages, "*.tar.xz").stat().st_size / 1e6
    demand(size_mb < LARGEST_ARCHIVE_MB, f"The archive has {size_mb:.0f} MB.")


def demand_picture(content: bytes) -> None:
    """Demand a full picture of the window."""
    size = struct.unpack(">2I", content[16:24])
    is_full = size == PICTURE_SIZE and len(content) > SMALLEST_PICTURE_BYTES
    demand(is_full, f"The picture has {size} pixels in {len(content)} bytes.")


def snapshot(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def demand_same(before: set[str], after: set[str]) -> None:
    """Demand that nothing was left and nothing was lost."""
    left, lost = sorted(after - before), sorted(before - after)
    demand(not left, f"Left behind: {', '.join(left[:20])}.")
    demand(not lost, f"Lost: {', '.join(lost[:20])}.")


def check_archive(packages: Path, folder: Path) -> None:
    """Unpack, install for a user, ask the desktop about files, run, remove."""
    need("update-mime-database", "update-desktop-database", "desktop-file-validate", "gio")
    home = folder / ODD_NAME
    home.mkdir()
    run(["tar", "-xf", only(packages, "*.tar.xz"), "-C", folder])
    unpacked = only(folder, "ecgview-*")
    share = home / ".local" / "share"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    environment |= {"HOME": str(home), "XDG_DATA_HOME": str(share), "QT_QPA_PLATFORM": "offscreen"}
    before = snapshot(home)
    print(run(["sh", unpacked / "install.sh"], env=environment), end="")
    shutil.rmtree(unpacked)
    demand_types(folder, environment)
    record = next((folder / "files").rglob("*.hea"))
    demand_entry(share, record, environment)
    for used in (".cache", ".config"):
        shutil.rmtree(home / used, ignore_errors=True)
    run(["sh", home / ".local/lib/ecgview/uninstall.sh"], env=environment)
    demand_same(before, snapshot(home))


def demand_entry(share: Path, record: Path, environment: dict[str, str]) -> None:
    """Demand that the entry in the menu is valid, and opens a file in the program."""
    path = share / "applications" / f"{IDENTIFIER}.desktop"
    said = run(["desktop-file-validate", path])
    demand(not said, f"The menu entry is not valid: {said}")
    parser = ConfigParser(interpolation=None)
    parser.read(path, encoding="utf-8")
    program, demo = (
        parser[section]["Exec"].removesuffix(words).strip('"')
        for section, words in (("Desktop Entry", " %F"), ("Desktop Action demo", " demo"))
    )
    printed = run([demo, "--version"], env=environment).strip()
    demand(printed == f"ecgview {VERSION}", f"The menu's program prints {printed}.")
    picture = share.parent / "opened.png"
    run([program, record, "--screenshot", picture], env=environment)
    demand_picture(picture.read_bytes())
    picture.unlink()


def demand_types(folder: Path, environment: dict[str, str]) -> None:
    """Demand that the desktop knows our files, ours without their endings too, and no others."""
    session = folder / "lesson.ecgview"
    session.write_text('{\n "format": "ecgview session",\n "version": 1\n}\n', encoding="utf-8")
    expected = {session: "application/x-ecgview-session"}
    for number, sample in enumerate(SAMPLES):
        if sample.reader in MIME_OF_READER:
            place = folder / "files" / str(number)
            place.mkdir(parents=True)
            expected[sample.make(place, make_ecg())] = MIME_OF_READER[sample.reader]
    for path in [
        path for path, mime in expected.items() if mime in MARKS and path.suffix != ".scp"
    ]:
        nameless = path.with_name("nameless")
        shutil.copyfile(path, nameless)
        expected[nameless] = expected[path]
    for path, mime in expected.items():
        shown = run(["gio", "info", "-a", "standard::content-type", path], env=environment)
        kind = shown.rpartition("content-type:")[2].split()[0]
        demand(kind == mime, f"{path.name} is taken for {kind}, not for {mime}.")
        is_ours = mime.startswith("application/x-")
        registered = f"{IDENTIFIER}.desktop" in run(["gio", "mime", mime], env=environment)
        demand(
            registered == is_ours, f"ecgview is{'' if registered else ' not'} offered for {mime}."
        )


def check_lint(packages: Path, _: Path) -> None:
    """Let Debian's own checker read the package; it knows no errors that are not in OVERRIDES."""
    need("lintian")
    command = ["lintian", "--fail-on", "error", "--tag-display-limit", "20", "--allow-root"]
    said = run([*command, only(packages, "*.deb")])
    if said:
        print(said, end="")


def check_deb(packages: Path, _: Path) -> None:
    """Install into a small Debian, run as a user without rights, purge, and compare."""
    # In a folder with a plain name, for debootstrap knows no spaces.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        root = DebianRoot.made(Path(folder, "root"))
        root.run("apt-get", "install", "--yes", "-qq", "shared-mime-info", "desktop-file-utils")
        root.run("useradd", "--create-home", "tester")
        before = root.files()
        package = only(packages, "*.deb")
        shutil.copy(package, root.folder / "tmp")
        install = ("apt-get", "install", "--yes", "-qq", "--no-install-recommends")
        root.run(*install, f"/tmp/{package.name}")
        demand_runs(root)
        root.run("apt-get", "purge", "--yes", "-qq", "--auto-remove", "ecgview")
        demand_same(before, root.files())


def demand_runs(root: DebianRoot) -> None:
    """Demand that a user can run what was installed, and that the desktop was told."""
    printed = root.run_as("tester", "ecgview", "--version").strip()
    demand(printed == f"ecgview {VERSION}", f"The installed program prints {printed}.")
    root.run_as("tester", "ecgview", "demo", "--screenshot", "/home/tester/demo.png")
    demand_picture((root.folder / "home/tester/demo.png").read_bytes())
    share = root.folder / "usr" / "share"
    for cache in ("mime/globs2", "applications/mimeinfo.cache"):
        text = (share / cache).read_text(encoding="utf-8")
        demand("application/x-ecgview-session" in text, f"{cache} does not know sessions.")
    sums = root.run("dpkg", "--verify", "ecgview").strip()
    demand(not sums, f"Files differ from their sums: {sums}")


CHECKS: dict[str, Callable[[Path, Path], None]] = {
    f"the archive has less than {LARGEST_ARCHIVE_MB} MB": check_size,
    "the archive installs for a user, is known to the desktop, runs, and is removed": check_archive,
    "lintian finds no error in the .deb": check_lint,
    "the .deb installs into a bare Debian, runs there, and is purged": check_deb,
}
