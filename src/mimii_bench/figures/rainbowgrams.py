"""Constant-Q spectra with the level as brightness and the phase's advance as hue.

After Engel et al. (2017, NSynth): a steady tone is a line of one colour, a tone that wavers or
breaks changes colour. The settings are theirs but for the range of levels: with their 70 dB, the
noise of a clip covers its tones.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mimii_bench.figures.base import Figure
from mimii_bench.figures.canvas import panels
from mimii_bench.figures.spectrograms import short_hertz

if TYPE_CHECKING:
    import matplotlib as mpl

    from mimii_bench.figures.from_recordings import Waveform

_HOP = 512
_LOWEST_HZ = 65.406  # C2
_OCTAVES, _BINS_PER_OCTAVE = 6, 48
#: Below 1 filters are shorter than a constant Q asks for, and see changes sooner.
_FILTER_SCALE = 0.8
#: Levels so many dB below the loudest are black.
_RANGE_DB = 40.0
_SIZE = (2.6, 2.4)
_MARKS = (125, 250, 500, 1000, 2000, 4000)
#: Width of the key of colours, as a share of a panel's.
_KEY_WIDTH = 0.16


class Rainbowgrams(Figure):
    """A row of panels for each part, a column for each of its clips, and the key of colours.

    The clips of a part share their brightness, so that loud is bright in all of them.
    """

    kind = "recordings"

    def draw(self, parts: Sequence[Sequence[Waveform]]) -> mpl.figure.Figure:
        """Draw the clips of each part."""
        columns = max(map(len, parts))
        ratios = [1.0] * columns + [_KEY_WIDTH]
        figure, axes = panels(len(parts), columns + 1, _SIZE, width_ratios=ratios)
        for row, clips in zip(axes, parts, strict=True):
            _draw_row(row[:columns], clips)
        _draw_key(axes[0, -1])
        for empty in axes[1:, -1]:
            empty.remove()
        return figure


def _draw_row(row: Sequence[mpl.axes.Axes], clips: Sequence[Waveform]) -> None:
    spectra = [constant_q(clip.samples, clip.sample_rate) for clip in clips]
    loudest = max(np.abs(spectrum).max() for spectrum in spectra)
    for panel, clip, spectrum in zip(row, clips, spectra, strict=False):
        seconds = len(clip.samples) / clip.sample_rate
        _draw_rainbow(panel, rainbow(spectrum, loudest), seconds)
        panel.set_title(f"{clip.label}, {clip.title}")
    for empty in row[len(clips) :]:
        empty.remove()
    row[0].set_ylabel("frequency (Hz)")


def constant_q(samples: np.ndarray, sample_rate: int) -> np.ndarray:
    """Return the complex constant-Q spectrum (bin, frame) of `samples` (sample,)."""
    import librosa

    return librosa.cqt(
        samples,
        sr=sample_rate,
        hop_length=_HOP,
        fmin=_LOWEST_HZ,
        n_bins=_OCTAVES * _BINS_PER_OCTAVE,
        bins_per_octave=_BINS_PER_OCTAVE,
        filter_scale=_FILTER_SCALE,
    )


def phase_advance(spectrum: np.ndarray) -> np.ndarray:
    """Return the derivative of the unwrapped phase over time (bin, frame - 1), in [-pi, pi]."""
    return np.diff(np.unwrap(np.angle(spectrum), axis=1), axis=1)


def rainbow(spectrum: np.ndarray, loudest: float) -> np.ndarray:
    """Return colours (bin, frame - 1, 3): the hue is the phase's advance, brightness the level.

    Black is `_RANGE_DB` below `loudest`. The first frame, to which nothing advanced, is left out.
    """
    tiny = loudest * 10 ** (-_RANGE_DB / 20)
    level = 20 * np.log10(np.maximum(np.abs(spectrum[:, 1:]), tiny) / loudest)
    return _colours(phase_advance(spectrum), 1 + level / _RANGE_DB)


def _colours(advance: np.ndarray, brightness: np.ndarray) -> np.ndarray:
    from matplotlib.colors import hsv_to_rgb

    hue = (advance + np.pi) / (2 * np.pi)
    return hsv_to_rgb(np.stack([hue.clip(0, 1), np.ones_like(hue), brightness.clip(0, 1)], axis=-1))


def _draw_rainbow(panel: mpl.axes.Axes, colours: np.ndarray, seconds: float) -> None:
    extent = (0, seconds, -0.5, len(colours) - 0.5)
    panel.imshow(colours, origin="lower", aspect="auto", interpolation="nearest", extent=extent)
    places = _BINS_PER_OCTAVE * np.log2(np.array(_MARKS) / _LOWEST_HZ)
    panel.set_yticks(places, [short_hertz(mark) for mark in _MARKS])
    panel.set_xlabel("time (s)")
    panel.spines[:].set_visible(False)


def _draw_key(panel: mpl.axes.Axes) -> None:
    """Draw what a colour means: the phase's advance upwards, the level to the right."""
    advance, brightness = np.meshgrid(
        np.linspace(-np.pi, np.pi, 64), np.linspace(0, 1, 32), indexing="ij"
    )
    extent = (-_RANGE_DB, 0, -1, 1)
    colours = _colours(advance, brightness)
    panel.imshow(colours, origin="lower", aspect="auto", interpolation="nearest", extent=extent)
    panel.yaxis.tick_right()
    panel.yaxis.set_label_position("right")
    panel.set_yticks([-1, 0, 1], ["\N{MINUS SIGN}\u03c0", "0", "\u03c0"])
    panel.set_ylabel("phase advance per frame")
    panel.set_xticks([0], ["loud"])
    panel.spines[:].set_visible(False)
