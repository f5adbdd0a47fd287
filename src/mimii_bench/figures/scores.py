"""Scores of normal and abnormal clips: histograms, ROC curves, confusion charts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import numpy as np
import scipy
from pydantic import Field

from mimii_bench.evaluation.metrics import Confusion, Sample, auc
from mimii_bench.evaluation.thresholds import GammaThreshold
from mimii_bench.figures.base import Figure
from mimii_bench.figures.canvas import (
    LABEL_COLOURS,
    LINE_COLOURS,
    LINE_STYLES,
    THRESHOLD_COLOUR,
    legend_below,
    panels,
    row_of_panels,
)
from mimii_bench.util.errors import UserError

if TYPE_CHECKING:
    import matplotlib as mpl

    from mimii_bench.figures.from_scores import Scored

_SIZE = (3.6, 2.6)
_GAMMA = "thresholds.GammaThreshold"


class _Bars(Figure.Options):
    """How scores are counted."""

    score: Annotated[str, Field(description="What the axis calls the score, with its unit.")] = (
        "anomaly score (no unit)"
    )

    bins: Annotated[
        int, Field(ge=1, le=10_000, description="Bars at most; few clips have fewer.")
    ] = 60


class Histogram(Figure):
    """For each part, how the scores of normal and of abnormal clips are distributed."""

    kind = "scores"

    class Options(_Bars):
        """What the bars are of."""

        share: Annotated[
            bool, Field(description="Shares of the clips of their label instead of numbers.")
        ] = False
        threshold: Annotated[bool, Field(description="Mark the threshold where there is one.")] = (
            True
        )

    def draw(self, parts: Sequence[Scored]) -> mpl.figure.Figure:
        """Draw a panel for each part."""
        figure, axes = row_of_panels(len(parts), _SIZE, most=3)
        for panel, scored in zip(axes, parts, strict=True):
            self._draw_panel(panel, scored)
        return figure

    def _draw_panel(self, panel: mpl.axes.Axes, scored: Scored) -> None:
        from matplotlib.ticker import MaxNLocator

        share = self.options.share
        threshold = scored.threshold if self.options.threshold else None
        edges = bin_edges(scored.scores, self.options.bins, threshold)
        for label, of_label in (("normal", ~scored.labels), ("abnormal", scored.labels)):
            counts = np.histogram(scored.scores[of_label], edges)[0]
            heights = counts / max(counts.sum(), 1) if share else counts
            _draw_bars(panel, heights, edges, LABEL_COLOURS[label], label)
        if threshold is not None:
            _mark(panel, threshold)
        panel.set_title(scored.title)
        panel.set_xlabel(self.options.score)
        panel.set_ylabel("share of the label's clips" if share else "clips (count)")
        panel.yaxis.set_major_locator(MaxNLocator(integer=not share))
        legend_below(panel)


def bin_edges(scores: np.ndarray, most: int, threshold: float | None = None) -> np.ndarray:
    """Return the edges of a histogram of `scores`: few for few clips, never more than `most`.

    A threshold among the scores is an edge: a bar across it would show clips on its wrong side.
    """
    edges = np.histogram_bin_edges(scores, "auto")
    if len(edges) - 1 > most:
        edges = np.histogram_bin_edges(scores, most)
    if threshold is None or not edges[0] < threshold < edges[-1]:
        return edges
    bars = max(2, len(edges) - 1)
    below = round((threshold - edges[0]) / (edges[1] - edges[0]))
    below = min(max(below, 1), bars - 1)
    above = bars - below
    width = max((threshold - edges[0]) / below, (edges[-1] - threshold) / above)
    moved = threshold + width * np.arange(-below, above + 1)
    # Rounding must not leave a clip outside.
    moved[0], moved[-1] = min(moved[0], edges[0]), max(moved[-1], edges[-1])
    return moved


def _draw_bars(panel: mpl.axes.Axes, heights, edges, colour: str, label: str) -> None:
    """Draw translucent bars with an outline: where two labels overlap, both stay visible."""
    panel.stairs(heights, edges, fill=True, color=colour, alpha=0.35, label=label)
    panel.stairs(heights, edges, color=colour, linewidth=1.2)


def _mark(panel: mpl.axes.Axes, threshold: float) -> None:
    panel.axvline(
        threshold, color=THRESHOLD_COLOUR, linestyle="--", label=f"threshold {threshold:.3g}"
    )


class GammaFit(Figure):
    """For each part the density of its scores, the gamma density fitted to them, the cutoff."""

    kind = "scores"

    class Options(_Bars):
        """How scores are counted."""

    def draw(self, parts: Sequence[Scored]) -> mpl.figure.Figure:
        """Draw a panel for each part; raises UserError for a threshold that is no gamma fit."""
        figure, axes = row_of_panels(len(parts), (4.2, 2.8), most=3)
        for panel, scored in zip(axes, parts, strict=True):
            if scored.rule is None or scored.rule["class"] != _GAMMA:
                raise UserError(f"scores.GammaFit: the threshold of {scored.title} is no {_GAMMA}")
            edges = bin_edges(scored.scores, self.options.bins, scored.threshold)
            counts = np.histogram(scored.scores, edges, density=True)[0]
            _draw_bars(panel, counts, edges, LABEL_COLOURS["normal"], f"{len(scored.scores)} clips")
            x, density = gamma_density(scored.scores)
            panel.plot(x, density, color=LABEL_COLOURS["abnormal"], label="fitted gamma density")
            _mark(panel, scored.threshold)
            panel.set_title(scored.title)
            panel.set_xlabel(self.options.score)
            panel.set_ylabel("density (1 / unit of the score)")
            legend_below(panel)
        return figure


def gamma_density(scores: np.ndarray, points: int = 400) -> tuple[np.ndarray, np.ndarray]:
    """Return the gamma density of greatest likelihood, as points over nearly all of its mass."""
    fit = GammaThreshold().fit(scores)
    fitted = scipy.stats.gamma(fit.shape_, scale=fit.scale_)
    ends = min(scores.min(), fitted.ppf(1e-4)), max(scores.max(), fitted.ppf(1 - 1e-4))
    x = np.linspace(*ends, points)
    return x, fitted.pdf(x)


class Roc(Figure):
    """The ROC curve of each part in one panel, with its AUC, and a dot at its threshold."""

    kind = "scores"

    def draw(self, parts: Sequence[Scored]) -> mpl.figure.Figure:
        """Draw the curves; raises UserError for a part without normal or without abnormal clips."""
        figure, axes = panels(1, 1, (4.2, 3.8))
        panel = axes[0, 0]
        panel.plot([0, 1], [0, 1], color="#999999", linewidth=1, linestyle=(0, (2, 3)))
        for place, scored in enumerate(parts):
            # Each one narrower than the one before: where they coincide, all are seen.
            _draw_roc(panel, scored, place, breadth=1 + (len(parts) - 1 - place) * 0.6)
        panel.set(
            xlabel="false positive rate (share of normal clips)",
            ylabel="true positive rate (share of abnormal clips)",
        )
        panel.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03), aspect="equal")
        panel.grid(True)
        legend_below(panel, columns=1)
        return figure


def _draw_roc(panel: mpl.axes.Axes, scored: Scored, place: int, breadth: float) -> None:
    if scored.labels.all() or not scored.labels.any():
        raise UserError(f"scores.Roc: {scored.title} has clips of one label only; choose others")
    sample = Sample(scored.labels, scored.scores)
    (fpr,), (tpr,) = sample.roc()
    colour = LINE_COLOURS[place % len(LINE_COLOURS)]
    style = {"color": colour, "linestyle": LINE_STYLES[place % len(LINE_STYLES)]}
    title = f"{scored.title}: AUC {auc(sample)[0]:.3f}"
    if scored.threshold is not None:
        title += f", dot at {scored.threshold:.3g}"
        outcome = Confusion(sample, scored.threshold)
        size = 6 + 2 * breadth
        panel.plot(outcome.fpr, outcome.recall, "o", color=colour, markersize=size, zorder=3)
    panel.plot(fpr, tpr, linewidth=1.2 * breadth, label=title, **style)


class ConfusionChart(Figure):
    """For each part a chart of its four outcomes: counts, coloured by share of the row."""

    kind = "scores"

    def draw(self, parts: Sequence[Scored]) -> mpl.figure.Figure:
        """Draw a panel for each part; raises UserError for one that has no threshold."""
        figure, axes = row_of_panels(len(parts), (2.4, 2.6))
        for panel, scored in zip(axes, parts, strict=True):
            _draw_chart(panel, _outcomes(scored))
            panel.set_title(f"{scored.title}\nthreshold {scored.threshold:.3g}")
        return figure


def _outcomes(scored: Scored) -> np.ndarray:
    """Return counts of clips: rows are normal and abnormal, columns what they were taken for."""
    if scored.threshold is None:
        raise UserError(f"scores.ConfusionChart: {scored.title} has no threshold in report.yaml")
    outcome = Confusion(Sample(scored.labels, scored.scores), scored.threshold)
    return np.array([[outcome.tn, outcome.fp], [outcome.fn, outcome.tp]])[..., 0].astype(int)


def _draw_chart(panel: mpl.axes.Axes, counts: np.ndarray) -> None:
    shares = counts / np.maximum(counts.sum(1, keepdims=True), 1)
    panel.imshow(shares, cmap="Blues", vmin=0, vmax=1, aspect="auto")
    for (row, column), share in np.ndenumerate(shares):
        text = f"{counts[row, column]}\n{share:.0%}"
        colour = "white" if share > 0.5 else "black"
        panel.text(column, row, text, ha="center", va="center", color=colour, size=11)
    panel.set_xticks([0, 1], LABEL_COLOURS)
    panel.set_yticks([0, 1], LABEL_COLOURS, rotation=90, va="center")
    panel.set(xlabel="predicted", ylabel="true")
    panel.spines[:].set_visible(False)
    panel.tick_params(length=0)
