"""What is shipped, and the bill of materials that tells of it."""

from __future__ import annotations

import hashlib
import json
import shutil
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest
from cyclonedx.validation.json import JsonStrictValidator

import sbom
import shipped
from licence_files import licence_files
from product import ROOT, VERSION

LIBRARY = shipped.SystemPackage("libxcb1", "1.15-1", "amd64", ("libxcb.so.1",))


@pytest.fixture
def frozen(tmp_path: Path) -> Path:
    """Lay out what a build makes, with the models and without the programs."""
    inside = tmp_path / "ecgview" / "_internal"
    (inside / "licences").mkdir(parents=True)
    shutil.copytree(ROOT / "trained_models", inside / "ecgview" / "trained_models")
    made_of().write(inside / shipped.PLACE)
    return tmp_path / "ecgview"


def made_of() -> shipped.Shipped:
    return shipped.Shipped(
        python="3.11.7",
        qt="6.11.3",
        system="Linux x86_64",
        distributor=("debian", "bookworm"),
        distributions=shipped.describe(
            ["numpy", "scipy", "torch", "PySide6_Essentials", "shiboken6"]
        ),
        system_packages=(LIBRARY,),
    )


def written(frozen: Path) -> dict[str, Any]:
    path = frozen.parent / "new" / "sbom.json"
    sbom.write(sbom.bill_of_materials(frozen), path)
    return json.loads(path.read_text(encoding="utf-8"))


def components(bill: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in bill["components"]}


def test_what_is_written_about_the_shipped_is_read_again(tmp_path: Path) -> None:
    assert shipped.Shipped.read(made_of().write(tmp_path / "shipped.json")) == made_of()


def test_modules_and_files_are_traced_to_their_distributions() -> None:
    names = shipped.find_shipped(
        [
            ("numpy.core", "numpy/core/__init__.py", "PYMODULE"),
            ("ecgview/resources/icons/ecgview.svg", "ecgview.svg", "DATA"),
            ("PySide6/Qt/lib/libQt6Core.so.6", "libQt6Core.so.6", "DATA"),
        ]
    ).distributions

    found = {each.name: each for each in names}
    assert {"numpy", "pyinstaller", "pyside6-essentials"} <= set(found)
    assert "ecgview" not in found
    assert found["numpy"].version == version("numpy")


def test_needs_are_told_among_the_shipped_only() -> None:
    scipy = next(each for each in made_of().distributions if each.name == "scipy")
    (alone,) = shipped.describe(["scipy"])

    assert scipy.requires == ("numpy",)
    assert alone.requires == ()


def test_a_licence_that_is_a_whole_text_is_told_by_its_name() -> None:
    stated = {each.name: each.licence for each in made_of().distributions}

    assert stated["scipy"] == "BSD License"
    assert "LGPL-3.0-only" in stated["pyside6-essentials"]
    assert "BSD-3-Clause" in stated["torch"]


def test_every_distribution_of_the_list_ships_its_licence() -> None:
    places = [place for place, _, _ in licence_files(made_of_pypi_only())]

    for name in (each.name for each in made_of().distributions):
        assert any(place.startswith(f"licences/{name}/") for place in places), name
    assert "licences/pyside6-essentials/LGPL-3.0.txt" in places


def made_of_pypi_only() -> shipped.Shipped:
    facts = vars(made_of()) | {"system_packages": ()}
    return shipped.Shipped(**facts)


def test_the_bill_keeps_to_its_schema(frozen: Path) -> None:
    text = json.dumps(written(frozen))

    assert JsonStrictValidator(sbom.SCHEMA).validate_str(text) is None
    bill = json.loads(text)
    assert (bill["bomFormat"], bill["specVersion"]) == ("CycloneDX", "1.6")
    assert bill["metadata"]["component"]["name"] == "ecgview"
    assert bill["metadata"]["component"]["version"] == VERSION


def test_the_bill_names_version_licence_and_address_of_each(frozen: Path) -> None:
    found = components(written(frozen))

    assert found["numpy"]["purl"] == f"pkg:pypi/numpy@{version('numpy')}"
    assert "BSD-3-Clause" in found["numpy"]["licenses"][0]["expression"]
    assert found["libxcb1"]["purl"] == "pkg:deb/debian/libxcb1@1.15-1?arch=amd64&distro=bookworm"
    assert found["python"]["version"] == "3.11.7"
    assert found["qt"]["licenses"][0]["license"]["id"] == "LGPL-3.0-only"


def test_the_bill_says_what_needs_what(frozen: Path) -> None:
    needs = {each["ref"]: each.get("dependsOn", []) for each in written(frozen)["dependencies"]}

    assert f"pkg:pypi/numpy@{version('numpy')}" in needs[f"pkg:pypi/scipy@{version('scipy')}"]
    assert "qt@6.11.3" in needs[f"pkg:pypi/pyside6-essentials@{version('PySide6-Essentials')}"]
    assert "model:anylead" in needs["ecgview"]


def test_models_are_told_with_their_weights_and_card(frozen: Path) -> None:
    model = components(written(frozen))["anylead"]

    weights = (ROOT / "trained_models" / "anylead.safetensors").read_bytes()
    assert model["type"] == "machine-learning-model"
    assert model["hashes"] == [{"alg": "SHA-256", "content": hashlib.sha256(weights).hexdigest()}]
    (card,) = model["externalReferences"]
    assert card["type"] == "model-card"
    assert (frozen / card["url"]).is_file()


def test_other_weights_than_the_card_tells_of_are_refused(frozen: Path) -> None:
    weights = frozen / "_internal/ecgview/trained_models/anylead.safetensors"
    weights.write_bytes(weights.read_bytes() + b"\0")

    with pytest.raises(SystemExit, match=r"not the file that anylead\.json tells of"):
        sbom.bill_of_materials(frozen)


def test_a_folder_that_was_not_frozen_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="freeze it again"):
        sbom.bill_of_materials(tmp_path)
