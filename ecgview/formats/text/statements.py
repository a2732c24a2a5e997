"""What lines above and below a table state: rate, unit, gain, lead names, patient, time, device."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ecgview.formats.patients import sex_of
from ecgview.formats.text.names import VOLT
from ecgview.formats.text.times import iso_date, started_at
from ecgview.record_facts import Patient

LONGEST_LINE = 400
"""Characters of a line beside the table that are looked at."""

_STEPS = r"(?:adu|adc|digits?|counts?|steps?|lsbs?|bits?|units?)"
_DIGITS = r"(?<!\d)\d{1,15}(?:\.\d{0,15})?"  # bounded: long runs of digits take no time
_NUMBER = rf"(?P<number>{_DIGITS})"
_RATE = re.compile(
    r"(?:sampl\w*[ _-]*(?:rate|fre[qk]\w*)|abtastrate|messrate|\bfs"
    r"|(?:fr[eé]quence|taux) d.[eé]chantillonnage|(?:frecuencia|tasa) de muestreo"
    r"|(?:frequ[eê]ncia|taxa) de amostragem|frequenza di campionamento|bemonsteringsfrequentie"
    r"|cz[eę]stotliwo[sś][cć] pr[oó]bkowania|частота (?:дискретизации|сэмплирования)"
    r"|采样(?:频)?率|取樣率|サンプル(?:レート|周波数)|サンプリング(?:レート|周波数)"
    r"|샘플(?:링)? ?(?:속도|레이트))"
    r"\b(?P<unit>[^0-9]*)"
    rf"{_NUMBER}(?:,(?P<decimals>\d{{1,15}}))?\s*(?P<kilo>k?)",
    re.IGNORECASE,
)
_INTERVAL = re.compile(
    rf"(?:{_NUMBER}\s*(?P<unit>m|u|µ|micro|milli)?sec(?:onds?)?\s*/\s*sample"
    rf"|\binterval\s*[=:]\s*(?P<seconds>{_DIGITS}(?:e-?\d{{1,3}})?)\s*(?P<prefix>m|u|µ)?s\b)",
    re.IGNORECASE,
)
_PREFIXES = {"m": 1e-3, "milli": 1e-3, "u": 1e-6, "µ": 1e-6, "micro": 1e-6, "": 1.0}
_UNIT = re.compile(
    r"\b(?:units?|einheit|unité|unidade?|unità|eenheid|enhe[td]|jednostka|единица|单位|單位|単位|단위)"
    rf"\b[\s:=,;]+(?P<unit>{VOLT})\b",
    re.IGNORECASE,
)
_GAINS = (
    re.compile(
        rf"\bgain\s*\(\s*\w+\s*(?:/|per)\s*(?P<unit>{VOLT})\s*\)[\s:=,;]+{_NUMBER}", re.IGNORECASE
    ),
    re.compile(
        rf"\b(?:gain|resolution|scale|amplitude)\b\D{{0,40}}?{_NUMBER}\s*{_STEPS}?\s*(?:/|per)\s*"
        rf"(?P<unit>{VOLT})\b",
        re.IGNORECASE,
    ),
)
_STEP_SIZE = re.compile(
    rf"{_NUMBER}\s*(?P<unit>{VOLT})\s*(?:/|per)\s*{_STEPS}\b|\b(?:1\s*)?lsb\s*[=:]\s*"
    rf"(?P<size>{_DIGITS})\s*(?P<of>{VOLT})\b",
    re.IGNORECASE,
)
_LEAD = (
    r"(?:leads?|lead[ _]names?|ableitung(?:en)?|d[eé]rivations?|derivaci[oó]n(?:es)?|derivação"
    r"|derivazion[ei]|afleiding(?:en)?|avledning(?:ar)?|отведени[ея]|导联|導聯|誘導|유도)"
)
_LEADS = re.compile(rf"\W*{_LEAD}\s*[:=,;\t]\s*(?P<names>.+)", re.IGNORECASE)
_LEAD_BEFORE_NAME = re.compile(rf"{_LEAD}\s*(?=[IVa])", re.IGNORECASE)
_PERSON = {
    "identifier": r"(?:patient|subject|person)(?:en)?[ _-]*(?:id|identifier|no|number|nr)|id",
    "name": r"(?:patient(?:'s)?|subject)?[ _-]*name|(?:first|last|given|family)[ _-]*name"
    r"|patient(?:in)?|vorname|nachname|nom|prénom|nombre|apellidos?|nome|cognome|naam|namn|navn"
    r"|imię(?: i nazwisko)?|nazwisko|имя|фио|姓名|名前|氏名|이름",
    "birth_date": r"date of birth|birth[ _-]*date|dob|born|geburtsdatum|date de naissance"
    r"|fecha de nacimiento|data di nascita|data de nascimento|geboortedatum|födelsedatum"
    r"|fødselsdato|data urodzenia|дата рождения|出生日期|生年月日|생년월일",
    "age": r"(?:patient[ _-]*)?age(?:\s*\(years?\))?|alter|âge|edad|età|idade|leeftijd|ålder|年龄",
    "sex": r"(?:patient[ _-]*)?(?:sex|gender)|geschlecht|sexe|sexo|sesso|geslacht|kön|性别",
    "started": r"recorded date|recording (?:on|date|start)|start(?:ed)?(?: time| date)?|date|time"
    r"|aufzeichnungsdatum|aufnahmedatum|date d.enregistrement|date de l.enregistrement"
    r"|fecha de (?:registro|grabación)|data di registrazione|data d[ae] (?:registro|gravação)"
    r"|opnamedatum|registreringsdatum|data zapisu|дата записи|记录日期|記錄日期|記録日|기록 날짜",
    "device": r"device|recorder|instrument|gerät|appareil|dispositivo|apparaat|设备|デバイス|기기",
}
"""Labels before what is said of the patient and the recording, in some languages."""
_PERSON_LINES = {
    key: re.compile(rf"\W*(?:{words})\s*[:=,;\t]\s*(?P<said>.*)", re.IGNORECASE)
    for key, words in _PERSON.items()
}
_PRIVATE = ("identifier", "name", "birth_date", "age", "sex", "started")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_BIOPAC_CHANNELS = re.compile(r"\s*(\d{1,2})\s+channels\s*")


@dataclass(frozen=True)
class Statements:
    """What the lines beside a table state, and where.

    Attributes
    ----------
    rate_hz, unit : optional
        Sampling rate; unit, or a gain such as ``2048/mV``.
    rate_from, unit_from : str
        The line that says so.
    is_gain : bool
        The unit is a gain, which only whole numbers can have.
    names, units : tuple of str
        Of the signals, from left to right, where they do not stand in the head of the table.
    patient : Patient
        From lines that are clearly labelled.
    started, device : str
        As in `ecgview.recording.Recording`.
    comments : tuple of str
        The other lines.
    """

    rate_hz: float | None = None
    rate_from: str = ""
    unit: str | None = None
    unit_from: str = ""
    is_gain: bool = False
    names: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    patient: Patient = field(default_factory=Patient)
    started: str = ""
    device: str = ""
    comments: tuple[str, ...] = ()


def bare(line: str) -> str:
    """Give a line without the mark of a comment and surrounding space."""
    return line.strip().lstrip("#%").strip()


def read_statements(lines: Sequence[tuple[int, str]], path: Path) -> Statements:
    """Read the lines above and below a table.

    Parameters
    ----------
    lines : sequence of (int, str)
        Numbers (from 1) and texts of the lines that are neither head nor rows.
    path : Path
        The file.

    Returns
    -------
    Statements
        The first statement of each thing counts.
    """
    found = Statements()
    comments: list[str] = []
    said: dict[str, str] = {}
    for number, line in lines:
        text = bare(line)[:LONGEST_LINE]
        if not text:
            continue
        found = _with_numbers(found, number, text)
        person = next((key for key, words in _PERSON_LINES.items() if words.fullmatch(text)), None)
        if person:
            match = _PERSON_LINES[person].fullmatch(text)
            value = match["said"].strip(" \"',;\t") if match else ""
            said.setdefault(person, value)
        if person not in _PRIVATE:
            comments.append(text)
    names, units = _channel_list([line for _, line in lines])
    found = replace(found, names=found.names or names, units=units)
    return replace(
        found,
        comments=tuple(comments),
        patient=_patient(said),
        started=_started(said.get("started", "")),
        device=said.get("device", ""),
    )


def _with_numbers(found: Statements, number: int, text: str) -> Statements:
    where = f"line {number}"
    if found.rate_hz is None and (rate_hz := _rate(text)):
        found = replace(found, rate_hz=rate_hz, rate_from=where)
    if found.unit is None and (gain := _gain(text)):
        found = replace(found, unit=gain, unit_from=where, is_gain=True)
    if found.unit is None and (unit := _UNIT.search(text)):
        found = replace(found, unit=unit["unit"], unit_from=where)
    if not found.names and (leads := _LEADS.fullmatch(text)):
        names = [name.strip(" \"'") for name in re.split(r"[,;\t]", leads["names"])]
        names = [_LEAD_BEFORE_NAME.sub("", name) for name in names]
        found = replace(found, names=tuple(name for name in names if name))
    return found


def _rate(text: str) -> float | None:
    if found := _RATE.search(text):
        is_khz = found["kilo"] or "khz" in found["unit"].lower()
        rate_hz = float(f"{found['number'].rstrip('.')}{_decimals(found)}")
        return rate_hz * (1000 if is_khz else 1)
    if found := _INTERVAL.search(text):
        step_s = float(found["number"] or found["seconds"])
        step_s *= _PREFIXES[(found["unit"] or found["prefix"] or "").lower()]
        return float(f"{1 / step_s:.10g}") if step_s > 0 else None
    return None


def _decimals(found: re.Match[str]) -> str:
    has_comma = found["decimals"] and "." not in found["number"]
    return f".{found['decimals']}" if has_comma else ""


def _gain(text: str) -> str | None:
    for pattern in _GAINS:
        if found := pattern.search(text):
            return f"{found['number']}/{found['unit']}"
    if found := _STEP_SIZE.search(text):
        size = float(found["number"] or found["size"])
        return f"{1 / size:.10f}/{found['unit'] or found['of']}" if size > 0 else None
    return None


def _channel_list(lines: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Read lists of channels as AcqKnowledge (BIOPAC) and LabChart (ADInstruments) write them."""
    for index, line in enumerate(lines):
        if match := _BIOPAC_CHANNELS.fullmatch(line):
            listed = [text.strip() for text in lines[index + 1 : index + 1 + 2 * int(match[1])]]
            return tuple(listed[::2]), tuple(listed[1::2])
        if line.startswith("ChannelTitle="):
            return _labchart(lines)
    return (), ()


def _labchart(lines: Sequence[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    fields = {line.partition("=")[0]: line.split("\t")[1:] for line in lines if "=" in line}
    names = fields["ChannelTitle"]
    ranges = [cell.strip().rpartition(" ")[2] for cell in fields.get("Range", [])]
    named = [cell.strip() for cell in fields.get("UnitName", [])]
    # A star stands where a channel keeps the unit of its range.
    units = [
        unit if unit not in ("", "*") else (ranges[place] if place < len(ranges) else "")
        for place, unit in enumerate(named or ranges)
    ]
    return tuple(name.strip() for name in names), tuple(units)


def _patient(said: dict[str, str]) -> Patient:
    return Patient(
        identifier=said.get("identifier", ""),
        name=said.get("name", ""),
        age=said.get("age", ""),
        sex=sex_of(said.get("sex", "")),
        birth_date=iso_date(said.get("birth_date", "")),
    )


def _started(said: str) -> str:
    return started_at(said) or (said if _DAY.fullmatch(said) else "")
