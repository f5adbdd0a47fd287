"""Draw docs/images/overview.png and .svg from the tables of a finished run.

python docs/make_overview_picture.py results
"""

import sys
from collections import Counter
from pathlib import Path

from mimii_bench.figures.base import RECORDS, Figure
from mimii_bench.figures.canvas import LINE_COLOURS, panels, write
from mimii_bench.figures.published import paired
from mimii_bench.util.records import read_rows

IMAGES = Path(__file__).parent / "images"
MARKERS = "os^DvPX"


class Overview(Figure):
    """What the audit finds in the printed tables, and where printed AUCs lie beside ours."""

    kind = RECORDS

    def draw(self, parts):
        """Draw the audit and the long table."""
        audit, numbers = parts
        figure, ((left, right),) = panels(1, 2, (4.2, 3.4))
        reports = list(dict.fromkeys(row["report"] for row in numbers))
        _draw_findings(left, audit, reports)
        _draw_numbers(right, paired(numbers), reports)
        return figure


def _draw_findings(panel, audit, reports):
    found = Counter(row["report"] for row in audit if row["kind"] == "contradiction")
    counts = [found[key] for key in reports]
    bars = panel.barh(reports, counts, color=LINE_COLOURS[1])
    panel.bar_label(bars, padding=3, size=8)
    panel.invert_yaxis()
    panel.margins(x=0.12)
    panel.set(xlabel="contradictions (count)")
    panel.set_title("Contradictions found in the printed tables")


def _draw_numbers(panel, rows, reports):
    for place, key in enumerate(reports):
        mine = [row for row in rows if row["report"] == key and row["metric"] == "auc"]
        pairs = [(float(row["published"]), float(row["reproduced"])) for row in mine]
        if pairs:
            style = {"color": LINE_COLOURS[place], "markersize": 3.5, "label": key}
            panel.plot(*zip(*pairs, strict=True), MARKERS[place], **style)
    panel.set(xlabel="published AUC (share)", ylabel="AUC on simulated clips (share)")
    panel.set(xlim=(-0.03, 1.03), ylim=(-0.03, 1.03))
    panel.set_title("Other recordings: no agreement is claimed")
    panel.grid(True)
    panel.legend(loc="lower left")


if __name__ == "__main__":
    tables = Path(sys.argv[1]) / "tables"
    rows = [read_rows(tables / name) for name in ("audit.csv", "all.csv")]
    if {row["corpus"] for row in rows[1]} - {"", "simulated"}:
        sys.exit(f"{tables}/all.csv: the picture is of a run on simulated recordings")
    write(
        Overview(),
        rows,
        *(IMAGES / f"overview.{kind}" for kind in ("png", "svg")),
        caption="What the reports print, checked against itself, and beside a run of the default",
        note="right: simulated recordings, budget demo",
    )
