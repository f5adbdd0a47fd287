"""How loud the channels of a recording are, block by block: silence, dead channels, clipping."""

from collections.abc import Iterator

import numpy as np

from mimii_bench.audio.extremes import highest, lowest, total

#: Of int16 recordings; float ones have 1.
FULL_SCALE = 32768
#: A channel that moves by fewer steps of 16 bits than this hears nothing.
_DEAD = 2
#: Share of the samples at full scale that is worth a remark.
CLIPPED = 0.01
#: A mean that is: of full scale, or of the span of the channel.
_OFFSET, _OFFSET_OF_SPAN = 0.1, 0.25


class Levels:
    """What is known of a recording's channels once all of its blocks were added.

    Attributes
    ----------
    samples : int
        Of each channel, so far.
    low, high, sums : ndarray, shape (channel,)
        Smallest and largest sample, and the sum; full scale is 1.

    Examples
    --------
    >>> levels = Levels()
    >>> levels.add(np.array([[0, 5], [0, -16384], [0, 8192]], np.int16))
    >>> levels.peak, levels.dead.tolist()
    (0.5, [True, False])
    """

    def __init__(self):
        self.samples = 0
        self.low = self.high = self.sums = np.zeros(0)
        self._clipped = 0.0

    def add(self, samples: np.ndarray) -> None:
        """Take in samples (sample, channel), int16, or float with a full scale of 1."""
        if not len(samples):
            return
        scale = FULL_SCALE if samples.dtype == np.int16 else 1
        low, high = lowest(samples).astype(float) / scale, highest(samples).astype(float) / scale
        sums = total(samples) / scale
        if self.samples:
            low, high = np.minimum(low, self.low), np.maximum(high, self.high)
            sums = sums + self.sums
        self.low, self.high, self.sums = low, high, sums
        self.samples += len(samples)
        if self.peak >= 1 - 1 / FULL_SCALE:
            limit = scale - scale / FULL_SCALE
            self._clipped += float(np.mean((samples >= limit) | (samples <= -limit))) * len(samples)

    @property
    def peak(self) -> float:
        """The largest magnitude."""
        return float(max(-self.low.min(), self.high.max()))

    @property
    def clipped(self) -> float:
        """The share of the samples at full scale."""
        return self._clipped / self.samples

    @property
    def dead(self) -> np.ndarray:
        """Which channels (channel,) move by two steps of 16 bits at most."""
        return self.high - self.low <= _DEAD / FULL_SCALE

    @property
    def means(self) -> np.ndarray:
        """The mean of each channel, of shape (channel,)."""
        return self.sums / self.samples

    @property
    def has_offset(self) -> bool:
        """Whether a channel that is not dead has a mean far from 0."""
        means = np.abs(self.means)
        far = (means > _OFFSET) | (means > _OFFSET_OF_SPAN * (self.high - self.low))
        return bool((~self.dead & far).any())

    @property
    def offset(self) -> float:
        """The mean that is largest in magnitude, of all channels."""
        return float(self.means[np.abs(self.means).argmax()])

    def remarks(self) -> Iterator[str]:
        """Yield what is odd in them."""
        dead = self.dead
        if dead.all():
            yield "silent"
        elif dead.any():
            yield f"dead channel {' '.join(map(str, dead.nonzero()[0].tolist()))}"
        if self.clipped >= CLIPPED:
            yield f"{self.clipped:.0%} clipped"
        if self.peak > 1:
            yield "beyond full scale"
        if self.has_offset:
            yield f"offset {self.offset:.3g}"
