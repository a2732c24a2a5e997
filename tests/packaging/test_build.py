import argparse
import subprocess
import sys

import pytest
from packaging.specifiers import SpecifierSet

import build

CPU = {"__version__": "2.13.0+cpu", "cuda": None, "hip": None, "xpu": None}


def file_of(path, size):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bytes(size))


def test_sizes_are_given_by_component_largest_first(tmp_path):
    file_of(tmp_path / "ecgview", 500_000)
    file_of(tmp_path / "_internal/torch/lib/libtorch_cpu.so", 4_000_000)
    file_of(tmp_path / "_internal/numpy/a.so", 1_000_000)
    file_of(tmp_path / "_internal/numpy.libs/b.so", 1_500_000)
    file_of(tmp_path / "_internal/libX11.so.6", 300_000)
    lines = [line.split(None, 2) for line in build.size_table(tmp_path).splitlines()]
    assert [(size, title) for size, _, title in lines] == [
        ("4.0", "torch"),
        ("2.5", "numpy"),
        ("0.5", build.PROGRAMS),
        ("0.3", "libraries of the system"),
        ("7.3", "in all"),
    ]


@pytest.mark.skipif(sys.platform == "win32", reason="links need rights on Windows")
def test_links_take_no_room(tmp_path):
    file_of(tmp_path / "_internal/torch/lib/libc10.so", 1_000_000)
    (tmp_path / "_internal/libc10.so").symlink_to("torch/lib/libc10.so")
    (tmp_path / "ecgview-gui").symlink_to("ecgview")
    assert build.size_table(tmp_path).splitlines()[-1].split()[0] == "1.0"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("libpython3.11.so.1.0", "Python"),
        ("python312.dll", "Python"),
        ("_ssl.pyd", "Python"),
        ("MSVCP140.dll", "libraries of the system"),
        ("libxcb.so.1", "libraries of the system"),
        ("pillow.libs", "matplotlib with what it draws with"),
        ("numpy.libs", "numpy"),
        ("something", "all else"),
    ],
)
def test_component(name, title):
    assert build.component(name) == title


def test_supported_pythons_are_those_that_pip_takes():
    supported = SpecifierSet(build._supported())
    for minor in range(8, 20):
        taken = not build.why_not((3, minor), {}, CPU)
        assert taken is (f"3.{minor}" in supported)


def test_refusals_say_what_helps():
    assert "needs Python >=3.11" in build.why_not((3, 10), {}, CPU)
    missing = build.why_not((3, 12), {"no_such_module": "NoSuch", "sys": "sys"}, CPU)
    assert missing.startswith("Not installed here: NoSuch.")
    assert build.INSTALL in missing
    assert "torch is not installed" in build.why_not((3, 12), {}, {})
    gpu = build.why_not((3, 12), {}, CPU | {"__version__": "2.13.0+cu126", "cuda": "12.6"})
    assert "cuda 12.6" in gpu
    assert "platform CPU" in gpu


def test_build_of_torch_is_read_without_importing_it():
    facts = build.installed_torch()
    assert {"__version__", "cuda"} <= set(facts)


def test_nothing_is_built_where_it_cannot_be(tmp_path, monkeypatch):
    monkeypatch.setattr(build, "why_not", lambda: "No.")
    with pytest.raises(SystemExit, match="No"):
        build.build(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_only_an_earlier_result_is_replaced(tmp_path, monkeypatch):
    ran = []
    monkeypatch.setattr(build, "why_not", lambda: "")
    monkeypatch.setattr(build.subprocess, "run", lambda *words, **options: ran.append(words))
    source = tmp_path / "ecgview" / "__init__.py"
    file_of(source, 1)
    with pytest.raises(SystemExit, match="would be lost"):
        build.build(tmp_path)
    assert ran == []
    file_of(tmp_path / "ecgview" / "_internal" / "x", 1)
    assert build.build(tmp_path) == tmp_path / "ecgview"
    assert len(ran) == 1


def test_a_frozen_application_is_told_from_another_folder(tmp_path):
    for inside in ("ecgview/_internal", "ecgview.app/Contents/MacOS", "other"):
        (tmp_path / inside).mkdir(parents=True)
    for name in ("ecgview", "ecgview.app"):
        assert build.frozen_folder(str(tmp_path / name)) == tmp_path / name
    for name in ("other", "none"):
        with pytest.raises(argparse.ArgumentTypeError, match="no frozen application"):
            build.frozen_folder(str(tmp_path / name))


@pytest.mark.parametrize(
    "words",
    [
        ("installers.py", "{other}", "{out}"),
        ("sbom.py", "{other}", "{out}"),
        ("check", "--frozen", "{other}"),
        ("check", "--only", "no such words"),
        ("checksums.py", "{none}"),
    ],
)
def test_scripts_say_what_is_wrong_with_their_words(words, tmp_path):
    other, out = tmp_path / "other", tmp_path / "out"
    other.mkdir()
    script, *rest = (word.format(other=other, none=tmp_path / "none", out=out) for word in words)
    done = subprocess.run(
        [sys.executable, str(build.SPEC.parent / script), *rest],
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert any(
        said in done.stderr for said in ("no frozen application", "no check has", "no folder")
    )
    assert not out.exists()
