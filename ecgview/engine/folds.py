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
    numbers = sorted(folds)
    if len(numbers) > 1 and numbers == list(range(numbers[0], numbers[-1] + 1)):
        return f"{numbers[0]}-{numbers[-1]}"
    return ", ".join(map(str, numbers))


def fold_phrase(folds: Sequence[int]) -> str:
    """Name folds in a sentence: ``folds 1-8``, ``fold 9``; nothing for none."""
    return f"fold{'s' * (len(folds) > 1)} {fold_words(folds)}" if folds else ""
