"""Training in the frozen program."""

from __future__ import annotations

from pathlib import Path

from made_data_set import make_ptb_xl

from check.running import AVAILABLE, Bench, CheckError, Word

SMALL = ("--base-width", "4", "--members", "1", "--batch-size", "2", "--device", "cpu")


def training_words(bench: Bench, output: Path, epochs: int = 2) -> tuple[Word, ...]:
    """Give the words of a training that takes seconds."""
    places = ("--data", bench.record.parent, "--output", output, "--name", "own")
    return ("train", *places, "--epochs", str(epochs), *SMALL)


def check_training(bench: Bench) -> None:
    folder = bench.place("trained")
    bench.frozen(*training_words(bench, folder))
    own = folder / "own.safetensors"
    bench.frozen("reconstruct", bench.record, "--leads", AVAILABLE, "--model", own)


def check_worker_processes(bench: Bench) -> None:
    """A study in worker processes, for which a frozen program starts itself again."""
    data = bench.folder / "data set"
    make_ptb_xl(data)
    folders = {how: bench.place("signs study", how) for how in ("frozen", "unfrozen")}
    words = ("study", "signs", "--data", data, "--every", "100", "--device", "cpu", "--output")
    bench.both(lambda how: (*words, folders[how]))
    frozen, unfrozen = ((folder / "signs.csv").read_bytes() for folder in folders.values())
    if frozen != unfrozen:
        raise CheckError("The frozen program's study comes to another table.")


CHECKS = {
    "train trains two epochs, and reconstruct takes the model": check_training,
    "a study runs in worker processes": check_worker_processes,
}
