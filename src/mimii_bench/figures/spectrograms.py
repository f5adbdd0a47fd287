"""Clips as images of their features over time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from mimii_bench.figures.base import Figure
from mimii_bench.figures.canvas import SPECTRUM_COLOURS, panels

if TYPE_CHECKING:
    import matplotlib as mpl

    from mimii_bench.figures.from_stores import Spectrogram, SpectrumScale

#: Frequencies that a logarithmic axis is marked at, where it has them.
_MARKS = (125, 250, 500, 1000, 2000, 4000, 8000)
#: Shares of the values below and above which colours end: a single silent frame is no scale.
_DARKEST, _BRIGHTEST = 0.5, 99.9
#: Marks closer than this share of the axis would touch.
_CLOSEST = 0.06
_SIZE = (3.6, 2.4)


class Spectrograms(Figure):
    """A row of panels for each part, a column for each of its clips.

    The clips of a part share their colours, so that loud is bright in all of them; bins without a
    frequency have colours of their own, which no bar explains.
    """

    kind = "stores"

    class Options(Figure.Options):
        """How levels become colours."""

        one_scale: Annotated[
            bool, Field(description="All parts share their colours, not each part for itself.")
        ] = False

    def draw(self, parts: Sequence[Sequence[Spectrogram]]) -> mpl.figure.Figure:
        """Draw the clips of each part."""
        figure, axes = panels(len(parts), max(map(len, parts)), _SIZE)
        for row, clips in zip(axes, parts, strict=True):
            alike = [clip for part in parts for clip in part] if self.options.one_scale else clips
            limits = colour_limits([clip.values for clip in alike], clips[0].scale)
            for panel, clip in zip(row, clips, strict=False):
                image = draw_spectrogram(panel, clip.values, clip.scale, limits)
                panel.set_title(f"{clip.label}, {clip.title}")
            for empty in row[len(clips) :]:
                empty.remove()
            figure.colorbar(image, ax=list(row[: len(clips)]), label=clips[0].scale.unit, pad=0.01)
        return figure


def colour_limits(values: Sequence[np.ndarray], scale: SpectrumScale) -> list[tuple[float, float]]:
    """Return the values at which colours begin and end, over several images.

    One pair for the bins that have a frequency, and one for the rest where there is any.
    """
    return [
        tuple(np.percentile([x[:, bins] for x in values], [_DARKEST, _BRIGHTEST]))
        for bins in _sections(scale)
    ]


def _sections(scale: SpectrumScale) -> list[slice]:
    count = len(scale.hertz)
    return [slice(0, count), *([slice(count, None)] if scale.rest else [])]


def draw_spectrogram(
    panel: mpl.axes.Axes,
    values: np.ndarray,
    scale: SpectrumScale,
    limits: Sequence[tuple[float, float]],
) -> mpl.image.AxesImage:
    """Draw one clip with time in seconds and, where it is known, frequency in Hz.

    Parameters
    ----------
    panel : mpl.axes.Axes
    values : ndarray, shape (frame, bin)
        Levels.
    scale : SpectrumScale
    limits : sequence of (float, float)
        As `colour_limits` has them.

    Returns
    -------
    AxesImage
        Of the bins that have a frequency.
    """
    bins = np.arange(values.shape[1])
    images = [
        panel.imshow(
            values[:, section].T,
            origin="lower",
            aspect="auto",
            interpolation="nearest",
            cmap=SPECTRUM_COLOURS,
            vmin=low,
            vmax=high,
            extent=(0, len(values) * scale.hop, bins[section][0] - 0.5, bins[section][-1] + 0.5),
        )
        for section, (low, high) in zip(_sections(scale), limits, strict=True)
    ]
    panel.set_ylim(-0.5, len(bins) - 0.5)
    panel.spines[:].set_visible(False)
    panel.set_xlabel("time (s)")
    _mark_frequencies(panel, scale)
    if scale.rest:
        _mark_rest(panel, scale, len(bins))
    return images[0]


def _mark_frequencies(panel: mpl.axes.Axes, scale: SpectrumScale) -> None:
    """Label the bins of an image that lie at round frequencies."""
    hertz = scale.hertz
    is_linear = np.allclose(np.diff(hertz, 2), 0)
    marks = np.arange(0, hertz[-1] + 1, 2000) if is_linear else np.array(_MARKS)
    inside = marks[(marks >= hertz[0]) & (marks <= hertz[-1])]
    places = np.interp(inside, hertz, np.arange(len(hertz)))
    room = np.append(np.diff(places) >= _CLOSEST * len(hertz), True)
    panel.set_yticks(places[room], [short_hertz(mark) for mark in inside[room]])
    panel.set_ylabel("frequency (Hz)")


def _mark_rest(panel: mpl.axes.Axes, scale: SpectrumScale, bins: int) -> None:
    """Part the bins without a frequency from the others, and name them on the axis."""
    count = len(scale.hertz)
    panel.axhline(count - 0.5, color="white", linewidth=1.2)
    labels = [label.get_text() for label in panel.get_yticklabels()]
    panel.set_yticks([*panel.get_yticks(), (count + bins - 1) / 2], [*labels, scale.rest])


def short_hertz(hertz: float) -> str:
    """Return a frequency as an axis shows it.

    Examples
    --------
    >>> short_hertz(500), short_hertz(2500)
    ('500', '2.5k')
    """
    return f"{hertz / 1000:g}k" if hertz >= 1000 else f"{hertz:g}"
