"""Of pyarrow, what reads a Parquet file; its libraries are found by what these modules link to."""

hiddenimports = [
    f"pyarrow.{name}"
    for name in (
        *("lib", "_compute", "_compute_docstrings", "_fs", "_parquet", "compute", "fs", "ipc"),
        *("pandas_compat", "parquet.core", "types", "util", "vendored.docscrape"),
    )
]
