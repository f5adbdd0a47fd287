"""All files of one report: its numbers beside ours, each table as printed, counts, claims.

The way down: the cells that are printed and those that only we give, our estimate for each, the
rows of all.csv, and the files.
"""

from collections.abc import Mapping
from pathlib import Path

from mimii_bench.reports import columns, tables
from mimii_bench.reports.claims import PublishedNumbers, decide_all
from mimii_bench.reports.confusion_counts import confusion_rows
from mimii_bench.reports.counts import CellCounts
from mimii_bench.reports.published import read_cells
from mimii_bench.reports.reproduction import Reproduction
from mimii_bench.reports.unprinted import further_cells
from mimii_bench.util.checksums import write_sums
from mimii_bench.util.records import write_rows


def write(
    report: str,
    published: Path | str | None,
    measured: Reproduction,
    counted: CellCounts,
    setting: tables.Setting,
    paths: Mapping[str, str],
) -> None:
    """Write all files of one report.

    Parameters
    ----------
    report : str
        Its key.
    published : path or None
        Its published.csv, where it has one.
    measured, counted : Reproduction, CellCounts
        Our numbers.
    setting : Setting
        Under what they were made.
    paths : {name: path}
        Of the files `long`, `confusion` and `claims`, of the folder `printed`, and of the
        checksums of all of these, `sums`.
    """
    spec = measured.spec
    asked = read_cells(published) if published else []
    cells = [*asked, *further_cells(asked, spec, measured.kinds(), measured.pools())]
    estimates = [
        measured.estimate(cell, setting.printed(cell)) or counted.estimate(cell) for cell in cells
    ]
    rows = tables.compared(report, cells, estimates, setting)
    tables.write_long(rows, paths["long"])
    tables.write_printed(rows, setting, Path(paths["printed"]))
    write_rows(paths["confusion"], columns.CONFUSION, confusion_rows(asked, measured))
    printed = PublishedNumbers(asked, spec)
    decided = decide_all(report, spec.get("claims", ()), measured, printed, setting)
    write_rows(paths["claims"], columns.CLAIMS, decided)
    write_sums(_files(paths), paths["sums"])


def _files(paths: Mapping[str, str]) -> list[Path]:
    printed = Path(paths["printed"])
    single = [Path(paths[name]) for name in ("long", "confusion", "claims")]
    return [*single, *(path for path in printed.iterdir() if path.suffix in (".csv", ".md"))]
