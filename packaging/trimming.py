"""What of the libraries is left out of the frozen application, and how the rest is made smaller.

Most of it is torch: its tests and headers, the sources beside the compiled modules, and, on Linux,
the names of the functions inside its libraries, which only a debugger reads.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

Entry = tuple[str, str, str]
"""PyInstaller's: place in the application, source, kind."""

# Imported somewhere below torch, scipy, pandas, neurokit2, pyarrow, onnxruntime or wfdb, by
# functions that ecgview never calls.
EXCLUDED_MODULES = [
    *("pylab", "IPython", "tkinter", "pyqtgraph", "matplotlib.tests", "matplotlib.testing"),
    *("matplotlib.backends.qt_compat", "matplotlib.backends._backend_tk"),
    *("PIL.ImageQt", "PIL.ImageTk", "PIL._avif"),
    *(
        "pytest",
        "_pytest",
        "py",
        "test",
        "mypy",
        "hypothesis",
        "setuptools",
        "pkg_resources",
        "pip",
    ),
    *("jinja2", "markupsafe", "pygments", "networkx", "numba"),
    *("aiohttp", "yarl", "multidict", "propcache", "lxml", "tensorboard", "sqlite3", "readline"),
    *("PySide6.QtNetwork", "pandas.tests", "sklearn.tests", "sklearn.datasets.tests"),
    *("ecgdatakit.processing", "ecgdatakit.plotting", "ecgdatakit.anonymize"),
    *("onnx", "google.protobuf", "ml_dtypes", "cyclonedx"),
    # Parquet files are read from disk, whole, in one thread.
    *(f"pyarrow.{name}" for name in ("acero", "cffi", "csv", "cuda", "dataset", "feather")),
    *(f"pyarrow.{name}" for name in ("flight", "gandiva", "interchange", "jvm", "orc")),
    *(f"pyarrow.{name}" for name in ("_azurefs", "_gcsfs", "_hdfs", "_s3fs", "substrait", "tests")),
    *(f"onnxruntime.{name}" for name in ("backend", "quantization", "tools", "transformers")),
    *("torch.utils.tensorboard", "torch.utils.bottleneck", "torch.testing._internal.generated"),
    *("torch.testing._internal.common_methods_invocations", "torch.testing._internal.opinfo"),
]

# Taken along by rules for whole packages. libmvec is a part of the C library of each system.
UNUSED_FILES = re.compile(
    r"torch/(test|include|share)/|torch/bin/(?!torch_shm_manager)"
    r"|torch/lib/(\w*_test\.|libaoti_custom_ops\.|libbackend_with_compiler\.)"
    r"|PySide6/(Qt/)?translations/|PySide6/opengl32sw\.dll|libmvec\.so|hypothesis-|\w+/.*\.pyi$"
    r"|matplotlib/mpl-data/(sample_data|images|stylelib|plot_directive)/"
    r"|matplotlib/mpl-data/fonts/(afm|pdfcorefonts)/"
    r"|matplotlib/mpl-data/fonts/ttf/(STIX|cm|DejaVuSerif|DejaVuSansMono)"
)

# torch reads the sources of its settings and of some functions while it is imported.
_READ_BY_TORCH = re.compile(
    rb"install_config_module\(|_overload(_method)?\b|\bjit\.script\b|\bscript_method\b"
)
WORTH_BYTES = 100_000
"""Libraries that would lose less are left as they are."""
# Intel's Math Kernel Library is inside, whose licence wants it passed on without modification.
LEFT_AS_THEY_ARE = re.compile(r"torch/lib/libtorch_cpu\.so")
_ELF = b"\x7fELF"
_SEGMENT = re.compile(r"^ +LOAD +(\w+) (\w+) .* (0x\w+)$", re.MULTILINE)

MICROSOFT_RUNTIME = re.compile(r"(msvcp140\w*|vcruntime140\w*|concrt140)\.dll", re.IGNORECASE)


def without_unused(entries: Iterable[Entry]) -> list[Entry]:
    """Leave out files that nothing in ecgview reads."""
    return [
        (place, source, kind)
        for place, source, kind in entries
        if not UNUSED_FILES.match(place.replace("\\", "/")) and not _is_unread(place, source)
    ]


def _is_unread(place: str, source: str) -> bool:
    """Tell whether this is a source of torch, beside the compiled module, that nothing reads."""
    if not re.match(r"torch[/\\].*\.py$", place):
        return False
    return not _READ_BY_TORCH.search(Path(source).read_bytes())


def one_microsoft_runtime(entries: Sequence[Entry]) -> list[Entry]:
    """Keep a single, the newest, copy of each library of Microsoft's compiler, for all.

    Windows gives everything in a process the copy that was loaded first. Qt's wheels and Python
    bring copies of their own, and torch's ``c10.dll`` does not start with one that is much older
    than the compiler it was built with (pytorch issue 166628). At the top of the folder the
    newest one is found by all. Copies inside other packages are loaded by their full path and
    stay.
    """
    shared = [entry for entry in entries if _is_shared_runtime(entry[0])]
    newest: dict[str, Entry] = {}
    for entry in sorted(shared, key=lambda entry: _dll_version(Path(entry[1]))):
        newest[Path(entry[1]).name.lower()] = entry
    kept = [(Path(source).name, source, kind) for _, source, kind in newest.values()]
    return [entry for entry in entries if entry not in shared] + kept


def _is_shared_runtime(place: str) -> bool:
    folder, _, name = place.replace("\\", "/").rpartition("/")
    return folder in ("", "PySide6", "shiboken6") and bool(MICROSOFT_RUNTIME.fullmatch(name))


def _dll_version(dll: Path) -> tuple[int, int]:
    import pefile  # comes with PyInstaller on Windows

    with pefile.PE(str(dll), fast_load=True) as parsed:
        resources = pefile.DIRECTORY_ENTRY["IMAGE_DIRECTORY_ENTRY_RESOURCE"]
        parsed.parse_data_directories([resources])
        stated = getattr(parsed, "VS_FIXEDFILEINFO", None)
        return (stated[0].FileVersionMS, stated[0].FileVersionLS) if stated else (0, 0)


def stripped(entries: Iterable[Entry], folder: Path) -> list[Entry]:
    """Put smaller copies in the place of libraries whose symbols only a debugger needs.

    Parameters
    ----------
    entries : iterable of Entry
        The libraries.
    folder : Path
        For the copies.

    Returns
    -------
    list of Entry
        The same places. Only Linux has such symbols inside its libraries.
    """
    if sys.platform != "linux":
        return list(entries)
    return [
        entry
        if LEFT_AS_THEY_ARE.match(entry[0])
        else (entry[0], str(_strip(Path(entry[1]), folder / entry[0])), entry[2])
        for entry in entries
    ]


def _strip(library: Path, smaller: Path) -> Path:
    """Make the smaller copy, and give it if it is worth it and sound; else the library."""
    if not library.is_file() or library.stat().st_size < WORTH_BYTES or not _is_elf(library):
        return library
    smaller.parent.mkdir(parents=True, exist_ok=True)
    command = ["strip", "--strip-unneeded", "-o", str(smaller), str(library)]
    subprocess.run(command, check=True, capture_output=True)
    gained = library.stat().st_size - smaller.stat().st_size
    if gained >= WORTH_BYTES and is_loadable(smaller):
        return smaller
    smaller.unlink()
    return library


def _is_elf(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(len(_ELF)) == _ELF


def is_loadable(library: Path) -> bool:
    """Tell whether the loader can map a library into memory.

    Libraries whose paths were rewritten (by ``patchelf``, as in numpy's and scipy's wheels) can
    lose the alignment of their segments in ``strip``, and then do not load.
    """
    command = ["readelf", "--program-headers", "--wide", str(library)]
    listed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    segments = [[int(word, 16) for word in found] for found in _SEGMENT.findall(listed)]
    return bool(segments) and all((at - place) % step == 0 for at, place, step in segments)
