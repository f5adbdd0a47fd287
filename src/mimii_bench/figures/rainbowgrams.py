"""Constant-Q spectra with the level as brightness and the phase's advance as hue.

After Engel et al. (2017, NSynth): a steady tone is a line of one colour, a tone that wavers or
breaks changes colour. The defaults are those of the code that its first author published for such
pictures (gist jesseengel/e223622e255bd5b8c9130407397a0494), as its public copies have them. Two
things are ours: the hue goes round once, so that an advance of -pi and of pi, which are the same,
look the same, where that code's map of colours has two ends; and the clips of a row share their
loudest level.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from mimii_bench.figures.base import Figure
from mimii_bench.figures.canvas import panels
from mimii_bench.figures.spectrograms import short_hertz

if TYPE_CHECKING:
    import matplotlib as mpl

    from mimii_bench.figures.from_recordings import Waveform

_SIZE = (2.6, 2.4)
_MARKS = (125, 250, 500, 1000, 2000, 4000)
#: Width of the key of colours, as a share of a panel's.
_KEY_WIDTH = 0.16
_AS_IMAGE = {"origin": "lower", "aspect": "auto", "interpolation": "nearest"}


class Rainbowgrams(Figure):
    """A row of panels for each part, a column for each of its clips, and the key of colours.

    The clips of a part share their brightness, so that loud is bright in all of them.
    """

    kind = "recordings"

    class Options(Figure.Options):
        """The constant-Q transform, and which levels are seen."""

        hop: Annotated[int, Field(ge=1, description="Samples from frame to frame.")] = 256
        lowest_hz: Annotated[float, Field(gt=0, description="Of the lowest bin; C2.")] = 65.406
        octaves: Annotated[int, Field(ge=1, le=30, description="From the lowest bin up.")] = 6
        bins_per_octave: Annotated[int, Field(ge=1, le=1000, description="Bins of an octave.")] = 40
        filter_scale: Annotated[
            float,
            Field(
                gt=0,
                description="Below 1 filters are shorter than a constant Q asks for, and see "
                "changes sooner.",
            ),
        ] = 0.8
        range_db: Annotated[
            float, Field(gt=0, description="Levels so far below the loudest are black.")
        ] = 70.0

    def draw(self, parts: Sequence[Sequence[Waveform]]) -> mpl.figure.Figure:
        """Draw the clips of each part."""
        columns = max(map(len, parts))
        ratios = [1.0] * columns + [_KEY_WIDTH]
        figure, axes = panels(len(parts), columns + 1, _SIZE, width_ratios=ratios)
        for row, clips in zip(axes, parts, strict=True):
            self._draw_row(row[:columns], clips)
        _draw_key(axes[0, -1], self.options.range_db)
        for empty in axes[1:, -1]:
            empty.remove()
        return figure

    def _draw_row(self, row: Sequence[mpl.axes.Axes], clips: Sequence[Waveform]) -> None:
        spectra = [constant_q(clip.samples, clip.sample_rate, self.options) for clip in clips]
        loudest = max(np.abs(spectrum).max() for spectrum in spectra)
        for panel, clip, spectrum in zip(row, clips, spectra, strict=False):
            seconds = len(clip.samples) / clip.sample_rate
            colours = rainbow(spectrum, loudest, self.options.range_db)
            panel.imshow(colours, extent=(0, seconds, -0.5, len(colours) - 0.5), **_AS_IMAGE)
            panel.set_title(f"{clip.label}, {clip.title}")
            self._mark_axes(panel)
        for empty in row[len(clips) :]:
            empty.remove()
        row[0].set_ylabel("frequency (Hz)")

    def _mark_axes(self, panel: mpl.axes.Axes) -> None:
        octaves = np.log2(np.array(_MARKS) / self.options.lowest_hz)
        places = self.options.bins_per_octave * octaves
        panel.set_yticks(places, [short_hertz(mark) for mark in _MARKS])
        panel.set_ylim(-0.5, self.options.octaves * self.options.bins_per_octave - 0.5)
        panel.set_xlabel("time (s)")
        panel.spines[:].set_visible(False)


def constant_q(samples: np.ndarray, sample_rate: int, options: Rainbowgrams.Options) -> np.ndarray:
    """Return the complex constant-Q spectrum (bin, frame) of `samples` (sample,)."""
    import librosa

    return librosa.cqt(
        samples,
        sr=sample_rate,
        hop_length=options.hop,
        fmin=options.lowest_hz,
        n_bins=options.octaves * options.bins_per_octave,
        bins_per_octave=options.bins_per_octave,
        filter_scale=options.filter_scale,
    )


def phase_advance(spectrum: np.ndarray) -> np.ndarray:
    """Return the derivative of the unwrapped phase over time (bin, frame - 1), in [-pi, pi]."""
    return np.diff(np.unwrap(np.angle(spectrum), axis=1), axis=1)


def rainbow(spectrum: np.ndarray, loudest: float, range_db: float) -> np.ndarray:
    """Return colours (bin, frame - 1, 3): the hue is the phase's advance, brightness the level.

    Black is `range_db` below `loudest`. The first frame, to which nothing advanced, is left out.
    """
    tiny = loudest * 10 ** (-range_db / 20)
    level = 20 * np.log10(np.maximum(np.abs(spectrum[:, 1:]), tiny) / loudest)
    return _colours(phase_advance(spectrum), 1 + level / range_db)


def _colours(advance: np.ndarray, brightness: np.ndarray) -> np.ndarray:
    from matplotlib.colors import hsv_to_rgb

    hue = (advance + np.pi) / (2 * np.pi)
    return hsv_to_rgb(np.stack([hue.clip(0, 1), np.ones_like(hue), brightness.clip(0, 1)], axis=-1))


def _draw_key(panel: mpl.axes.Axes, range_db: float) -> None:
    """Draw what a colour means: the phase's advance upwards, the level to the right."""
    advance, brightness = np.meshgrid(
        np.linspace(-np.pi, np.pi, 64), np.linspace(0, 1, 32), indexing="ij"
    )
    colours = _colours(advance, brightness)
    panel.imshow(colours, extent=(-range_db, 0, -1, 1), **_AS_IMAGE)
    panel.yaxis.tick_right()
    panel.yaxis.set_label_position("right")
    panel.set_yticks([-1, 0, 1], ["\N{MINUS SIGN}\u03c0", "0", "\u03c0"])
    panel.set_ylabel("phase advance per frame")
    panel.set_xticks([0], ["loud"])
    panel.spines[:].set_visible(False)
