"""A small Debian in a folder, to install packages into: made by debootstrap, entered by chroot."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from check.running import CheckError, LeftOut

TIMEOUT_S = 1800
TOOLS = ("debootstrap", "chroot", "unshare", "apt-get")
PLAIN = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8"}
PASSED_ON = ("http_proxy", "https_proxy", "no_proxy")
CHANGING = ("dev", "proc", "run", "sys", "tmp", "home", "var/cache", "var/lib", "var/log")
"""Where the system keeps its books and its users their files."""


@dataclass(frozen=True)
class DebianRoot:
    """A small Debian.

    Attributes
    ----------
    folder : Path
        Its root.
    """

    folder: Path

    @classmethod
    def made(cls, folder: Path) -> DebianRoot:
        """Make one of the same release as this system.

        Parameters
        ----------
        folder : Path
            For its root; may not exist yet.

        Raises
        ------
        LeftOut
            If the tools, the rights or the network for it are missing.
        """
        lacking = [tool for tool in TOOLS if shutil.which(tool) is None]
        if lacking:
            raise LeftOut(f"{', '.join(lacking)} is not installed")
        if os.geteuid() != 0:
            raise LeftOut("a Debian of its own needs the rights of root")
        release = platform.freedesktop_os_release().get("VERSION_CODENAME", "stable")
        # What it mounts, were it stopped, would stay; in a name space of its own it does not.
        command = ["unshare", "--mount", "debootstrap", "--variant=minbase", release, str(folder)]
        making = _ran(command, os.environ)
        if making.returncode:
            raise LeftOut(f"debootstrap could not make a Debian: {making.stdout[-300:].strip()}")
        root = cls(folder)
        root.run("apt-get", "update", "-qq")
        return root

    def run(self, *words: str) -> str:
        """Run a command as root inside, and give what it printed; a `CheckError` if it fails."""
        return self._inside(words, [], {"DEBIAN_FRONTEND": "noninteractive"})

    def run_as(self, user: str, *words: str) -> str:
        """Run a command as a user inside, without a display."""
        return self._inside(words, [f"--userspec={user}:{user}"], {"HOME": f"/home/{user}"})

    def _inside(self, words: Sequence[str], options: list[str], extra: dict[str, str]) -> str:
        # In a name space of its own, so that what is mounted goes with the command.
        mounting = 'mount -t proc proc "$0/proc" && cd / && exec "$@"'
        command = ["unshare", "--mount", "sh", "-c", mounting, str(self.folder)]
        entering = ["chroot", *options, str(self.folder), *words]
        passed = {name: os.environ[name] for name in PASSED_ON if name in os.environ}
        ran = _ran([*command, *entering], PLAIN | passed | extra)
        if ran.returncode:
            raise CheckError(f"In Debian, {' '.join(words)} failed:\n{ran.stdout}{ran.stderr}")
        return ran.stdout

    def files(self) -> set[str]:
        """Name all files that stay, other than the system's books and the users' own."""
        changing = [self.folder / name for name in CHANGING]
        found = set()
        for folder, names, files in os.walk(self.folder):
            here = Path(folder)
            names[:] = [name for name in names if here / name not in changing]
            found |= {str((here / name).relative_to(self.folder)) for name in (*names, *files)}
        return found


def _ran(
    command: Sequence[str], environment: Mapping[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        timeout=TIMEOUT_S,
    )
