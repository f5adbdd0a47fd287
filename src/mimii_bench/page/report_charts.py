"""Published against reproduced: one point for each number that has both."""

from collections.abc import Mapping

import altair as alt

from mimii_bench.page.charts import Picture, finished, values
from mimii_bench.page.given import Given
from mimii_bench.page.words import level, number
from mimii_bench.reports.columns import COUNTS, METRICS

#: Pixels.
_HEIGHT = 340


def overview(report: Mapping, rows: list[dict[str, str]], given: Given) -> Picture | None:
    """Return a plot of published against reproduced numbers; None where none has both.

    A line where both are the same is drawn on real recordings alone: simulated ones agree with
    nothing that is printed.
    """
    points = [_point(row) for row in rows if row["report"] == report["key"] and _has_both(row)]
    if not points:
        return None
    about = "Each point is one printed number (across) and ours with its 95 % interval (up)."
    if given.simulated:
        about += (
            " Ours are of simulated recordings: that a point lies near its printed number, or far"
            " from it, means nothing. On real recordings a line shows where both are the same."
        )
    layers = _scatter(points) if given.simulated else [_diagonal(), *_scatter(points)]
    spec = finished(
        alt.layer(*layers).properties(height=_HEIGHT),
        given,
        f"Published against reproduced numbers of {report['key']}, {len(points)} points",
    )
    return Picture("Published against reproduced", about, spec, most=680)


def _has_both(row: Mapping[str, str]) -> bool:
    is_fraction = row["metric"] in METRICS and row["metric"] not in COUNTS
    return is_fraction and bool(row["published"] and row["reproduced"])


def _point(row: Mapping[str, str]) -> dict:
    return {
        "published": number(row["published"]),
        "reproduced": number(row["reproduced"]),
        "low": number(row["ci_low"]),
        "high": number(row["ci_high"]),
        "machine": row["machine"] or "several",
        "metric": METRICS.get(row["metric"], row["metric"]),
        "cell": f"{row['table']}: {row['row']}, {row['column']}",
        "snr": level(row["snr"]) if row["snr"] else "all",
    }


def _scatter(points: list[dict]) -> list[alt.Chart]:
    base = alt.Chart(values(points)).encode(
        x=_axis(alt.X, "published"),
        color=alt.Color("machine:N", legend=alt.Legend(orient="top", columns=5, symbolOpacity=1)),
        tooltip=[
            alt.Tooltip("cell:N", title="cell"),
            alt.Tooltip("metric:N"),
            alt.Tooltip("published:Q", format=".4~f"),
            alt.Tooltip("reproduced:Q", format=".3f"),
            alt.Tooltip("low:Q", title="from", format=".3f"),
            alt.Tooltip("high:Q", title="to", format=".3f"),
        ],
    )
    whisker = base.mark_rule(opacity=0.35).encode(y=_axis(alt.Y, "low", "reproduced"), y2="high:Q")
    point = base.mark_point(filled=True, size=45, opacity=0.9).encode(
        y=_axis(alt.Y, "reproduced"),
        shape=alt.Shape("metric:N", legend=alt.Legend(orient="top", columns=3)),
    )
    return [whisker, point]


def _axis(channel: type, field: str, called: str = "") -> alt.X | alt.Y:
    return channel(
        f"{field}:Q",
        title=f"{called or field} (fraction of 1)",
        scale=alt.Scale(zero=False),
        axis=alt.Axis(format=".2~f", tickCount=6, labelOverlap=True),
    )


def _diagonal() -> alt.Chart:
    """Return the line where both are the same."""
    ends = values([{"published": 0.0, "reproduced": 0.0}, {"published": 1.0, "reproduced": 1.0}])
    return (
        alt.Chart(ends)
        .mark_line(strokeDash=[4, 3], strokeWidth=1, clip=True)
        .encode(x=_axis(alt.X, "published"), y=_axis(alt.Y, "reproduced"))
    )
