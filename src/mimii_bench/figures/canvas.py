"""What all pictures share: style, colours, caption, note, and a file whose bytes never differ."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mimii_bench.figures.base import Figure
from mimii_bench.util.atomic import replacing

if TYPE_CHECKING:
    import matplotlib as mpl

#: Colours that the colour-blind tell apart too (Okabe and Ito 2008).
LABEL_COLOURS = {"normal": "#0072B2", "abnormal": "#D55E00"}
LINE_COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#000000")
LINE_STYLES = ("-", "--", "-.", ":", (0, (5, 1, 1, 1, 1, 1)), (0, (1, 1)), (0, (8, 2)))
THRESHOLD_COLOUR = "#000000"
SPECTRUM_COLOURS = "magma"

STYLE = {
    "figure.dpi": 150,
    "savefig.dpi": 150,
    "font.family": "DejaVu Sans",
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.labelsize": 9,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "legend.fontsize": 8,
    "legend.edgecolor": "none",
    "legend.framealpha": 0.85,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": "#dddddd",
    "grid.linewidth": 0.6,
    "lines.linewidth": 1.5,
    # Names and captions are text, also where they hold dollars.
    "text.parse_math": False,
    # Ids in an SVG are random without it.
    "svg.hashsalt": "mimii-bench",
}
#: What writes a kind of file whatever the backend, and what it would stamp that differs.
_KINDS = {"png": ("agg", ("Software",)), "svg": ("svg", ("Date", "Creator"))}
_CAPTION_SIZE, _NOTE_SIZE = 10, 8
_CAPTION_CHARACTERS_PER_INCH = 12.5
#: Inches: round the text above the panels, and of its lines.
_MARGIN, _CAPTION_LINE, _NOTE_LINE = 0.07, 0.18, 0.17


def panels(
    rows: int, columns: int, size: tuple[float, float], **how
) -> tuple[mpl.figure.Figure, np.ndarray]:
    """Return a figure of panels of `size` inches, and its axes of shape (rows, columns).

    `how` is handed to `Figure.subplots` of matplotlib.
    """
    from matplotlib.figure import Figure

    # The room that tick labels and the caption need, whatever the number of panels.
    width, height = columns * size[0] + 0.6, rows * size[1] + 0.7
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(rows, columns, squeeze=False, **how)


def row_of_panels(
    count: int, size: tuple[float, float], most: int = 4
) -> tuple[mpl.figure.Figure, list[mpl.axes.Axes]]:
    """Return a figure of `count` panels in reading order, at most so many side by side."""
    columns = min(count, most)
    rows = -(-count // columns)
    figure, axes = panels(rows, columns, size)
    for empty in axes.flat[count:]:
        empty.remove()
    return figure, list(axes.flat[:count])


def number_powers(axis: mpl.axis.Axis) -> None:
    """Give a logarithmic axis plain numbers, between the powers too where there are few of them."""
    from matplotlib.ticker import LogFormatter

    axis.set_major_formatter("{x:g}")
    axis.set_minor_formatter(LogFormatter(minor_thresholds=(1, 0.4)))


def write(
    figure: Figure, parts: Sequence, *paths: Path | str, caption: str = "", note: str = ""
) -> None:
    """Write what a figure draws, once for each file: as a PNG or an SVG, by the file's name.

    Needs no display, follows no matplotlibrc and stamps no date: the same parts give the same
    bytes.

    Parameters
    ----------
    figure : mimii_bench.figures.base.Figure
    parts : sequence
        As `read` of the module `from_<kind>` returns them.
    paths : Path or str
        The files to write, ending in .png or .svg.
    caption, note : str
        What stands above the panels.
    """
    from matplotlib import style

    with style.context(["default", STYLE], after_reset=True):
        picture = figure.draw(parts)
        _write_above(picture, caption, note)
        for path in paths:
            kind = Path(path).suffix[1:]
            backend, left_out = _KINDS[kind]
            metadata = {"Title": caption, **dict.fromkeys(left_out)}
            with replacing(path) as part:
                picture.savefig(part, format=kind, backend=backend, metadata=metadata)


def _write_above(figure: mpl.figure.Figure, caption: str, note: str) -> None:
    """Write caption and note, and keep their room from the layout of the panels."""
    width, height = figure.get_size_inches()
    lines = textwrap.wrap(caption, int(width * _CAPTION_CHARACTERS_PER_INCH))
    top = height - _MARGIN
    figure.text(_MARGIN / width, top / height, "\n".join(lines), size=_CAPTION_SIZE, va="top")
    top -= len(lines) * _CAPTION_LINE
    how = {"size": _NOTE_SIZE, "style": "italic", "color": "#444444", "va": "top"}
    figure.text(_MARGIN / width, top / height, note, **how)
    top -= _NOTE_LINE if note else 0
    if figure.get_layout_engine() is None:
        figure.set_layout_engine("constrained")
    figure.get_layout_engine().set(rect=(0, 0, 1, top / height))
