"""Scores that are shares, part by part: where their clips lie, and their means in figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from mimii_bench.figures.base import Figure
from mimii_bench.figures.canvas import LABEL_COLOURS, panels

if TYPE_CHECKING:
    import matplotlib as mpl

    from mimii_bench.figures.from_scores import Scored

_WIDTH, _ROW = 4.6, 0.62
#: How far a label's line lies from the middle of its part's row.
_APART = {"normal": 0.16, "abnormal": -0.16}
#: The middle share of clips that a line spans.
_SPANNED = 0.9


class Shares(Figure):
    """A row for each part, a line for each label: its middle nine tenths, and a dot at the mean."""

    kind = "scores"

    class Options(Figure.Options):
        """What the shares are of."""

        label: Annotated[str, Field(description="Below the axis.")] = "share"
        even: Annotated[
            float, Field(ge=0, le=1, description="The share that is marked by a line.")
        ] = 0.5

    def draw(self, parts: Sequence[Scored]) -> mpl.figure.Figure:
        """Draw the parts from top to bottom; at the right stand the means."""
        figure, axes = panels(1, 1, (_WIDTH, 0.5 + _ROW * len(parts)))
        panel = axes[0, 0]
        panel.axvline(self.options.even, color="#999999", linewidth=1, linestyle=(0, (2, 3)))
        for place, scored in enumerate(parts):
            for label, of_label in (("normal", ~scored.labels), ("abnormal", scored.labels)):
                if of_label.any():
                    _draw_label(panel, -place, label, scored.scores[of_label], first=not place)
        panel.set_yticks(-np.arange(len(parts)), [scored.title for scored in parts])
        panel.set(xlabel=self.options.label, ylim=(-len(parts) + 0.5, 0.5))
        panel.margins(x=0.1)
        # Above: inside there is no place that is free of lines for sure.
        panel.legend(loc="lower center", bbox_to_anchor=(0.5, 1), ncols=2)
        return figure


def summary(shares: np.ndarray) -> tuple[float, float, float]:
    """Return the mean of `shares` (clip,), and the ends of their middle nine tenths."""
    tail = (1 - _SPANNED) / 2
    return float(shares.mean()), *map(float, np.quantile(shares, [tail, 1 - tail]))


def _draw_label(
    panel: mpl.axes.Axes, row: int, label: str, shares: np.ndarray, first: bool
) -> None:
    mean, low, high = summary(shares)
    place, colour = row + _APART[label], LABEL_COLOURS[label]
    panel.plot([low, high], [place, place], color=colour, linewidth=2)
    panel.plot(mean, place, "o", color=colour, markersize=6, label=label if first else None)
    # Beside the panel, where no line is.
    panel.text(
        1.01,
        place,
        f"{mean:.3f}",
        color=colour,
        va="center",
        transform=panel.get_yaxis_transform(),
        size=8,
    )
