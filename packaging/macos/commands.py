"""The commands that make, sign and check the image; which of them run depends on what is known.

Their order follows Apple's "Notarizing macOS software before distribution".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from macos.code_files import Code

ENTITLEMENTS = Path(__file__).with_name("entitlements.plist")
AD_HOC = "-"
IDENTITY = "ECGVIEW_SIGNING_IDENTITY"
NOTARY = {
    "key": "ECGVIEW_NOTARY_KEY",
    "key-id": "ECGVIEW_NOTARY_KEY_ID",
    "issuer": "ECGVIEW_NOTARY_ISSUER",
}
"""Options of notarytool, and the variables with their values; the first is the path of a file."""

_AT_ONCE = 100
"""So many files are given to one call of codesign."""


@dataclass(frozen=True)
class Credentials:
    """Who signs, and with what Apple's notary service is asked.

    Attributes
    ----------
    identity : str
        Name of a certificate in the keychain (``Developer ID Application: ...``); ``-`` for a
        signature that names nobody, which Apple silicon wants at the least.
    notary : mapping
        Values of the options in `NOTARY`; empty where nothing is notarised.
    """

    identity: str
    notary: Mapping[str, str]

    @property
    def is_named(self) -> bool:
        """Whether the signature names somebody."""
        return self.identity != AD_HOC

    def left_out(self) -> list[str]:
        """Say in sentences what cannot be done, and what for."""
        if not self.is_named:
            return [
                f"Not signed with a certificate ({IDENTITY} is not set): macOS asks the user "
                "before it opens a downloaded copy the first time.",
                "Not notarised: that takes a certificate.",
            ]
        names = ", ".join(NOTARY.values())
        return [] if self.notary else [f"Not notarised ({names} are not set)."]


def credentials(environment: Mapping[str, str]) -> Credentials:
    """Take what is known from environment variables.

    Parameters
    ----------
    environment : mapping
        Such as `os.environ`; an empty variable counts as none.

    Raises
    ------
    ValueError
        If part of what the notary service asks for is missing, or the certificate.
    """
    identity = environment.get(IDENTITY) or AD_HOC
    notary = {option: environment.get(name, "") for option, name in NOTARY.items()}
    if not any(notary.values()):
        return Credentials(identity, {})
    lacking = [NOTARY[option] for option, value in notary.items() if not value]
    if identity == AD_HOC:
        lacking.append(IDENTITY)
    if lacking:
        raise ValueError(f"To notarise, set {', '.join(lacking)} as well.")
    return Credentials(identity, notary)


@dataclass(frozen=True)
class Step:
    """A command, and what it is for.

    Attributes
    ----------
    title : str
        For people.
    command : tuple of str
        To run.
    tries : int
        How often, until it works.
    """

    title: str
    command: tuple[str, ...]
    tries: int = 1


def signing_steps(application: Path, code: Code, who: Credentials) -> list[Step]:
    """Sign an application from the inside out, and check that.

    Parameters
    ----------
    application : Path
        ``NAME.app``.
    code : Code
        What is inside it.
    who : Credentials
        Who signs.
    """
    sign = _signing(who)
    entitled = (*sign, "--entitlements", str(ENTITLEMENTS)) if who.is_named else sign
    steps = [
        Step(f"Sign {len(some)} libraries", (*sign, *map(str, some)))
        for some in _portions(code.libraries)
    ]
    steps += [Step("Sign a program inside", (*entitled, str(path))) for path in code.programs]
    steps += [Step("Sign a framework", (*sign, str(path))) for path in code.frameworks]
    steps.append(Step("Sign the application", (*entitled, str(application))))
    check = ("codesign", "--verify", "--deep", "--strict", "--verbose=1", str(application))
    return [*steps, Step("Check the signatures", check)]


def _signing(who: Credentials) -> tuple[str, ...]:
    sign = ("codesign", "--force", "--sign", who.identity)
    # The hardened runtime loads no libraries that nobody has signed by name.
    how = ("--options", "runtime", "--timestamp") if who.is_named else ("--timestamp=none",)
    return (*sign, *how)


def _portions(paths: tuple[Path, ...]) -> Iterator[tuple[Path, ...]]:
    for first in range(0, len(paths), _AT_ONCE):
        yield paths[first : first + _AT_ONCE]


def trying_steps(application: Path, picture: Path) -> list[Step]:
    """Run the application as it was signed: what the system forbids it shows here.

    Parameters
    ----------
    application : Path
        ``NAME.app``.
    picture : Path
        Where the picture of a simulated recording, with a reconstruction, is drawn.
    """
    program = str(application / "Contents" / "MacOS" / application.stem)
    drawing = (program, "demo", "--screenshot", str(picture))
    return [
        Step("Try the program", (program, "--version")),
        Step("Try Qt and torch in it", drawing),
    ]


def copying_step(application: Path, copy: Path) -> Step:
    """Copy an application with its links and the rights of its files."""
    return Step("Copy the application", ("ditto", str(application), str(copy)))


def image_steps(folder: Path, image: Path, volume: str, who: Credentials) -> list[Step]:
    """Make a compressed image of a folder, and sign it.

    Parameters
    ----------
    folder : Path
        What is in the image.
    image : Path
        To write.
    volume : str
        Its name in the Finder.
    who : Credentials
        Who signs; without a name it stays unsigned, as there is nothing in an image to load.
    """
    make = (
        *("hdiutil", "create", "-volname", volume, "-srcfolder", str(folder)),
        *("-fs", "HFS+", "-format", "ULMO", "-ov", str(image)),
    )
    # The system's own search for malware may still hold the folder.
    steps = [Step("Make the image", make, tries=5)]
    if who.is_named:
        sign = ("codesign", "--force", "--sign", who.identity, "--timestamp", str(image))
        steps.append(Step("Sign the image", sign))
    return [*steps, Step("Check the image", ("hdiutil", "verify", str(image)))]


def notarising_steps(image: Path, who: Credentials) -> list[Step]:
    """Have an image looked at by Apple, fasten the answer to it, and check as a Mac will.

    Parameters
    ----------
    image : Path
        Signed, with a signed application in it.
    who : Credentials
        Nothing is done without those for the notary service.
    """
    if not who.notary:
        return []
    proof = [word for option, value in who.notary.items() for word in (f"--{option}", value)]
    ask = ("xcrun", "notarytool", "submit", str(image), *proof, "--wait", "--timeout", "2h")
    judge = ("spctl", "--assess", "--type", "open", "--context", "context:primary-signature")
    return [
        Step("Have Apple notarise the image", ask),
        Step("Fasten the ticket to the image", ("xcrun", "stapler", "staple", str(image))),
        Step("Check the ticket", ("xcrun", "stapler", "validate", str(image))),
        Step("Ask Gatekeeper", (*judge, "--verbose=2", str(image))),
    ]


def printed(step: Step, who: Credentials) -> str:
    """Write a step for the log: with its command, without what only the one who signs may know.

    Parameters
    ----------
    step : Step
        About to run.
    who : Credentials
        With the values that are not shown.
    """
    hidden = set(who.notary.values())
    words = ["***" if word in hidden else word for word in step.command]
    most = 12
    shown = words if len(words) <= most else [*words[:most], f"... and {len(words) - most} more"]
    return f"{step.title}: {' '.join(shown)}"
