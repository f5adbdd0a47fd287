"""A table's numbers against a weight that was swept, machine by machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from mimii_bench.figures.base import Figure
from mimii_bench.figures.canvas import LINE_COLOURS, row_of_panels
from mimii_bench.reports.columns import METRICS
from mimii_bench.util.errors import UserError

if TYPE_CHECKING:
    import matplotlib as mpl

    from mimii_bench.figures.from_tables import Point, Series

_SIZE = (3.2, 2.5)
_MARKERS = ("o", "s", "^", "D")
#: Neighbouring curves are moved apart by this factor, so that their intervals can be told apart.
_APART = 1.06
_PUBLISHED = ", published"


class Sweep(Figure):
    """A panel for each machine: parts with a `*` as curves over it, others as levels.

    Bars and bands are 95 % intervals. Published numbers, where there are any to compare with,
    are hollow dots and dotted levels.
    """

    kind = "tables"

    class Options(Figure.Options):
        """What was swept."""

        weight: Annotated[str, Field(description="What the axis calls it.")] = "weight"

    def draw(self, parts: Sequence[Series]) -> mpl.figure.Figure:
        """Draw the numbers of each part; raises UserError when nothing was reproduced."""
        machines = list(dict.fromkeys(p.machine for s in parts for p in s.points if p.machine))
        shown = [m for m in machines if any(_of(series, m) for series in parts)]
        if not shown:
            raise UserError("sweeps.Sweep: none of these numbers was reproduced")
        figure, axes = row_of_panels(len(shown), _SIZE, most=2)
        for panel, machine in zip(axes, shown, strict=True):
            for place, series in enumerate(parts):
                points = _of(series, machine)
                draw = _draw_curve if any(p.x is not None for p in points) else _draw_level
                draw(panel, points, series.title, place)
            _finish(panel, machine, parts, self.options.weight)
        _add_legend(figure, axes[0], parts)
        return figure


def _add_legend(figure: mpl.figure.Figure, panel: mpl.axes.Axes, tables: Sequence[Series]) -> None:
    """Name the lines once for all panels, ours and the published one of a part in one column."""
    handles = dict(zip(*reversed(panel.get_legend_handles_labels()), strict=True))
    wanted = [title + suffix for title in (s.title for s in tables) for suffix in ("", _PUBLISHED)]
    names = [name for name in wanted if name in handles]
    lines = [handles[name] for name in names]
    figure.legend(lines, names, loc="outside lower center", ncols=len(tables))


def _of(series: Series, machine: str) -> list[Point]:
    points = [p for p in series.points if p.machine == machine and p.value is not None]
    return sorted(points, key=lambda point: point.x or 0)


def _draw_curve(panel: mpl.axes.Axes, points: list[Point], title: str, place: int) -> None:
    colour, marker = LINE_COLOURS[place % len(LINE_COLOURS)], _MARKERS[place % len(_MARKERS)]
    x = np.array([p.x for p in points]) * _APART**place
    value, low, high = np.array([(p.value, p.low, p.high) for p in points]).T
    panel.errorbar(
        x,
        value,
        (value - low, high - value),
        fmt=f"-{marker}",
        color=colour,
        capsize=2,
        label=title,
    )
    if any(p.published is not None for p in points):
        panel.plot(
            x,
            [p.published for p in points],
            **{"color": colour, "marker": marker, "markerfacecolor": "white", "linestyle": ":"},
            label=title + _PUBLISHED,
        )


def _draw_level(panel: mpl.axes.Axes, points: list[Point], title: str, place: int) -> None:
    for point in points:
        panel.axhline(point.value, color="#000000", linestyle="--", label=title)
        panel.axhspan(point.low, point.high, color="#000000", alpha=0.08, linewidth=0)
        if point.published is not None:
            panel.axhline(point.published, color="#000000", linestyle=":", label=title + _PUBLISHED)


def _finish(panel: mpl.axes.Axes, machine: str, tables: Sequence[Series], weight: str) -> None:
    from matplotlib.ticker import NullLocator

    weights = sorted({p.x for series in tables for p in series.points if p.x is not None})
    panel.set_xscale("log")
    panel.set_xticks(weights, [f"{w:g}" for w in weights])
    panel.xaxis.set_minor_locator(NullLocator())
    panel.set_title(machine)
    metric = tables[0].metric
    panel.set(xlabel=weight, ylabel=f"{METRICS.get(metric, metric)} (share)")
    panel.grid(True)
