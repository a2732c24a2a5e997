"""``ecgview cache``: prepared recordings that are kept."""

from __future__ import annotations

import argparse
import json
from argparse import ArgumentParser
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ecgview.engine.cache import CachedSet

HELP = "list the prepared recordings that are kept, or remove them"


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
    from ecgview.engine.cache import clear_cache, list_cached
    from ecgview.paths import user_cache_dir

    if options.clear is None:
        listed = list_cached()
        heading = f"{user_cache_dir()}: {_megabytes(listed)} MB" if listed else "nothing is kept"
    else:
        listed = clear_cache(options.clear or None)
        heading = f"removed {len(listed)}, {_megabytes(listed)} MB freed"
    if options.json:
        print(json.dumps([_facts(cached) for cached in listed], ensure_ascii=False))
        return 0
    for cached in listed if options.clear is None else ():
        print(_lines(cached))
    print(heading)
    if options.clear is not None and (left := list_cached()) and not options.clear:
        print(f"kept {len(left)}, which another ecgview is preparing")
    return 0


def _megabytes(listed: list[CachedSet]) -> str:
    return f"{sum(cached.size_bytes for cached in listed) / 1e6:.1f}"


def _facts(cached: CachedSet) -> dict[str, Any]:
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


def _lines(cached: CachedSet) -> str:
    lines = [cached.name]
    if cached.facts is None:
        lines.append("not finished: preparing the same recordings goes on from here")
    else:
        lines += [f"{source}: {count}" for source, count in cached.facts.sources.items()]
        lines.append(
            f"{cached.recordings} ready, {len(cached.facts.left_out)} left out, "
            f"{cached.facts.fs_hz:g} Hz"
        )
    lines.append(f"{cached.size_bytes / 1e6:.1f} MB, {cached.changed:%Y-%m-%d %H:%M}")
    return "\n  ".join([*lines, str(cached.path)]) + "\n"
