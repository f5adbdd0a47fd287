"""The samples at another rate, for what was trained on recordings of that rate."""

from typing import Annotated

import numpy as np
import soxr
from pydantic import Field

from mimii_bench.features.base import Feature


class Resampled(Feature):
    """A clip at another sample rate: every sample is a frame of one bin."""

    n_bins = 1

    class Options(Feature.Options):
        """The rate."""

        rate: Annotated[int, Field(ge=1000, le=192_000, description="Of the new samples, in Hz.")]

    def frames(self, samples: int) -> int:
        """Return the number of samples at the new rate, rounded up."""
        return -(-samples * self.options.rate // self.sample_rate)

    def transform(self, samples: np.ndarray) -> np.ndarray:
        """Return float32 `samples` (sample,) as (sample, 1), by soxr's best resampler.

        What the resampler gives less at the end is silence.
        """
        frames = np.zeros((self.frames(len(samples)), 1), np.float32)
        new = samples
        if self.options.rate != self.sample_rate:
            new = soxr.resample(samples, self.sample_rate, self.options.rate, quality="VHQ")
        kept = min(len(frames), len(new))
        frames[:kept, 0] = new[:kept]
        return frames
