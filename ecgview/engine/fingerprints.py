"""What tells that the files of a recording are still the same."""

from __future__ import annotations

import os
from pathlib import Path

FileFacts = tuple[str, int, int]
"""Name, size in bytes, time of the last change in ns."""


class FileFinder:
    """Finds the files of recordings, listing each folder once."""

    def __init__(self) -> None:
        self._folders: dict[Path, dict[str, list[FileFacts]]] = {}

    def files(self, path: Path) -> tuple[FileFacts, ...]:
        """List the files that belong to a recording.

        Parameters
        ----------
        path : Path
            The file that is opened.

        Returns
        -------
        tuple of (str, int, int)
            Names, sizes and times of the files of the same stem; of all files in the folder for
            a header without such files (one of a record in segments); empty if nothing is there.
        """
        by_stem = self._folder(path.parent)
        own = by_stem.get(path.stem, [])
        if path.suffix == ".hea" and len(own) == 1:
            return tuple(sorted(facts for some in by_stem.values() for facts in some))
        return tuple(sorted(own))

    def _folder(self, folder: Path) -> dict[str, list[FileFacts]]:
        if folder not in self._folders:
            by_stem: dict[str, list[FileFacts]] = {}
            self._folders[folder] = by_stem
            try:
                with os.scandir(folder) as found:
                    for file in found:
                        stat = file.stat()
                        facts = (file.name, stat.st_size, stat.st_mtime_ns)
                        by_stem.setdefault(Path(file.name).stem, []).append(facts)
            except OSError:
                by_stem.clear()  # opening its recordings will say what is wrong
        return self._folders[folder]
