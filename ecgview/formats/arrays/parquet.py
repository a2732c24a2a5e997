"""Reader of Parquet files: one row a sample, one column a lead."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np

from ecgview.errors import RecordingError
from ecgview.formats.arrays.contents import MOST_VARIABLES, ArrayFile, check_size
from ecgview.formats.arrays.opening import open_arrays
from ecgview.formats.guard import foreign_parser
from ecgview.formats.options import ImportOptions
from ecgview.recording import Recording


def open_parquet(path: Path, options: ImportOptions) -> Recording:
    """Open a Parquet file.

    Parameters
    ----------
    path : Path
        Columns of numbers; columns of times give the rate, others are passed over.
    options : ImportOptions
        What the file does not state.

    Returns
    -------
    Recording
        In memory.

    Raises
    ------
    NeedsOptions
        If leads, rate or unit are neither in the file nor in the options.
    RecordingError
        If it is damaged, pyarrow is not installed, or no column is a lead.
    """
    if importlib.util.find_spec("pyarrow") is None:
        raise RecordingError(
            f"{path.name} is a Parquet file, which needs the library pyarrow.",
            "Install it (python -m pip install pyarrow), or save the table as CSV.",
        )
    from pyarrow import parquet

    file = ArrayFile(path, "Parquet")
    with foreign_parser(path, "Parquet"), parquet.ParquetFile(path) as opened:
        schema, n_rows = opened.schema_arrow, opened.metadata.num_rows
        for key, value in (schema.metadata or {}).items():
            if key not in (b"pandas", b"ARROW:schema"):
                file.add(key.decode("utf-8", errors="replace"), value)
        numeric = [field.name for field in schema if _is_number(field.type)]
        check_size(path, (n_rows, max(len(numeric), 1)), np.dtype("f8"))
        if len(numeric) < len(schema):
            other = next(field.name for field in schema if field.name not in numeric)
            file.passed_over.append(f"its column “{other}” is no column of numbers")
        columns = opened.read(columns=numeric[:MOST_VARIABLES], use_threads=False)
        for name in numeric[:MOST_VARIABLES]:
            file.add(name, columns[name].to_numpy())
        moments = next((f.name for f in schema if str(f.type).startswith("timestamp")), None)
        if moments is not None and n_rows:
            _add_moments(file, opened.read(columns=[moments], use_threads=False)[moments])
    return open_arrays(file, options)


def _add_moments(file: ArrayFile, column: Any) -> None:
    """Add the times of a column of dates with times, in nanoseconds since the first."""
    moments = column.to_numpy().astype("datetime64[ns]")
    if not np.isnat(moments).any():
        file.facts["started"] = str(moments[0].astype("datetime64[s]"))
        file.add("time_ns", (moments - moments[0]).astype(np.int64))


def _is_number(kind: Any) -> bool:
    return str(kind).removeprefix("u").startswith(("int", "float", "double", "halffloat"))
