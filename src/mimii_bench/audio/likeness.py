"""Clips that are others made louder or softer, turned over, or cut from elsewhere in a recording.

A checksum of samples knows none of them. What surrounds a clip's largest sample does: it moves with
the clip, and once it is scaled to length one no level counts. The windows of two recordings of one
machine, aligned at their largest samples, correlate little: of 213 genuine clips by .76 at most
(docs/recordings.md), copies by .999. A peak within half a window of either end is not looked for.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np

#: Samples around the largest one, and the correlation from which on two clips are the same.
WINDOW, SAME = 4096, 0.99
#: Rows that are compared at a time.
_BLOCK = 512


class Excerpt(NamedTuple):
    """What surrounds the largest sample of a clip.

    Attributes
    ----------
    shape : ndarray of float32, shape (sample,)
        Without its mean, of length one.
    level : float
        What it was divided by.
    at : int
        Where the largest sample stands.
    """

    shape: np.ndarray
    level: float
    at: int


class Likeness(NamedTuple):
    """That a clip is another one: which, how much louder, below 0 turned over, how late."""

    clip: int
    original: int
    gain: float
    later: int

    def __str__(self) -> str:
        """Return what it is, behind `copy of` and the name of the other."""
        return f"times {self.gain:.3g}, {abs(self.later)} samples " + (
            "earlier" if self.later < 0 else "later"
        )


def excerpt_of(samples: np.ndarray) -> Excerpt | None:
    """Return the excerpt of one channel (sample,); none of one that is too short, or constant."""
    margin = WINDOW // 2
    if len(samples) < 2 * WINDOW:
        return None
    inside = samples[margin:-margin]
    low, high = inside.argmin(), inside.argmax()
    largest = high if float(inside[high]) >= -float(inside[low]) else low
    found = samples[largest : largest + WINDOW].astype(np.float32)
    found -= found.mean()
    level = float(np.linalg.norm(found))
    return Excerpt(found / level, level, int(largest) + margin) if level else None


def likenesses(excerpts: Sequence[Excerpt | None]) -> Iterator[Likeness]:
    """Yield, for each clip that is like an earlier one, the first of these."""
    there = [number for number, one in enumerate(excerpts) if one is not None]
    shapes = np.array([excerpts[number].shape for number in there])
    for start in range(0, len(there), _BLOCK):
        block = shapes[start : start + _BLOCK] @ shapes[: start + _BLOCK].T
        for row, found in enumerate(block, start):
            like = np.abs(found[:row]) >= SAME
            if like.any():
                first = int(like.argmax())
                yield _likeness(there[row], there[first], excerpts, float(found[first]))


def _likeness(
    clip: int, original: int, excerpts: Sequence[Excerpt | None], correlation: float
) -> Likeness:
    mine, other = excerpts[clip], excerpts[original]
    gain = np.copysign(mine.level / other.level, correlation)
    return Likeness(clip, original, float(gain), mine.at - other.at)
