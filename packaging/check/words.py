"""What the frozen command line says: the same as the unfrozen one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from samples import SAMPLES, make_ecg

from check.running import AVAILABLE, Bench, CheckError, demand_sentence, same_words
from ecgview import __version__
from ecgview.formats import ImportOptions, open_recording
from ecgview.leads import LEADS


def check_version(bench: Bench) -> None:
    printed = same_words(bench, "--version").stdout
    if printed.strip() != f"ecgview {__version__}":
        raise CheckError(f"--version prints {printed!r}.")


def check_help(bench: Bench) -> None:
    for words in (("--help",), ("reconstruct", "--help")):
        same_words(bench, *words)


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
    folder = bench.place("compressed")
    wfdb.wrsamp(
        "compressed",
        fs=recording.fs_hz,
        units=["mV"] * len(LEADS),
        sig_name=list(LEADS),
        p_signal=recording.read_twelve().T.astype(np.float64),
        fmt=["516"] * len(LEADS),
        write_dir=str(folder),
    )
    same_words(bench, "info", folder / "compressed.hea")


def check_formats(bench: Bench) -> None:
    made: dict[tuple[str, ...], list[Path]] = {}
    for number, sample in enumerate(SAMPLES):
        path = sample.make(bench.place("formats", str(number)), make_ecg())
        made.setdefault(tuple(words_of(sample.options)), []).append(path)
    for options, paths in made.items():
        printed = same_words(bench, "info", *paths, *options).stdout
        if printed.count(" Hz\n") < len(paths):
            raise CheckError(f"The facts about {len(paths)} files are not there:\n{printed}")


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


def check_beats(bench: Bench) -> None:
    printed = same_words(bench, "beats", bench.record, "--leads", AVAILABLE).stdout
    if "beats in lead II" not in printed:
        raise CheckError(f"The heart rate is not there:\n{printed}")


def check_signs(bench: Bench) -> None:
    same_words(bench, "signs", bench.record, "--leads", AVAILABLE)


def check_leadmap(bench: Bench) -> None:
    for words in (("--inputs", "quality", "--json"), ("--next", "--leads", AVAILABLE)):
        same_words(bench, "leadmap", *words)


def check_unknown_file(bench: Bench) -> None:
    said = same_words(bench, "info", bench.folder / "no such file.hea", status=1).stderr
    demand_sentence(said, "no such file.hea")


CHECKS = {
    "--version": check_version,
    "--help": check_help,
    "the bundled models are found": check_models,
    "info opens a WFDB record": check_info,
    "info opens a record compressed with FLAC": check_compressed,
    "info opens a file of every format": check_formats,
    "beats says what the unfrozen program says": check_beats,
    "signs says what the unfrozen program says": check_signs,
    "leadmap says what the unfrozen program says": check_leadmap,
    "an unknown file is told in a sentence": check_unknown_file,
}
