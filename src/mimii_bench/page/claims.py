"""A report's claims: verdicts as they are told, and a forest of their intervals."""

from collections.abc import Mapping

import altair as alt

from mimii_bench.page.charts import Picture, finished, values
from mimii_bench.page.given import Given
from mimii_bench.page.words import fraction, number
from mimii_bench.reports.claims import NOT_COMPARABLE, NOT_COMPUTED

#: Verdicts on the numbers, and what people call them.
_CALLED = {"supported": "supported", "contradicted": "contradicted", "inconclusive": "open"}
#: Their colours, which stand out on light and dark paper.
_COLOURS = ["#1a9e77", "#d9641e", "#8a94a0"]
#: Pixels of a line of the forest.
_LINE = 21


def claims(report: Mapping, rows: list[dict[str, str]]) -> list[dict]:
    """Return a report's claims as rows of a table.

    Parameters
    ----------
    report : mapping
        The facts of a report.
    rows : list of dict
        Those of claims.csv.
    """
    mine = [row for row in rows if row["report"] == report["key"]]
    return [_claim(place, row, report["claims"]) for place, row in enumerate(mine, 1)]


def _claim(place: int, row: Mapping[str, str], said: list[Mapping]) -> dict:
    verdict, here, remark = _verdict(row["verdict"])
    # A claim with a choice stands there twice, with what it is called appended.
    own = [one for one in said if row["claim"].startswith(one["claim"])]
    told = max(own, key=lambda one: len(one["claim"]), default={"place": "", "tolerance": None})
    low, high = number(row["ci_low"]), number(row["ci_high"])
    return {
        "number": place,
        "claim": row["claim"],
        "place": told["place"],
        "tolerance": told["tolerance"],
        "published": row["published_evidence"],
        "reproduced": row["reproduced_evidence"],
        "low": low,
        "high": high,
        "interval": "" if low is None else f"{fraction(low)} to {fraction(high)}",
        "comparable": verdict not in (NOT_COMPARABLE, NOT_COMPUTED),
        "here": here,
        "called": _CALLED.get(here, "not computed"),
        "remark": remark,
    }


def _verdict(text: str) -> tuple[str, str, str]:
    """Return the verdict, what was found on the recordings of the run, and in what restricted.

    Examples
    --------
    >>> _verdict("not_comparable (supported here, one training)")
    ('not_comparable', 'supported', 'one training')
    >>> _verdict("supported (one training)")
    ('supported', 'supported', 'one training')
    """
    verdict, _, rest = text.partition(" (")
    remarks = [part for part in rest.removesuffix(")").split(", ") if part]
    if verdict == NOT_COMPARABLE and remarks and remarks[0].endswith(" here"):
        return verdict, remarks[0].removesuffix(" here"), ", ".join(remarks[1:])
    return verdict, verdict, ", ".join(remarks)


def forest(report: Mapping, shown: list[dict], given: Given) -> Picture | None:
    """Return a forest of the intervals of a report's claims; None without any."""
    rows = [
        {
            "line": f"{one['number']}. {one['claim']}",
            "low": one["low"],
            "high": one["high"],
            "middle": (one["low"] + one["high"]) / 2,
            "verdict": one["called"],
        }
        for one in shown
        if one["low"] is not None
    ]
    if not rows:
        return None
    about = (
        "95 % interval of the difference between the two sides of each claim, numbered as in the "
        "table below. A claim that one side is greater is supported where all of its interval "
        "lies right of 0; one that two sides are alike, where it lies within its tolerance."
    )
    spec = finished(_forest(rows), given, f"Intervals of {len(rows)} claims of {report['key']}")
    return Picture("Claims and their intervals", about, spec)


def _forest(rows: list[dict]) -> alt.LayerChart:
    # Where it is narrow, numbers alone.
    label = "width < 420 ? split(datum.label, ' ')[0] : datum.label"
    y = alt.Y(
        "line:N",
        sort=None,
        title=None,
        axis=alt.Axis(labelExpr=label, labelLimit=430, ticks=False, domain=False, labelPadding=8),
    )
    colour = alt.Color(
        "verdict:N",
        title="found here",
        scale=alt.Scale(domain=list(_CALLED.values()), range=_COLOURS),
        legend=alt.Legend(orient="top", symbolType="circle"),
    )
    tooltip = [
        alt.Tooltip("line:N", title="claim"),
        alt.Tooltip("low:Q", title="from", format="+.3f"),
        alt.Tooltip("high:Q", title="to", format="+.3f"),
        alt.Tooltip("verdict:N", title="found here"),
    ]
    x = alt.X("low:Q", title="difference (fractions of 1)", axis=alt.Axis(format="+.2~f"))
    base = alt.Chart(values(rows)).encode(y=y, color=colour, tooltip=tooltip)
    zero = alt.Chart(values([{"zero": 0}])).mark_rule(strokeDash=[4, 3]).encode(x="zero:Q")
    line = base.mark_rule(strokeWidth=3).encode(x=x, x2="high:Q")
    point = base.mark_point(filled=True, size=55, opacity=1).encode(
        x="middle:Q", shape=alt.Shape("verdict:N", legend=None)
    )
    return alt.layer(zero, line, point).properties(height=_LINE * len(rows))
