"""The pages of the guide: Markdown files, with the names and keys of actions filled in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from PySide6.QtGui import QKeySequence

from ecgview.errors import EcgviewError
from ecgview.gui.actions import ACTIONS
from ecgview.gui.key_words import with_keys
from ecgview.paths import resources_dir

_ACTION = re.compile(r"\{\{([^}]+)\}\}")
_FIRST_PAGE_OF = {
    "library": "library",
    "leadmap": "leadmap",
    "agreement": "agreement",
    "training": "training",
}


@dataclass(frozen=True)
class GuidePage:
    """One task.

    Attributes
    ----------
    name : str
        Of its file, without number and ending; other pages link to it as ``name.md``.
    title : str
        Its heading.
    markdown : str
        The whole page, with the names and keys of actions filled in.
    """

    name: str
    title: str
    markdown: str


@cache
def guide_pages() -> tuple[GuidePage, ...]:
    """Read all pages, in the order of the numbers of their files."""
    files = sorted((resources_dir() / "guide").glob("*.md"))
    return tuple(_page(file.stem, file.read_text(encoding="utf-8")) for file in files)


def _page(stem: str, text: str) -> GuidePage:
    title = text.partition("\n")[0].removeprefix("# ").strip()
    return GuidePage(stem.partition("-")[2], title, _ACTION.sub(_filled, with_keys(text)))


def _filled(found: re.Match[str]) -> str:
    """Write an action as its menu does, with its first key: a page cannot get it wrong."""
    spec = next((spec for spec in ACTIONS if spec.id == found[1]), None)
    if spec is None:
        raise EcgviewError(f"The guide speaks of an action {found[1]}, which is not there.")
    if not spec.shortcuts:
        return f"*{spec.text}*"
    key = QKeySequence(spec.shortcuts[0]).toString(QKeySequence.SequenceFormat.NativeText)
    return f"*{spec.text}* ({key})"


def matching(pages: tuple[GuidePage, ...], words: str) -> tuple[GuidePage, ...]:
    """Give the pages that hold all the words; those with them in the title first.

    Parameters
    ----------
    pages : tuple of GuidePage
        To search.
    words : str
        Parts of words in any order; nothing finds every page.
    """
    wanted = words.casefold().split()
    found = [page for page in pages if all(word in page.markdown.casefold() for word in wanted)]
    return tuple(
        sorted(found, key=lambda page: not any(word in page.title.casefold() for word in wanted))
        if wanted
        else found
    )


def page_for(window_page: str) -> str:
    """Name the page of the guide to begin with on a page of the window."""
    return _FIRST_PAGE_OF.get(window_page, "")
