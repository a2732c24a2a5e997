"""Freeze ecgview and try what was frozen, without a display: ``python packaging/check``."""

from __future__ import annotations

import argparse
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
# The checkout is frozen, so it is the checkout that the frozen program is compared with.
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "packaging")]

from samples import SAMPLES, make_ecg  # noqa: E402

from build import build, size_table  # noqa: E402
from ecgview import __version__  # noqa: E402
from ecgview.engine.cards import list_models, read_card  # noqa: E402
from ecgview.errors import EcgviewError  # noqa: E402
from ecgview.formats import ImportOptions, open_recording, save_recording  # noqa: E402
from ecgview.formats.writers import WRITERS  # noqa: E402
from ecgview.leads import LEADS  # noqa: E402
from ecgview.paths import bundled_models_dir  # noqa: E402
from ecgview.simulate import simulate  # noqa: E402

ODD_NAME = "Prüfung ж ecgview"
AVAILABLE = "I,II,V2"
COMMAND_TIMEOUT_S = 600
WINDOW_RUNS_S = 15
PICTURE_SIZE = (1440, 900)
SMALLEST_PICTURE_BYTES = 50_000
"""An empty window compresses to less, one with twelve leads on paper to three times as much."""
NOT_FROZEN = {"Parquet"}
"""Formats that need libraries of a hundred megabytes, which only pip installs have."""
Ran = subprocess.CompletedProcess[str]


class CheckError(Exception):
    """What is wrong with the frozen program, in a sentence."""


@dataclass(frozen=True)
class Bench:
    """Where things are, and how the frozen and the unfrozen program are run.

    Attributes
    ----------
    folder : Path
        For recordings and results, and as the home folder.
    application : Path
        The frozen folder.
    model : Path
        Weights in the frozen folder.
    """

    folder: Path
    application: Path
    model: Path

    @property
    def record(self) -> Path:
        """The recording that both programs are given."""
        return self.folder / "records" / "simulated.hea"

    def environment(self) -> dict[str, str]:
        """Give the variables to run in: nothing of this Python, none of the user's files."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
        homes = ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA")
        kept |= {name: str(self.folder) for name in homes}
        kept |= {name: str(self.folder / name) for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME")}
        return kept | {"QT_QPA_PLATFORM": "offscreen"}

    def frozen(self, *words: str | Path, status: int = 0) -> Ran:
        """Run the frozen command line."""
        return self._run([self.application / "ecgview"], words, self.folder, status)

    def unfrozen(self, *words: str | Path, status: int = 0) -> Ran:
        """Run the checkout's command line."""
        return self._run([sys.executable, "-m", "ecgview"], words, ROOT, status)

    def _run(
        self, program: Sequence[str | Path], words: Sequence[str | Path], cwd: Path, status: int
    ) -> Ran:
        command = [str(word) for word in (*program, *words)]
        ran = subprocess.run(
            command,
            cwd=cwd,
            env=self.environment(),
            capture_output=True,
            encoding="utf-8",
            timeout=COMMAND_TIMEOUT_S,
        )
        if ran.returncode != status:
            raise CheckError(
                f"{' '.join(command)} ended with {ran.returncode} instead of {status}:\n"
                f"{ran.stdout}{ran.stderr}"
            )
        return ran


def same_words(bench: Bench, *words: str | Path, status: int = 0) -> Ran:
    """Demand that both programs print the same, and give what the frozen one printed."""
    frozen, unfrozen = (run(*words, status=status) for run in (bench.frozen, bench.unfrozen))
    if (frozen.stdout, frozen.stderr) != (unfrozen.stdout, unfrozen.stderr):
        raise CheckError(
            f"The frozen program says\n{frozen.stdout}{frozen.stderr}\n"
            f"where the unfrozen one says\n{unfrozen.stdout}{unfrozen.stderr}"
        )
    return frozen


def check_version(bench: Bench) -> None:
    printed = same_words(bench, "--version").stdout
    if printed.strip() != f"ecgview {__version__}":
        raise CheckError(f"--version prints {printed!r}.")


def check_models(bench: Bench) -> None:
    printed = bench.frozen("models").stdout
    if str(bench.model) not in printed:
        raise CheckError(f"{bench.model.name} is not among the models:\n{printed}")


def check_info(bench: Bench) -> None:
    printed = same_words(bench, "info", bench.record).stdout
    if "500 Hz" not in printed or ", ".join(LEADS) not in printed:
        raise CheckError(f"The facts about the recording are not there:\n{printed}")


def check_compressed(bench: Bench) -> None:
    import wfdb

    recording = open_recording(bench.record)
    wfdb.wrsamp(
        "compressed",
        fs=recording.fs_hz,
        units=["mV"] * len(LEADS),
        sig_name=list(LEADS),
        p_signal=recording.read_twelve().T.astype(np.float64),
        fmt=["516"] * len(LEADS),
        write_dir=str(bench.record.parent),
    )
    same_words(bench, "info", bench.record.with_name("compressed.hea"))


def check_formats(bench: Bench) -> None:
    for number, sample in enumerate(s for s in SAMPLES if s.reader not in NOT_FROZEN):
        folder = bench.folder / "formats" / str(number)
        folder.mkdir(parents=True)
        path = sample.make(folder, make_ecg())
        printed = same_words(bench, "info", path, *words_of(sample.options)).stdout
        if " Hz" not in printed:
            raise CheckError(f"The facts about {path.name} are not there:\n{printed}")


def words_of(options: ImportOptions) -> list[str]:
    """Put import options as the command line takes them."""
    words = {
        "--lead-names": options.leads and ",".join(options.leads),
        "--rate-hz": options.rate_hz,
        "--unit": options.unit,
        "--gain": options.gains and ",".join(map(str, options.gains)),
        "--part": options.part,
    }
    return [f"{option}={value}" for option, value in words.items() if value is not None]


def check_convert(bench: Bench) -> None:
    for name, writer in WRITERS.items():
        files = [bench.folder / how / f"converted{writer.ending}" for how in ("ice", "water")]
        for run, file in zip((bench.frozen, bench.unfrozen), files, strict=True):
            file.parent.mkdir(exist_ok=True)
            run("convert", bench.record, file, "--format", name)
        frozen_mv, unfrozen_mv = (open_recording(file).read_twelve() for file in files)
        if not np.array_equal(frozen_mv, unfrozen_mv):
            raise CheckError(f"The frozen program writes other samples as {name}.")


def check_reconstruct(bench: Bench) -> None:
    models = {"frozen": bench.model.stem, "unfrozen": str(bench.model)}
    written = [bench.folder / how / bench.record.name for how in models]
    for run, header, model in zip(
        (bench.frozen, bench.unfrozen), written, models.values(), strict=True
    ):
        options = ("--leads", AVAILABLE, "--output", header.parent, "--model", model)
        run("reconstruct", bench.record, *options, "--device", "cpu")
    frozen_mv, unfrozen_mv = (open_recording(header).read_twelve() for header in written)
    if not np.array_equal(frozen_mv, unfrozen_mv):
        largest_uv = 1000 * np.abs(frozen_mv - unfrozen_mv).max()
        raise CheckError(f"Frozen and unfrozen reconstruction differ by up to {largest_uv:g} uV.")
    headers = {header.read_text(encoding="utf-8") for header in written}
    if len(headers) > 1:
        raise CheckError("The headers differ:\n" + "\n".join(headers))


def check_figure(bench: Bench) -> None:
    for suffix in ("svg", "png", "pdf"):
        drawn = [bench.folder / f"{how}.{suffix}" for how in ("frozen", "unfrozen")]
        for run, file, model in zip(
            (bench.frozen, bench.unfrozen), drawn, (bench.model.stem, str(bench.model)), strict=True
        ):
            options = ("--leads", AVAILABLE, "--output", file, "--model", model)
            run("figure", bench.record, *options, "--device", "cpu")
        frozen, unfrozen = (file.read_bytes() for file in drawn)
        if frozen != unfrozen:
            raise CheckError(f"The frozen program draws another {suffix.upper()}.")


def check_beats(bench: Bench) -> None:
    printed = same_words(bench, "beats", bench.record, "--leads", AVAILABLE).stdout
    if "beats in lead II" not in printed:
        raise CheckError(f"The heart rate is not there:\n{printed}")


def check_pages(bench: Bench) -> None:
    for suffix in ("svg", "png", "pdf"):
        drawn = [bench.folder / f"page-{how}.{suffix}" for how in ("frozen", "unfrozen")]
        for run, file, model in zip(
            (bench.frozen, bench.unfrozen), drawn, (bench.model.stem, str(bench.model)), strict=True
        ):
            options = ("--leads", AVAILABLE, "--output", file, "--model", model)
            run("picture", bench.record, *options, "--device", "cpu")
        frozen, unfrozen = (file.read_bytes() for file in drawn)
        # A PDF holds the moment that it was written in, and letters packed in any order.
        if suffix != "pdf" and frozen != unfrozen:
            raise CheckError(f"The frozen program draws another page as {suffix.upper()}.")
        if abs(len(frozen) - len(unfrozen)) > 0.05 * len(unfrozen):
            raise CheckError(f"The frozen PDF has {len(frozen)} bytes, not {len(unfrozen)}.")


def check_report(bench: Bench) -> None:
    folder = bench.folder / "reports"
    bench.frozen("report", bench.record, "--leads", AVAILABLE, "--output", folder)
    written = {path.suffix for path in folder.iterdir() if path.stat().st_size}
    if not {".pdf", ".csv"} <= written:
        raise CheckError(f"The report wrote {', '.join(sorted(written)) or 'nothing'}.")


def check_interval(bench: Bench) -> None:
    folder = bench.folder / "interval"
    options = ("--leads", AVAILABLE, "--include", "both", "--interval", "80", "--output", folder)
    bench.frozen("reconstruct", bench.record, *options, "--device", "cpu")
    names = [channel.name for channel in open_recording(folder / bench.record.name).channels]
    if not {"V3", "V3_rec", "V3_rec_lo", "V3_rec_hi"} <= set(names):
        raise CheckError(f"The interval is not among the channels {', '.join(names)}.")


def check_signs(bench: Bench) -> None:
    same_words(bench, "signs", bench.record, "--leads", AVAILABLE)


def check_leadmap(bench: Bench) -> None:
    for words in (("--inputs", "quality", "--json"), ("--next", "--leads", AVAILABLE)):
        same_words(bench, "leadmap", *words)


def check_agreement(bench: Bench) -> None:
    folder = bench.folder / "agreement"
    places = ("--data", bench.record.parent, "--folds", "all", "--output", folder)
    bench.frozen("agreement", *places, "--leads", "I", "--report", "html,pdf")
    written = {path.suffix for path in folder.iterdir() if path.stat().st_size}
    if not {".json", ".csv", ".html", ".pdf"} <= written:
        raise CheckError(f"The agreement wrote {', '.join(sorted(written)) or 'nothing'}.")


def check_demo(bench: Bench) -> None:
    picture = bench.folder / "demo.png"
    bench.frozen("demo", "--screenshot", picture)
    content = picture.read_bytes()
    width, height = struct.unpack(">2I", content[16:24])
    if (width, height) != PICTURE_SIZE or len(content) < SMALLEST_PICTURE_BYTES:
        raise CheckError(f"The picture has {width}x{height} pixels in {len(content)} bytes.")


def check_window(bench: Bench) -> None:
    program = bench.application / ("ecgview-gui" if sys.platform == "win32" else "ecgview")
    window = subprocess.Popen(
        [program, bench.record], env=bench.environment(), stderr=subprocess.PIPE
    )
    try:
        _, said = window.communicate(timeout=WINDOW_RUNS_S)
    except subprocess.TimeoutExpired:
        window.terminate()
        _, said = window.communicate()
    else:
        raise CheckError(f"The window closed by itself with {window.returncode}: {said.decode()}")
    if said:
        raise CheckError(f"The window says {said.decode()}")


def check_training(bench: Bench) -> None:
    size = ("--epochs", "2", "--base-width", "4", "--members", "1", "--batch-size", "2")
    places = ("--data", bench.record.parent, "--output", bench.folder / "trained", "--name", "own")
    bench.frozen("train", *places, *size, "--device", "cpu")
    own = bench.folder / "trained" / "own.safetensors"
    bench.frozen("reconstruct", bench.record, "--leads", AVAILABLE, "--model", own)


def check_unknown_file(bench: Bench) -> None:
    said = same_words(bench, "info", bench.folder / "no such file.hea", status=1).stderr
    if not said.startswith("ecgview: ") or "no such file.hea" not in said or "Traceback" in said:
        raise CheckError(f"A file that is not there is answered by\n{said}")


CHECKS: dict[str, Callable[[Bench], None]] = {
    "--version": check_version,
    "the bundled models are found": check_models,
    "info opens a WFDB record": check_info,
    "info opens a record compressed with FLAC": check_compressed,
    "info opens a file of every format": check_formats,
    "convert writes every format": check_convert,
    "reconstruct writes what the unfrozen program writes": check_reconstruct,
    "figure draws what the unfrozen program draws": check_figure,
    "beats says what the unfrozen program says": check_beats,
    "picture draws what the unfrozen program draws": check_pages,
    "report writes its page and its table": check_report,
    "reconstruct writes the interval": check_interval,
    "signs says what the unfrozen program says": check_signs,
    "leadmap says what the unfrozen program says": check_leadmap,
    "agreement writes its tables and its report": check_agreement,
    "demo draws the window": check_demo,
    "the window opens a file and stays open": check_window,
    "train trains two epochs": check_training,
    "an unknown file is told in a sentence": check_unknown_file,
}


def bundled_model() -> Path:
    """Give the weights of the default model, which the build takes along."""
    paths = [card.path for card in list_models() if card.path.parent == bundled_models_dir()]
    if not paths:
        raise CheckError(
            "No model is bundled: trained_models/ holds no .safetensors file with its card. "
            "Put one there, or name one with --model."
        )
    return paths[0]


def put_into(application: Path, model: Path) -> Path:
    """Copy a model into the frozen folder if it is not there, and give its place."""
    models = application / "_internal" / "ecgview" / "trained_models"
    models.mkdir(exist_ok=True)
    for source in (model, model.with_suffix(".json")):
        if not (models / source.name).is_file():
            shutil.copy(source, models)
    return models / model.name


def save_record(bench: Bench) -> None:
    """Write the simulated recording that the checks read."""
    recording = simulate("anterior-infarction", seed=1)
    twelve_mv = recording.read_twelve()
    comments = recording.comments
    save_recording("simulated", twelve_mv, recording.fs_hz, bench.record, comments=comments)


@contextmanager
def workplace(keep: Path | None) -> Iterator[Path]:
    """Give a folder, removed afterwards unless kept, whose name has spaces and other letters."""
    if keep is not None:
        yield keep.resolve() / ODD_NAME
        return
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        yield Path(folder).resolve() / ODD_NAME


def check(folder: Path, model: Path) -> None:
    """Build and run every check."""
    shutil.rmtree(folder / "home", ignore_errors=True)
    started_s = time.monotonic()
    application = build(folder)
    built_s = time.monotonic() - started_s
    bench = Bench(folder / "home", application, put_into(application, model))
    save_record(bench)
    for title, run in CHECKS.items():
        before_s = time.monotonic()
        run(bench)
        print(f"ok {time.monotonic() - before_s:6.1f} s  {title}", flush=True)
    print(size_table(application))
    print(
        f"ecgview {__version__} on {sys.platform}: built in {built_s:.0f} s, "
        f"{len(CHECKS)} checks passed in {time.monotonic() - started_s - built_s:.0f} s."
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, metavar="DIR", help="build there, and leave it there")
    parser.add_argument("--model", type=Path, metavar="FILE", help="model to check with")
    options = parser.parse_args()
    try:
        model = read_card(options.model).path if options.model else bundled_model()
        with workplace(options.keep) as folder:
            check(folder, model)
    except (CheckError, EcgviewError, subprocess.SubprocessError) as error:
        print(f"FAILED: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
