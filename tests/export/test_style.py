from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import matplotlib
import pytest

from ecgview.errors import EcgviewError
from ecgview.export.heatmap import HeatRow, heatmap_figure
from ecgview.export.style import FORMATS, save_figure

ROWS = [HeatRow("I, II", {"V1": 0.5, "V2": 0.9}, 0.7, 0.7)]
MAGIC = {".png": b"\x89PNG", ".svg": b"<?xml", ".pdf": b"%PDF"}


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_same_figure_gives_the_same_bytes(suffix: str, tmp_path: Path) -> None:
    files = []
    for name in ("a", "b"):
        figure = heatmap_figure(ROWS, title="twice", notes=["x"])
        files.append(save_figure(figure, tmp_path / f"{name}{suffix}").read_bytes())
    assert files[0] == files[1]
    assert files[0].startswith(MAGIC[suffix])
    assert b"CreationDate" not in files[0]
    assert b"dc:date" not in files[0]


def test_a_figure_does_not_depend_on_the_settings_of_the_user(tmp_path: Path) -> None:
    plain = save_figure(heatmap_figure(ROWS, title="x"), tmp_path / "a.svg").read_bytes()
    with matplotlib.rc_context({"font.size": 30, "svg.fonttype": "path", "text.color": "green"}):
        assert (
            save_figure(heatmap_figure(ROWS, title="x"), tmp_path / "b.svg").read_bytes() == plain
        )
        assert matplotlib.rcParams["font.size"] == 30


def test_files_are_not_replaced_unasked(tmp_path: Path) -> None:
    figure = heatmap_figure(ROWS, title="x")
    path = save_figure(figure, tmp_path / "new" / "x.SVG")
    path.write_text("mine")
    with pytest.raises(EcgviewError, match="is there already"):
        save_figure(figure, path)
    assert path.read_text() == "mine"
    save_figure(figure, path, overwrite=True)
    assert path.read_text() != "mine"
    assert [each.name for each in path.parent.iterdir()] == ["x.SVG"]
    with pytest.raises(EcgviewError, match=r"\.svg, \.png or \.pdf"):
        save_figure(figure, tmp_path / "x.jpg")
    with pytest.raises(EcgviewError, match="cannot be written"):
        save_figure(figure, path / "below-a-file.svg")


def test_figures_need_no_window_toolkit() -> None:
    program = (
        "import sys\nfrom ecgview.export.heatmap import HeatRow, heatmap_figure\n"
        "print('matplotlib' in sys.modules)\n"
        "heatmap_figure([HeatRow('I', {'V1': .5}, .5, .5)], title='x')\n"
        "print(sorted(m for m in sys.modules if m == 'matplotlib.pyplot' or 'PySide' in m))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.split("\n")[:2] == ["False", "[]"]
