"""Print what a release page says: ``python packaging/release_notes.py [--tag vVERSION]``.

The changes come from CHANGELOG.md. With a tag, the tag, the version and the changelog must agree.
"""

from __future__ import annotations

import argparse
import re
import sys

from product import NAME, ROOT, VERSION, WORDING

CHANGELOG = ROOT / "CHANGELOG.md"
INSTALLING = """\
**Installing.** Windows: the `.exe` (or unpack the `.zip`). macOS on Apple silicon: the `.dmg`.
Debian and Ubuntu: the `.deb`; other Linux: the `.tar.xz`. With Python: the `.whl`, by pip or pipx.

**Checking a download.** `SHA256SUMS` holds the checksum of each file
(`sha256sum --check --ignore-missing SHA256SUMS`), and each `.cdx.json` lists what that system's
application is made of (CycloneDX).

**Sources of Qt and PySide6**, which come under the LGPL version 3: QtForPython and qt at
<https://download.qt.io/official_releases/>; the file `licences/pyside6-essentials/qt.txt` in each
installation says more.
"""


def release_notes(changelog: str, version: str, tag: str | None = None) -> str:
    """Lay out the page of a release.

    Parameters
    ----------
    changelog : str
        Text of CHANGELOG.md, with a heading of the second level for each version.
    version : str
        The version to release.
    tag : str, optional
        The tag that is released; none to see what the page will be.

    Raises
    ------
    SystemExit
        If the changelog does not know the version, or the tag is of another one or too early.
    """
    section = re.search(
        rf"^## {re.escape(version)}\b(?P<when>.*)\n(?P<changes>(?s:.*?))(?=^## |\Z)",
        changelog,
        re.MULTILINE,
    )
    if section is None:
        raise SystemExit(f"CHANGELOG.md has no heading '## {version}'.")
    if tag is not None and tag != f"v{version}":
        raise SystemExit(f"The tag is {tag}, but the version is {version}: tag v{version}.")
    if tag is not None and "unreleased" in section["when"].lower():
        raise SystemExit(f"CHANGELOG.md calls {version} unreleased: write the day of the release.")
    return f"> {WORDING}\n\n{section['changes'].strip()}\n\n{INSTALLING}"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tag", help=f"the tag of the release, to be the version of {NAME}")
    tag = parser.parse_args().tag
    print(release_notes(CHANGELOG.read_text(encoding="utf-8"), VERSION, tag), end="")
    return 0


if __name__ == "__main__":
    sys.exit(main())
