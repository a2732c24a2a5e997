"""No network: none is needed, and none is asked for."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

from check.running import AVAILABLE, Bench, CheckError, LeftOut, Word
from check.training import training_words

_OUTWARD = re.compile(r"\bsocket\(AF_(?!UNIX|LOCAL)\w+.*|\bconnect\(.*sa_family=AF_(?!UNIX).*")


def commands(bench: Bench, folder: Path) -> list[tuple[Word, ...]]:
    """List the commands tried: one that opens the window, one with torch, one that trains."""
    drawn = ("--leads", AVAILABLE, "--screenshot", folder / "window.png")
    return [
        ("open", bench.record, *drawn),
        ("reconstruct", bench.record, "--leads", AVAILABLE, "--output", folder / "rebuilt"),
        training_words(bench, folder / "trained"),
    ]


def check_without_network(bench: Bench) -> None:
    apart = alone_words()
    for words in commands(bench, bench.place("no network")):
        bench.run([*apart, bench.application.console, *words])


def alone_words() -> list[str]:
    """Give the words that run a command where there is no network, not even a local one."""
    if sys.platform != "linux" or not shutil.which("unshare"):
        raise LeftOut("only Linux's unshare takes the network away")
    for words in (["unshare", "--net"], ["unshare", "--map-root-user", "--net"]):
        if subprocess.run([*words, "true"], capture_output=True).returncode == 0:
            return words
    raise LeftOut("this user may not make a network namespace")


def check_no_sockets(bench: Bench) -> None:
    if sys.platform != "linux" or not shutil.which("strace"):
        raise LeftOut("strace is not installed")
    folder = bench.place("sockets")
    log = folder / "calls"
    traced: list[Word] = ["strace", "-f", "--seccomp-bpf", "-qq", "-e", "trace=network", "-o", log]
    for words in commands(bench, folder):
        bench.run([*traced, bench.application.console, *words])
        outward = outward_calls(log.read_text(encoding="utf-8", errors="replace"))
        if outward:
            raise CheckError(f"`ecgview {words[0]}` opens sockets:\n" + "\n".join(outward[:5]))


def outward_calls(trace: str) -> list[str]:
    """Find, in what strace wrote, the sockets that are not between processes of this computer."""
    return _OUTWARD.findall(trace)


CHECKS = {
    "works where there is no network": check_without_network,
    "opens no socket to any network": check_no_sockets,
}
