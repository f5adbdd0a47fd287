"""The leaderboard as pictures: every system on every unit, and what quality costs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from mimii_bench.figures.base import RECORDS, Figure
from mimii_bench.figures.canvas import LABEL_COLOURS, number_powers, panels
from mimii_bench.leaderboard.row_names import entry_of
from mimii_bench.util.errors import UserError

if TYPE_CHECKING:
    import matplotlib as mpl

#: So many units leave room for the number in each cell.
_NUMBERED = 24
_ROW, _COLUMN = 0.24, 0.42
_UNIT = ("machine", "snr", "id")

Row = Mapping[str, str]


class HeatMap(Figure):
    """A row for each system, best first, and a column for each unit; colours are the AUC."""

    kind = RECORDS

    def draw(self, parts: Sequence[Sequence[Row]]) -> mpl.figure.Figure:
        """Draw the table of standings and that of units; raises UserError without an AUC."""
        standing, of_units = parts
        found = {
            (row["system"], tuple(row[key] for key in _UNIT)): float(row["value"])
            for row in of_units
            if row["metric"] == "auc" and row["value"]
        }
        if not found:
            raise UserError("standings.HeatMap: the leaderboard has no AUC of any unit")
        systems = [row["system"] for row in standing]
        units = list(dict.fromkeys(unit for _, unit in found))
        cells = np.array([[found.get((name, unit), np.nan) for unit in units] for name in systems])
        size = (1.8 + max(_COLUMN * len(units), 2.4), 0.8 + _ROW * len(systems))
        figure, axes = panels(1, 1, size)
        _draw_cells(figure, axes[0, 0], cells)
        axes[0, 0].set_yticks(range(len(systems)), systems)
        names = [f"{machine} {number}, {snr}" for machine, snr, number in units]
        axes[0, 0].set_xticks(range(len(units)), names, rotation=90)
        axes[0, 0].set(xlabel="unit (machine, id, SNR)", ylabel="system, best mean rank first")
        return figure


def _draw_cells(figure: mpl.figure.Figure, panel: mpl.axes.Axes, cells: np.ndarray) -> None:
    image = panel.imshow(cells, cmap="cividis", vmin=0, vmax=1, aspect="auto")
    figure.colorbar(image, ax=panel, label="AUC (share of pairs in order)", pad=0.02)
    panel.spines[:].set_visible(False)
    panel.tick_params(length=0)
    if cells.shape[1] > _NUMBERED:
        return
    for (row, column), value in np.ndenumerate(cells):
        text = "" if np.isnan(value) else f"{value:.2f}"
        colour = "black" if value > 0.5 else "white"
        panel.text(column, row, text, ha="center", va="center", color=colour, size=7)


class QualityAndCost(Figure):
    """AUC against seconds of training, seconds of scoring, and parameters; a dot is a system.

    Systems are numbered by their rank. The seconds are measured: of all pictures these two panels
    alone differ between runs.
    """

    kind = RECORDS

    def draw(self, parts: Sequence[Sequence[Row]]) -> mpl.figure.Figure:
        """Draw the table of standings and that of times."""
        standing, times = parts
        measured = {row["system"]: row for row in times}
        figure, axes = panels(1, 3, (3.0, 3.2), sharey=True)
        of_system = [measured.get(entry_of(row["system"]), {}) | row for row in standing]
        axes_by_column = {
            "fit_seconds": "training (s per training)",
            "score_seconds": "scoring (s per clip)",
            "parameters": "parameters (count)",
        }
        for panel, (column, label) in zip(axes[0], axes_by_column.items(), strict=True):
            _draw_costs(panel, of_system, column)
            panel.set_xlabel(label)
        axes[0, 0].set_ylabel("AUC (share), mean over units")
        names = [f"{row['rank']} {row['system']}" for row in standing]
        figure.supxlabel("\n".join(_in_lines(names, 4)), size=7, x=0.02, ha="left")
        _name_kinds(axes[0, 0])
        return figure


def _in_lines(names: Sequence[str], columns: int) -> list[str]:
    return ["    ".join(names[k : k + columns]) for k in range(0, len(names), columns)]


_KINDS = {"False": ("normal", "o", "unsupervised"), "True": ("abnormal", "^", "supervised")}


def _draw_costs(panel: mpl.axes.Axes, rows: Sequence[Row], column: str) -> None:
    from matplotlib.ticker import EngFormatter

    for row in rows:
        if not row.get(column) or not row["auc"]:
            continue
        label, marker, _ = _KINDS[row["supervised"]]
        place = float(row[column]), float(row["auc"])
        panel.plot(*place, marker, color=LABEL_COLOURS[label], markersize=4)
        panel.annotate(row["rank"], place, xytext=(3, 3), textcoords="offset points", size=7)
    if column == "parameters":
        # A system without any has its place too.
        panel.set_xscale("symlog")
        panel.xaxis.set_major_formatter(EngFormatter(sep=""))
    else:
        panel.set_xscale("log")
        number_powers(panel.xaxis)
    panel.grid(True)


def _name_kinds(panel: mpl.axes.Axes) -> None:
    from matplotlib.lines import Line2D

    handles = [
        Line2D([], [], color=LABEL_COLOURS[label], marker=marker, linestyle="", label=name)
        for label, marker, name in _KINDS.values()
    ]
    panel.figure.legend(handles=handles, loc="outside upper right", ncols=2)
