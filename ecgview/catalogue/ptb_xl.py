"""PTB-XL: what its table says of each recording.

The columns are described by Wagner et al. 2020 (doi:10.1038/s41597-020-0495-6).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from ecgview.catalogue.entries import CLEAN, OLDEST_STATED, OVER_OLDEST, Catalogue, Entry
from ecgview.catalogue.statements import Vocabulary, parse_statements, read_vocabulary
from ecgview.catalogue.tables import files_there, number, read_rows, tidy
from ecgview.errors import DatasetError

TITLE = "PTB-XL"
TABLE = "ptbxl_database.csv"
STATEMENTS = "scp_statements.csv"

_FILES = (("filename_hr", 500.0), ("filename_lr", 100.0))
_SEXES = {"0": "male", "1": "female"}
_QUALITY_COLUMNS = {
    "baseline_drift": "drift",
    "static_noise": "static",
    "burst_noise": "burst",
    "electrodes_problems": "electrodes",
}
_NOTES = {
    "heart_axis": "Heart axis",
    "infarction_stadium1": "Infarction stage",
    "infarction_stadium2": "Second infarction stage",
    "pacemaker": "Pacemaker",
    "extra_beats": "Extra beats",
    "baseline_drift": "Baseline drift",
    "static_noise": "Static noise",
    "burst_noise": "Burst noise",
    "electrodes_problems": "Electrode problems",
}
_DURATION_S = 10.0


def is_ptb_xl(folder: Path) -> bool:
    """Tell whether a folder is laid out as PTB-XL."""
    return (folder / TABLE).is_file()


def at_full_rate(path: Path) -> Path:
    """Give the 500 Hz file of the same recording as a 100 Hz file; any other path as it is."""
    folder = path.parent
    if folder.parent.name != "records100" or not path.stem.endswith("_lr"):
        return path
    name = f"{path.stem.removesuffix('_lr')}_hr{path.suffix}"
    return folder.parent.with_name("records500") / folder.name / name


def read_ptb_xl(folder: Path) -> Catalogue:
    """Read PTB-XL, or a part of it; of each recording the 500 Hz file where it is there.

    Parameters
    ----------
    folder : Path
        With the table.

    Returns
    -------
    Catalogue
        Of the recordings whose files are there.

    Raises
    ------
    DatasetError
        If the table is another one, or cannot be read.
    """
    table = folder / TABLE
    rows = read_rows(table)
    vocabulary = read_vocabulary(folder / STATEMENTS)
    columns = [(column, rate) for column, rate in _FILES if rows and column in rows[0]]
    if rows and not columns:
        raise DatasetError(
            f"{table} is not the table of PTB-XL: it names no files.",
            "It has the columns filename_hr and filename_lr; download it again.",
        )
    wanted = [
        [(folder / f"{row[column]}.hea", rate) for column, rate in columns if row[column]]
        for row in rows
    ]
    there = files_there(path for files in wanted for path, _ in files)
    entries = []
    for row, files in zip(rows, wanted, strict=True):
        found = next(((path, rate) for path, rate in files if path in there), None)
        if found is not None:
            entries.append(_entry(folder, row, *found, vocabulary))
    return Catalogue(folder, TITLE, tuple(entries), vocabulary, len(rows) - len(entries))


def _entry(
    folder: Path, row: Mapping[str, str], path: Path, rate_hz: float, vocabulary: Vocabulary
) -> Entry:
    statements = parse_statements(row.get("scp_codes", ""))
    fold = number(row.get("strat_fold", ""))
    return Entry(
        name=path.relative_to(folder).with_suffix("").as_posix(),
        path=path,
        patient=row.get("patient_id", "").removesuffix(".0"),
        age=_age(row.get("age", "")),
        sex=_SEXES.get(row.get("sex", "").removesuffix(".0"), ""),
        fold=int(fold) if fold else 0,
        statements=statements,
        superclasses=vocabulary.superclasses(statements),
        report=row.get("report", "").strip(),
        qualities=_qualities(row),
        notes=tuple(_notes(row)),
        rate_hz=rate_hz,
        duration_s=_DURATION_S,
        device=" ".join(row.get("device", "").split()),
        recorded=row.get("recording_date", "")[:10],
    )


def _age(text: str) -> float | None:
    """Give the age; PTB-XL writes 300 for everyone above 89."""
    age = number(text)
    return OVER_OLDEST if age is not None and age > OLDEST_STATED else age


def _qualities(row: Mapping[str, str]) -> tuple[str, ...]:
    if not any(column in row for column in _QUALITY_COLUMNS):
        return ()
    noted = [word for column, word in _QUALITY_COLUMNS.items() if tidy(row.get(column, ""))]
    return tuple(noted) or (CLEAN,)


def _notes(row: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for column, what in _NOTES.items():
        if text := tidy(row.get(column, "")):
            yield what, text
    validated = row.get("validated_by_human", "")
    if validated in ("True", "False"):
        second = ", and by a second one" if row.get("second_opinion") == "True" else ""
        by_person = f"by a cardiologist{second}" if validated == "True" else "by no person"
        yield "Report checked", by_person
    if row.get("initial_autogenerated_report") == "True":
        yield "Report began as", "text of the recorder"
