"""``ecgview cache``: prepared recordings, and overviews of long ones, that are kept."""

from __future__ import annotations

import argparse
import json
from argparse import ArgumentParser
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ecgview.engine.cache import CachedSet
    from ecgview.engine.overview_files import KeptOverview

HELP = "list the prepared recordings and overviews that are kept, or remove them"


def add_options(parser: ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument(
        "--clear",
        nargs="*",
        metavar="NAME",
        help="remove those whose names begin so; without a name, all",
    )
    parser.add_argument("--json", action="store_true", help="print JSON")


def run(options: argparse.Namespace) -> int:
    """Run the command."""
    from ecgview.engine.cache import list_cached
    from ecgview.engine.overview_files import list_overviews
    from ecgview.paths import user_cache_dir

    if options.clear is None:
        listed: list[CachedSet | KeptOverview] = [*list_cached(), *list_overviews()]
        kept_in = f"{user_cache_dir().parent}: {_megabytes(listed)} MB"
        heading = kept_in if listed else "nothing is kept"
    else:
        listed = _clear(options.clear)
        heading = f"removed {len(listed)}, {_megabytes(listed)} MB freed"
    if options.json:
        print(json.dumps([_facts(kept) for kept in listed], ensure_ascii=False))
        return 0
    for kept in listed if options.clear is None else ():
        print(_lines(kept))
    print(heading)
    if options.clear is not None and (left := list_cached()) and not options.clear:
        print(f"kept {len(left)}, which another ecgview is preparing")
    return 0


def _clear(names: list[str]) -> list[CachedSet | KeptOverview]:
    """Remove what is called so, or everything; each name has to fit something."""
    from ecgview.engine.cache import clear_cache
    from ecgview.engine.overview_files import clear_overviews, list_overviews

    if not names:
        return [*clear_cache(), *clear_overviews()]
    overviews = [kept.name for kept in list_overviews()]
    fitting = [name for name in names if any(each.startswith(name) for each in overviews)]
    others = [name for name in names if name not in fitting]
    # Names that fit nothing are complained of before anything is removed.
    removed = clear_cache(others) if others else []
    return [*removed, *(clear_overviews(fitting) if fitting else [])]


def _megabytes(listed: list[CachedSet | KeptOverview]) -> str:
    return f"{sum(kept.size_bytes for kept in listed) / 1e6:.1f}"


def _facts(cached: CachedSet | KeptOverview) -> dict[str, Any]:
    from ecgview.engine.overview_files import KeptOverview

    if isinstance(cached, KeptOverview):
        made = cached.changed.isoformat(timespec="seconds")
        size = {"size_bytes": cached.size_bytes, "made": made, "path": str(cached.path)}
        return {"name": cached.name, "data": {}, **size}
    facts = cached.facts
    return {
        "name": cached.name,
        "data": facts.sources if facts else {},
        "recordings": cached.recordings,
        "left_out": len(facts.left_out) if facts else 0,
        "fs_hz": facts.fs_hz if facts else None,
        "size_bytes": cached.size_bytes,
        "made": facts.made if facts else None,
        "path": str(cached.path),
    }


def _lines(cached: CachedSet | KeptOverview) -> str:
    from ecgview.engine.overview_files import KeptOverview

    lines = [cached.name]
    if isinstance(cached, KeptOverview):
        lines.append("of a long recording, so that all of it is seen at once when it is opened")
    elif cached.facts is None:
        lines.append("not finished: preparing the same recordings goes on from here")
    else:
        lines += [f"{source}: {count}" for source, count in cached.facts.sources.items()]
        lines.append(
            f"{cached.recordings} ready, {len(cached.facts.left_out)} left out, "
            f"{cached.facts.fs_hz:g} Hz"
        )
    lines.append(f"{cached.size_bytes / 1e6:.1f} MB, {cached.changed:%Y-%m-%d %H:%M}")
    return "\n  ".join([*lines, str(cached.path)]) + "\n"
