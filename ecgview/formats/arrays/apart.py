"""A process of its own for libraries in C that a damaged file can hang or crash.

No time limit inside a process ends a loop in C; ending the process does.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

from ecgview.errors import EcgviewError, RecordingError
from ecgview.formats.guard import brief

TIME_LIMIT_S = 6.0
"""A request that takes longer, and a second for each 10 MB it asks for, is given up."""
START_LIMIT_S = 60.0
"""Starting the process takes a second, and longer where the disk is slow or watched."""
IDLE_S = 60.0
"""A process that nothing was asked for so long ends."""
ORPHAN_S = 120.0
"""A process whose request takes longer ends by itself."""
MEMORY_LIMIT = 2_000_000_000
"""Bytes of address space that the process may take, where the system can limit it."""
BYTES_PER_S = 1e7


class Apart:
    """Calls functions in a process of its own, which is started when it is first needed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: SpawnProcess | None = None
        self._pipe: Connection | None = None
        self._owner = 0

    def call(self, path: Path, format_name: str, function: str, *args: Any, size: int = 0) -> Any:
        """Call a function there.

        Parameters
        ----------
        path : Path
            The file it reads, for messages.
        format_name : str
            What the file is taken for.
        function : str
            ``module:function``.
        *args
            For the function; they and what it gives are pickled.
        size : int
            Bytes that are asked for, which take their time.

        Returns
        -------
        object
            What the function gives.

        Raises
        ------
        RecordingError
            If the function raises one, takes too long, or brings its process down.
        """
        # A worker of somebody's pool may start no process; there a damaged file hangs a worker.
        is_worker = multiprocessing.current_process().daemon
        if is_worker:
            outcome = _answer(function, args)
        else:
            outcome = self._ask(path, format_name, function, args, size)
        if isinstance(outcome, EcgviewError):
            raise outcome
        return outcome

    def _ask(
        self, path: Path, format_name: str, function: str, args: tuple[Any, ...], size: int
    ) -> Any:
        with self._lock:
            try:
                pipe = self._send((function, args))
                if not pipe.poll(TIME_LIMIT_S + size / BYTES_PER_S):
                    raise TimeoutError
                return pipe.recv()
            except (TimeoutError, EOFError, OSError) as error:
                self.stop()
                raise RecordingError(
                    f"{path.name} cannot be read as {format_name}: its reader did not come back.",
                    "The file is damaged, or its disk is very slow; copy or export it again.",
                ) from error

    def _send(self, request: Any) -> Connection:
        if self._pipe is not None and self._owner == os.getpid():
            # A process that ended for having nothing to do is no failure.
            with suppress(OSError):
                if self._process is not None and self._process.is_alive():
                    self._pipe.send(request)
                    return self._pipe
        pipe = self._start()
        pipe.send(request)
        return pipe

    def _start(self) -> Connection:
        self.stop()
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        self._process = context.Process(target=serve, args=(theirs,), daemon=True)
        with _without_main():
            self._process.start()
        theirs.close()
        self._pipe, self._owner = ours, os.getpid()
        if not ours.poll(START_LIMIT_S):
            raise TimeoutError
        ours.recv()
        return ours

    def stop(self) -> None:
        """End the process; the next call starts another."""
        if self._process is not None and self._owner == os.getpid():
            self._process.kill()
            self._process.join()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None


@contextmanager
def _without_main() -> Iterator[None]:
    """Keep a new process from running the user's script again, as it would by default."""
    main: dict[str, Any] = sys.modules["__main__"].__dict__
    hidden: dict[str, Any] = {name: main[name] for name in ("__file__", "__spec__") if name in main}
    main.pop("__file__", None)
    main["__spec__"] = None
    try:
        yield
    finally:
        main.update(hidden)


def serve(pipe: Connection) -> None:
    """Answer requests until the other side is gone or has nothing to ask.

    Parameters
    ----------
    pipe : Connection
        Where requests come from.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    _limit_memory()
    pipe.send("ready")
    while pipe.poll(IDLE_S):
        try:
            function, args = pipe.recv()
            _end_after(ORPHAN_S)
            pipe.send(_answer(function, args))
            _end_after(0)
        except (EOFError, OSError):
            return


def _answer(function: str, args: tuple[Any, ...]) -> Any:
    module, name = function.split(":")
    try:
        return getattr(importlib.import_module(module), name)(*args)
    except EcgviewError as error:
        return error
    except Exception as error:
        return RecordingError(f"Reading failed ({brief(error)}).", "The file may be damaged.")


def _limit_memory() -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (MEMORY_LIMIT, hard))


def _end_after(seconds: float) -> None:
    """Let the system end this process even in a loop in C, should the other side be gone."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


APART = Apart()
"""The one process for all files."""
