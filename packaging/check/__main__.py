"""Freeze ecgview, or take what is frozen, and try it: ``python packaging/check``."""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    # The checkout is frozen, so it is the checkout that the frozen program is compared with.
    sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "packaging")]
    from build import not_installed

    if reason := not_installed():
        sys.exit(reason)

from build import build, frozen_folder, size_table  # noqa: E402
from check import (  # noqa: E402
    clinical,
    contents,
    files,
    hardships,
    network,
    onnx_model,
    stopping,
    together,
    training,
    window,
    words,
)
from check.application import Application  # noqa: E402
from check.outcomes import Checks, Outcome, chosen, run_all, summary, write_json  # noqa: E402
from check.running import ODD_NAME, Bench, CheckError  # noqa: E402
from ecgview.engine.cards import list_models, read_card  # noqa: E402
from ecgview.errors import EcgviewError  # noqa: E402
from ecgview.formats import save_recording  # noqa: E402
from ecgview.paths import bundled_models_dir  # noqa: E402
from ecgview.simulate import simulate  # noqa: E402

ROOMS = (
    *(contents, words, files, window, onnx_model, training, clinical),
    *(hardships, together, network, stopping),
)


def all_checks(*, with_packages: bool) -> Checks:
    """Gather the checks of all modules, in the order in which they run."""
    rooms = list(ROOMS)
    if with_packages:
        from check import packages

        rooms.append(packages)
    return {title: check for room in rooms for title, check in room.CHECKS.items()}


def bundled_model() -> Path:
    """Give the weights of the default model, which the build takes along."""
    paths = [card.path for card in list_models() if card.path.parent == bundled_models_dir()]
    if not paths:
        raise CheckError(
            "No model is bundled: trained_models/ holds no .safetensors file with its card. "
            "Put one there, or name one with --model."
        )
    return paths[0]


def put_into(application: Application, model: Path) -> Path:
    """Copy a model into the frozen application if it is not there, and give its place."""
    application.models.mkdir(exist_ok=True)
    for source in (model, model.with_suffix(".json")):
        if not (application.models / source.name).is_file():
            shutil.copy(source, application.models)
    return application.models / model.name


def save_record(bench: Bench) -> None:
    """Write the simulated recording that the checks read."""
    recording = simulate("anterior-infarction", seed=1)
    twelve_mv = recording.read_twelve()
    comments = recording.comments
    save_recording("simulated", twelve_mv, recording.fs_hz, bench.record, comments=comments)


@contextmanager
def working_folder(keep: Path | None) -> Iterator[Path]:
    """Give a folder, removed afterwards unless kept, whose name has spaces and other letters."""
    if keep is not None:
        yield keep.resolve() / ODD_NAME
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        # Users without rights are let in.
        Path(folder).chmod(0o755)
        yield Path(folder).resolve() / ODD_NAME


def make_bench(
    folder: Path, model: Path, frozen: Path | None = None, packages: Path | None = None
) -> tuple[Bench, float]:
    """Build, or copy what was built, and give the bench and the seconds that it took."""
    home = folder / "home"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir(parents=True)
    started_s = time.monotonic()
    if frozen is None:
        application = Application(build(folder))
    else:
        application = Application(frozen).copied_to(folder)
    bench = Bench(home, application, put_into(application, model), packages)
    save_record(bench)
    return bench, time.monotonic() - started_s


def check(folder: Path, model: Path, checks: Checks, options: argparse.Namespace) -> list[Outcome]:
    """Run the checks, print what is for the README, and give what came out."""
    packages = options.packages.resolve() if options.packages and options.packages.name else None
    bench, built_s = make_bench(folder, model, options.frozen, packages)
    outcomes = run_all(checks, bench)
    print(size_table(bench.application.inside.parent))
    told = summary(bench.application, outcomes, None if options.frozen else built_s)
    print("\n".join(f"{key}: {value}" for key, value in told.items()))
    if options.json:
        write_json(options.json, told, outcomes)
    return outcomes


def make_parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python packaging/check", description=__doc__)
    parser.add_argument(
        "--frozen",
        type=frozen_folder,
        metavar="DIR",
        help="check this frozen folder, or ecgview.app, instead of building one; it is copied",
    )
    parser.add_argument(
        "--packages",
        type=Path,
        nargs="?",
        const=Path(),
        metavar="DIR",
        help="also try this system's packages: those in DIR, else made for it",
    )
    parser.add_argument(
        "--only",
        nargs="+",
        default=[],
        metavar="WORDS",
        help="run the checks with one of these in their titles",
    )
    parser.add_argument("--list", action="store_true", help="print the titles and end")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="work there, and leave it there")
    parser.add_argument("--model", type=Path, metavar="FILE", help="model to check with")
    parser.add_argument("--json", type=Path, metavar="FILE", help="also write the results there")
    return parser


def main() -> int:
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # which may lack letters of the odd path
            stream.reconfigure(errors="backslashreplace")
    parser = make_parser()
    options = parser.parse_args()
    checks = chosen(all_checks(with_packages=options.packages is not None), options.only)
    if not checks:
        parser.error(f"no check has {' or '.join(options.only)} in its title; see --list")
    if options.list:
        print("\n".join(checks))
        return 0
    try:
        model = read_card(options.model).path if options.model else bundled_model()
        with working_folder(options.keep) as folder:
            outcomes = check(folder, model, checks, options)
    except (CheckError, EcgviewError, subprocess.SubprocessError) as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    return int(any(outcome.failed for outcome in outcomes))


if __name__ == "__main__":
    sys.exit(main())
