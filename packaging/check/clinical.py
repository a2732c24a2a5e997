"""Real files of clinical devices, where the folder ``ECGVIEW_DATA`` has them."""

from __future__ import annotations

import os
from pathlib import Path

from check.running import AVAILABLE, Bench, LeftOut, demand_same_words, same_files


def clinical_folder() -> Path:
    """Give the folder of real files."""
    data = os.environ.get("ECGVIEW_DATA")
    folder = Path(data or "") / "formats"
    if not data or not folder.is_dir():
        raise LeftOut("ECGVIEW_DATA names no folder with formats/ in it")
    return folder.resolve()


def clinical_files() -> list[Path]:
    """List the real files, each recording once."""
    found = (path for path in sorted(clinical_folder().rglob("*")) if path.is_file())
    return [path for path in found if path.suffix != ".dat"]


def check_info(bench: Bench) -> None:
    # Some of them are damaged on purpose: both are to refuse the same ones, with 1.
    demand_same_words(*bench.both(lambda how: ("info", *clinical_files()), status=1))


def check_reconstruct(bench: Bench) -> None:
    folders = {how: bench.place("clinical", how) for how in ("frozen", "unfrozen")}
    options = ("--leads", AVAILABLE, "--device", "cpu", "--output")
    frozen, unfrozen = bench.both(
        lambda how: ("reconstruct", *clinical_files(), *options, folders[how]), status=1
    )
    same_files(folders["frozen"], folders["unfrozen"])
    demand_same_words(frozen, unfrozen)


CHECKS = {
    "info of real clinical files says what the unfrozen program says": check_info,
    "reconstruct of real clinical files writes what the unfrozen program writes": check_reconstruct,
}
