"""The unpacking of SCP-ECG samples that is our own, against numbers and against ecgdatakit."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest
from scp_files import DEFAULT_CODE, differences, file_of, huffman, packed, plain_sections, section

from ecgview.formats import open_recording
from ecgview.formats.clinical.scp_coding import (
    CodingError,
    n_decimated,
    read_tables,
    spread_decimated,
    undo_differences,
    unpack_huffman,
)
from ecgview.formats.clinical.scp_sections import body, find_sections

VALUES = np.array([0, 1, -1, 8, -8, 9, -9, 127, -128, 128, -129, 32767, -32768, 0, 3, -3])


def code(n_prefix: int, n_total: int, mode: int, value: int, bits: str) -> bytes:
    """Write one code; its prefix is stored with its first bit as the lowest."""
    return struct.pack("<BBBhI", n_prefix, n_total, mode, value, int(bits[::-1], 2))


TWO_TABLES = (
    struct.pack("<HH", 2, 3)
    + code(1, 1, 1, 0, "0")
    + code(2, 10, 1, 0, "10")
    + code(2, 2, 0, 2, "11")
    + struct.pack("<H", 2)
    + code(1, 17, 1, 0, "0")
    + code(1, 1, 0, 1, "1")
)
"""Small numbers in the first table, 16 bits in the second, and codes that lead to the other."""


def by_two_tables(values: np.ndarray) -> bytes:
    words = []
    for value in map(int, values):
        if value == 0:
            words.append("0")
        elif -128 <= value < 128:
            words.append("10" + f"{value & 0xFF:08b}")
        else:
            words.append("11" + "0" + f"{value & 0xFFFF:016b}" + "1")
    bits = "".join(words)
    bits += "0" * (-len(bits) % 16)
    return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))


def test_the_default_code() -> None:
    decoded = unpack_huffman(huffman(VALUES), len(VALUES), read_tables(DEFAULT_CODE))
    np.testing.assert_array_equal(decoded, VALUES)


def test_tables_of_the_file_and_the_switch_between_them() -> None:
    decoded = unpack_huffman(by_two_tables(VALUES), len(VALUES), read_tables(TWO_TABLES))
    np.testing.assert_array_equal(decoded, VALUES)


def test_a_whole_file_with_tables_of_its_own(tmp_path: Path) -> None:
    row = np.cumsum(np.random.default_rng(0).integers(-300, 300, 500))
    rows = [row // (lead + 1) for lead in range(8)]
    chunks = [by_two_tables(differences(each, 1)) for each in rows]
    content = struct.pack("<HHBB8H", 1000, 2000, 1, 0, *map(len, chunks)) + b"".join(chunks)
    sections = plain_sections(np.array(rows))
    sections |= {2: section(2, TWO_TABLES), 6: section(6, content)}
    (tmp_path / "rec.scp").write_bytes(file_of(sections))
    samples_uv = open_recording(tmp_path / "rec.scp").read(["I", "V6"]) * 1000
    np.testing.assert_allclose(samples_uv, [rows[0], rows[7]], atol=0.01)


@pytest.mark.parametrize("order", [0, 1, 2])
@pytest.mark.parametrize("n_samples", [1, 2, 3, 50])
def test_differences_are_undone(order: int, n_samples: int) -> None:
    samples = np.random.default_rng(order).integers(-5000, 5000, n_samples)
    np.testing.assert_array_equal(undo_differences(differences(samples, order), order), samples)


@pytest.mark.parametrize(
    ("bits", "n_samples", "tables", "match"),
    [
        (b"\0", 9, DEFAULT_CODE, "cut short"),
        (b"\xff\xc0", 1, DEFAULT_CODE, "cut short"),
        (b"\xff\xff\xff", 1, TWO_TABLES[:2] + struct.pack("<H", 1) + TWO_TABLES[4:13], "cut short"),
        (b"\xc0\0", 1, struct.pack("<HH", 1, 1) + code(2, 2, 0, 7, "11"), "not there"),
    ],
)
def test_contradictions_are_refused(bits: bytes, n_samples: int, tables: bytes, match: str) -> None:
    with pytest.raises(CodingError, match=match):
        unpack_huffman(bits, n_samples, read_tables(tables))


def test_unknown_codes_are_refused() -> None:
    tables = read_tables(struct.pack("<HH", 1, 1) + code(1, 1, 1, 0, "0"))
    with pytest.raises(CodingError, match="unknown Huffman code"):
        unpack_huffman(b"\xff" * 8, 1, tables)


def test_tables_that_are_cut_short_are_refused() -> None:
    with pytest.raises(CodingError, match="tables are cut short"):
        read_tables(TWO_TABLES[:-3])


ZONES = [(11, 20), (31, 35)]


def test_thinned_samples_come_back_between_the_zones() -> None:
    """A straight line is kept by the means of four and by the lines between them."""
    line = np.arange(1.0, 61.0) * 8
    stored, at = [], 0
    for begin, end in [*ZONES, (61, 60)]:
        n_whole, n_left = divmod(begin - 1 - at, 4)
        stored += list(line[at : at + 4 * n_whole].reshape(-1, 4).mean(axis=1))
        stored += list(line[at + 4 * n_whole : at + 4 * n_whole + n_left])
        stored += list(line[begin - 1 : end])
        at = end
    assert n_decimated(1, 60, ZONES, 4) == len(stored)
    samples = spread_decimated(np.array(stored, dtype=np.int64), 1, 60, ZONES, 4)
    assert samples.shape == (60,)
    np.testing.assert_array_equal(samples[10:20], line[10:20])
    np.testing.assert_array_equal(samples[30:35], line[30:35])
    # At the ends of a gap the first and last mean is held: half a group off at most.
    assert np.abs(samples - line).max() <= 8 * 1.5


def test_a_missing_thinned_sample_is_refused() -> None:
    n_stored = n_decimated(1, 60, ZONES, 4)
    with pytest.raises(CodingError, match="between the beats"):
        spread_decimated(np.zeros(n_stored - 1, dtype=np.int64), 1, 60, ZONES, 4)


def test_zones_beyond_the_lead_do_no_harm() -> None:
    zones = [(1, 3), (50, 90), (100, 120)]
    n_stored = n_decimated(1, 60, zones, 4)
    assert spread_decimated(np.zeros(n_stored, dtype=np.int64), 1, 60, zones, 4).shape == (60,)


@pytest.mark.real_data
@pytest.mark.parametrize("name", ["scp_8lead_600hz", "scp_huffman_500hz"])
def test_real_files_unpack_as_in_ecgdatakit(data_dir: Path, name: str) -> None:
    path = data_dir / f"formats/{name}.scp"
    content = path.read_bytes()
    layout = find_sections(content)
    assert layout is not None
    assert (layout.remarks, layout.unsound) == ([], [])
    bodies = {number: body(content, each) for number, each in layout.sections.items()}
    n_leads, tables = bodies[3][0], read_tables(bodies[2])
    nv, _, order, _ = struct.unpack_from("<HHBB", bodies[6])
    sizes = struct.unpack_from(f"<{n_leads}H", bodies[6], 6)
    n_samples = struct.unpack_from("<II", bodies[3], 2)[1]
    recording = open_recording(path)
    read_mv = recording.source.read(0, recording.n_samples, range(n_leads))
    at = 6 + 2 * n_leads
    for size, row_mv in zip(sizes, read_mv, strict=True):
        steps = undo_differences(
            unpack_huffman(bodies[6][at : at + size], n_samples, tables), order
        )
        np.testing.assert_allclose(steps * nv * 1e-6, row_mv, atol=1e-6)
        at += size


def test_a_packed_row_is_what_it_was(tmp_path: Path) -> None:
    """The writer of these tests and the reader agree on the largest differences too."""
    row = np.array([0, 32000, -32000, 5, 5, 5, 5])
    sections = plain_sections(np.tile(row, (8, 1)))
    sections |= {
        2: section(2, DEFAULT_CODE),
        6: section(6, packed([row // 2] * 8, order=1, coded=True)),
    }
    (tmp_path / "rec.scp").write_bytes(file_of(sections))
    samples_uv = open_recording(tmp_path / "rec.scp").read(["V1"])[0] * 1000
    np.testing.assert_allclose(samples_uv, row // 2, atol=0.01)
