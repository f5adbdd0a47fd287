"""Where a system puts normal and abnormal clips, in two dimensions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from mimii_bench.figures.base import Figure
from mimii_bench.figures.canvas import LABEL_COLOURS, row_of_panels
from mimii_bench.util.errors import UserError

if TYPE_CHECKING:
    import matplotlib as mpl

    from mimii_bench.figures.from_models import Trained

_LEAST_CLIPS = 4
#: scikit-learn's first iterations, on attractions that it exaggerates twelvefold; the
#: objective itself is minimised after them only.
_EXAGGERATED_ITERATIONS = 250
#: The descent settles at up to about this rate for each point, whatever their number: at the
#: report's 1000 and 200 points it scatters them and spends the rest of the iterations on that.
_MOST_RATE_PER_CLIP = 2
_SIZE = (3.0, 2.8)
_MARKERS = {"normal": "o", "abnormal": "^"}


class Tsne(Figure):
    """A panel for each part: t-SNE of the embeddings of its clips.

    A panel says which perplexity and learning rate it took.
    """

    kind = "models"

    class Options(Figure.Options):
        """How points are brought to two dimensions."""

        perplexity: Annotated[
            float, Field(gt=0, description="Neighbours of a point, if it has three times as many.")
        ] = 30.0
        learning_rate: Annotated[
            float, Field(gt=0, description="Of the descent; lowered for few points.")
        ] = 1000.0
        iterations: Annotated[
            int,
            Field(
                ge=1,
                le=1_000_000,
                description="After the 250 in which attractions are exaggerated.",
            ),
        ] = 200

    def draw(self, parts: Sequence[Trained]) -> mpl.figure.Figure:
        """Draw the clips of each part; raises UserError for a system that has no `embed`."""
        figure, axes = row_of_panels(len(parts), _SIZE)
        for panel, trained in zip(axes, parts, strict=True):
            self._draw_panel(panel, trained)
        return figure

    def _draw_panel(self, panel: mpl.axes.Axes, trained: Trained) -> None:
        if not hasattr(trained.system, "embed"):
            raise UserError(f"embeddings: {trained.title} has no embed; choose an id classifier")
        points = np.asarray(trained.system.embed(trained.clips()))
        width = usable_perplexity(self.options.perplexity, len(points))
        rate = usable_learning_rate(self.options.learning_rate, len(points))
        draw_points(panel, tsne(points, width, rate, self.options.iterations), trained.labels)
        panel.set_title(f"{trained.title}\nperplexity {width:.3g}, learning rate {rate:.4g}")
        # Below: inside there is no place that is free of points for sure.
        panel.legend(loc="upper center", bbox_to_anchor=(0.5, 0), ncols=2)


def usable_perplexity(wanted: float, count: int) -> float:
    """Return `wanted`, or for few points a third of the neighbours that each one has.

    Raises UserError for too few points to have any neighbourhood.
    """
    if count < _LEAST_CLIPS:
        raise UserError(f"embeddings: t-SNE needs {_LEAST_CLIPS} clips, there are {count}")
    return min(wanted, (count - 1) / 3)


def usable_learning_rate(wanted: float, count: int) -> float:
    """Return `wanted`, or for few points 2 for each of them, where the descent still settles."""
    return min(wanted, _MOST_RATE_PER_CLIP * count)


def tsne(
    points: np.ndarray, perplexity: float, learning_rate: float, iterations: int
) -> np.ndarray:
    """Return points in two dimensions, always the same ones.

    Parameters
    ----------
    points : ndarray, shape (point, dimension)
    perplexity, learning_rate : float
        Of t-SNE (van der Maaten and Hinton 2008).
    iterations : int
        After the 250 of scikit-learn's early exaggeration.

    Returns
    -------
    ndarray, shape (point, 2)
    """
    from sklearn.manifold import TSNE

    reducer = TSNE(
        perplexity=perplexity,
        learning_rate=learning_rate,
        max_iter=_EXAGGERATED_ITERATIONS + iterations,
        init="pca",
        random_state=0,
    )
    return reducer.fit_transform(np.asarray(points, np.float64))


def draw_points(panel: mpl.axes.Axes, points: np.ndarray, labels: np.ndarray) -> None:
    """Draw `points` (clip, 2) in the colour and shape of their `labels` (clip,)."""
    for label, colour in LABEL_COLOURS.items():
        x, y = points[labels == label].T
        style = {"s": 14, "linewidths": 0, "alpha": 0.75, "marker": _MARKERS[label]}
        panel.scatter(x, y, color=colour, label=f"{label} ({len(x)})", **style)
    panel.set_xticks([])
    panel.set_yticks([])
    panel.spines[:].set_visible(True)
