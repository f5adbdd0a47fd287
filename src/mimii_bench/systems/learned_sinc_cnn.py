"""The CNN on IMS spectrograms with band-pass filters whose cut-offs are learned.

Report kim-ims-cnn, section 2.4, speaks of a SincNet that learns its cut-offs, and computes its
spectrograms before training, with fixed ones. Here the 40 filters of 251 taps (SincNet: Ravanelli &
Bengio, SLT 2018) are part of the network: 80 weights beside the 60,786 of `SpectrogramCnn`. They
start from the cut-offs of the stored feature, whose limits they keep. How they filter, and how near
that is to filtering the clip: see `networks.learned_sinc`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self

import numpy as np
import wrapt
from pydantic import Field, field_validator

from mimii_bench.systems.learning.clip_classifier import ClipClassifier
from mimii_bench.systems.spectrogram_cnn import Channels
from mimii_bench.util.errors import UserError

if TYPE_CHECKING:
    from torch import nn

torch = wrapt.lazy_import("torch")
networks = wrapt.lazy_import("mimii_bench.systems.networks.learned_sinc")


class LearnedSincCnn(ClipClassifier):
    """Tells abnormal clips from normal ones by a spectrogram that it learns in part; supervised."""

    class Options(ClipClassifier.Options):
        """Filters, network, and how it is trained."""

        channels: Channels = [16, 32, 64, 64]
        n_filters: Annotated[int, Field(ge=1, le=65_536, description="Band-pass filters.")] = 40
        filter_length: Annotated[
            int,
            Field(ge=1, le=1024, description="Taps of each, an odd number within one frame."),
        ] = 251
        sample_rate: Annotated[int, Field(ge=1000, description="Of the samples, in Hz.")] = 16_000

        @field_validator("filter_length")
        @classmethod
        def _middle(cls, taps: int) -> int:
            if taps % 2 == 0:
                raise ValueError(f"{taps} taps have no middle; add one")
            return taps

    def fit(
        self,
        logmel: np.ndarray,
        samples: np.ndarray,
        labels: np.ndarray,
        validation: tuple[np.ndarray, np.ndarray, np.ndarray] | None = None,
    ) -> Self:
        """Train on log-mel frames and samples of the same clips.

        Parameters
        ----------
        logmel : ndarray (clip, frame, band)
            In frames of 1024 samples and steps of 512 that are not centred.
        samples : ndarray (clip, sample, 1)
        labels : ndarray (clip,)
            `normal` or `abnormal`.
        validation : tuple of ndarray, optional
            The same of clips that only watch the loss.

        Raises
        ------
        UserError
            When the two inputs differ in their frames, one label is missing, or the loss stops
            being a number.
        """
        n_fft, hop = networks.N_FFT, networks.HOP
        frames = (samples.shape[1] - n_fft) // hop + 1
        if logmel.shape[1] != frames:
            raise UserError(
                f"inputs: {logmel.shape[1]} log-mel frames beside {frames} of the samples; give "
                f"the log-mel feature n_fft: {n_fft}, hop: {hop}, padding: none"
            )
        self._fit((logmel, samples), labels, validation)
        return self

    def _network(self, inputs: int) -> nn.Module:
        given = self.options
        filters = networks.SincFilters(given.n_filters, given.filter_length, given.sample_rate)
        return networks.LearnedSincNetwork(inputs, given.channels, filters)

    @property
    def cutoffs(self) -> np.ndarray:
        """Lower and upper cut-offs that were learned, in Hz, of shape (2, filter)."""
        with torch.inference_mode():
            return torch.stack(self._net.filters.cutoffs()).cpu().numpy()
