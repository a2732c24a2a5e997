"""Load torch's shared libraries at the right moment, without importing torch.

Two facts make this necessary. On Windows, torch's DLLs must be loaded before Qt's (torch 2.9
and later), else ``c10.dll`` fails to initialise. And everywhere the dynamic loader runs for a
few hundred milliseconds while Python's import holds the interpreter lock, which would freeze the
window; a foreign call through ctypes lets the lock go, and the import that follows finds the
libraries already loaded.
"""

from __future__ import annotations

import ctypes
import gc
import importlib.util
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def load_before_qt() -> None:
    """On Windows, load torch's core DLL now, before Qt's; elsewhere do nothing."""
    folder = _library_folder()
    if sys.platform == "win32" and folder is not None and (folder / "c10.dll").is_file():
        os.add_dll_directory(str(folder))
        # Where Microsoft's runtime is missing or too old, Qt's wheels bring one that serves torch
        # as well, once it is loaded; so the window opens in any case.
        with suppress(OSError):
            ctypes.CDLL(str(folder / "c10.dll"))


def load_without_the_lock() -> None:
    """Load torch's largest library in this thread while the other threads go on."""
    folder = _library_folder()
    name = {"win32": "torch_python.dll", "darwin": "libtorch_python.dylib"}.get(
        sys.platform, "libtorch_python.so"
    )
    if folder is None or not (folder / name).is_file():
        return
    if sys.platform == "win32":
        with suppress(OSError):  # the import that follows says why
            ctypes.CDLL(str(folder / name))  # lets the lock go by itself
    else:
        load = ctypes.CDLL(None).dlopen
        load.argtypes = [ctypes.c_char_p, ctypes.c_int]
        load.restype = ctypes.c_void_p
        load(os.fsencode(folder / name), os.RTLD_NOW | os.RTLD_GLOBAL)


@contextmanager
def loading_quietly() -> Iterator[None]:
    """Import torch inside this: its libraries are loaded, and garbage is not collected meanwhile.

    The import makes a million lasting objects; collecting garbage among them again and again
    would hold the interpreter lock for up to half a second at a time. They are set apart at the
    end, so that later collections pass over them as well.
    """
    load_without_the_lock()
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if was_enabled:
            gc.enable()


def _library_folder() -> Path | None:
    spec = importlib.util.find_spec("torch")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "lib"
