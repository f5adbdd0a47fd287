"""The samples themselves, kept where features are computed when they are read."""

import numpy as np

from mimii_bench.features.base import Feature


class Samples(Feature):
    """A clip as it is: every sample is a frame of one bin."""

    n_bins = 1

    def frames(self, samples: int) -> int:
        """Return the number of samples."""
        return samples

    def transform(self, samples: np.ndarray) -> np.ndarray:
        """Return float32 `samples` (sample,) as (sample, 1)."""
        return samples[:, None]
