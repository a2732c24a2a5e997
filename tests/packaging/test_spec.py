"""The recipe, run for each system with PyInstaller's parts stood in for."""

import ast
import ctypes
import struct
import sys
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType, SimpleNamespace

import PySide6.QtSvg  # noqa: F401 (before the system is another one)
import pytest

import licence_files
import shipped
import trimming

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "packaging" / "ecgview.spec"
TORCH = Path(find_spec("torch").origin).parent


def run_spec(system, work, monkeypatch):
    """Run the recipe as PyInstaller would on a system; give what was asked of PyInstaller."""
    asked = {"EXE": [], "BUNDLE": [], "Analysis": []}

    def part(name):
        def take(*arguments, **options):
            asked[name].append(options)
            return SimpleNamespace(
                pure=[], binaries=[], datas=[], scripts=[("console", "", ""), ("window", "", "")]
            )

        return take

    hooks = ModuleType("PyInstaller.utils.hooks")
    hooks.collect_submodules = lambda package: [package]
    for name in ("PyInstaller", "PyInstaller.utils"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, "PyInstaller.utils.hooks", hooks)
    listed = SimpleNamespace(write=lambda path: path)
    monkeypatch.setattr(shipped, "find_shipped", lambda entries: listed)
    monkeypatch.setattr(licence_files, "licence_files", lambda shipped: [])
    monkeypatch.setattr(sys, "path", list(sys.path))
    monkeypatch.setattr(sys, "platform", system)
    names = {name: part(name) for name in asked}
    names |= {"PYZ": lambda pure: "pyz", "COLLECT": lambda *parts, **options: "collected"}
    names |= {"SPECPATH": str(SPEC.parent), "workpath": str(work)}
    exec(compile(SPEC.read_text(encoding="utf-8"), str(SPEC), "exec"), names)
    return asked


def test_windows_has_two_programs_with_icon_version_and_manifest(tmp_path, monkeypatch):
    programs = run_spec("win32", tmp_path, monkeypatch)["EXE"]
    assert {each["name"]: each["console"] for each in programs} == {
        "ecgview": True,
        "ecgview-gui": False,
    }
    files = [Path(each[kind]) for each in programs for kind in ("icon", "version", "manifest")]
    assert [file for file in files if not file.stat().st_size] == []
    assert programs[0]["version"] != programs[1]["version"]


def test_macos_has_a_bundle(tmp_path, monkeypatch):
    asked = run_spec("darwin", tmp_path, monkeypatch)
    (bundle,) = asked["BUNDLE"]
    assert Path(bundle["icon"]).read_bytes().startswith(b"icns")
    assert bundle["info_plist"]["CFBundleIdentifier"] == bundle["bundle_identifier"]
    assert [each["name"] for each in asked["EXE"]] == ["ecgview"]


def test_linux_has_one_program_and_everything_is_looked_for(tmp_path, monkeypatch):
    asked = run_spec("linux", tmp_path, monkeypatch)
    assert asked["BUNDLE"] == []
    assert [each["name"] for each in asked["EXE"]] == ["ecgview"]
    (analysis,) = asked["Analysis"]
    assert [source for source, _ in analysis["datas"] if not Path(source).exists()] == []
    assert [folder for folder in analysis["hookspath"] if not any(Path(folder).iterdir())] == []


def imported_modules():
    for file in (ROOT / "ecgview").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield from (f"{node.module}.{alias.name}" for alias in node.names)


def test_nothing_that_ecgview_imports_is_excluded():
    imported = set(imported_modules())
    assert {"pyarrow.parquet", "torch.nn.functional"} <= imported
    excluded = tuple(f"{name}." for name in trimming.EXCLUDED_MODULES)
    assert {name for name in imported if f"{name}.".startswith(excluded)} == set()


KEPT = (
    "PySide6/Qt/plugins/platforms/libqxcb.so",
    "PySide6/Qt/plugins/platforms/libqwayland.so",
    "PySide6/Qt/plugins/platforms/libqoffscreen.so",
    "PySide6/Qt/plugins/platforminputcontexts/libcomposeplatforminputcontextplugin.so",
    "PySide6/Qt/plugins/platforminputcontexts/libibusplatforminputcontextplugin.so",
    "PySide6/Qt/plugins/iconengines/libqsvgicon.so",
    "PySide6/Qt/plugins/printsupport/libcupsprintersupport.so",
    "matplotlib/mpl-data/fonts/ttf/DejaVuSans.ttf",
    "torch/bin/torch_shm_manager",
    "torch/lib/libtorch_cpu.so",
    "ecgview/resources/icons/ecgview.svg",
)
DROPPED = (
    "torch/test/cpp/api.bin",
    "torch/bin/protoc",
    "torch/include/ATen/ATen.h",
    "torch/lib/libtorchbind_test.so",
    "torch/lib/libbackend_with_compiler.so",
    "PySide6/Qt/translations/qt_de.qm",
    "PySide6\\translations\\qt_de.qm",
    "matplotlib/mpl-data/fonts/ttf/cmr10.ttf",
    "numpy/__init__.pyi",
)


def test_unused_files_are_left_out_and_used_ones_are_not():
    entries = [(place, "source", "DATA") for place in (*KEPT, *DROPPED)]
    assert [place for place, _, _ in trimming.without_unused(entries)] == list(KEPT)


def test_of_torchs_sources_those_that_it_reads_are_kept():
    read = ("functional.py", "nn/functional.py", "nn/modules/rnn.py", "_dynamo/config.py")
    unread = ("optim/adamw.py", "nn/modules/conv.py")
    entries = [(f"torch/{name}", str(TORCH / name), "DATA") for name in (*read, *unread)]
    kept = [place for place, _, _ in trimming.without_unused(entries)]
    assert kept == [f"torch/{name}" for name in read]


def test_newest_microsoft_runtime_is_kept_for_all(monkeypatch):
    versions = {"qt": (14, 44), "python": (14, 38), "system": (14, 40)}
    monkeypatch.setattr(trimming, "_dll_version", lambda dll: versions[dll.parent.name])
    entries = [
        ("PySide6\\MSVCP140.dll", "qt/MSVCP140.dll", "BINARY"),
        ("msvcp140.dll", "system/msvcp140.dll", "BINARY"),
        ("VCRUNTIME140.dll", "python/VCRUNTIME140.dll", "BINARY"),
        ("sklearn\\.libs\\msvcp140.dll", "sk/msvcp140.dll", "BINARY"),
        ("torch\\lib\\c10.dll", "torch/c10.dll", "BINARY"),
    ]
    assert sorted(trimming.one_microsoft_runtime(entries)) == [
        ("MSVCP140.dll", "qt/MSVCP140.dll", "BINARY"),
        ("VCRUNTIME140.dll", "python/VCRUNTIME140.dll", "BINARY"),
        entries[3],
        entries[4],
    ]


linux_only = pytest.mark.skipif(sys.platform != "linux", reason="other systems strip nothing")


def elf_with_segment(path, at, place):
    """Write a library of nothing but its headers."""
    ident = b"\x7fELF\x02\x01\x01" + bytes(9)
    header = struct.pack("<HHIQQQIHHHHHH", 3, 62, 1, 0, 64, 0, 0, 64, 56, 1, 64, 0, 0)
    segment = struct.pack("<IIQQQQQQ", 1, 5, at, place, place, 16, 16, 0x1000)
    path.write_bytes(ident + header + segment + bytes(0x3000))
    return path


@linux_only
def test_library_whose_segments_lost_their_alignment_is_not_shipped(tmp_path):
    assert trimming.is_loadable(elf_with_segment(tmp_path / "good.so", 0x1040, 0x5040))
    assert not trimming.is_loadable(elf_with_segment(tmp_path / "bad.so", 0x1048, 0x5040))


@linux_only
def test_stripped_libraries_keep_their_place_and_load(tmp_path):
    from kiwisolver import _cext

    text = tmp_path / "text.txt"
    text.write_bytes(bytes(trimming.WORTH_BYTES))
    entries = [("kiwisolver/_cext.so", _cext.__file__, "EXTENSION"), ("t", str(text), "BINARY")]
    smaller, same = trimming.stripped(entries, tmp_path / "work")
    assert same == entries[1]
    assert (smaller[0], smaller[2]) == (entries[0][0], entries[0][2])
    assert Path(smaller[1]).stat().st_size <= Path(_cext.__file__).stat().st_size
    assert ctypes.CDLL(smaller[1])


@linux_only
def test_library_that_may_not_be_modified_is_passed_on_as_it_is(tmp_path):
    import torch

    library = Path(torch.__file__).parent / "lib" / "libtorch_cpu.so"
    entries = [("torch/lib/libtorch_cpu.so", str(library), "BINARY")]
    assert trimming.stripped(entries, tmp_path / "work") == entries
    assert not (tmp_path / "work").exists()
