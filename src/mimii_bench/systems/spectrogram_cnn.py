"""Convolutional network on the spectrogram of a whole clip (report kim-ims-cnn, section 3).

The report gives the training (Adam, 1e-3, batches of 32, 60 epochs, cross-entropy) and not the
network. Ours is a compact one [ours]: four convolutions with batch normalisation and ReLU, of
16, 32, 64 and 64 channels; the first 5 x 5 in steps of 4 frames and 2 bins, the others 3 x 3 in
steps of 2; the mean over frames and bins; one dense layer to two logits. 60,786 weights, whatever
the size of the spectrogram. Input bins are scaled to mean 0 and deviation 1 over the training
clips [ours]: the two halves of the IMS spectrogram have other units. Initial weights are torch's
defaults.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import lazy_loader
from pydantic import Field

from mimii_bench.systems.learning.clip_classifier import ClipClassifier

if TYPE_CHECKING:
    from torch import nn

networks = lazy_loader.load("mimii_bench.systems.networks.spectrogram", suppress_warning=True)


class SpectrogramCnn(ClipClassifier):
    """Tells abnormal clips from normal ones by their whole spectrogram; supervised."""

    class Options(ClipClassifier.Options):
        """Network, and how it is trained."""

        channels: Annotated[
            list[Annotated[int, Field(ge=1)]],
            Field(
                min_length=1,
                description="Of the convolutions; the first has kernels of 5 x 5, the others of "
                "3 x 3.",
            ),
        ] = [16, 32, 64, 64]

    def _network(self, inputs: int) -> nn.Module:
        return networks.SpectrogramNetwork(inputs, self.options.channels)
