"""A picture of a clip: its log-mel spectrogram, and the score over time under it on one time axis.

The axes stand at known places, so that a page can draw a cursor over both.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from mimii_bench.features.logmel import LogMel
from mimii_bench.features.mel import hz_to_mel, mel_to_hz
from mimii_bench.figures.canvas import LABEL_COLOURS, LINE_COLOURS, SPECTRUM_COLOURS, STYLE
from mimii_bench.listening.tracing import Trace

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Where the axes begin and end, as shares of the picture's width.
LEFT, RIGHT = 0.15, 0.985
_SIZE, _DPI = (4.8, 2.75), 150
#: Pixels.
WIDTH, HEIGHT = (round(inches * _DPI) for inches in _SIZE)
#: From the bottom, as shares of the height: the score, the spectrogram.
_SCORE, _SPECTRUM = (0.165, 0.25), (0.45, 0.465)
#: Where names of the vertical axes begin, as a share of the width.
_EDGE = 0.008
_BANDS = 64
#: Seconds of a frame.
_FRAME = 0.064
#: Shares of the levels below and above which colours end.
_DARKEST, _BRIGHTEST = 0.5, 99.9


class Drawn(NamedTuple):
    """What a picture shows.

    Attributes
    ----------
    levels : ndarray (frame, band)
        In dB.
    sample_rate : int
    seconds : float
    label : str
    score : float
        Of the whole clip.
    trace : Trace or None
    threshold : float or None
        Of whole clips.
    note : str
        What stands above it.
    unit : str
        Of the score, or nothing.
    """

    levels: np.ndarray
    sample_rate: int
    seconds: float
    label: str
    score: float
    trace: Trace | None
    threshold: float | None
    note: str
    unit: str


class Limits(NamedTuple):
    """What pictures side by side have in common: levels of the colours, ends of the score axis."""

    levels: tuple[float, float]
    scores: tuple[float, float]


def levels_of(samples: np.ndarray, sample_rate: int) -> np.ndarray:
    """Return the log-mel spectrogram (frame, band) in dB of samples (sample,)."""
    n_fft = 2 ** max(round(np.log2(_FRAME * sample_rate)), 4)
    bands = min(_BANDS, n_fft // 4)
    return LogMel(n_mels=bands, n_fft=n_fft, hop=n_fft // 2, sample_rate=sample_rate).transform(
        samples
    )


def limits_of(pictures: list[Drawn]) -> Limits:
    """Return what pictures have in common, so that loud is bright and high is high in all."""
    levels = np.concatenate([one.levels.ravel() for one in pictures])
    low, high = np.percentile(levels, [_DARKEST, _BRIGHTEST])
    scores = [np.array([one.score]) for one in pictures]
    scores += [one.trace.scores for one in pictures if one.trace]
    drawn = np.concatenate(scores)
    room = 0.05 * (drawn.max() - drawn.min() or 1.0)
    ends = float(drawn.min() - room), float(drawn.max() + room)
    return Limits((float(low), float(max(high, low + 1))), ends)


def write_picture(path: Path, one: Drawn, limits: Limits) -> None:
    """Write a picture as a PNG; the same values give the same bytes."""
    from matplotlib import style
    from matplotlib.figure import Figure

    with style.context(["default", STYLE], after_reset=True):
        figure = Figure(figsize=_SIZE)
        width = RIGHT - LEFT
        spectrum = figure.add_axes((LEFT, _SPECTRUM[0], width, _SPECTRUM[1]))
        score = figure.add_axes((LEFT, _SCORE[0], width, _SCORE[1]))
        figure.text(LEFT, 0.95, one.note, size=8, style="italic", color="#444444")
        _draw_levels(spectrum, one, limits)
        _draw_score(score, one, limits)
        _align_names(spectrum, score)
        figure.savefig(path, format="png", backend="agg", dpi=_DPI, metadata={"Software": None})


def short(value: float) -> str:
    """Return a number of an axis in few signs.

    Examples
    --------
    >>> short(600.05), short(-1500.0), short(125000.0), short(0.0005), short(0.00002)
    ('600.05', '-1500', '125k', '0.0005', '2e-05')
    """
    return f"{value / 1000:.5g}k" if abs(value) >= 10_000 else f"{value:.5g}"


def _align_names(*panels: Axes) -> None:
    """Begin the names of the vertical axes at the picture's edge, whatever their numbers take."""
    from matplotlib.transforms import blended_transform_factory

    for axes in panels:
        place = blended_transform_factory(axes.figure.transFigure, axes.transAxes)
        axes.yaxis.set_label_coords(_EDGE, 0.5, transform=place)
        axes.yaxis.label.set_verticalalignment("top")


def _draw_levels(axes: Axes, one: Drawn, limits: Limits) -> None:
    bands = one.levels.shape[1]
    axes.imshow(
        one.levels.T,
        origin="lower",
        aspect="auto",
        interpolation="nearest",
        cmap=SPECTRUM_COLOURS,
        vmin=limits.levels[0],
        vmax=limits.levels[1],
        extent=(0, one.seconds, 0, bands),
    )
    places = [0, bands // 2, bands]
    hertz = mel_to_hz(np.linspace(0, hz_to_mel(one.sample_rate / 2, "slaney"), 3), "slaney")
    axes.set_yticks(places, [f"{value / 1000:.2g}" for value in hertz])
    axes.set_ylabel("kHz")
    axes.tick_params(labelbottom=False)
    axes.spines[:].set_visible(False)


def _draw_score(axes: Axes, one: Drawn, limits: Limits) -> None:
    """Draw the score over time, that of the whole clip and the threshold."""
    colour = LABEL_COLOURS[one.label]
    if one.trace:
        axes.plot(one.trace.seconds, one.trace.scores, color=colour, linewidth=0.9)
    axes.axhline(one.score, color="black", linestyle="--", linewidth=0.9)
    low, high = limits.scores
    if one.threshold is not None and low <= one.threshold <= high:
        axes.axhline(one.threshold, color=LINE_COLOURS[2], linestyle=":", linewidth=1.4)
    axes.set_xlim(0, one.seconds)
    axes.set_ylim(low, high)
    axes.locator_params(axis="y", nbins=3)
    axes.locator_params(axis="x", nbins=6)
    axes.xaxis.set_major_formatter("{x:g}")
    axes.yaxis.set_major_formatter(lambda value, place: short(value))
    axes.set_xlabel("time (s)", labelpad=1)
    axes.set_ylabel(f"score ({one.unit})" if one.unit else "score")
