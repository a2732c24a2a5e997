"""Lists of folds as people write them."""

from __future__ import annotations

from collections.abc import Sequence

_IN_WORDS = {"all": tuple(range(1, 11)), "none": ()}


def parse_folds(text: str) -> tuple[int, ...]:
    """Parse folds such as ``9``, ``1-8``, ``1,2,5-7``, ``all`` or ``none``.

    Parameters
    ----------
    text : str
        They are the folds of each data set: PTB-XL's own, elsewhere ten folds that a hash of the
        patient (of the file name, where no patient is named) sets once and for all.

    Returns
    -------
    tuple of int
        In the order written.

    Raises
    ------
    ValueError
        If it is not such a list.
    """
    if text in _IN_WORDS:
        return _IN_WORDS[text]
    folds: list[int] = []
    for part in text.split(","):
        first, _, last = part.partition("-")
        some = range(int(first), int(last or first) + 1)
        if not some:
            raise ValueError(f"{part} runs backwards")
        folds += some
    return tuple(folds)


def fold_words(folds: Sequence[int]) -> str:
    """Write folds as short as they can be read again: ``1-8``, or ``1, 3, 9``."""
    if len(folds) > 1 and list(folds) == list(range(folds[0], folds[-1] + 1)):
        return f"{folds[0]}-{folds[-1]}"
    return ", ".join(str(fold) for fold in folds)
