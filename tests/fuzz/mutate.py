"""Damage to files: seeded, of bytes, of numbers in binary headers, and of text."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np

Mutation = Callable[[bytearray, np.random.Generator, bytes], bytearray]

_NUMBER = re.compile(rb"[-+]?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?")
_WORD = re.compile(rb"[A-Za-z_]{2,}")
_VALUE = re.compile(rb'(?<=[>"])[^<>"\n]{1,60}(?=[<"])')
_TAG = re.compile(rb"<[^>]{1,200}>")
_NUMBERS = [b"0", b"-1", b"1", b"65536", b"4294967295", b"-2147483648", b"1e308", b"1e-308"]
_NUMBERS += [b"nan", b"inf", b"9" * 20, b"9" * 5000, b"", b"0.0000001", b"1/0", b"0x10", b"1,5"]
_WORDS = [
    b"",
    b"I",
    b"II",
    b"aVR",
    b"V1",
    b"mV",
    b"uV",
    b"\xc3\xa4",
    b"\xff\xfe",
    b"../x",
    b"A" * 300,
]
_EDGES = [0, 1, 2, -1, -2, 0x7F, 0x80, 0x7FFF, 0x8000, 0x7FFFFFFF, 0x80000000, 2**62, 10**6]
_TEXT_WINDOW = 20_000


def _place(content: bytearray, random: np.random.Generator) -> int:
    """Choose a place: more often near the beginning, where headers are."""
    size = max(1, len(content))
    if random.random() < 0.5:
        return int(random.integers(size))
    return min(size - 1, int(size ** random.random()) - 1)


def _flip_bits(content: bytearray, random: np.random.Generator, other: bytes) -> bytearray:
    for _ in range(random.integers(1, 9)):
        content[_place(content, random)] ^= 1 << int(random.integers(8))
    return content


def _random_bytes(content: bytearray, random: np.random.Generator, other: bytes) -> bytearray:
    place = _place(content, random)
    length = min(int(random.integers(1, 17)), len(content) - place)
    content[place : place + length] = random.bytes(length)
    return content


def _insert(content: bytearray, random: np.random.Generator, other: bytes) -> bytearray:
    place = _place(content, random)
    length = int(2 ** random.uniform(0, 10))
    filling = random.bytes(length) if random.random() < 0.5 else bytes([random.integers(256)])
    content[place:place] = filling * (1 if len(filling) == length else length)
    return content


def _delete(content: bytearray, random: np.random.Generator, other: bytes) -> bytearray:
    place = _place(content, random)
    del content[place : place + int(2 ** random.uniform(0, 12))]
    return content


def _truncate(content: bytearray, random: np.random.Generator, other: bytes) -> bytearray:
    return content[: _place(content, random)]


def _copy_block(content: bytearray, random: np.random.Generator, other: bytes) -> bytearray:
    source, target = _place(content, random), _place(content, random)
    block = bytes(content[source : source + int(2 ** random.uniform(2, 13))])
    if random.random() < 0.5:
        content[target : target + len(block)] = block
    else:
        content[target:target] = block * int(random.integers(1, 4))
    return content


def _edge_of_an_integer(content: bytearray, random: np.random.Generator, other: bytes) -> bytearray:
    n_bytes = int(2 ** random.integers(4))
    value = int(_EDGES[random.integers(len(_EDGES))]) % 2 ** (8 * n_bytes)
    order = "little" if random.random() < 0.7 else "big"
    place = _place(content, random)
    content[place : place + n_bytes] = value.to_bytes(n_bytes, order)  # type: ignore[arg-type]
    return content


def _splice(content: bytearray, random: np.random.Generator, other: bytes) -> bytearray:
    cut = _place(bytearray(other), random)
    return content[: _place(content, random)] + other[cut:]


def _replace(
    pattern: re.Pattern[bytes],
    choices: list[bytes],
    content: bytearray,
    random: np.random.Generator,
) -> bytearray:
    begin = 0 if random.random() < 0.6 else int(random.integers(max(1, len(content))))
    found = list(pattern.finditer(content, begin, begin + _TEXT_WINDOW))
    if found:
        match = found[random.integers(len(found))]
        content[match.start() : match.end()] = choices[random.integers(len(choices))]
    return content


def _number(content: bytearray, random: np.random.Generator, other: bytes) -> bytearray:
    return _replace(_NUMBER, _NUMBERS, content, random)


def _word(content: bytearray, random: np.random.Generator, other: bytes) -> bytearray:
    return _replace(_WORD, _WORDS, content, random)


def _tag(content: bytearray, random: np.random.Generator, other: bytes) -> bytearray:
    tags = [match[0] for match in _TAG.finditer(content, 0, _TEXT_WINDOW)]
    nesting = [
        b"",
        b"<a>",
        b"</a>",
        b"<a>" * 3000,
        b"<!DOCTYPE a [<!ENTITY e 'x'>]>",
        b"&e;",
        b"<!--",
    ]
    return _replace(_TAG, [*nesting, *tags], content, random)


def _value(content: bytearray, random: np.random.Generator, other: bytes) -> bytearray:
    return _replace(_VALUE, [*_NUMBERS, *_WORDS, b"20991399", b"0", b"-5"], content, random)


def _lines(content: bytearray, random: np.random.Generator, other: bytes) -> bytearray:
    lines = bytes(content).split(b"\n")
    first, second = (int(random.integers(min(len(lines), 200))) for _ in range(2))
    action = random.integers(3)
    if action == 0:
        lines[first], lines[second] = lines[second], lines[first]
    elif action == 1:
        lines.insert(first, lines[second])
    else:
        del lines[first]
    return bytearray(b"\n".join(lines))


BINARY: tuple[Mutation, ...] = (
    _flip_bits,
    _random_bytes,
    _insert,
    _delete,
    _truncate,
    _copy_block,
    _edge_of_an_integer,
    _edge_of_an_integer,
    _splice,
)
WELL_FORMED: tuple[Mutation, ...] = (_value, _value, _number)
TEXT: tuple[Mutation, ...] = (_number, _number, _number, _word, _tag, _lines)


def mutate(content: bytes, random: np.random.Generator, other: bytes) -> bytes:
    """Damage a file in one to five ways.

    Parameters
    ----------
    content : bytes
        A valid file.
    random : numpy Generator
        The same gives the same damage.
    other : bytes
        Another file, to splice with.

    Returns
    -------
    bytes
        The damaged file, at most 4 MB.
    """
    is_text = b"\0" not in content[:2000]
    # Other damage to XML and JSON is mostly refused at the door, as not well-formed.
    stays_well_formed = content[:4].strip(b"\xef\xbb\xbf")[:1] in b"<{" and random.random() < 0.6
    damaged = bytearray(content)
    for _ in range(1 + min(4, random.geometric(0.5) - 1)):
        kinds = TEXT if is_text and random.random() < 0.6 else BINARY
        kinds = WELL_FORMED if stays_well_formed else kinds
        if damaged:
            damaged = kinds[random.integers(len(kinds))](damaged, random, other)
    return bytes(damaged[:4_000_000])
