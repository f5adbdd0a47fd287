"""Clips as samples over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mimii_bench.figures.base import Figure
from mimii_bench.figures.canvas import LABEL_COLOURS, panels

if TYPE_CHECKING:
    import matplotlib as mpl

    from mimii_bench.figures.from_recordings import Waveform

#: Samples that are drawn as one bar from the lowest to the highest, about one per pixel.
_BLOCK = 160
_SIZE = (6.4, 1.4)


class Waveforms(Figure):
    """The clips of all parts one below the other, on the same scale."""

    kind = "recordings"

    def draw(self, parts: Sequence[Sequence[Waveform]]) -> mpl.figure.Figure:
        """Draw the clips of each part."""
        clips = [clip for part in parts for clip in part]
        figure, axes = panels(len(clips), 1, _SIZE, sharex=True, sharey=True)
        for panel, clip in zip(axes[:, 0], clips, strict=True):
            low, high = envelope(clip.samples)
            time = np.arange(len(low)) * _BLOCK / clip.sample_rate
            colour = LABEL_COLOURS[clip.label]
            panel.fill_between(time, low, high, color=colour, linewidth=0.4, step="post")
            panel.set_title(f"{clip.label}, {clip.title}")
            panel.set_ylabel("amplitude (full scale: 1)")
            panel.set_xlim(0, len(clip.samples) / clip.sample_rate)
        axes[-1, 0].set_xlabel("time (s)")
        return figure


def envelope(samples: np.ndarray, block: int = _BLOCK) -> tuple[np.ndarray, np.ndarray]:
    """Return the lowest and the highest of every `block` samples; the last block may be short.

    Examples
    --------
    >>> low, high = envelope(np.array([1, 3, 2, 5, 4]), block=2)
    >>> low.tolist(), high.tolist()
    ([1, 2, 4], [3, 5, 4])
    """
    starts = np.arange(0, len(samples), block)
    return np.minimum.reduceat(samples, starts), np.maximum.reduceat(samples, starts)
