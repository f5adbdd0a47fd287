"""Cells for what a report's systems gave and no table of its `published.csv` asks for.

So a microphone pair, a weight or a system that is added to report.yaml has its numbers in all.csv
without a line in `published.csv`.
"""

from collections.abc import Iterable, Iterator, Mapping

from mimii_bench.reports.published import Cell
from mimii_bench.reports.recipes import variants_of

TABLE = "unprinted"
#: How that table is described, as report.yaml does it.
DESCRIPTION = {"caption": "What no printed table asks for", "comparable": False}
#: The metrics of such a cell.
OF_EACH = ("auc", "pauc_mcclish")


def further_cells(
    asked: Iterable[Cell],
    spec: Mapping,
    kinds: Mapping[str, Iterable[str]],
    pools: Mapping[str, Iterable[Mapping[str, str]]],
) -> Iterator[Cell]:
    """Yield a cell per metric and pool for every kind of score that no cell asks for.

    Parameters
    ----------
    asked : iterable of Cell
        The cells of published.csv.
    spec : mapping
        Of report.yaml.
    kinds : {system: kinds of score}
    pools : {system: [{field: value}]}
        What the pools of a system are of: machine, SNR and id as far as units of one pool agree.
    """
    known = {(cell.system, cell.variant) for cell in asked}
    for system, scores in kinds.items():
        for kind in sorted(scores):
            names = variants_of(spec, kind)
            if not known & {(system, name) for name in names}:
                yield from _cells(system, min(names), pools[system])


def _cells(system: str, variant: str, pools: Iterable[Mapping[str, str]]) -> Iterator[Cell]:
    for pool in pools:
        for metric in OF_EACH:
            row = " ".join(pool.values())
            column = " ".join(filter(None, (system, variant, metric)))
            subject = {**pool, "system": system, "variant": variant, "metric": metric}
            yield Cell(table=TABLE, row=row, column=column, **subject)
