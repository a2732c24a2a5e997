"""The recordings of a data set, and what there is of each kind, as text for the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ecgview.catalogue.query import Query

if TYPE_CHECKING:
    from ecgview.catalogue.shelf import Shelf

_WORDS_SHOWN = 60
_STATEMENTS_SHOWN = 20


def line(data: dict[str, Any]) -> str:
    """Lay out a row of `ecgview.catalogue.rows.as_data`: file, person, fold, figures, findings."""
    person = " ".join(str(part) for part in (data["age"], data["sex"]) if part)
    fold = f"fold {data['fold']}" if data["fold"] else ""
    cells = [data["path"], f"{person:<10}", f"{fold:<7}"]
    if "worst_pcc" in data:
        cells.append(_figures(data))
    said = ", ".join(
        f"{one['code']} {one['likelihood']:g}" if one["likelihood"] else one["code"]
        for one in data["statements"]
    )
    words = said or data["report"] or " | ".join(data["comments"])
    cells += [data["problem"] or words[:_WORDS_SHOWN]]
    noted = ", ".join(one for one in data["quality"] if one != "clean")
    return "  ".join([*cells, *([f"[{noted}]"] if noted else [])]).rstrip()


def _figures(data: dict[str, Any]) -> str:
    if data["worst_pcc"] is None:
        return f"{'n/a':<32}"
    return (
        f"worst {data['worst_pcc']:6.3f} {data['worst_lead']:<3}  mean {data['mean_pcc']:6.3f}"
        f"  {data['rmse_uv']:5.0f} uV"
    )


def summary(shelf: Shelf, query: Query) -> str:
    """Count what there is of each kind among the recordings asked for.

    Parameters
    ----------
    shelf : Shelf
        A data set.
    query : Query
        What is asked for; here a field narrows its own counts too.
    """
    vocabulary = shelf.catalogue.vocabulary
    mask = shelf.select(query)
    counts = shelf.counts_among(mask)
    codes = {code: int(mask[rows].sum()) for code, rows in shelf.rows_of_code.items()}
    frequent = sorted((code for code in codes if codes[code]), key=lambda code: -codes[code])
    words = dict(vocabulary.superclass_names)
    lines = [
        _count("superclass", one, n, words[str(one)]) for one, n in counts["superclasses"].items()
    ]
    for code in frequent[:_STATEMENTS_SHOWN]:
        lines.append(_count("statement", code, codes[code], vocabulary[code].words))
    if len(frequent) > _STATEMENTS_SHOWN:
        lines.append(f"{'statement':<11}{len(frequent) - _STATEMENTS_SHOWN} more that are rarer")
    for title, field in _PLAIN:
        lines += [_count(title, value, n) for value, n in counts[field].items()]
    return "".join(f"{text}\n" for text in lines if text)


_PLAIN = (("sex", "sexes"), ("fold", "folds"), ("quality", "qualities"), ("rate Hz", "rates_hz"))


def _count(title: str, value: object, n: int, words: str = "") -> str:
    shown = f"{value:g}" if isinstance(value, float) else str(value)
    return f"{title:<11}{shown:<14}{n:>8,}  {words}".rstrip() if n else ""
