"""What a feature is: frames made of the samples of one clip."""

from typing import ClassVar

import numpy as np

from mimii_bench.util.options import Component


class Feature(Component):
    """Base of all features.

    A subclass declares its `Options`, says in `dtype` and `n_bins` what a frame is, and has
    `frames` and `transform`. It takes its options as keywords, and the rate of the recordings.

    Parameters
    ----------
    sample_rate : int
        Of the samples that it will be given, in Hz.
    **options
        As the class's `Options` declares them.

    Attributes
    ----------
    dtype : type
        Of the numbers: `numpy.float32` or `numpy.complex64`.
    n_bins : int
        Numbers in a frame.
    """

    dtype: ClassVar[type] = np.float32
    n_bins: int

    def __init__(self, *, sample_rate: int, **options):
        super().__init__(**options)
        self.check_rate(self.options, sample_rate)
        self.sample_rate = sample_rate

    @classmethod
    def check_rate(cls, options: Component.Options, sample_rate: int) -> None:
        """Raise UserError for options that recordings of a sample rate, in Hz, do not allow.

        It is asked before anything runs, and must not take long.
        """

    @property
    def parameters(self) -> dict:
        """All options with their values; with the sample rate they make the same feature."""
        return self.options.model_dump()

    def frames(self, samples: int) -> int:
        """Return the number of frames for a clip of that many samples."""
        raise NotImplementedError

    def transform(self, samples: np.ndarray) -> np.ndarray:
        """Return the frames of one clip.

        Parameters
        ----------
        samples : ndarray of float32, shape (sample,)

        Returns
        -------
        ndarray of `dtype`, shape (frame, n_bins)
            An array of its own: the next call leaves it alone.
        """
        raise NotImplementedError
