"""The methods paragraph: all of it from the card, and none of it invented."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from ecgview import DISCLAIMER, __version__, list_models
from ecgview.cli import main
from ecgview.engine.cards import find_model
from ecgview.export.methods import Setting, methods_paragraph
from ecgview.leads import CHEST_LEADS
from ecgview.signals.filtering import Filters

LEADS = ("I", "II", "V2")


def test_it_holds_what_the_card_says() -> None:
    card = find_model("anylead")
    text = methods_paragraph(card, Setting(LEADS, fs_hz=500.0))
    expected = card.expected(LEADS)
    mean = np.mean([expected[lead].pcc for lead in CHEST_LEADS if lead in expected])
    assert len(expected) >= 5
    for said in (
        f"From the measured leads I, II, V2, ecgview {__version__} with its model “anylead”",
        "reconstructed V1, V3, V4, V5, V6; III, aVR, aVL, aVF followed exactly",
        f"{card.training['recordings']:,} recordings of {card.training['patients']:,} patients",
        "folds 1-8",
        card.training["command"],
        card.metrics["command"],
        "fold 9, not used for training",
        f"mean clean correlation of {mean:.3f} over the 5 reconstructed chest leads",
        "125 samples a second and carries nothing above 62.5 Hz",
        card.sha256,
        "compared at 500 samples a second",
        "Pearson's correlation",
        "not filtered",
        "Gradowski and Buchner 2025",
        "Wagner et al. 2020",
        DISCLAIMER,
    ):
        assert said in text
    for lead, figures in expected.items():
        assert f"{lead} {figures.pcc:.3f} and {figures.rmse_uv:.0f} uV" in text


def test_every_number_of_figures_is_on_the_card() -> None:
    card = find_model("anylead")
    text = methods_paragraph(card, Setting(("I",)))
    figures = {f"{one.pcc:.3f}" for one in card.expected(("I",)).values()}
    found = set(re.findall(r"\b0\.\d{3}\b", text.split("\n\n")[1]))
    mean = np.mean([card.expected(("I",))[lead].pcc for lead in CHEST_LEADS])
    assert found == figures | {f"{mean:.3f}"}


@pytest.mark.parametrize("card", list_models(), ids=lambda card: card.name)
def test_every_model_can_be_described(card: object) -> None:
    text = methods_paragraph(card)
    assert text.startswith("Leads were reconstructed with ecgview")
    assert "None" not in text
    assert "nan" not in text
    assert "{" not in text


def test_what_was_chosen_is_said() -> None:
    card = find_model("anylead")
    filters = Filters(high_pass_hz=0.5, mains_hz=50.0)
    text = methods_paragraph(card, Setting(LEADS, filters, clean=True))
    assert "zero phase: high-pass 0.5 Hz, mains 50 Hz." in text
    assert "not filtered" not in text
    assert "left as they were filtered" in text
    assert "run forward and backward (clean)" in text
    assert "(raw)" not in text
    assert "(clean)" not in methods_paragraph(card, Setting(LEADS, clean=False))


def test_folds_that_were_trained_on_are_not_called_unseen() -> None:
    card = find_model("anylead")
    refitted = replace(card, training={**card.training, "folds": [*range(1, 10)]})
    assert "fold 9, also used for training" in methods_paragraph(refitted, Setting(LEADS))


def test_leads_of_another_system_are_named() -> None:
    card = find_model("kors")
    assert "reconstructed VX, VY, VZ" in methods_paragraph(card, Setting(card.leads))


def test_a_card_without_figures_says_so() -> None:
    card = replace(find_model("anylead"), metrics={}, figures={}, training={})
    text = methods_paragraph(card, Setting(LEADS))
    assert "states no expected figures" in text
    assert "trained on" not in text


def test_the_command_prints_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["models", "anylead", "--methods", "--leads", "V2,II,I"]) == 0
    expected = methods_paragraph(find_model("anylead"), Setting(LEADS))
    assert capsys.readouterr().out == expected
    assert main(["models", "nosuch", "--methods"]) == 1
    assert "no model" in capsys.readouterr().err
    assert main(["models", "easi"]) == 0
    assert capsys.readouterr().out.startswith("easi:")
