"""Make the words of Qt's PDFs words for other programs.

Qt names each glyph by the first character that it stands for, and that of the space by the tab:
whoever searches for two words, or copies them, would find and get a tab between them.
"""

from __future__ import annotations

import re

_TABLE = re.compile(rb"begincmap.*?endcmap", re.DOTALL)
_CHARACTERS = re.compile(rb"\[[^\]]*\]")
"""Numbers outside the brackets are those of glyphs."""


def with_spaces(pdf: bytes) -> bytes:
    """Give a PDF whose spaces are spaces.

    Parameters
    ----------
    pdf : bytes
        As Qt writes it, with the tables of its characters in plain text.

    Returns
    -------
    bytes
        As many, so that every object stays where it is.
    """
    return _TABLE.sub(lambda table: _CHARACTERS.sub(_as_spaces, table[0]), pdf)


def _as_spaces(characters: re.Match[bytes]) -> bytes:
    return characters[0].replace(b"<0009>", b"<0020>")
