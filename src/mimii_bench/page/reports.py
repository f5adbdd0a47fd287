"""Each report: its story, its tables with ours beside them, claims with intervals, figures."""

from collections.abc import Mapping

from mimii_bench.page.bests import bests
from mimii_bench.page.claims import claims, forest
from mimii_bench.page.given import Given
from mimii_bench.page.report_charts import overview
from mimii_bench.page.report_tables import tables


def section(given: Given) -> dict:
    """Return what stands in the section."""
    numbers, verdicts = given.rows("all"), given.rows("claims")
    reports = given.facts["reports"]
    return {
        "key": "reports",
        "title": "Reports",
        "bests": bests(reports, numbers, given.facts["corpus"]["machines"]),
        "reports": [_report(one, numbers, verdicts, given) for one in reports],
    }


def _report(
    report: Mapping, numbers: list[dict[str, str]], verdicts: list[dict[str, str]], given: Given
) -> dict:
    shown = claims(report, verdicts)
    mine = [row for row in numbers if row["report"] == report["key"]]
    return {
        **report,
        "made_by": report["authors"] and f"{report['authors']}, {report['year'] or 'undated'}",
        "printed": sum(row["published"] != "" for row in mine),
        "reproduced": sum(row["published"] != "" and row["reproduced"] != "" for row in mine),
        "tables": tables(report, numbers),
        "claims": shown,
        "verdicts": _counted(shown),
        "overview": overview(report, numbers, given),
        "forest": forest(report, shown, given),
    }


def _counted(claims: list[dict]) -> list[tuple[str, int]]:
    """Return how many claims came out how, in a fixed order."""
    kinds = ("supported", "contradicted", "open", "not computed")
    counts = [(kind, sum(one["called"] == kind for one in claims)) for kind in kinds]
    return [(kind, number) for kind, number in counts if number]
