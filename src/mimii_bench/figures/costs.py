"""What errors cost: the cost curve of each part, over all thresholds.

Drummond and Holte (2006), "Cost curves: an improved method for visualizing classifier performance".
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from mimii_bench.evaluation.metrics import Sample
from mimii_bench.figures.base import Figure
from mimii_bench.figures.canvas import LINE_COLOURS, LINE_STYLES, panels
from mimii_bench.util.errors import UserError

if TYPE_CHECKING:
    import matplotlib as mpl

    from mimii_bench.figures.from_scores import Scored

_SIZE = (3.9, 3.4)


class CostCurves(Figure):
    """To the left misses against false alarms, to the right the least cost of both.

    The weight of misses is the share of all cost that they would have if every clip were judged
    wrongly: how often anomalies occur, times what a miss costs. Thresholds are the best for each
    weight, chosen on the clips that are shown: no detector does better, one in use does worse.
    """

    kind = "scores"

    def draw(self, parts: Sequence[Scored]) -> mpl.figure.Figure:
        """Draw the curves; raises UserError for a part without normal or without abnormal clips."""
        figure, (axes,) = panels(1, 2, _SIZE)
        for place, scored in enumerate(parts):
            if scored.labels.all() or not scored.labels.any():
                raise UserError(
                    f"costs.CostCurves: {scored.title} has clips of one label only; choose others"
                )
            (fpr,), (tpr,) = Sample(scored.labels, scored.scores).roc()
            style = {
                "color": LINE_COLOURS[place % len(LINE_COLOURS)],
                "linestyle": LINE_STYLES[place % len(LINE_STYLES)],
            }
            axes[0].plot(fpr, 1 - tpr, label=scored.title, **style)
            axes[1].plot(*least_cost(fpr, 1 - tpr), **style)
        weights = np.linspace(0, 1, 3)
        axes[1].plot(weights, np.minimum(weights, 1 - weights), color="#999999", linewidth=1)
        axes[0].set(xlabel="false alarms (share of normal clips)")
        axes[0].set(ylabel="misses (share of abnormal clips)")
        axes[1].set(xlabel="weight of misses (share of the cost)")
        axes[1].set(ylabel="least cost (share of the greatest)", ylim=(-0.02, 0.52))
        axes[1].set_title("grey: without listening")
        for panel in axes:
            panel.grid(True)
        figure.legend(loc="outside lower center", ncols=min(len(parts), 4))
        return figure


def least_cost(
    false_alarms: np.ndarray, misses: np.ndarray, points: int = 201
) -> tuple[np.ndarray, np.ndarray]:
    """Return weights of misses, and the cost of the best threshold at each.

    Parameters
    ----------
    false_alarms, misses : ndarray, shape (threshold,)
        Shares of normal and of abnormal clips.
    points : int
        How many weights, from 0 to 1.

    Examples
    --------
    >>> weights, cost = least_cost(np.array([0, 1]), np.array([1, 0]), points=3)
    >>> cost.tolist()
    [0.0, 0.5, 0.0]
    """
    weights = np.linspace(0, 1, points)
    costs = np.outer(weights, misses) + np.outer(1 - weights, false_alarms)
    return weights, costs.min(axis=1)
