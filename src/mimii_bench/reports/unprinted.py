"""Cells for what a report's systems gave and no table of its `published.csv` asks for.

So a microphone pair, a weight or a system that is added to report.yaml has its numbers in all.csv
without a line in `published.csv`.
"""

from collections.abc import Iterable, Iterator, Mapping

from mimii_bench.reports import cells

TABLE = "unprinted"
#: How that table is described, as report.yaml does it.
DESCRIPTION = {"caption": "What no printed table asks for", "comparable": False}
METRICS = ("auc", "pauc_mcclish")


def further_cells(
    asked: Iterable[Mapping[str, str]],
    spec: Mapping,
    kinds: Mapping[str, Iterable[str]],
    pools: Mapping[str, Iterable[Mapping[str, str]]],
) -> Iterator[dict]:
    """Yield a cell per metric and pool for every kind of score that no cell asks for.

    `kinds` are the kinds of score of each system, `pools` what its pools are of: machine, SNR and
    id as far as units of one pool agree in them.
    """
    known = {(cell["system"], cell["variant"]) for cell in asked}
    for system, scores in kinds.items():
        for kind in sorted(scores):
            names = cells.names_of(spec, kind)
            if not known & {(system, name) for name in names}:
                yield from _cells(system, min(names), pools[system])


def _cells(system: str, variant: str, pools: Iterable[Mapping[str, str]]) -> Iterator[dict]:
    for pool in pools:
        for metric in METRICS:
            yield {
                "table": TABLE,
                "row": " ".join(pool.values()),
                "column": " ".join(filter(None, (system, variant, metric))),
                **dict.fromkeys(("machine", "snr", "id"), ""),
                **pool,
                "system": system,
                "variant": variant,
                "metric": metric,
                "published": None,
            }
