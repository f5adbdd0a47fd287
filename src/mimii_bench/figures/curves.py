"""Losses over epochs."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from mimii_bench.figures.base import Figure
from mimii_bench.figures.canvas import LINE_COLOURS, number_powers, row_of_panels

if TYPE_CHECKING:
    import matplotlib as mpl

    from mimii_bench.figures.from_histories import History

_SIZE = (4.2, 2.7)


class Losses(Figure):
    """A panel for each part: the training loss solid, that of held-out clips dashed."""

    kind = "histories"

    class Options(Figure.Options):
        """How losses are shown."""

        log: Annotated[bool, Field(description="On a logarithmic axis.")] = False

    def draw(self, parts: Sequence[Sequence[History]]) -> mpl.figure.Figure:
        """Draw the networks of each part."""
        figure, axes = row_of_panels(len(parts), _SIZE)
        for panel, networks in zip(axes, parts, strict=True):
            self._draw_panel(panel, networks)
        return figure

    def _draw_panel(self, panel: mpl.axes.Axes, networks: Sequence[History]) -> None:
        from matplotlib.ticker import MaxNLocator

        for network, colour in zip(networks, cycle(LINE_COLOURS), strict=False):
            _draw_network(panel, network, colour)
        panel.set_title(networks[0].title)
        panel.set_xlabel("epoch")
        panel.set_ylabel("loss")
        panel.set_xlim(0.5, max(network.epoch[-1] for network in networks) + 0.5)
        panel.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        if self.options.log:
            _use_logarithms(panel)
        panel.grid(True)
        panel.legend()


def _use_logarithms(panel: mpl.axes.Axes) -> None:
    panel.set_yscale("log")
    number_powers(panel.yaxis)


def _draw_network(panel: mpl.axes.Axes, network: History, colour: str) -> None:
    name = f"{network.name}, " if network.name else ""
    # Dots, since a training may have had one epoch only.
    marks = {"color": colour, "marker": "o", "markersize": 3}
    panel.plot(network.epoch, network.loss, "-", label=f"{name}training", **marks)
    if not np.isnan(network.validation_loss).all():
        marks["markerfacecolor"] = "white"
        panel.plot(network.epoch, network.validation_loss, "--", label=f"{name}validation", **marks)
