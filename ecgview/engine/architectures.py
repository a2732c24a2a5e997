"""Networks by name: the built-in U-Net, and the user's own, one Python file each.

A file defines ``build(n_inputs, n_outputs, base_width)``, which returns a ``torch.nn.Module`` that
maps (batch, n_inputs, samples) to (batch, n_outputs, samples); ``TITLE``, ``STRIDE`` (the number of
samples must be its multiple) and ``REACH`` (no output depends on inputs farther away, in samples)
are optional. A file is a program: only files that the user named or put into the folder of
architectures are ever run, never one that came with a model. Importing this module loads no torch.
"""

from __future__ import annotations

import ast
import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ecgview import paths
from ecgview.engine.architecture_files import build_from_file, read_file
from ecgview.errors import ModelError

if TYPE_CHECKING:
    from torch import nn

BUILT_IN = "unet"


@dataclass(frozen=True)
class Architecture:
    """A network that can be trained.

    Attributes
    ----------
    name : str
        As on the command line and in model cards.
    title : str
        For menus.
    path : Path or None
        The user's file; None for the built-in one.
    sha256 : str
        Checksum of the file, empty for the built-in one.
    """

    name: str
    title: str
    path: Path | None = None
    sha256: str = ""


_UNET = Architecture(BUILT_IN, "U-Net of Gradowski & Buchner (2025)")


def list_architectures() -> list[Architecture]:
    """List the built-in network and the files in the user's folder, without running them."""
    files = sorted(paths.user_architectures_dir().glob("*.py"))
    return [_UNET, *(_describe(file) for file in files)]


def find_architecture(name_or_path: str) -> Architecture:
    """Find a network by name or by file.

    Parameters
    ----------
    name_or_path : str
        ``unet``, the name of a file in the user's folder, or the path of a ``.py`` file.

    Raises
    ------
    ModelError
        If there is none.
    """
    if name_or_path.endswith(".py"):
        path = Path(name_or_path)
        if not path.is_file():
            raise ModelError(f"{name_or_path} is not a file.", "Name a Python file with build().")
        return _describe(path)
    known = list_architectures()
    for architecture in known:
        if architecture.name == name_or_path:
            return architecture
    names = ", ".join(architecture.name for architecture in known)
    raise ModelError(
        f"There is no architecture “{name_or_path}”.",
        f"There are {names}; your own files belong into {paths.user_architectures_dir()}.",
    )


def architecture_arguments(name_or_path: str) -> dict[str, str]:
    """Say in a model card which network its weights belong to.

    A file from elsewhere is copied into the user's folder, where the model will look for it.

    Returns
    -------
    dict of str to str
        ``architecture`` and, for a file, ``architecture_sha256``; arguments of `build_network`.

    Raises
    ------
    ModelError
        If there is no such network, or its file cannot be copied.
    """
    found = find_architecture(name_or_path)
    if found.path is None:
        return {"architecture": found.name}
    if _with_checksum(found.sha256) is None:
        folder = paths.user_architectures_dir()
        target = folder / found.path.name
        if target.exists():
            target = folder / f"{found.name}-{found.sha256[:8]}.py"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(found.path, target)
        except OSError as error:
            raise ModelError(
                f"{found.path} cannot be copied to {folder}: {error.strerror}.",
                "Models need it there to be loaded again.",
            ) from error
    return {"architecture": found.name, "architecture_sha256": found.sha256}


def build_network(
    architecture: str,
    n_inputs: int,
    n_outputs: int,
    base_width: int,
    architecture_sha256: str = "",
) -> nn.Module:
    """Build a network with fresh weights.

    Parameters
    ----------
    architecture : str
        ``unet``, the name of a file in the user's folder, or the path of a ``.py`` file.
    n_inputs, n_outputs : int
        Channels in and out.
    base_width : int
        Width of the first block, or what the file makes of it.
    architecture_sha256 : str
        From a model card: the file must have this checksum, and is looked for in the user's folder
        only.

    Returns
    -------
    torch.nn.Module
        Maps (batch, n_inputs, samples) to (batch, n_outputs, samples); `STRIDE` and `REACH` say
        which lengths it takes and how far it looks.

    Raises
    ------
    ModelError
        If there is no such network, or its file does not do what it should.
    """
    if architecture_sha256:
        found = _kept(architecture, architecture_sha256)
    else:
        found = find_architecture(architecture)
    if found.path is None:
        from ecgview.engine.models.unet import UNet

        return UNet(n_inputs, n_outputs, base_width)
    return build_from_file(found.path, n_inputs, n_outputs, base_width)


def _kept(name: str, sha256: str) -> Architecture:
    found = _with_checksum(sha256)
    if found is None:
        folder = paths.user_architectures_dir()
        changed = (folder / f"{name}.py").is_file()
        raise ModelError(
            f"{name}.py was changed since the model was trained with it."
            if changed
            else f"The model needs the architecture file {name}.py, which is not there.",
            f"Put the file it was trained with (SHA-256 {sha256[:12]}...) into {folder}.",
        )
    return found


def _with_checksum(sha256: str) -> Architecture | None:
    return next((known for known in list_architectures() if known.sha256 == sha256), None)


def _describe(path: Path) -> Architecture:
    content = read_file(path)
    return Architecture(path.stem, _title(content) or path.stem, path, _sha256(content))


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _title(content: bytes) -> str:
    """Read ``TITLE`` without running the file."""
    try:
        statements = ast.parse(content).body
    except (SyntaxError, ValueError):
        return ""
    for statement in statements:
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant):
            names = [target.id for target in statement.targets if isinstance(target, ast.Name)]
            if names == ["TITLE"]:
                return str(statement.value.value)
    return ""
