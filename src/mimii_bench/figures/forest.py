"""What a report claims, and the interval of the difference that decides on it here."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mimii_bench.figures.base import RECORDS, Figure
from mimii_bench.figures.canvas import LINE_COLOURS, panels

if TYPE_CHECKING:
    import matplotlib as mpl

#: Colour and marker of a verdict, by the word in it; the last is that of all others.
_VERDICTS = {
    "supported": (LINE_COLOURS[0], "o"),
    "contradicted": (LINE_COLOURS[1], "X"),
    "inconclusive": ("#777777", "|"),
}
_WIDTH, _LINE, _CHARACTERS = 3.4, 0.16, 62

Row = Mapping[str, str]


class Claims(Figure):
    """A line for each claim: the 95 % interval of the difference, in the colour of its verdict.

    To the right of the middle line the difference lies as the report has it.
    """

    kind = RECORDS

    def draw(self, parts: Sequence[Sequence[Row]]) -> mpl.figure.Figure:
        """Draw the claims of all parts; where none was computed, the picture says so."""
        rows = [row for part in parts for row in part if row["ci_low"] and row["ci_high"]]
        if not rows:
            return _none_computed()
        texts = [textwrap.fill(row["claim"], _CHARACTERS) for row in rows]
        heights = [text.count("\n") + 1.6 for text in texts]
        middles = [-sum(heights[:k]) - heights[k] / 2 for k in range(len(rows))]
        # The text of the claims needs as much room as the intervals.
        figure, axes = panels(1, 1, (2 * _WIDTH + 0.8, 0.6 + _LINE * sum(heights)))
        panel = axes[0, 0]
        panel.axvline(0, color="#999999", linewidth=1, linestyle=(0, (2, 3)))
        for row, middle in zip(rows, middles, strict=True):
            _draw_claim(panel, row, middle)
        panel.set_yticks(middles, texts)
        panel.tick_params(axis="y", length=0)
        panel.set(xlabel="difference as claimed (share; 95 % interval)", ylim=(-sum(heights), 0))
        panel.grid(True, axis="x")
        _name_verdicts(figure, rows)
        return figure


def _none_computed() -> mpl.figure.Figure:
    """Return the picture of a run whose recordings allow none of the claims to be computed."""
    figure, axes = panels(1, 1, (2 * _WIDTH + 0.8, 0.8))
    axes[0, 0].set_axis_off()
    axes[0, 0].text(0, 0.5, "None of the claims could be computed here.", va="center")
    return figure


def verdict_of(row: Row) -> str:
    """Return the word that a verdict holds here, also where nothing printed compares with it.

    Examples
    --------
    >>> verdict_of({"verdict": "not_comparable (supported here, one training)"})
    'supported'
    """
    found = [word for word in _VERDICTS if word in row["verdict"]]
    return found[0] if found else "inconclusive"


def _draw_claim(panel: mpl.axes.Axes, row: Row, middle: float) -> None:
    colour, marker = _VERDICTS[verdict_of(row)]
    ends = float(row["ci_low"]), float(row["ci_high"])
    panel.plot(ends, [middle, middle], color=colour, linewidth=2, marker=marker, markersize=4.5)


def _name_verdicts(figure: mpl.figure.Figure, rows: Sequence[Row]) -> None:
    from matplotlib.lines import Line2D

    seen = {verdict_of(row) for row in rows}
    handles = [
        Line2D([], [], color=colour, marker=marker, linewidth=2, label=f"{word} here")
        for word, (colour, marker) in _VERDICTS.items()
        if word in seen
    ]
    figure.legend(handles=handles, loc="outside lower center", ncols=len(handles))
