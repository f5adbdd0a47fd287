"""Pictures of the leaderboard: a heat map of systems and units, quality against cost."""

from collections.abc import Mapping
from statistics import fmean

import altair as alt

from mimii_bench.page.charts import Picture, finished, values
from mimii_bench.page.given import Given
from mimii_bench.page.words import level, number

#: The choices of the section, which pictures follow: signals of theirs by these names.
_FILTERS = ("machine", "snr", "supervised")
#: Pixels of a line, and of a column, of the heat map; of the names before it.
_LINE, _COLUMN, _NAMES = 22, 46, 210
#: With more columns, cells hold no numbers.
_WITH_NUMBERS = 24
#: What a system costs: field, what it is called.
_COSTS = (
    ("fit_seconds", "training time (s)"),
    ("score_seconds", "time to score a clip (s)"),
    ("parameters", "parameters (count)"),
)


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
        _filtered(_cells(rows, list(known), columns)),
        given,
        f"AUC of {len(known)} systems on {len(columns)} units",
    )
    about = "AUC of each system (in the order of the table) on each unit: machine, SNR, id."
    least = _NAMES + _COLUMN * len(columns)
    return Picture("Every system on every unit", about, spec, least, rows="leaderboard")


def _cells(rows: list[dict], systems: list[str], columns: list[str]) -> alt.LayerChart:
    base = _left(rows).encode(
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


def costs(known: Mapping[str, Mapping], units: list[dict[str, str]], given: Given) -> list[Picture]:
    """Return AUC against what systems cost, a picture for each kind of cost that is known."""
    pictures = []
    for field, title in _COSTS:
        rows = _priced(known, units, field)
        if rows:
            spec = finished(_filtered(_scatter(rows, title)), given, f"AUC against {title}")
            pictures.append(
                Picture(f"AUC against {title.partition(' (')[0]}", "", spec, rows="leaderboard")
            )
    return pictures


def _priced(known: Mapping[str, Mapping], units: list[dict[str, str]], field: str) -> list[dict]:
    """Return a point for each system on each machine and SNR."""
    found: dict[tuple[str, str, str], list[float]] = {}
    for row in units:
        if row["system"] in known:
            key = row["system"], row["machine"], row["snr"]
            found.setdefault(key, []).append(float(row["value"]))
    return [
        {
            "system": system,
            "machine": machine,
            "snr": snr,
            "supervised": "yes" if known[system]["supervised"] else "no",
            "cost": known[system][field],
            "auc": fmean(aucs),
        }
        for (system, machine, snr), aucs in found.items()
        # A logarithm has no 0, as the parameters of a mean are.
        if known[system][field]
    ]


def _scatter(rows: list[dict], title: str) -> alt.Chart:
    """Return one point for each system: the mean over the units that the filters leave."""
    return (
        _left(rows)
        .transform_aggregate(auc="mean(auc)", groupby=["system", "supervised", "cost"])
        .mark_point(filled=True, size=70, opacity=0.9)
        .encode(
            x=alt.X(
                "cost:Q",
                title=title,
                scale=alt.Scale(type="log"),
                axis=alt.Axis(format="~s", grid=False),
            ),
            y=alt.Y(
                "auc:Q",
                title="mean AUC (fraction of 1)",
                scale=alt.Scale(zero=False),
                axis=alt.Axis(format=".2~f"),
            ),
            color=alt.Color("supervised:N", legend=alt.Legend(orient="top")),
            shape=alt.Shape("supervised:N"),
            tooltip=[
                alt.Tooltip("system:N"),
                alt.Tooltip("cost:Q", title=title, format=".4~g"),
                alt.Tooltip("auc:Q", title="mean AUC", format=".3f"),
            ],
        )
        .properties(height=260)
    )


def _left(rows: list[dict]) -> alt.Chart:
    """Return a chart of the rows that the choices of the section leave."""
    chosen = " && ".join(f"({name} == '' || datum.{name} == {name})" for name in _FILTERS)
    return alt.Chart(values(rows)).transform_filter(chosen)


def _filtered(chart: alt.Chart | alt.LayerChart) -> alt.Chart | alt.LayerChart:
    """Return a chart that knows the choices of the section."""
    return chart.add_params(*(alt.param(name=name, value="") for name in _FILTERS))
