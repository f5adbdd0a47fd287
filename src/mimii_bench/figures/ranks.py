"""The order of the leaderboard as a picture: mean ranks, and which rows do not surely differ."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from mimii_bench.figures.base import RECORDS, Figure
from mimii_bench.figures.canvas import LABEL_COLOURS, panels
from mimii_bench.util.errors import UserError

if TYPE_CHECKING:
    import matplotlib as mpl

#: Inches: a row, a bar, a character of the names, the panel of ranks, the least panel of bars.
_ROW, _BAR, _CHARACTER, _RANKS, _LEAST = 0.2, 0.13, 0.072, 3.4, 1.8
#: Rows between those of one kind and those of the other.
_GAP = 1
_KINDS = {"False": ("normal", "unsupervised"), "True": ("abnormal", "supervised")}

Row = Mapping[str, str]


class CriticalDifferences(Figure):
    """Mean ranks with their intervals, best first, and bars over rows that do not surely differ.

    As the diagram of Demsar (2006), turned on its side; but no one critical difference decides:
    two rows have a dot on the same bar just where their difference in `leaderboard_differences.csv`
    is not real (p after Holm). Those of different kinds are not compared.
    """

    kind = RECORDS

    def draw(self, parts: Sequence[Sequence[Row]]) -> mpl.figure.Figure:
        """Draw the table of standings and that of differences; raises UserError without a rank."""
        standing, pairs = parts
        if not standing:
            raise UserError("ranks.CriticalDifferences: the leaderboard has no row")
        height_of = _heights(standing)
        alike = [(row["better"], row["worse"]) for row in pairs if row["real"] == "False"]
        bars = bars_over(list(height_of), alike)
        names = _CHARACTER * max(map(len, height_of))
        width = max(_BAR * len(bars), _LEAST)
        size = (0.5 * (_RANKS + names + width), 0.5 + _ROW * (max(height_of.values()) + 1))
        widths = [_RANKS + names, width]
        figure, axes = panels(1, 2, size, sharey=True, width_ratios=widths)
        _draw_ranks(axes[0, 0], standing, height_of)
        _draw_bars(axes[0, 1], bars, height_of)
        if not any(row["real"] for row in pairs):
            axes[0, 1].text(
                0.5, 0.5, "no pair is judged", ha="center", transform=axes[0, 1].transAxes
            )
        return figure


def bars_over(names: Sequence[str], alike: Collection[tuple[str, str]]) -> list[list[str]]:
    """Return bars over rows such that two are under a common bar just where they are `alike`.

    Being alike does not carry over from one pair to the next, so a row may be under several. Each
    bar begins with a pair that none is over yet, and takes in every row, in their order, that is
    alike to all that it has.

    Parameters
    ----------
    names : sequence of str
        The rows, best first.
    alike : collection of (str, str)
        In either order.

    Examples
    --------
    >>> bars_over("abc", [("a", "b"), ("c", "b")])
    [['a', 'b'], ['b', 'c']]
    """
    joined = {frozenset(pair) for pair in alike}
    bars: list[list[str]] = []
    covered: set[frozenset[str]] = set()
    for at, first in enumerate(names):
        for second in names[at + 1 :]:
            if frozenset((first, second)) not in joined - covered:
                continue
            bar = {first, second}
            for other in names:
                if all(other == one or frozenset((other, one)) in joined for one in bar):
                    bar.add(other)
            bars.append([name for name in names if name in bar])
            covered |= {frozenset((a, b)) for a in bar for b in bar if a != b}
    return bars


def _heights(standing: Sequence[Row]) -> dict[str, int]:
    """Return where each row stands, from above; with a gap before the first of the second kind."""
    first = standing[0]["supervised"]
    return {
        row["system"]: place + (_GAP if row["supervised"] != first else 0)
        for place, row in enumerate(standing)
    }


def _draw_ranks(
    panel: mpl.axes.Axes, standing: Sequence[Row], height_of: Mapping[str, int]
) -> None:
    for row in standing:
        label, _ = _KINDS[row["supervised"]]
        height = height_of[row["system"]]
        ends = float(row["rank_low"]), float(row["rank_high"])
        panel.plot(ends, [height, height], color=LABEL_COLOURS[label], linewidth=1.5)
        panel.plot(float(row["mean_rank"]), height, "o", color=LABEL_COLOURS[label], markersize=4)
    panel.set_yticks(list(height_of.values()), list(height_of))
    panel.set(ylim=(max(height_of.values()) + 0.6, -0.6), xlabel="mean rank (95 % interval)")
    panel.grid(True)
    _name_kinds(panel, standing)


def _name_kinds(panel: mpl.axes.Axes, standing: Sequence[Row]) -> None:
    from matplotlib.lines import Line2D

    kinds = dict.fromkeys(_KINDS[row["supervised"]] for row in standing)
    handles = [
        Line2D([], [], color=LABEL_COLOURS[label], marker="o", markersize=4, label=name)
        for label, name in kinds
    ]
    panel.figure.legend(handles=handles, loc="outside upper right", ncols=2)


def _draw_bars(
    panel: mpl.axes.Axes, bars: Sequence[Sequence[str]], height_of: Mapping[str, int]
) -> None:
    for place, bar in enumerate(bars):
        heights = [height_of[name] for name in bar]
        panel.plot([place] * len(bar), heights, "-o", color="#333333", linewidth=1, markersize=3)
    panel.set(xticks=[], xlim=(-1, max(len(bars), 1)))
    panel.set_xlabel("rows on one bar\ndo not surely differ")
    panel.tick_params(axis="y", length=0, labelleft=False)
    panel.spines[:].set_visible(False)
    panel.grid(True, axis="y")
