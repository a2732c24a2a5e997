"""Strategies for files that are nearly valid: the right fields in the right places, odd values."""

from __future__ import annotations

from hypothesis import strategies as st

_NAMES = st.sampled_from(["I", "II", "III", "aVR", "V1", "V6", "MLII", "X", "x", "", "ä", "V1"])
_UNITS = st.sampled_from(["mV", "uV", "µV", "V", "nV", "mmHg", "", "mv", "/"])
_NUMBERS = st.one_of(
    st.integers(-3, 70_000).map(str),
    st.sampled_from(["0", "1e9", "nan", "-0", "1/3", "2147483648", "9" * 30, "x", "", "0.5"]),
)
_FORMATS = ("8", "16", "24", "32", "61", "80", "160", "212", "310", "311", "508", "516", "99")
_WORDS = st.text(st.characters(codec="latin-1", exclude_characters="\0"), max_size=12)


@st.composite
def wfdb_headers(draw: st.DrawFn) -> bytes:
    """Headers of records with one signal file, ``rec.dat``."""
    n_signals = draw(st.integers(1, 4))
    rate = draw(st.one_of(st.sampled_from(["500", "360/180(0)", "1000"]), _NUMBERS))
    lines = [f"rec {draw(st.sampled_from([n_signals, 0, 99]))} {rate} {draw(_NUMBERS)}"]
    for _ in range(n_signals):
        fmt = draw(st.sampled_from(_FORMATS))
        extra = draw(st.sampled_from(["", "x2", ":3", "+24", "x0", ":-1", "+999999"]))
        gain = f"{draw(_NUMBERS)}({draw(st.integers(-40_000, 40_000))})/{draw(_UNITS)}"
        rest = " ".join(str(draw(st.integers(-70_000, 70_000))) for _ in range(4))
        lines.append(f"rec.dat {fmt}{extra} {gain} {rest} {draw(_NAMES)}")
    lines += [f"#{draw(_WORDS)}" for _ in range(draw(st.integers(0, 2)))]
    return "\n".join(lines).encode()


@st.composite
def edf_files(draw: st.DrawFn) -> bytes:
    """EDF and BDF files: each field of its width, and some data."""
    n_signals = draw(st.integers(0, 4))
    n_bytes, version = draw(st.sampled_from([(2, b"0       "), (3, b"\xffBIOSEMI")]))

    def field(width: int, value: object) -> bytes:
        return str(value).encode("latin-1", "replace")[:width].ljust(width)

    stated = draw(st.sampled_from([n_signals, 0, 5, -1]))
    counts = [draw(st.sampled_from([10, 1, 0, -5, 99999])) for _ in range(n_signals)]
    head = [field(80, draw(_WORDS)), field(80, draw(_WORDS)), field(8, draw(_NUMBERS))]
    head += [field(8, draw(_NUMBERS)), field(8, draw(st.sampled_from([256 * (n_signals + 1), 0])))]
    head += [field(44, draw(st.sampled_from(["", "EDF+C", "EDF+D", "BDF+D"])))]
    head += [field(8, draw(st.sampled_from([3, -1, 0, 10**7]))), field(8, draw(_NUMBERS))]
    head += [field(4, stated)]
    labels = st.one_of(_NAMES, st.sampled_from(["EDF Annotations", "BDF Annotations"]))
    columns = [(16, labels), (80, _WORDS), (8, _UNITS), *[(8, _NUMBERS)] * 4, (80, _WORDS)]
    for width, strategy in columns:
        head += [field(width, draw(strategy)) for _ in range(n_signals)]
    head += [field(8, count) for count in counts] + [field(32, "")] * n_signals
    size = 3 * n_bytes * sum(max(0, min(count, 100)) for count in counts)
    return version + b"".join(head) + draw(st.binary(min_size=0, max_size=20)) + bytes(size)


@st.composite
def text_tables(draw: st.DrawFn) -> bytes:
    """Tables of text: headers, delimiters, decimal commas, gaps, units, times."""
    delimiter, point = (
        draw(st.sampled_from([",", ";", "\t", " ", "|"])),
        draw(st.sampled_from(".,")),
    )
    n_columns = draw(st.integers(1, 5))
    lines = [draw(_WORDS) for _ in range(draw(st.integers(0, 2)))]
    names = [
        f"{draw(_NAMES)}{draw(st.sampled_from(['', ' (mV)', '_uV', '[V]']))}"
        for _ in range(n_columns)
    ]
    if draw(st.booleans()):
        lines.append(delimiter.join(names))
    cells = st.one_of(st.floats(-3, 3).map(lambda x: f"{x:.3f}"), _NUMBERS)
    for _ in range(draw(st.integers(0, 8))):
        row = [draw(cells).replace(".", point) for _ in range(n_columns)]
        lines.append(delimiter.join(row[: draw(st.sampled_from([n_columns, n_columns, 1]))]))
    return (
        draw(st.sampled_from(["\n", "\r\n", "\r"]))
        .join(lines)
        .encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"])), "replace")
    )
