"""An example architecture for ecgview: a small stack of dilated convolutions.

Copy it into the folder of architectures (`ecgview models --architectures` names it), change it,
and train it with `ecgview train --recipe gradowski2025 --architecture dilated ...`, or name the
file itself: `--architecture path/to/dilated.py`.
"""

from torch import nn

TITLE = "Dilated convolutions (example)"

DILATIONS = (1, 2, 4, 8, 16, 32)

# The number of samples may be any: nothing is pooled.
STRIDE = 1

# An output sample sees this many samples to either side: kernels of 5 reach 2 x dilation.
REACH = 2 + sum(2 * dilation for dilation in DILATIONS)


class Residual(nn.Module):
    """A dilated convolution that adds to what came in."""

    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Conv1d(width, width, 5, padding=2 * dilation, dilation=dilation),
            nn.BatchNorm1d(width),
            nn.ReLU(),
        )

    def forward(self, signals):
        """Keep the shape."""
        return signals + self.layers(signals)


def build(n_inputs: int, n_outputs: int, base_width: int) -> nn.Module:
    """Make a network that maps (batch, n_inputs, samples) to (batch, n_outputs, samples)."""
    return nn.Sequential(
        nn.Conv1d(n_inputs, base_width, 5, padding=2),
        *(Residual(base_width, dilation) for dilation in DILATIONS),
        nn.Conv1d(base_width, n_outputs, 1),
    )
