"""Convolutional network on the spectrogram of a whole clip (report kim-ims-cnn, section 3).

The report gives the training (Adam, 1e-3, batches of 32, 60 epochs, cross-entropy) and not the
network. Ours is a compact one [ours]: four convolutions with batch normalisation and ReLU, of
16, 32, 64 and 64 channels; the first 5 x 5 in steps of 4 frames and 2 bins, the others 3 x 3 in
steps of 2; the mean over frames and bins; one dense layer to two logits. 60,786 weights, whatever
the size of the spectrogram and however many of its bins it sees. Input bins are scaled to mean 0
and deviation 1 over the training clips [ours]: the two halves of the IMS spectrogram have other
units. Initial weights are torch's defaults.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import wrapt
from pydantic import Field, field_validator

from mimii_bench.systems.learning.clip_classifier import ClipClassifier
from mimii_bench.util.errors import UserError

if TYPE_CHECKING:
    from torch import nn

networks = wrapt.lazy_import("mimii_bench.systems.networks.spectrogram")

#: Of the convolutions of the network on spectrograms.
Channels = Annotated[
    list[Annotated[int, Field(ge=1, le=65_536)]],
    Field(
        min_length=1,
        description="Of the convolutions; the first has kernels of 5 x 5, the others of 3 x 3.",
    ),
]


class SpectrogramCnn(ClipClassifier):
    """Tells abnormal clips from normal ones by their whole spectrogram; supervised."""

    class Options(ClipClassifier.Options):
        """Network, and how it is trained."""

        channels: Channels = [16, 32, 64, 64]
        bins: Annotated[
            list[Annotated[int, Field(ge=0, le=1_000_000)]] | None,
            Field(
                min_length=2,
                max_length=2,
                description="Which bins of a frame it sees: from the first to before the second of "
                "these two; null for all.",
            ),
        ] = None

        @field_validator("bins")
        @classmethod
        def _some(cls, bins: list[int] | None) -> list[int] | None:
            if bins and bins[0] >= bins[1]:
                raise ValueError(f"from bin {bins[0]} to before bin {bins[1]} there is none")
            return bins

    def _network(self, inputs: int) -> nn.Module:
        return networks.SpectrogramNetwork(inputs, self.options.channels, self._seen(inputs))

    def _seen(self, inputs: int) -> slice:
        """Return which of so many bins it sees."""
        bins = self.options.bins
        if bins and bins[1] > inputs:
            raise UserError(f"bins: a frame has {inputs}; {bins} goes beyond")
        return slice(*bins) if bins else slice(None)
