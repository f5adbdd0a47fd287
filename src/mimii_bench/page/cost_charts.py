"""Quality against cost: the mean AUC of systems against what they take."""

from collections.abc import Mapping
from itertools import product
from math import log
from statistics import fmean

import altair as alt

from mimii_bench.page.charts import Picture, filtered, finished, left
from mimii_bench.page.given import Given

#: What a system costs: field, what it is called.
_COSTS = (
    ("fit_seconds", "training time (s)"),
    ("score_seconds", "time to score a clip (s)"),
    ("parameters", "parameters (count)"),
)
#: Points beyond this share of the axis have their names to the left.
_TURN = 0.55
#: Pixels.
_HEIGHT = 280


def costs(known: Mapping[str, Mapping], units: list[dict[str, str]], given: Given) -> list[Picture]:
    """Return AUC against what systems cost, a picture for each kind of cost that is known."""
    pictures = []
    for field, title in _COSTS:
        rows = _priced(known, units, field)
        if rows:
            chart = filtered(_scatter(rows, field, title))
            spec = finished(chart, given, f"AUC against {title}")
            name = f"AUC against {title.partition(' (')[0]}"
            pictures.append(Picture(name, "", spec, rows="leaderboard"))
    return pictures


def _priced(known: Mapping[str, Mapping], units: list[dict[str, str]], field: str) -> list[dict]:
    """Return a point for each system on each machine and SNR."""
    # A logarithm has no 0, as the parameters of a mean are.
    cost = {name: one[field] for name, one in known.items() if one[field]}
    found: dict[tuple[str, str, str], list[float]] = {}
    for row in units:
        if row["system"] in cost:
            key = row["system"], row["machine"], row["snr"]
            found.setdefault(key, []).append(float(row["value"]))
    turned = _beyond(cost)
    return [
        {
            "system": system,
            "machine": machine,
            "snr": snr,
            "supervised": "yes" if known[system]["supervised"] else "no",
            "cost": cost[system],
            "turned": system in turned,
            "auc": fmean(aucs),
        }
        for (system, machine, snr), aucs in found.items()
    ]


def _beyond(cost: Mapping[str, float]) -> set[str]:
    """Return the systems whose names would leave the picture to the right of their points."""
    if not cost:
        return set()
    least, most = log(min(cost.values())), log(max(cost.values()))
    return {name for name, one in cost.items() if log(one) > least + _TURN * (most - least)}


def _scatter(rows: list[dict], field: str, title: str) -> alt.LayerChart:
    """Return one point for each system: the mean over the units that the filters leave.

    Those that no cheaper one reaches are named.
    """
    base = (
        left(rows)
        .transform_aggregate(auc="mean(auc)", groupby=["system", "supervised", "cost", "turned"])
        .encode(
            x=alt.X(
                "cost:Q",
                title=title,
                scale=alt.Scale(type="log"),
                axis=alt.Axis(
                    format="~s" if field == "parameters" else "~g",
                    grid=False,
                    labelOverlap="greedy",
                    labelSeparation=12,
                ),
            ),
            y=alt.Y(
                "auc:Q",
                title="mean AUC (fraction of 1)",
                scale=alt.Scale(zero=False, padding=16),
                axis=alt.Axis(format=".2~f"),
            ),
        )
    )
    points = base.mark_point(filled=True, size=70, opacity=0.9).encode(
        color=alt.Color("supervised:N", legend=alt.Legend(orient="top")),
        shape=alt.Shape("supervised:N"),
        tooltip=[
            alt.Tooltip("system:N"),
            alt.Tooltip("cost:Q", title=title, format=".4~g"),
            alt.Tooltip("auc:Q", title="mean AUC", format=".3f"),
        ],
    )
    order = [alt.SortField("cost"), alt.SortField("auc", order="descending")]
    front = (
        base.transform_window(best="max(auc)", sort=order, frame=[None, 0])
        .transform_window(before="lag(best)", sort=order)
        .transform_filter("!isValid(datum.before) || datum.auc > datum.before")
    )
    # Neighbours have their names above and below by turns.
    front = front.transform_window(place="row_number()", sort=order)
    names = [
        front.transform_filter(f"{'' if turned else '!'}datum.turned && datum.place % 2 == {odd}")
        .mark_text(align="right" if turned else "left", dx=-4 if turned else 4, dy=dy)
        .encode(text="system:N")
        for turned, (odd, dy) in product((False, True), ((1, -10), (0, 12)))
    ]
    return alt.layer(points, *names).properties(height=_HEIGHT)
