"""Model cards: what each installed model is, without loading it (no torch here).

A model is two files side by side: ``NAME.safetensors`` (or ``NAME.onnx``) and ``NAME.json``, the
card, which holds the checksum of the weights. Published linear transforms are cards without files.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ecgview import paths
from ecgview.engine.input_sets import known_leads
from ecgview.engine.runs import LAST_SUFFIX
from ecgview.errors import ModelError
from ecgview.leads import LEADS, LIMB_LEADS, in_order
from ecgview.storing import put_in_place

CARD_FORMAT = 1
_CARD_PART = ".json.part"
_WEIGHTS = (".safetensors", ".onnx")
_NO_MODELS = (LAST_SUFFIX, ".intervals.safetensors")
_DEFAULT_FIRST = ("anylead", "anylead-linear")
_TWO_FILES = "A model is a .safetensors or .onnx file with its .json card."


@dataclass(frozen=True)
class Expected:
    """What a model reached on average on recordings it had not seen, for one lead.

    Attributes
    ----------
    pcc : float
        Mean clean PCC.
    rmse_uv : float
        Mean clean RMSE in microvolts.
    """

    pcc: float
    rmse_uv: float


@dataclass(frozen=True, eq=False)
class ModelCard:
    """What is known of a model.

    Attributes
    ----------
    name : str
        Short name, the stem of its files.
    title : str
        Name for menus.
    description : str
        A sentence or two.
    architecture : str
        Key of `ecgview.engine.models.ARCHITECTURES`.
    arguments : dict
        Arguments of the architecture.
    fs_hz, bandwidth_hz : float
        Rate the model works at, 0 for any rate; it carries nothing above the bandwidth.
    sha256 : str
        Checksum of the weights file.
    version : str
        Of a bundled model; raised whenever its weights are made anew. Empty for others.
    training : dict
        Recipe, parameters, data with licence, folds, commit, command.
    metrics : dict
        Tables as `ecgview evaluate` prints them, each with the command that made it.
    figures : dict
        Clean PCC and RMSE (uV) per set of available leads and reconstructed lead.
    leads : tuple of str
        The only set of available leads that the model takes, of the twelve or of another system
        (VX, VY, VZ; ES, AS, AI); empty for any set.
    rebuilds : tuple of str
        The only leads that it gives; empty for all twelve.
    path : Path
        The weights file.
    """

    name: str
    title: str
    description: str
    architecture: str
    arguments: dict[str, Any]
    fs_hz: float
    bandwidth_hz: float
    sha256: str = ""
    version: str = ""
    training: dict[str, Any] = field(default_factory=dict)
    metrics: dict[str, Any] = field(default_factory=dict)
    figures: dict[str, dict[str, tuple[float, float]]] = field(default_factory=dict)
    leads: tuple[str, ...] = ()
    rebuilds: tuple[str, ...] = ()
    path: Path = Path()

    def takes(self, available: Collection[str]) -> bool:
        """Tell whether the model can be given these leads, some of the twelve."""
        if not self.leads:
            return True
        return not self.needs_other_leads and set_key(available) == set_key(self.leads)

    @property
    def edition(self) -> str:
        """Version and the beginning of the checksum, by which weights are known; maybe empty."""
        known = {"version": self.version, "weights": self.sha256[:8]}
        return ", ".join(f"{what} {value}" for what, value in known.items() if value)

    @property
    def needs_other_leads(self) -> bool:
        """Whether it takes leads of another system, not some of the twelve."""
        return not set(self.leads) <= set(LEADS)

    def expected(self, available: Collection[str]) -> dict[str, Expected] | None:
        """Tell what to expect of each reconstructed lead.

        Parameters
        ----------
        available : collection of str
            Leads the model would be given.

        Returns
        -------
        dict of str to Expected, or None
            None where the card has no figures for this set.
        """
        # Leads of another system have no key among sets of the twelve.
        figures = None if self.needs_other_leads else self.figures.get(set_key(available))
        if figures is None:
            return None
        return {lead: Expected(*pair) for lead, pair in figures.items() if lead in LEADS}

    @property
    def headline(self) -> str:
        """The main figure, for menus; empty if the model was never evaluated."""
        table = self.metrics.get("table", {})
        row = table.get("I,II,V2")
        return f"fold 9, I+II+V2: PCC {row['clean_pcc']:.2f}" if row else ""


def set_key(available: Collection[str]) -> str:
    """Name what a set tells a model: ``I,II,V2`` for any two limb leads and V2."""
    known = known_leads(in_order(available))
    if set(LIMB_LEADS) <= set(known):
        known = ("I", "II", *(lead for lead in known if lead not in LIMB_LEADS))
    return ",".join(known)


def read_card(path: Path) -> ModelCard:
    """Read the card of a model.

    Parameters
    ----------
    path : Path
        Weights (``.safetensors``, ``.onnx``) or card (``.json``).

    Returns
    -------
    ModelCard
        Its `path` is the weights file, which is not read here.

    Raises
    ------
    ModelError
        If either file is missing or the card is not one.
    """
    if path.suffix not in (*_WEIGHTS, ".json"):
        raise ModelError(f"{path.name} is not a model.", _TWO_FILES)
    beside = [path.with_suffix(suffix) for suffix in _WEIGHTS]
    # A card is named for its weights, whichever they are.
    weights = next((file for file in beside if file.is_file()), beside[0])
    weights = path if path.suffix in _WEIGHTS else weights
    card = _card_file(weights)
    for part in (weights, card):
        if not part.is_file():
            raise ModelError(f"{part} is missing.", _TWO_FILES)
    try:
        content = json.loads(card.read_text(encoding="utf-8"))
        if content.pop("format") != CARD_FORMAT:
            raise ValueError("unknown format number")
        leads, rebuilds = (tuple(content.pop(name, ())) for name in ("leads", "rebuilds"))
        return ModelCard(**content, leads=leads, rebuilds=rebuilds, path=weights)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise ModelError(
            f"{card} is not a model card ({error}).", "It may come from another version of ecgview."
        ) from error


def write_card(card: ModelCard) -> Path:
    """Write a card beside its weights and return its path."""
    return put_in_place(write_card_part(card), card.path.with_suffix(".json"))


def write_card_part(card: ModelCard) -> Path:
    """Write a card to a temporary file beside its weights, and return that.

    Raises
    ------
    ModelError
        If it cannot be written.
    """
    content = {name: value for name, value in vars(card).items() if name != "path"}
    temporary = card.path.with_suffix(_CARD_PART)
    try:
        text = json.dumps({"format": CARD_FORMAT, **content}, indent=1) + "\n"
        temporary.write_text(text, encoding="utf-8")
    except OSError as error:
        with suppress(OSError):
            temporary.unlink()
        raise ModelError(f"{temporary} could not be written: {error.strerror or error}.") from error
    return temporary


def _card_file(weights: Path) -> Path:
    """Find the card of weights: the new one, where a process died between replacing the two."""
    part = weights.with_suffix(_CARD_PART)
    try:
        if part.is_file():
            checksum = hashlib.sha256(weights.read_bytes()).hexdigest()
            if json.loads(part.read_text(encoding="utf-8"))["sha256"] == checksum:
                return part
    except (OSError, ValueError, KeyError, TypeError):
        pass  # still being written, or left half done: the card in place is the right one
    return weights.with_suffix(".json")


def list_models() -> list[ModelCard]:
    """List the installed models: bundled ones first, the default at the head.

    Returns
    -------
    list of ModelCard
        Published transforms last. Files that are not models are passed over; `ecgview models`
        names them.
    """
    from ecgview.engine.published import published_cards

    return [card for card in _cards() if isinstance(card, ModelCard)] + published_cards()


def broken_models() -> list[ModelError]:
    """Tell what is wrong with the models that `list_models` passes over."""
    return [error for error in _cards() if isinstance(error, ModelError)]


def _cards() -> list[ModelCard | ModelError]:
    found: list[ModelCard | ModelError] = []
    # Each run of the window has a folder of its own.
    runs = sorted(paths.user_runs_dir().glob("*/"))
    for folder in (paths.bundled_models_dir(), paths.user_models_dir(), *runs):
        files = [file for suffix in _WEIGHTS for file in folder.glob(f"*{suffix}")]
        for weights in sorted(files, key=_menu_order):
            if weights.name.endswith(_NO_MODELS):
                continue
            try:
                found.append(read_card(weights))
            except ModelError as error:
                found.append(error)
    return found


def _menu_order(weights: Path) -> tuple[int, str]:
    known = weights.stem in _DEFAULT_FIRST
    return (_DEFAULT_FIRST.index(weights.stem) if known else len(_DEFAULT_FIRST), weights.stem)


def find_model(name_or_path: str | None = None) -> ModelCard:
    """Find a model by name or by file.

    Parameters
    ----------
    name_or_path : str, optional
        A name as `ecgview models` lists it, or a ``.safetensors`` or ``.onnx`` file; the default
        model if not given.

    Returns
    -------
    ModelCard
        Its card.

    Raises
    ------
    ModelError
        If there is no such model.
    """
    if name_or_path and Path(name_or_path).suffix in (*_WEIGHTS, ".json"):
        return read_card(Path(name_or_path))
    models = list_models()
    for card in models:
        if name_or_path == card.name or (name_or_path is None and card.path != Path()):
            return card
    if name_or_path is None:
        raise ModelError("No model is installed.", "Name a .safetensors file that has its card.")
    installed = ", ".join(card.name for card in models)
    raise ModelError(f"There is no model “{name_or_path}”.", f"Installed: {installed}.")
