"""One network for one set of available leads."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from ecgview.engine.architectures import build_network
from ecgview.leads import CHEST_LEADS, INDEPENDENT_LEADS, LEAD_INDEX


def rebuilt_leads(available: Sequence[str]) -> tuple[str, ...]:
    """Chest leads that are not available."""
    return tuple(lead for lead in CHEST_LEADS if lead not in available)


class LeadSetUNet(nn.Module):
    """A network from the available leads to the chest leads that are not available.

    Parameters
    ----------
    leads : sequence of str
        The available leads, in the order of the network's input channels.
    base_width : int
        Width of the network.
    architecture : str
        ``unet``, that of Gradowski & Buchner (2025), or one of the user's own; see
        `ecgview.engine.architectures.build_network`.
    architecture_sha256 : str
        Checksum of the user's file that weights were trained with.
    """

    def __init__(
        self,
        leads: Sequence[str],
        base_width: int,
        architecture: str = "unet",
        architecture_sha256: str = "",
    ) -> None:
        super().__init__()
        targets = rebuilt_leads(leads)
        self.network = build_network(
            architecture, len(leads), len(targets), base_width, architecture_sha256
        )
        self.STRIDE, self.REACH = int(self.network.STRIDE), int(self.network.REACH)  # type: ignore[arg-type]
        self._inputs = [LEAD_INDEX[lead] for lead in leads]
        self._targets = [INDEPENDENT_LEADS.index(lead) for lead in targets]
        self._independent = [LEAD_INDEX[lead] for lead in INDEPENDENT_LEADS]

    def forward(self, signals: Tensor, known: Tensor) -> Tensor:
        """Rebuild the chest leads that are not available.

        Parameters
        ----------
        signals : Tensor, shape (batch, 12, samples)
            Known leads in mV, zero elsewhere; limb leads completed.
        known : Tensor of bool, shape (batch, 12)
            Which leads are known.

        Returns
        -------
        Tensor, shape (batch, 8, samples)
            The independent leads in mV: known ones as they came, rebuilt ones, and NaN for a limb
            lead that is neither.
        """
        estimate = signals[:, self._independent].masked_fill(
            ~known[:, self._independent, None], torch.nan
        )
        rebuilt = self.network(signals[:, self._inputs])
        return estimate.index_copy(
            1, torch.tensor(self._targets, device=signals.device), rebuilt.to(estimate.dtype)
        )
