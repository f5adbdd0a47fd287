"""What a network sees of spectra: their scale taken away, bins and frames as an image."""

from collections.abc import Iterable
from typing import NamedTuple, Self

import numpy as np
import torch

from mimii_bench.systems.networks.complex_layers import components


class Scale(NamedTuple):
    """The offset and unit of the numbers in a set of spectra.

    Amplitudes are about .01 of full scale, log-mel bands tens of decibels below 0. Real spectra
    are centred and divided by their standard deviation, complex ones only divided by their root
    mean square, so that phases stay: two numbers for all bins, so that the spectra keep their
    shape [ours].
    """

    centre: float
    unit: float

    @classmethod
    def of(cls, clips: Iterable[np.ndarray]) -> Self:
        """Measure spectra (frame, bin), one clip at a time."""
        count, total, squares = 0, 0.0, 0.0
        for clip in clips:
            count += clip.size
            total += 0.0 if np.iscomplexobj(clip) else clip.sum(dtype=float)
            squares += np.square(np.abs(clip), dtype=float).sum()
        centre = total / count
        variance = max(0.0, squares / count - centre**2)
        # Silence has no unit; it stays what it is.
        return cls(float(centre), float(np.sqrt(variance)) or 1.0)

    def image(self, segments: torch.Tensor) -> torch.Tensor:
        """Return (example, channel, bin, frame) for `segments` (example, frame, bin).

        Real spectra have one channel, complex ones two: real and imaginary part.
        """
        scaled = ((segments - self.centre) / self.unit).transpose(1, 2).unsqueeze(1)
        return (components(scaled) if scaled.is_complex() else scaled).contiguous()
