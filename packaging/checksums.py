"""Write SHA256SUMS of the files in a folder: ``python packaging/checksums.py DIR``.

Check downloads with ``sha256sum --check --ignore-missing SHA256SUMS``; on macOS it is ``shasum -a
256``, in PowerShell ``Get-FileHash``.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from pathlib import Path

NAME = "SHA256SUMS"


def write_checksums(folder: Path) -> Path:
    """Write the file, with a line for each other file of the folder, sorted by name.

    Parameters
    ----------
    folder : Path
        With the files of a release and no folders, as a release page has none.

    Raises
    ------
    SystemExit
        If it is not there, if there is a folder in it, a name with a line break, or nothing at all.
    """
    if not folder.is_dir():
        raise SystemExit(f"There is no folder {folder}.")
    files = sorted(path for path in folder.iterdir() if path.name != NAME)
    if not files:
        raise SystemExit(f"{folder} holds no file to sum up.")
    for path in files:
        if not path.is_file() or "\n" in path.name or "\\" in path.name:
            raise SystemExit(f"{path} cannot be listed: it is a folder, or its name is odd.")
    text = "".join(f"{_sha256(path)}  {path.name}\n" for path in files)
    written = folder / NAME
    written.write_bytes(text.encode())  # with \n on Windows too, as sha256sum wants it
    return written


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, help="with the files of a release")
    print(write_checksums(parser.parse_args().folder).read_text(encoding="utf-8"), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
