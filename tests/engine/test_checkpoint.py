from __future__ import annotations

import json
import pickle
import re
import shutil
from pathlib import Path

import pytest
import torch

from ecgview import paths
from ecgview.engine.cards import (
    ModelCard,
    broken_models,
    find_model,
    list_models,
    read_card,
    set_key,
)
from ecgview.engine.checkpoint import load_model, save_model
from ecgview.errors import ModelError


@pytest.fixture
def copied(tiny_card: ModelCard, tmp_path: Path) -> Path:
    for suffix in (".safetensors", ".json"):
        shutil.copy(tiny_card.path.with_suffix(suffix), tmp_path)
    return tmp_path / "tiny.safetensors"


def edit(card: Path, **changes: object) -> None:
    content = json.loads(card.with_suffix(".json").read_text())
    card.with_suffix(".json").write_text(json.dumps({**content, **changes}))


def test_a_model_comes_back_as_it_was_saved(tiny_card: ModelCard, copied: Path) -> None:
    signals, known = torch.randn(1, 12, 64), torch.ones(1, 12, dtype=torch.bool)
    known[:, 8:] = False
    original = load_model(tiny_card)(signals, known)
    assert torch.equal(load_model(read_card(copied))(signals, known), original)


def test_changed_weights_do_not_match_their_card(copied: Path) -> None:
    content = bytearray(copied.read_bytes())
    content[-1] ^= 1
    copied.write_bytes(content)
    with pytest.raises(ModelError, match="do not match their card"):
        load_model(read_card(copied))


def test_a_pickle_is_never_loaded(copied: Path) -> None:
    import hashlib

    content = pickle.dumps({"members.0.head.weight": [1.0]})
    copied.write_bytes(content)
    edit(copied, sha256=hashlib.sha256(content).hexdigest())
    with pytest.raises(ModelError, match="do not fit"):
        load_model(read_card(copied))
    with pytest.raises(ModelError, match="is not a model"):
        read_card(copied.with_suffix(".pt"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"architecture": "mystery"}, "unknown kind"),
        ({"arguments": {"base_width": 5, "members": 2}}, "do not fit"),
        ({"arguments": {"wings": 2}}, "do not fit"),
    ],
)
def test_a_card_of_another_model_is_refused(copied: Path, change: dict, message: str) -> None:
    edit(copied, **change)
    with pytest.raises(ModelError, match=message):
        load_model(read_card(copied))


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"format": 99}', "\x00"])
def test_a_card_that_is_none_is_refused(copied: Path, text: str) -> None:
    copied.with_suffix(".json").write_text(text)
    with pytest.raises(ModelError, match="is not a model card"):
        read_card(copied)


def test_missing_halves_are_named(copied: Path) -> None:
    copied.with_suffix(".json").unlink()
    with pytest.raises(ModelError, match=r"tiny\.json is missing"):
        read_card(copied)


def test_models_are_listed_and_broken_ones_named(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paths, "user_models_dir", lambda: copied.parent)
    assert find_model("tiny").path == copied
    assert "tiny" in [card.name for card in list_models()]
    copied.with_suffix(".json").write_text("no card")
    assert "tiny" not in [card.name for card in list_models()]
    assert "tiny.json" in str(broken_models()[0])
    with pytest.raises(ModelError, match=r"no model “tiny”|No model is installed"):
        find_model("tiny")


def test_sets_that_tell_the_same_have_one_name() -> None:
    assert set_key(("V2", "aVL", "III")) == set_key(("I", "II", "V2")) == "I,II,V2"
    assert set_key(("aVR", "V1")) == "aVR,V1"


def test_a_kill_between_weights_and_card_loses_nothing(
    copied: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = read_card(copied)
    model = load_model(card)
    with torch.no_grad():
        model.members[0].head.weight.add_(1)
    replace_file = Path.replace

    def kill_before_the_card(self: Path, target: Path) -> Path:
        if target.suffix == ".json":
            raise KeyboardInterrupt
        return replace_file(self, target)

    monkeypatch.setattr(Path, "replace", kill_before_the_card)
    with pytest.raises(KeyboardInterrupt):
        save_model(model, card)
    monkeypatch.undo()
    loaded = load_model(read_card(copied))
    assert torch.equal(loaded.members[0].head.weight, model.members[0].head.weight)


@pytest.mark.parametrize("left", ['{"format": 1, "sha', '{"format": 1, "sha256": "0"}'])
def test_a_half_written_card_is_passed_over(copied: Path, left: str) -> None:
    copied.with_suffix(".json.part").write_text(left)
    load_model(read_card(copied))


def test_nothing_in_the_package_can_load_a_pickle() -> None:
    package = Path(paths.__file__).parent
    sources = [file.read_text(encoding="utf-8") for file in package.rglob("*.py")]
    assert len(sources) > 100
    loads = r"torch\.load\b|read_pickle|allow_pickle=True|\b(c?pickle|dill|joblib)\.\w"
    imports = r"^\s*(import|from)\s+(c?pickle|_pickle|dill|joblib|shelve)\b"
    forbidden = re.compile(f"{loads}|{imports}", re.MULTILINE)
    assert [found.group() for text in sources for found in forbidden.finditer(text)] == []
