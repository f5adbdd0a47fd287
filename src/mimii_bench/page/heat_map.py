"""A heat map of the leaderboard: every system on every unit."""

from collections.abc import Mapping

import altair as alt

from mimii_bench.page.charts import Picture, filtered, finished, left
from mimii_bench.page.given import Given
from mimii_bench.page.words import level, number

#: Pixels of a line, and of a column, of the heat map; of the names before it.
_LINE, _COLUMN, _NAMES = 22, 46, 350
#: With more columns, cells hold no numbers.
_WITH_NUMBERS = 24


def heat_map(known: Mapping[str, Mapping], units: list[dict[str, str]], given: Given) -> Picture:
    """Return the AUC of every system on every unit as colours."""
    rows = [
        {
            "system": row["system"],
            "unit": f"{row['machine']}|{level(row['snr'])}|{row['id']}",
            "machine": row["machine"],
            "snr": row["snr"],
            "supervised": "yes" if known[row["system"]]["supervised"] else "no",
            "auc": number(row["value"]),
            "low": number(row["ci_low"]),
            "high": number(row["ci_high"]),
        }
        for row in units
        if row["system"] in known
    ]
    columns = list(dict.fromkeys(row["unit"] for row in rows))
    spec = finished(
        filtered(_cells(rows, list(known), columns)),
        given,
        f"AUC of {len(known)} systems on {len(columns)} units",
    )
    about = "AUC of each system (in the order of the table) on each unit: machine, SNR, id."
    least = _NAMES + _COLUMN * len(columns)
    return Picture("Every system on every unit", about, spec, least, rows="leaderboard")


def _cells(rows: list[dict], systems: list[str], columns: list[str]) -> alt.LayerChart:
    base = left(rows).encode(
        x=alt.X(
            "unit:N",
            sort=columns,
            title=None,
            # Lines of a label follow below the first: room for the two others.
            axis=alt.Axis(
                orient="top", labelExpr="split(datum.label, '|')", labelAngle=0, labelPadding=34
            ),
        ),
        y=alt.Y("system:N", sort=systems, title=None, axis=alt.Axis(labelLimit=_NAMES - 10)),
        tooltip=[
            *(alt.Tooltip(f"{field}:N") for field in ("system", "machine", "snr", "supervised")),
            alt.Tooltip("auc:Q", title="AUC", format=".3f"),
            alt.Tooltip("low:Q", title="from", format=".3f"),
            alt.Tooltip("high:Q", title="to", format=".3f"),
        ],
    )
    colour = alt.Color(
        "auc:Q",
        title="AUC",
        scale=alt.Scale(scheme="viridis", domain=[0.3, 1.0], clamp=True),
        legend=alt.Legend(
            orient="bottom", format=".1~f", gradientLength=220, direction="horizontal"
        ),
    )
    layers = [base.mark_rect().encode(color=colour)]
    if len(columns) <= _WITH_NUMBERS:
        ink = alt.condition("datum.auc > 0.72", alt.value("#111"), alt.value("#fff"))
        layers.append(
            base.transform_calculate(text="replace(format(datum.auc, '.2f'), /^0/, '')")
            .mark_text(fontSize=11)
            .encode(text="text:N", color=ink)
        )
    return alt.layer(*layers).properties(height=_LINE * len(systems))
