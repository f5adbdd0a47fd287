"""Draw docs/images/overview.png and .svg: what the project finds about printed numbers.

python docs/make_overview_picture.py results

To the left from the audit of a run, to the right from the table of docs/real-fans.md.
"""

import re
import sys
from collections import Counter
from pathlib import Path

import numpy as np

from mimii_bench.figures.base import RECORDS, Figure
from mimii_bench.figures.canvas import LINE_COLOURS, panels, write
from mimii_bench.util.records import read_rows

DOCS = Path(__file__).parent
#: A row of the first table there: the fan, the published AUC, and the second column after that.
FAN = re.compile(
    r"\| (?P<fan>\d\d, -?\ddB) +\| (?P<published>0\.\d+) +\|[^|]+"
    r"\| (?P<ours>[\d.]+) \[(?P<low>[\d.]+), (?P<high>[\d.]+)\] "
)


class Overview(Figure):
    """What the audit finds in printed tables, and simple detectors beside a published network."""

    kind = RECORDS

    def draw(self, parts):
        """Draw the audit and the fans."""
        figure, ((left, right),) = panels(1, 2, (4.2, 3.4))
        _draw_findings(left, *parts)
        _draw_fans(right)
        return figure


def _draw_findings(panel, audit, numbers):
    reports = list(dict.fromkeys(row["report"] for row in numbers))
    found = Counter(row["report"] for row in audit if row["kind"] == "contradiction")
    bars = panel.barh(reports, [found[key] for key in reports], color=LINE_COLOURS[1])
    panel.bar_label(bars, padding=3, size=8)
    panel.invert_yaxis()
    panel.margins(x=0.12)
    panel.set(xlabel="contradictions (count)")
    panel.set_title("Contradictions in the printed tables")


def _draw_fans(panel):
    first, _, _ = (DOCS / "real-fans.md").read_text().partition("mean of the 10")
    rows = {row["fan"]: row for row in FAN.finditer(first)}
    printed, ours, low, high = (
        np.array([float(row[key]) for row in rows.values()])
        for key in ("published", "ours", "low", "high")
    )
    places = np.arange(len(rows))
    panel.plot(printed, places, "o", color=LINE_COLOURS[0], label="autoencoder, as published")
    panel.errorbar(
        ours,
        places,
        xerr=[ours - low, high - ours],
        fmt="D",
        color=LINE_COLOURS[1],
        label="3 nearest neighbours, here",
    )
    panel.set_yticks(places, [fan.replace("dB", " dB") for fan in rows])
    panel.invert_yaxis()
    panel.set(xlabel="AUC (share), 95 % interval", ylabel="fan, signal-to-noise ratio")
    panel.set_title("Real recordings of fans")
    panel.grid(True)
    panel.legend(loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=2)


if __name__ == "__main__":
    tables = Path(sys.argv[1]) / "tables"
    write(
        Overview(),
        [read_rows(tables / name) for name in ("audit.csv", "all.csv")],
        *(DOCS / "images" / f"overview.{kind}" for kind in ("png", "svg")),
        caption="What the reports print, checked against itself and against a simple detector",
        note="left: docs/audit.md, right: docs/real-fans.md",
    )
