"""Load torch's shared libraries at the right moment, without importing torch.

Two facts make this necessary. On Windows, torch's DLLs must be loaded before Qt's (torch 2.9
and later), else ``c10.dll`` fails to initialise. And everywhere the dynamic loader runs for a
few hundred milliseconds while Python's import holds the interpreter lock, which would freeze the
window; a foreign call through ctypes lets the lock go, and the import that follows finds the
libraries already loaded.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from pathlib import Path


def load_before_qt() -> None:
    """On Windows, load torch's core DLLs now, before Qt's; elsewhere do nothing."""
    folder = _library_folder()
    if sys.platform == "win32" and folder is not None:
        os.add_dll_directory(str(folder))
        for name in ("c10.dll",):
            if (folder / name).is_file():
                ctypes.CDLL(str(folder / name))


def load_without_the_lock() -> None:
    """Load torch's largest library in this thread while the other threads go on."""
    folder = _library_folder()
    if folder is None or sys.platform == "win32":
        return
    suffix = ".dylib" if sys.platform == "darwin" else ".so"
    library = folder / f"libtorch_python{suffix}"
    if library.is_file():
        load = ctypes.CDLL(None).dlopen
        load.argtypes = [ctypes.c_char_p, ctypes.c_int]
        load.restype = ctypes.c_void_p
        load(os.fsencode(library), os.RTLD_NOW | os.RTLD_GLOBAL)


def _library_folder() -> Path | None:
    spec = importlib.util.find_spec("torch")
    if spec is None or spec.origin is None:
        return None
    return Path(spec.origin).parent / "lib"
