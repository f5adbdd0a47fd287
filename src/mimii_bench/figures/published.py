"""What the reports printed and what came out here, number by number."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from mimii_bench.figures.base import RECORDS, Figure
from mimii_bench.figures.canvas import LINE_COLOURS, legend_below, row_of_panels
from mimii_bench.reports import columns
from mimii_bench.util.errors import UserError

if TYPE_CHECKING:
    import matplotlib as mpl

#: Counts have no place on these axes.
_SHARES = {key: name for key, name in columns.METRICS.items() if key not in columns.COUNTS}
_MARKERS = ("o", "s", "^", "D", "v", "P", "X")
_SIZE = (3.2, 3.6)

Row = Mapping[str, str]


class PublishedAndReproduced(Figure):
    """A panel for each report: the printed number to the right, ours upwards with its interval.

    The diagonal, on which both are the same, is drawn for genuine recordings alone: numbers of
    simulated ones are no attempt at the printed ones.
    """

    kind = RECORDS

    def draw(self, parts: Sequence[Sequence[Row]]) -> mpl.figure.Figure:
        """Draw the long table of each report; raises UserError when no number has a partner."""
        shown = [pairs for rows in parts if (pairs := paired(rows))]
        if not shown:
            raise UserError("published.PublishedAndReproduced: no printed number was reproduced")
        figure, axes = row_of_panels(len(shown), _SIZE, most=3)
        for panel, rows in zip(axes, shown, strict=True):
            _draw_report(panel, rows)
        return figure


def paired(rows: Sequence[Row]) -> list[Row]:
    """Return the rows that hold a printed share and ours."""
    both = (columns.PUBLISHED, columns.REPRODUCED)
    return [row for row in rows if row["metric"] in _SHARES and all(row[key] for key in both)]


def _draw_report(panel: mpl.axes.Axes, rows: Sequence[Row]) -> None:
    metrics = [metric for metric in _SHARES if any(row["metric"] == metric for row in rows)]
    for place, metric in enumerate(metrics):
        _draw_metric(panel, [row for row in rows if row["metric"] == metric], place)
    is_genuine = all(row[columns.CORPUS] not in ("", "simulated") for row in rows)
    if is_genuine:
        panel.plot([0, 1], [0, 1], color="#999999", linewidth=1, linestyle=(0, (2, 3)))
    kind = "" if is_genuine else ", simulated"
    panel.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03), aspect="equal")
    panel.set(xlabel="published (share)", ylabel=f"here{kind} (share)")
    panel.set_title(f"{rows[0]['report']}: {len(rows)} numbers")
    panel.grid(True)
    # Below: inside there is no place that is free of numbers for sure.
    legend_below(panel)


def _draw_metric(panel: mpl.axes.Axes, rows: Sequence[Row], place: int) -> None:
    colour = LINE_COLOURS[place % len(LINE_COLOURS)]
    across = [float(row[columns.PUBLISHED]) for row in rows]
    for row, x in zip(rows, across, strict=True):
        if row[columns.CI_LOW]:
            ends = float(row[columns.CI_LOW]), float(row[columns.CI_HIGH])
            panel.plot([x, x], ends, color=colour, alpha=0.25, linewidth=0.9)
    panel.plot(
        across,
        [float(row[columns.REPRODUCED]) for row in rows],
        _MARKERS[place % len(_MARKERS)],
        color=colour,
        markersize=3.5,
        label=_SHARES[rows[0]["metric"]],
    )
