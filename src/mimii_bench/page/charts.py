"""What all charts have in common: Vega-Lite through Altair, one look, marked recordings."""

from typing import NamedTuple

import altair as alt

from mimii_bench.page.given import Given

#: The choices of the leaderboard, which its pictures follow: signals of theirs by these names.
_FILTERS = ("machine", "snr", "supervised")


class Picture(NamedTuple):
    """A chart as templates take it.

    Attributes
    ----------
    title, about : str
        What stands above it.
    spec : dict
        Of Vega-Lite.
    least, most : int
        Pixels of its width. Where there is less room than `least`, it scrolls.
    rows : str
        The table whose filters it follows, if any.
    """

    title: str
    about: str
    spec: dict
    least: int = 300
    most: int = 1100
    rows: str = ""


def values(rows: list[dict]) -> alt.Data:
    """Return rows as the data of a chart."""
    return alt.Data(values=rows)


def finished(chart: alt.Chart | alt.LayerChart, given: Given, described: str) -> dict:
    """Return the specification of a chart, with its recordings named in the picture.

    Width is set where it is shown, and colours of axes and text follow the scheme there.

    Parameters
    ----------
    chart : chart
        Without width.
    given : Given
    described : str
        What it shows, for those who cannot see it.
    """
    note = f"{given.recordings}, budget {given.facts['budget']['name']}"
    title = alt.TitleParams(note, anchor="start", fontSize=12, fontWeight="normal", offset=8)
    spec = chart.properties(
        title=title,
        description=f"{described}; {note}",
        autosize=alt.AutoSizeParams(type="fit-x", contains="padding"),
    ).to_dict()
    # The look of Altair's own theme; ours follows the colour scheme of the reader.
    spec.pop("config", None)
    spec.pop("$schema", None)
    return spec


def left(rows: list[dict]) -> alt.Chart:
    """Return a chart of the rows that the choices of the leaderboard leave."""
    chosen = " && ".join(f"({name} == '' || datum.{name} == {name})" for name in _FILTERS)
    return alt.Chart(values(rows)).transform_filter(chosen)


def filtered(chart: alt.Chart | alt.LayerChart) -> alt.Chart | alt.LayerChart:
    """Return a chart that knows the choices of the leaderboard."""
    return chart.add_params(*(alt.param(name=name, value="") for name in _FILTERS))
