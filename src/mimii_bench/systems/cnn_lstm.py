"""Convolutional and recurrent network on log-mel frames (report kim-ims-cnn, section 4.2).

The report says that a CNN extracts a sequence of features, that an LSTM reads it, and that the
hidden state of the last time step decides between normal and abnormal by a softmax; it refers to
Ordóñez & Roggen (2016). Sizes are ours: three convolutions with batch normalisation and ReLU, of
16, 32 and 32 channels (5 x 5 in steps of 2 frames and 4 bins; 3 x 3 in steps of 2 and 2; 3 x 3 in
steps of 1 and 2), so that 311 frames of 128 bands become 78 time steps of 256 features; one LSTM
of 64 cells; one dense layer to two logits. 96,946 weights. Input bands are scaled to mean 0 and
deviation 1 over the training clips [ours]. Initial weights are torch's defaults.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import wrapt
from pydantic import Field

from mimii_bench.systems.learning.clip_classifier import ClipClassifier

if TYPE_CHECKING:
    from torch import nn

networks = wrapt.lazy_import("mimii_bench.systems.networks.recurrent")


class CnnLstm(ClipClassifier):
    """Tells abnormal clips from normal ones by the order of what a CNN hears; supervised."""

    class Options(ClipClassifier.Options):
        """Network, and how it is trained."""

        channels: Annotated[
            list[Annotated[int, Field(ge=1, le=65_536)]],
            Field(min_length=3, max_length=3, description="Of the three convolutions."),
        ] = [16, 32, 32]
        cells: Annotated[int, Field(ge=1, le=65_536, description="Of the LSTM.")] = 64

    def _network(self, inputs: int) -> nn.Module:
        return networks.RecurrentNetwork(inputs, self.options.channels, self.options.cells)
