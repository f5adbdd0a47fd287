"""All tables of one report: its numbers beside ours, each table as printed, counts, claims."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from mimii_bench.reports import claims, tables, unprinted
from mimii_bench.reports import confusion as outcomes
from mimii_bench.reports.counts import Counts
from mimii_bench.reports.reproduction import Reproduction
from mimii_bench.util.records import write_rows


def write(
    report: str,
    published: Path | str | None,
    measured: Reproduction,
    counted: Counts,
    setting: tables.Setting,
    paths: Mapping[str, str],
) -> None:
    """Write the files `long`, `printed` (a folder), `confusion` and `claims` of one report.

    `measured` and `counted` give our numbers for the cells of `published`, where there is one.
    """
    cells = tables.read_published(published)
    asked = cells.to_dict("records")
    further = unprinted.further_cells(asked, measured.spec, measured.kinds(), measured.pools())
    cells = pd.concat([cells, pd.DataFrame(further, columns=cells.columns)])
    rows = tables.compare(report, cells, lambda cell: measured(cell) or counted(cell), setting)
    tables.write_long(rows, paths["long"])
    tables.write_printed(rows, setting, Path(paths["printed"]))
    write_rows(paths["confusion"], outcomes.COLUMNS, outcomes.rows(asked, measured))
    _write_claims(report, measured, setting.corpus, paths["claims"])


def _write_claims(report: str, measured: Reproduction, corpus: str, path: str) -> None:
    stated: Sequence[Mapping] = measured.spec.get("claims", ())
    decided = claims.decide_all(report, stated, measured, corpus)
    write_rows(path, claims.COLUMNS, decided)
