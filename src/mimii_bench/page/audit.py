"""The audit: what the printed numbers say against themselves, the heaviest first."""

from mimii_bench.audit.findings import CONTRADICTION, FACT, FITS
from mimii_bench.page.given import Given

#: Kinds of findings by weight, and what people call them.
_WEIGHT = {
    CONTRADICTION: "contradiction",
    FITS: "explained",
    FACT: "fact",
}


def section(given: Given) -> dict:
    """Return what stands in the section."""
    rows = sorted(given.rows("audit"), key=lambda row: [*_WEIGHT].index(row["kind"]))
    findings = [row | {"called": _WEIGHT[row["kind"]]} for row in rows]
    return {
        "key": "audit",
        "title": "Audit",
        "findings": findings,
        "kinds": [(kind, called) for kind, called in _WEIGHT.items() if _has(rows, kind)],
        "reports": [(key, key) for key in dict.fromkeys(row["report"] for row in findings)],
    }


def _has(rows: list[dict[str, str]], kind: str) -> bool:
    return any(row["kind"] == kind for row in rows)
