"""What a network of windows is given: neighbouring frames, put together to vectors."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from mimii_bench.figures.base import Figure
from mimii_bench.figures.canvas import SPECTRUM_COLOURS, row_of_panels

if TYPE_CHECKING:
    import matplotlib as mpl

    from mimii_bench.figures.from_stores import Spectrogram

_SIZE = (3.0, 4.2)
_TITLE_CHARACTERS = 34


class InputVectors(Figure):
    """A panel for each clip: a column per window, the bins of its frames above each other."""

    kind = "stores"

    class Options(Figure.Options):
        """Which windows."""

        context: Annotated[int, Field(ge=1, le=10_000, description="Frames of a window.")] = 5
        vectors: Annotated[int, Field(ge=1, le=10_000, description="Windows that are drawn.")] = 8

    def draw(self, parts: Sequence[Sequence[Spectrogram]]) -> mpl.figure.Figure:
        """Draw the windows in the middle of each clip, one frame apart."""
        clips = [clip for part in parts for clip in part]
        figure, axes = row_of_panels(len(clips), _SIZE)
        windows = [self._columns(clip.values) for clip in clips]
        # One scale: what is drawn side by side is compared.
        low, high = min(map(np.min, windows)), max(map(np.max, windows))
        for panel, clip, columns in zip(axes, clips, windows, strict=True):
            image = panel.imshow(
                columns,
                origin="lower",
                aspect="auto",
                cmap=SPECTRUM_COLOURS,
                interpolation="nearest",
                vmin=low,
                vmax=high,
            )
            panel.set_title(textwrap.fill(f"{clip.label}, {clip.title}", _TITLE_CHARACTERS))
            panel.set_xticks(range(columns.shape[1]), range(1, columns.shape[1] + 1))
            panel.set_xlabel("window")
            bins = clip.values.shape[1]
            places = [bins * (frame + 0.5) - 0.5 for frame in range(self.options.context)]
            panel.set_yticks(places, range(1, self.options.context + 1))
            panel.set_ylabel(f"frame of the window, {bins} bands each")
            for frame in range(1, self.options.context):
                panel.axhline(bins * frame - 0.5, color="white", linewidth=0.8)
            panel.spines[:].set_visible(False)
            figure.colorbar(image, ax=panel, label=clip.scale.unit, pad=0.02)
        return figure

    def _columns(self, frames: np.ndarray) -> np.ndarray:
        """Return windows (context · bin, window) of frames (frame, bin)."""
        size = self.options.context
        count = min(self.options.vectors, len(frames) - size + 1)
        first = (len(frames) - size + 1 - count) // 2
        return np.stack(
            [frames[first + k : first + k + size].ravel() for k in range(count)], axis=1
        )
