"""What a network makes of a clip, and what it makes up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from mimii_bench.figures.base import Figure
from mimii_bench.figures.canvas import panels
from mimii_bench.figures.spectrograms import colour_limits, draw_spectrogram
from mimii_bench.util.errors import UserError
from mimii_bench.util.seeds import stable_seed

if TYPE_CHECKING:
    import matplotlib as mpl

    from mimii_bench.figures.from_models import Trained
    from mimii_bench.figures.from_stores import SpectrumScale
    from mimii_bench.splits.manifests import SplitRow

_SIZE = (3.6, 2.4)


class Reconstructions(Figure):
    """A row for each clip of each part: the original beside its reconstruction."""

    kind = "models"

    def draw(self, parts: Sequence[Trained]) -> mpl.figure.Figure:
        """Draw the clips of each part; raises UserError for a system without `reconstruct`."""
        pairs = [(trained, *pair) for trained in parts for pair in _pairs(trained)]
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
        raise UserError(f"reconstructions.Reconstructions: {trained.title} reconstructs nothing")
    for row, (frames, *_) in zip(trained.rows, trained.clips(), strict=True):
        yield row, frames, overlap_mean(trained.system.reconstruct(frames))


def overlap_mean(windows: np.ndarray) -> np.ndarray:
    """Return the clip that overlapping windows were cut from.

    Parameters
    ----------
    windows : ndarray, shape (window, size, bin)
        Each begins a frame after the one before.

    Returns
    -------
    ndarray, shape (window + size - 1, bin)
        A frame stands in several windows: it is the mean of them.

    Examples
    --------
    >>> overlap_mean(np.array([[[0.0], [10.0]], [[20.0], [30.0]]]))[:, 0]
    array([ 0., 15., 30.])
    """
    count, size, bins = windows.shape
    total, times = np.zeros((count + size - 1, bins)), np.zeros((count + size - 1, 1))
    for place in range(size):
        total[place : place + count] += windows[:, place]
        times[place : place + count] += 1
    return total / times


class GeneratedPieces(Figure):
    """For each part, pieces of spectrogram that its system draws from the prior, with gaps.

    On top of each, on the same scale, as many pieces of the part's first clip.
    """

    kind = "models"

    class Options(Figure.Options):
        """How much is drawn."""

        pieces: Annotated[int, Field(ge=1, le=10_000, description="Pieces of spectrogram.")] = 24

    def draw(self, parts: Sequence[Trained]) -> mpl.figure.Figure:
        """Draw pieces of each part; raises UserError for a system without `generate`."""
        figure, axes = panels(2 * len(parts), 1, (7.2, 1.9))
        for places, trained in zip(axes.reshape(-1, 2), parts, strict=True):
            image = self._draw_pair(places, trained)
            figure.colorbar(image, ax=list(places), label=trained.scale().unit, pad=0.01)
        return figure

    def _draw_pair(self, places: Sequence[mpl.axes.Axes], trained: Trained) -> mpl.image.AxesImage:
        if not hasattr(trained.system, "generate"):
            raise UserError(f"reconstructions.GeneratedPieces: {trained.title} generates nothing")
        pieces = self.options.pieces
        made = trained.system.generate(pieces, stable_seed("generated", trained.title))
        frames, *_ = next(trained.clips())
        real = frames[: pieces * made.shape[1]].reshape(-1, *made.shape[1:])
        scale = trained.scale()
        limits = colour_limits([frames], scale)
        titles = f"{trained.rows[0].label} clip, {trained.title}", "drawn from the prior"
        for panel, what, title in zip(places, (real, made), titles, strict=True):
            image = _draw_pieces(panel, what, scale, limits)
            panel.set_title(f"{title}: {len(what)} pieces of {made.shape[1]} frames")
        return image


def _draw_pieces(
    panel: mpl.axes.Axes,
    pieces: np.ndarray,
    scale: SpectrumScale,
    limits: Sequence[tuple[float, float]],
) -> mpl.image.AxesImage:
    """Draw `pieces` (piece, frame, bin) side by side, a blank frame between two."""
    blank = np.full((len(pieces), 1, pieces.shape[2]), np.nan)
    strip = np.concatenate([pieces, blank], axis=1).reshape(-1, pieces.shape[2])[:-1]
    image = draw_spectrogram(panel, strip, scale, limits)
    panel.set_xticks([])
    panel.set_xlabel("")
    return image
