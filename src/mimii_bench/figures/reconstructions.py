"""What a network makes of a clip, and what it makes up."""

from collections.abc import Iterator, Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.image import AxesImage

from mimii_bench.figures.canvas import panels
from mimii_bench.figures.from_models import Trained
from mimii_bench.figures.from_stores import Scale
from mimii_bench.figures.spectrograms import colour_limits, draw_spectrogram
from mimii_bench.splits.manifests import SplitRow
from mimii_bench.util.errors import UserError
from mimii_bench.util.seeds import stable_seed

_SIZE = (3.6, 2.4)


def of_clips(models: Sequence[Trained]) -> Figure:
    """Draw a row for each clip of each part: the original beside its reconstruction."""
    pairs = [(trained, *pair) for trained in models for pair in _pairs(trained)]
    figure, axes = panels(len(pairs), 2, _SIZE)
    for places, (trained, row, original, reconstruction) in zip(axes, pairs, strict=True):
        scale = trained.scale()
        limits = colour_limits([original], scale)
        for panel, values in zip(places, (original, reconstruction), strict=True):
            image = draw_spectrogram(panel, values, scale, limits)
        places[0].set_title(f"{row.label} clip, {trained.title}")
        places[1].set_title("reconstruction")
        figure.colorbar(image, ax=list(places), label=scale.unit, pad=0.01)
    return figure


def _pairs(trained: Trained) -> Iterator[tuple[SplitRow, np.ndarray, np.ndarray]]:
    if not hasattr(trained.system, "reconstruct"):
        raise UserError(f"reconstructions.of_clips: {trained.title} reconstructs nothing")
    for row, (frames, *_) in zip(trained.rows, trained.clips(), strict=True):
        yield row, frames, overlap_mean(trained.system.reconstruct(frames))


def overlap_mean(windows: np.ndarray) -> np.ndarray:
    """Return the clip (frame, bin) of `windows` (window, size, bin).

    A frame stands in several windows: it is the mean of them.
    """
    count, size, bins = windows.shape
    total, times = np.zeros((count + size - 1, bins)), np.zeros((count + size - 1, 1))
    for place in range(size):
        total[place : place + count] += windows[:, place]
        times[place : place + count] += 1
    return total / times


def generated(models: Sequence[Trained], pieces: int = 24) -> Figure:
    """Draw for each part pieces of spectrogram that its system draws from the prior, with gaps.

    On top of each, on the same scale, as many pieces of the part's first clip. Raises UserError
    for a system that generates nothing.
    """
    figure, axes = panels(2 * len(models), 1, (7.2, 1.9))
    for places, trained in zip(axes.reshape(-1, 2), models, strict=True):
        if not hasattr(trained.system, "generate"):
            raise UserError(f"reconstructions.generated: {trained.title} generates nothing")
        made = trained.system.generate(pieces, stable_seed("generated", trained.title))
        frames, *_ = next(trained.clips())
        real = frames[: pieces * made.shape[1]].reshape(-1, *made.shape[1:])
        scale = trained.scale()
        limits = colour_limits([frames], scale)
        titles = f"{trained.rows[0].label} clip, {trained.title}", "drawn from the prior"
        for panel, what, title in zip(places, (real, made), titles, strict=True):
            image = _draw_pieces(panel, what, scale, limits)
            panel.set_title(f"{title}: {len(what)} pieces of {made.shape[1]} frames")
        figure.colorbar(image, ax=list(places), label=scale.unit, pad=0.01)
    return figure


def _draw_pieces(
    panel: Axes, pieces: np.ndarray, scale: Scale, limits: Sequence[tuple[float, float]]
) -> AxesImage:
    """Draw `pieces` (piece, frame, bin) side by side, a blank frame between two."""
    blank = np.full((len(pieces), 1, pieces.shape[2]), np.nan)
    strip = np.concatenate([pieces, blank], axis=1).reshape(-1, pieces.shape[2])[:-1]
    image = draw_spectrogram(panel, strip, scale, limits)
    panel.set_xticks([])
    panel.set_xlabel("")
    return image
