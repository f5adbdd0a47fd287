"""MobileNetV2 (Sandler et al. 2018, Table 2) for spectrograms of one channel, width 1.

Inverted residuals: a narrow input is widened by a 1 × 1 convolution, filtered depthwise by 3 × 3,
and narrowed again without an activation; where neither stride nor channels change, the input is
added. The last layers are a mean over all positions, dropout and a dense layer. The paper's section
4 trains with dropout and says neither how much nor where: .2, before the dense layer, as in its
authors' TensorFlow code [ours]. Initial weights are torch's defaults [ours].
"""

from typing import NamedTuple

import torch
from torch import nn


class Stage(NamedTuple):
    """A row of Table 2: `repeats` blocks, the first of which has the stride."""

    expansion: int
    channels: int
    repeats: int
    stride: int


STEM = 32
STAGES = (
    Stage(1, 16, 1, 1),
    Stage(6, 24, 2, 2),
    Stage(6, 32, 3, 2),
    Stage(6, 64, 4, 2),
    Stage(6, 96, 3, 1),
    Stage(6, 160, 3, 2),
    Stage(6, 320, 1, 1),
)
EMBEDDING = 1280


class MobileNetV2(nn.Module):
    """Classifier of (example, 1, bin, frame); bins and frames are divided by 32.

    Parameters
    ----------
    classes : int
        Of the logits.
    dropout : float
        Share of the last features that each training step leaves out.
    generator : torch.Generator, optional
        Of which ones; torch's own where there is none.
    """

    def __init__(
        self, classes: int, dropout: float = 0.2, generator: torch.Generator | None = None
    ):
        super().__init__()
        blocks, inputs = [_normalised(1, STEM, 3, stride=2)], STEM
        for stage in STAGES:
            for place in range(stage.repeats):
                stride = stage.stride if place == 0 else 1
                blocks.append(InvertedResidual(inputs, stage.channels, stage.expansion, stride))
                inputs = stage.channels
        blocks.append(_normalised(inputs, EMBEDDING, 1))
        self.features = nn.Sequential(*blocks)
        self.drop = Dropout(dropout, generator)
        self.classify = nn.Linear(EMBEDDING, classes)

    def embed(self, spectra: torch.Tensor) -> torch.Tensor:
        """Return the mean (example, 1280) of the last features over bins and frames."""
        return self.features(spectra).float().mean(dim=(2, 3))

    def forward(self, spectra: torch.Tensor) -> tuple[torch.Tensor, ...]:
        """Return the logits (example, classes) of the only head."""
        return (self.classify(self.drop(self.embed(spectra))),)


class Dropout(nn.Module):
    """As `torch.nn.Dropout`, but drawn from a generator, and on the CPU whatever the device.

    The generator is the training's: one that goes on from a checkpoint then leaves out what it
    would have left out.
    """

    def __init__(self, share: float, generator: torch.Generator | None):
        super().__init__()
        self._share, self._generator = share, generator

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Return `features`, in training with a share of them 0 and the others larger for it."""
        if not self.training or not self._share:
            return features
        drawn = torch.rand(features.shape, generator=self._generator)
        kept = (drawn >= self._share).to(features)
        return features * kept / (1 - self._share)


class InvertedResidual(nn.Module):
    """One bottleneck block (Table 1 of the paper)."""

    def __init__(self, inputs: int, outputs: int, expansion: int, stride: int):
        super().__init__()
        wide = inputs * expansion
        widening = [_normalised(inputs, wide, 1)] if expansion > 1 else []
        self.layers = nn.Sequential(
            *widening,
            _normalised(wide, wide, 3, stride=stride, groups=wide),
            nn.Conv2d(wide, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )
        self._adds = stride == 1 and inputs == outputs

    def forward(self, features: torch.Tensor) -> torch.Tensor:
        """Return (example, outputs, bin, frame), bins and frames divided by the stride."""
        found = self.layers(features)
        return features + found if self._adds else found


def _normalised(inputs: int, outputs: int, kernel: int, **options: int) -> nn.Sequential:
    """Return a convolution with batch normalisation and ReLU6."""
    return nn.Sequential(
        nn.Conv2d(inputs, outputs, kernel, padding=kernel // 2, bias=False, **options),
        nn.BatchNorm2d(outputs),
        nn.ReLU6(inplace=True),
    )
