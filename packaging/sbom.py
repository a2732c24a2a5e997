"""List what a frozen application is made of, as CycloneDX: ``python packaging/sbom.py FROZEN OUT``.

FROZEN is what ``build.py`` made. The list that it holds since it was frozen says what was shipped.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator
from pathlib import Path

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import (
    ExternalReference,
    ExternalReferenceType,
    HashAlgorithm,
    HashType,
    Property,
    XsUri,
)
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.model.contact import OrganizationalEntity
from cyclonedx.model.license import License
from cyclonedx.output import make_outputter
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packageurl import PackageURL

from build import frozen_folder
from product import DESCRIPTION, LICENCE, NAME, PUBLISHER, VERSION
from shipped import PLACE, Package, Shipped, SystemPackage

SCHEMA = SchemaVersion.V1_6


def bill_of_materials(frozen: Path) -> Bom:
    """List the components of a frozen application and what each needs.

    Parameters
    ----------
    frozen : Path
        The folder, or the bundle of macOS.

    Raises
    ------
    SystemExit
        If the application does not say what was shipped, or a model is not what its card says.
    """
    shipped = _read_shipped(frozen)
    main = Component(
        name=NAME,
        version=VERSION,
        type=ComponentType.APPLICATION,
        bom_ref=NAME,
        description=DESCRIPTION,
        supplier=OrganizationalEntity(name=PUBLISHER),
        licenses=_licences(LICENCE),
        purl=PackageURL("generic", name=NAME, version=VERSION),
        properties=[Property(name="ecgview:system", value=shipped.system)],
    )
    python, qt = _python(shipped.python), _qt(shipped.qt)
    packages = {each.name: _of_pypi(each) for each in shipped.distributions}
    system = [_of_system(each, shipped.distributor) for each in shipped.system_packages]
    models = list(_models(frozen))
    bom = Bom(components=[python, qt, *packages.values(), *system, *models])
    bom.metadata.component = main
    bom.metadata.supplier = main.supplier
    bom.register_dependency(main, [python, *packages.values(), *system, *models])
    for each in shipped.distributions:
        needed = [packages[name] for name in each.requires]
        uses_qt = each.name == "pyside6-essentials"
        bom.register_dependency(packages[each.name], [*needed, *([qt] if uses_qt else [])])
    return bom


def write(bom: Bom, path: Path) -> None:
    """Write the bill as JSON.

    Raises
    ------
    SystemExit
        If it is not as its schema wants it.
    """
    text = make_outputter(bom, OutputFormat.JSON, SCHEMA).output_as_string(indent=2)
    problem = JsonStrictValidator(SCHEMA).validate_str(text)
    if problem is not None:
        raise SystemExit(f"The bill of materials is not valid: {problem}")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text + "\n", encoding="utf-8")


def _read_shipped(frozen: Path) -> Shipped:
    lists = sorted(frozen.rglob(PLACE))
    if not lists:
        raise SystemExit(f"{frozen} holds no {PLACE}: freeze it again with packaging/build.py.")
    return Shipped.read(lists[0])


def _licences(stated: str) -> list[License]:
    return [LicenseFactory().make_from_string(stated)] if stated else []


def _python(version: str) -> Component:
    return Component(
        name="python",
        version=version,
        type=ComponentType.PLATFORM,
        bom_ref=f"python@{version}",
        description="The interpreter and its standard library",
        licenses=_licences("Python-2.0"),
        purl=PackageURL("generic", name="python", version=version),
    )


def _qt(version: str) -> Component:
    return Component(
        name="qt",
        version=version,
        type=ComponentType.FRAMEWORK,
        bom_ref=f"qt@{version}",
        description="Shared libraries that come with PySide6",
        licenses=_licences("LGPL-3.0-only"),
        purl=PackageURL("generic", name="qt", version=version),
    )


def _of_pypi(package: Package) -> Component:
    purl = PackageURL("pypi", name=package.name, version=package.version)
    return Component(
        name=package.name,
        version=package.version,
        bom_ref=str(purl),
        licenses=_licences(package.licence),
        purl=purl,
    )


def _of_system(package: SystemPackage, distributor: tuple[str, ...]) -> Component:
    family, release = distributor
    purl = PackageURL(
        "deb",
        namespace=family,
        name=package.name,
        version=package.version,
        qualifiers={"arch": package.architecture, "distro": release},
    )
    return Component(
        name=package.name,
        version=package.version,
        bom_ref=str(purl),
        purl=purl,
        properties=[Property(name="ecgview:library", value=name) for name in package.libraries],
    )


def _models(frozen: Path) -> Iterator[Component]:
    files = {path.name: path for path in frozen.rglob("trained_models/*.safetensors")}
    for name in sorted(files):
        weights = files[name]
        card = weights.with_suffix(".json")
        facts = json.loads(card.read_text(encoding="utf-8"))
        sha256 = hashlib.sha256(weights.read_bytes()).hexdigest()
        if facts["sha256"] != sha256:
            raise SystemExit(f"{weights} is not the file that {card.name} tells of.")
        yield Component(
            name=weights.stem,
            type=ComponentType.MACHINE_LEARNING_MODEL,
            version=str(facts.get("version") or sha256[:12]),
            bom_ref=f"model:{weights.stem}",
            description=facts.get("description"),
            licenses=_licences(LICENCE),
            hashes=[HashType(alg=HashAlgorithm.SHA_256, content=sha256)],
            external_references=[_card(card, frozen)],
        )


def _card(card: Path, frozen: Path) -> ExternalReference:
    return ExternalReference(
        type=ExternalReferenceType.MODEL_CARD,
        url=XsUri(card.relative_to(frozen).as_posix()),
        comment="Inside the application",
        hashes=[
            HashType(
                alg=HashAlgorithm.SHA_256, content=hashlib.sha256(card.read_bytes()).hexdigest()
            )
        ],
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("frozen", type=frozen_folder, help="the frozen application")
    parser.add_argument("output", type=Path, help="the JSON file to write")
    options = parser.parse_args()
    bom = bill_of_materials(options.frozen)
    write(bom, options.output)
    print(f"{options.output}: {len(bom.components)} components")
    return 0


if __name__ == "__main__":
    sys.exit(main())
