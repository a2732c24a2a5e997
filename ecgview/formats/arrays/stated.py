"""Facts that files state beside their signals under usual names: rate, leads, unit, gain."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from ecgview.formats.arrays.contents import Fact
from ecgview.formats.assemble import MAX_FS_HZ
from ecgview.formats.patients import sex_of
from ecgview.formats.text.names import seconds_of_unit
from ecgview.formats.text.times import iso_date
from ecgview.record_facts import Patient

LONGEST_STEP_S = 0.02
"""A sampling interval that is larger is not in seconds."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_RATE = _words(
    "fs fsecg fshz freq frequency ratehz samplingrate samplerate samplingratehz samplingfreq "
    "samplingfrequency samplefrequency samplefreq sampfreq sfreq srate"
)
"""No ``rate``: that may be the heart's."""
_STEP = _words("dt samplinginterval sampleinterval samplingperiod")
_BIOPAC_STEP, _BIOPAC_STEP_UNIT = _words("isi"), _words("isiunits")
_LEADS = _words(
    "leads lead leadnames leadname leadorder ecgleads leadids signame signames signalnames "
    "channels channelnames chnames channames labels label columns names desc"
)
_UNIT = _words(
    "unit units physicalunit physicalunits signalunit signalunits voltageunit "
    "amplitudeunit amplitudeunits"
)
_GAIN = _words("gain gains adcgain adcgains")
_BASELINE = _words("baseline baselines adcbaseline")
_RESOLUTION = _words("resolutionmv")
_PERSON = {
    "identifier": _words("patientid subjectid patient subject"),
    "age": _words("age patientage ageyears"),
    "sex": _words("sex gender patientsex"),
    "name": _words("patientname"),
    "birth_date": _words("birthdate patientbirthdate dateofbirth"),
}


def plain_word(name: str) -> str:
    """Give the last component of a path in lower case, letters and digits only."""
    return re.sub(r"[\W_]+", "", name.rsplit("/", 1)[-1]).lower()


def stated(facts: Mapping[str, Fact], about: str, words: frozenset[str]) -> list[Fact]:
    """Give what the file states under certain names, what lies nearest to an array first.

    Parameters
    ----------
    facts : mapping of str to Fact
        All facts of the file, by path.
    about : str
        Path of the array.
    words : frozenset of str
        Names, as `plain_word` gives them.

    Returns
    -------
    list of Fact
        Those of its own attributes, else those of its group, and so on to the whole file; what
        belongs to other groups only where nothing else is stated.
    """
    found: dict[str, list[Fact]] = {}
    for path, fact in facts.items():
        if plain_word(path) in words:
            found.setdefault(path.rpartition("/")[0], []).append(fact)
    scope = about
    while scope:
        if scope in found:
            return found[scope]
        scope = scope.rpartition("/")[0]
    return found.get("", [fact for several in found.values() for fact in several])


def stated_rate(facts: Mapping[str, Fact], about: str) -> float | None:
    """Give the sampling rate in Hz; None where none is stated, or several that differ."""
    rates = {rate for fact in stated(facts, about, _RATE) for rate in _numbers(fact)}
    if not rates:
        steps = [step for fact in stated(facts, about, _STEP) for step in _numbers(fact)]
        rates = {1 / step for step in steps if 0 < step <= LONGEST_STEP_S}
    rates = rates or _biopac_rates(facts, about)
    rates = {rate for rate in rates if 0 < rate <= MAX_FS_HZ}
    return rates.pop() if len(rates) == 1 else None


def _biopac_rates(facts: Mapping[str, Fact], about: str) -> set[float]:
    """Give the rate that AcqKnowledge states: an interval (``isi``) and its unit."""
    units = [fact for fact in stated(facts, about, _BIOPAC_STEP_UNIT) if isinstance(fact, str)]
    unit_s = seconds_of_unit(units[0]) if len(units) == 1 else None
    steps = [step for fact in stated(facts, about, _BIOPAC_STEP) for step in _numbers(fact)]
    return {1 / (step * unit_s) for step in steps if step > 0} if unit_s else set()


def stated_leads(facts: Mapping[str, Fact], about: str, n_leads: int) -> tuple[str, ...] | None:
    """Give the names of the signals if as many are stated."""
    for fact in stated(facts, about, _LEADS):
        names = (fact,) if n_leads == 1 and isinstance(fact, str) else _texts(fact)
        if len(names) == n_leads and all(names):
            return names
    return None


def stated_units(facts: Mapping[str, Fact], about: str, n_leads: int) -> tuple[str, ...]:
    """Give the unit of each signal; empty where none is stated."""
    for fact in stated(facts, about, _UNIT):
        units = (fact,) if isinstance(fact, str) else _texts(fact)
        if len(units) == 1:
            return units * n_leads
        if len(units) == n_leads:
            return units
    return ()


def stated_gains(facts: Mapping[str, Fact], about: str, n_leads: int) -> tuple[float, ...]:
    """Give the converter steps per unit of each signal; empty where none are stated."""
    gains = _for_each(stated(facts, about, _GAIN), n_leads)
    return gains if all(gain > 0 for gain in gains) else ()


def stated_baselines(facts: Mapping[str, Fact], about: str, n_leads: int) -> tuple[float, ...]:
    """Give the converter step at 0 V of each signal; empty where none are stated."""
    return _for_each(stated(facts, about, _BASELINE), n_leads)


def stated_resolution(facts: Mapping[str, Fact], about: str) -> float | None:
    """Give one unit of the last digit in mV where it is stated."""
    found = _for_each(stated(facts, about, _RESOLUTION), 1)
    return found[0] if found and found[0] > 0 else None


def stated_patient(facts: Mapping[str, Fact], about: str) -> Patient:
    """Give what the file says of the patient."""
    said = {}
    for attribute, words in _PERSON.items():
        for fact in stated(facts, about, words):
            if isinstance(fact, str) or (isinstance(fact, float) and fact == fact):
                said[attribute] = fact if isinstance(fact, str) else f"{fact:g}"
                break
    if "sex" in said:
        said["sex"] = sex_of(said["sex"])
    if "birth_date" in said:
        said["birth_date"] = iso_date(said["birth_date"])
    return Patient(**said)


def stated_text(facts: Mapping[str, Fact], about: str, word: str) -> tuple[str, ...]:
    """Give the lines of text stated under a name."""
    found = stated(facts, about, frozenset((word,)))
    return tuple(line for fact in found for line in _lines(fact))


def _lines(fact: Fact) -> Iterator[str]:
    for text in (fact,) if isinstance(fact, str) else fact if isinstance(fact, tuple) else ():
        if isinstance(text, str):
            yield from text.splitlines()


def _for_each(facts: list[Fact], n_leads: int) -> tuple[float, ...]:
    for fact in facts:
        numbers = _numbers(fact)
        if len(numbers) == 1:
            return numbers * n_leads
        if len(numbers) == n_leads:
            return numbers
    return ()


def _numbers(fact: Fact) -> tuple[float, ...]:
    if isinstance(fact, tuple):
        return tuple(value for item in fact for value in _numbers(item))
    try:
        number = float(fact)
    except ValueError:
        return ()
    return (number,) if number == number else ()


def _texts(fact: Fact) -> tuple[str, ...]:
    if isinstance(fact, str):
        return tuple(part.strip(" '\"[]()") for part in re.split(r"[,;|\s]+", fact.strip()) if part)
    return tuple(str(item) for item in fact) if isinstance(fact, tuple) else ()
