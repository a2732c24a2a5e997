"""Run a program in two processes, as ``torchrun`` does."""

from __future__ import annotations

import os
import subprocess
import sys


def torchrun(*words: str, processes: int = 2) -> subprocess.CompletedProcess[str]:
    """Run ``torchrun`` with a script or ``-m module`` and its arguments, to its end."""
    launcher = (sys.executable, "-m", "torch.distributed.run", "--standalone")
    command = [*launcher, f"--nproc-per-node={processes}", *words]
    environment = os.environ | {"OMP_NUM_THREADS": "1", "GLOO_SOCKET_IFNAME": "lo"}
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=300, check=False
    )
