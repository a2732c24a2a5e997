"""Make the disk image for macOS: signed, and notarised, as far as the environment lets it.

Run by ``packaging/installers.py``. Without variables the signature names nobody. With

- ``ECGVIEW_SIGNING_IDENTITY``, a ``Developer ID Application`` certificate in the keychain, all code
  is signed for the hardened runtime;
- ``ECGVIEW_NOTARY_KEY`` (the file of a key for App Store Connect), ``ECGVIEW_NOTARY_KEY_ID`` and
  ``ECGVIEW_NOTARY_ISSUER`` besides, Apple notarises the image.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from macos.bundle import ARCHITECTURE, LEAST_SYSTEM
from macos.code_files import code_inside, newer_than
from macos.commands import (
    Credentials,
    Step,
    copying_step,
    credentials,
    image_steps,
    notarising_steps,
    printed,
    signing_steps,
    trying_steps,
)
from product import NAME, ROOT, VERSION, WORDING

_BETWEEN_TRIES_S = 10.0


def make(frozen: Path, output: Path) -> list[Path]:
    """Make the disk image.

    Parameters
    ----------
    frozen : Path
        ``ecgview.app``, or the folder ``ecgview`` beside it; stays as it is.
    output : Path
        Folder of the image.

    Returns
    -------
    list of Path
        The image.

    Raises
    ------
    SystemExit
        If there is no application, or it needs a newer macOS than it says; if part of the
        credentials is missing, or a step fails.
    """
    application = application_of(frozen)
    _check_system(application)
    who = _credentials()
    for sentence in who.left_out():
        print(f"Left out: {sentence}")
    image = output / f"{NAME}-{VERSION}-macos-{ARCHITECTURE}.dmg"
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch) / NAME
        folder.mkdir()
        copy = folder / application.name
        run([copying_step(application, copy)], who)
        run(signing_steps(copy, code_inside(copy), who), who)
        run(trying_steps(copy, Path(scratch) / "window.png"), who)
        furnish(folder, who)
        run(image_steps(folder, image, NAME, who), who)
    run(notarising_steps(image, who), who)
    return [image]


def application_of(frozen: Path) -> Path:
    """Give the application that PyInstaller puts beside its folder."""
    application = frozen if frozen.suffix == ".app" else frozen.with_name(f"{frozen.name}.app")
    if not (application / "Contents" / "Info.plist").is_file():
        sys.exit(f"There is no application {application}; packaging/build.py makes it on macOS.")
    return application


def _check_system(application: Path) -> None:
    newer = newer_than(application, LEAST_SYSTEM)
    if newer:
        sys.exit(
            f"{len(newer)} files need more than macOS {LEAST_SYSTEM}, among them {newer[0]}. Build "
            "with wheels for that system, or raise LEAST_SYSTEM in packaging/macos/bundle.py."
        )


def _credentials() -> Credentials:
    try:
        return credentials(os.environ)
    except ValueError as error:
        sys.exit(str(error))


def furnish(folder: Path, who: Credentials) -> None:
    """Put beside the application what people find in the image.

    Parameters
    ----------
    folder : Path
        With the application.
    who : Credentials
        Whose signature it has.
    """
    (folder / "Applications").symlink_to("/Applications")
    (folder / "Read me.txt").write_text(read_me(who), encoding="utf-8")


FIRST_TIME = """\
This copy is not signed by a developer whom Apple knows, so that macOS does not open it by itself:
open it once, close the message, then choose Open Anyway in System Settings, Privacy & Security.

"""


def read_me(who: Credentials) -> str:
    """Write the text file in the image: how to install, the fixed wording, the licence.

    Parameters
    ----------
    who : Credentials
        Whose signature the application has.
    """
    licence = (ROOT / "LICENSE").read_text(encoding="utf-8")
    return f"""{NAME} {VERSION}

{WORDING}

To install, drag {NAME} onto Applications. It needs macOS {LEAST_SYSTEM} and Apple silicon.
To remove it, drag it into the Bin; settings and models of your own stay in your Library folder
(Preferences, Application Support/{NAME}, Caches/{NAME}, Logs/{NAME}).

{"" if who.notary else FIRST_TIME}\
In the Terminal it is {NAME} too, once it has this line in ~/.zshrc:

    alias {NAME}=/Applications/{NAME}.app/Contents/MacOS/{NAME}

Licence, with those of what is inside in {NAME}.app/Contents/Resources/licences:

{licence}"""


def run(steps: Iterable[Step], who: Credentials) -> None:
    """Run steps one after the other, and stop at the first that fails.

    Parameters
    ----------
    steps : iterable of Step
        In their order.
    who : Credentials
        With what is not to be printed.

    Raises
    ------
    SystemExit
        If one fails as often as it may be tried.
    """
    for step in steps:
        print(printed(step, who), flush=True)
        if not _works(step):
            sys.exit(f"That failed: {step.title}.")


def _works(step: Step) -> bool:
    for left in reversed(range(step.tries)):
        if subprocess.run(step.command, check=False).returncode == 0:
            return True
        if left:
            time.sleep(_BETWEEN_TRIES_S)
    return False
