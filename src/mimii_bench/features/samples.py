"""The samples themselves, kept where features are computed when they are read."""

from typing import ClassVar

import numpy as np


class Samples:
    """A clip as it is: every sample is a frame of one bin."""

    dtype = np.float32
    parameters: ClassVar[dict] = {}
    n_bins = 1

    def frames(self, samples: int) -> int:
        """Return the number of samples."""
        return samples

    def transform(self, samples: np.ndarray) -> np.ndarray:
        """Return float32 `samples` (sample,) as (sample, 1)."""
        return samples[:, None]
