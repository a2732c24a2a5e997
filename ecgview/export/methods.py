"""A methods paragraph for a paper, made from the card of a model: facts, figures, sources."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ecgview import DISCLAIMER, __version__
from ecgview.engine.cards import ModelCard
from ecgview.engine.folds import fold_phrase
from ecgview.engine.published import PUBLISHED
from ecgview.leads import CHEST_LEADS, LEADS, Origin, lead_origins
from ecgview.personal import LAG_S, PersonalCalibration
from ecgview.signals.filtering import Filters

_ARCHITECTURES = {
    "anylead-unet": "a one-dimensional U-Net [1] that takes any set of leads and corrects a least-"
    "squares estimate",
    "lead-set-unet": "a one-dimensional U-Net [1] trained for one set of leads",
    "least-squares": "linear least squares with the covariance of the leads in the training data",
}
_UNET = (
    "[1] Gradowski and Buchner 2025 (one-dimensional U-Nets that rebuild missing chest leads; "
    "ecgview's network differs from theirs in its training and, where said, in taking any leads)."
)
_PTB_XL = "PTB-XL: Wagner et al. 2020, PhysioNet."
_CHALLENGE = "PhysioNet/Computing in Cardiology Challenge 2011, set A."


@dataclass(frozen=True)
class Setting:
    """What is said beside the card.

    Attributes
    ----------
    leads : tuple of str
        Leads that the model was given; empty where none are chosen.
    filters : Filters
        Of the model's input.
    clean : bool or None
        How signals were compared; None for both ways.
    fs_hz : float or None
        Rate of the recordings; None where it is not known.
    interval : float
        Level of the interval that was shown around reconstructed leads; 0 for none.
    personal : PersonalCalibration or None
        What reconstructions were calibrated with.
    """

    leads: tuple[str, ...] = ()
    filters: Filters = field(default_factory=Filters)
    clean: bool | None = None
    fs_hz: float | None = None
    interval: float = 0.0
    personal: PersonalCalibration | None = None


def methods_paragraph(card: ModelCard, setting: Setting | None = None) -> str:
    """Write how leads were reconstructed and compared.

    Parameters
    ----------
    card : ModelCard
        The model.
    setting : Setting, optional
        Leads, filters and comparison.

    Returns
    -------
    str
        Three paragraphs and the sources; nothing in it is not on the card, in the setting or part
        of ecgview.
    """
    setting = setting or Setting()
    done = [_what_was_done(card, setting), *_calibration(setting)]
    model = [*done, *_model(card), *_training(card)]
    figures = [*_expected(card, setting), *_comparison(setting), *_interval(setting), _wording()]
    parts = [" ".join(model), " ".join(figures), *_sources(card)]
    return "\n\n".join(part for part in parts if part) + "\n"


def _what_was_done(card: ModelCard, setting: Setting) -> str:
    version = f"ecgview {__version__}"
    if not setting.leads:
        return f"Leads were reconstructed with {version} and its model “{card.name}”."
    origins = lead_origins(setting.leads)
    by_origin = {
        origin: [lead for lead in LEADS if origins[lead] is origin and _gives(card, lead, origin)]
        for origin in Origin
    }
    others = [lead for lead in card.rebuilds if lead not in LEADS]
    rebuilt = ", ".join([*by_origin[Origin.RECONSTRUCTED], *others])
    given = ", ".join(setting.leads)
    sentence = f"From the measured leads {given}, {version} with its model “{card.name}” "
    sentence += f"reconstructed {rebuilt}" if rebuilt else "reconstructed no lead"
    if by_origin[Origin.DERIVED]:
        sentence += f"; {', '.join(by_origin[Origin.DERIVED])} followed exactly from measured leads"
    as_what = "filtered" if setting.filters else "recorded"
    return f"{sentence}. Measured leads were left as they were {as_what}, sample by sample."


def _calibration(setting: Setting) -> list[str]:
    its = setting.personal
    if its is None:
        return []
    return [
        f"The reconstructed leads were calibrated to the person from {its.source_words}: least "
        f"squares from the model's leads, now and {1000 * LAG_S:g} ms before and after, "
        "to the recorded ones, "
        f"shrunken towards the model's output (shrinkage {its.shrinkage:g})."
    ]


def _gives(card: ModelCard, lead: str, origin: Origin) -> bool:
    return origin is not Origin.RECONSTRUCTED or not card.rebuilds or lead in card.rebuilds


def _model(card: ModelCard) -> list[str]:
    if card.architecture == PUBLISHED:
        return [f"The model is a published linear transform: {card.description}"]
    kind = _ARCHITECTURES.get(card.architecture, f"of the architecture {card.architecture}")
    arguments = ", ".join(
        f"{name.replace('_', ' ')} {value}"
        for name, value in card.arguments.items()
        if isinstance(value, (int, float, str))
    )
    return [
        f"The model is {kind}" + (f" ({arguments})" if arguments else "") + ".",
        f"It works at {card.fs_hz:g} samples a second and carries nothing above "
        f"{card.bandwidth_hz:g} Hz; recordings are resampled to that rate and its estimates back.",
        f"SHA-256 of the weights: {card.sha256}." if card.sha256 else "",
    ]


def _training(card: ModelCard) -> list[str]:
    training = card.training
    if not training:
        return []
    counts = [f"{training['recordings']:,} recordings"] if "recordings" in training else []
    if training.get("patients"):
        counts.append(f"of {training['patients']:,} patients")
    data = "; ".join(f"{count:,} of {name}" for name, count in _data(training).items())
    sentence = f"It was trained on {' '.join(counts) or 'recordings'}" + (
        f" ({data})" if data else ""
    )
    if training.get("folds"):
        sentence += f", {fold_phrase(training['folds'])}"
    sentences = [f"{sentence}."]
    if left_out := training.get("left_out"):
        what = ", ".join(f"{reason} ({count})" for reason, count in left_out.items())
        sentences.append(f"Left out were recordings with: {what}.")
    if command := training.get("command"):
        sentences.append(f"Command: {command}.")
    return sentences


def _expected(card: ModelCard, setting: Setting) -> list[str]:
    """Quote the card's figures for these leads, with the command that made them."""
    metrics = card.metrics
    expected = card.expected(setting.leads) if setting.leads else None
    if not expected or not metrics:
        return ["The card of the model states no expected figures for these leads."]
    chest = [expected[lead] for lead in CHEST_LEADS if lead in expected]
    each = "; ".join(
        f"{lead} {one.pcc:.3f} and {one.rmse_uv:.0f} uV" for lead, one in expected.items()
    )
    over = [f"{metrics['recordings']:,} recordings"] if "recordings" in metrics else []
    if metrics.get("patients"):
        over.append(f"of {metrics['patients']:,} patients")
    if metrics.get("folds"):
        seen = set(metrics["folds"]) & set(card.training.get("folds", ()))
        unseen = ", also used for training" if seen else ", not used for training"
        over.append(f"({fold_phrase(metrics['folds'])}{unseen})")
    data = ", ".join(_data(metrics))
    sentence = f"On {' '.join(over) or 'its test recordings'}" + (f" of {data}" if data else "")
    mean = f"{np.mean([one.pcc for one in chest]):.3f}" if chest else "n/a"
    sentences = [
        f"{sentence} the model reaches, with these leads, a mean clean correlation of {mean} over "
        f"the {len(chest)} reconstructed chest leads (clean PCC and RMSE: {each}; 1024 samples at "
        "125 Hz of each recording)."
    ]
    if command := metrics.get("command"):
        sentences.append(f"Command: {command}.")
    return sentences


def _comparison(setting: Setting) -> list[str]:
    raw = "with the median of each signal removed (raw)"
    clean = "after a second-order Butterworth high-pass of 0.5 Hz, run forward and backward (clean)"
    how = {None: f"{raw}, and {clean}", False: raw, True: clean}[setting.clean]
    rate = f"{setting.fs_hz:g} samples a second" if setting.fs_hz else "the recording's own rate"
    sentences = [
        f"Reconstructed and recorded leads were compared at {rate} {how}: Pearson's correlation "
        "(PCC, not defined for a flat lead), the root-mean-square difference (RMSE) and the "
        "largest difference in microvolts. Means are over reconstructed leads only; measured and "
        "derived leads do not count."
    ]
    if setting.filters:
        sentences.append(
            "Recordings were filtered before reconstruction and comparison, zero phase: "
            f"{setting.filters.words}."
        )
    else:
        sentences.append("The model's input was not filtered.")
    return sentences


def _interval(setting: Setting) -> list[str]:
    """Say what the interval around a lead is, and what it is not."""
    if not setting.interval:
        return []
    share = f"{100 * setting.interval:.0f} %"
    wander = "of signals high-passed at 0.5 Hz"
    if not (setting.clean or setting.filters.removes_wander):
        wander += ", with the usual wander of the baseline added in squares"
    return [
        f"Around each reconstructed lead stands a {share} interval, whose half width a second "
        f"network gives sample by sample; it was calibrated conformally, {wander}, on recordings "
        f"that the networks had not seen, so that on average over patients it holds {share} of the "
        "samples of the recorded lead. It is no guarantee for a single patient."
    ]


def _wording() -> str:
    return DISCLAIMER


def _sources(card: ModelCard) -> list[str]:
    data = " ".join([*_data(card.training), *_data(card.metrics)])
    sources = [_UNET] if "unet" in card.architecture else []
    sources += [_PTB_XL] if "PTB-XL" in data else []
    sources += [_CHALLENGE] if "Challenge 2011" in data else []
    sources.append(f"ecgview {__version__} (see CITATION.cff).")
    return ["Sources\n" + "\n".join(sources)]


def _data(table: Mapping[str, Any]) -> dict[str, int]:
    data = table.get("data", {})
    return dict(data) if isinstance(data, Mapping) else {}
