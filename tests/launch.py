"""Run a program in two processes: by ``torchrun``, or as ``torchrun`` does it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

PROCESSES = 2
TIMEOUT_S = 300
_EVERYWHERE = {"OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo"}
Ran = subprocess.CompletedProcess[str]


def torchrun(*words: str) -> Ran:
    """Run ``torchrun`` with a script or ``-m module`` and its arguments, to its end."""
    launcher = (sys.executable, "-m", "torch.distributed.run", "--standalone")
    command = [*launcher, f"--nproc-per-node={PROCESSES}", *words]
    return subprocess.run(
        command,
        env=os.environ | _EVERYWHERE,
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S,
        check=False,
    )


def side_by_side(*words: str) -> Ran:
    """Do the same without the launcher, which takes seconds: for runs that end well."""
    place = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(_free_port())}
    numbers = {"WORLD_SIZE": str(PROCESSES), "LOCAL_WORLD_SIZE": str(PROCESSES)}
    with tempfile.TemporaryDirectory() as folder:
        outputs = [Path(folder, name) for name in ("stdout", "stderr")]
        with outputs[0].open("a") as out, outputs[1].open("a") as errors:
            running = [
                subprocess.Popen(
                    [sys.executable, *words],
                    env=os.environ | _EVERYWHERE | place | numbers | _ranks(number),
                    stdout=out,
                    stderr=errors,
                )
                for number in range(PROCESSES)
            ]
            try:
                ends = [process.wait(TIMEOUT_S) for process in running]
            finally:
                for process in running:
                    process.kill()
                    process.wait()
        told = [path.read_text() for path in outputs]
    return subprocess.CompletedProcess(words, max(ends, key=abs), *told)


def _ranks(number: int) -> dict[str, str]:
    return {"RANK": str(number), "LOCAL_RANK": str(number)}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
