"""Losses over epochs."""

from collections.abc import Sequence
from itertools import cycle

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import LogFormatter, MaxNLocator

from mimii_bench.figures.canvas import LINE_COLOURS, row_of_panels
from mimii_bench.figures.from_histories import History

_SIZE = (4.2, 2.7)


def losses(histories: Sequence[Sequence[History]], log: bool = False) -> Figure:
    """Draw a panel for each part: the training loss solid, that of held-out clips dashed."""
    figure, axes = row_of_panels(len(histories), _SIZE)
    for panel, networks in zip(axes, histories, strict=True):
        for network, colour in zip(networks, cycle(LINE_COLOURS), strict=False):
            _draw_network(panel, network, colour)
        panel.set_title(networks[0].title)
        panel.set_xlabel("epoch")
        panel.set_ylabel("loss")
        panel.set_xlim(0.5, max(network.epoch[-1] for network in networks) + 0.5)
        panel.xaxis.set_major_locator(MaxNLocator(integer=True, min_n_ticks=1))
        if log:
            _use_logarithms(panel)
        panel.grid(True)
        panel.legend()
    return figure


def _use_logarithms(panel: Axes) -> None:
    panel.set_yscale("log")
    panel.yaxis.set_major_formatter(LogFormatter())
    panel.yaxis.set_minor_formatter(LogFormatter(minor_thresholds=(1, 0.4)))


def _draw_network(panel: Axes, network: History, colour: str) -> None:
    name = f"{network.name}, " if network.name else ""
    # Dots, since a training may have had one epoch only.
    marks = {"color": colour, "marker": "o", "markersize": 3}
    panel.plot(network.epoch, network.loss, "-", label=f"{name}training", **marks)
    if not np.isnan(network.validation_loss).all():
        marks["markerfacecolor"] = "white"
        panel.plot(network.epoch, network.validation_loss, "--", label=f"{name}validation", **marks)
