"""Real files of clinical devices, where the folder ``ECGVIEW_DATA`` has them."""

from __future__ import annotations

import os
from pathlib import Path

from check.running import AVAILABLE, Bench, LeftOut, Ran, demand_same_words, same_files, same_words


def clinical_folder() -> Path:
    """Give the folder of real files."""
    data = os.environ.get("ECGVIEW_DATA")
    folder = Path(data or "") / "formats"
    if not data or not folder.is_dir():
        raise LeftOut("ECGVIEW_DATA names no folder with formats/ in it")
    return folder.resolve()


def check_info(bench: Bench) -> None:
    # Some lack what one has to say of them: both are to ask for it, and end with 1.
    same_words(bench, "info", clinical_folder(), status=1)


def check_reconstruct(bench: Bench) -> str:
    folders = {how: bench.place("clinical", how) for how in ("frozen", "unfrozen")}
    options = ("--leads", AVAILABLE, "--device", "cpu", "--output")
    rans = bench.both(
        lambda how: ("reconstruct", clinical_folder(), *options, folders[how]), status=1
    )
    names = same_files(folders["frozen"], folders["unfrozen"])
    told = zip(rans, folders.values(), strict=True)
    demand_same_words(*(without_folder(ran, folder) for ran, folder in told))
    return f"{sum(name.suffix == '.hea' for name in names)} recordings"


def without_folder(ran: Ran, folder: Path) -> Ran:
    """Put one word for the folder of the results in what was printed."""
    out, err = (said.replace(str(folder), "FOLDER") for said in (ran.stdout, ran.stderr))
    return Ran(ran.args, ran.returncode, out, err)


CHECKS = {
    "info of real clinical files says what the unfrozen program says": check_info,
    "reconstruct of real clinical files writes what the unfrozen program writes": check_reconstruct,
}
