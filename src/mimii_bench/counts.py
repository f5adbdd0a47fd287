"""Our number for a published count: weights of a network's layers, clips of a split.

report.yaml says for each table which cell is which: `layers` maps rows to layers, `clips` lists the
cells with the roles and labels that they count.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from mimii_bench.evaluation import Estimate
from mimii_bench.splits import read_split


class Counts:
    """The trained networks and the split manifests of one report, answering its cells.

    Parameters
    ----------
    descriptions : {system: path}
        The JSON description of one trained model of each system.
    splits : sequence of path
        The manifest of every pool.
    tables : mapping
        Of report.yaml.
    """

    def __init__(
        self, descriptions: Mapping[str, str], splits: Sequence[str], tables: Mapping[str, Mapping]
    ):
        self._descriptions, self._splits, self._tables = descriptions, splits, tables

    def __call__(self, cell: Mapping[str, str]) -> Estimate | None:
        """Return the count, without interval or seeds; None where report.yaml names none."""
        table = self._tables.get(cell["table"], {})
        value = None
        if cell["metric"] == "parameters":
            value = self._weights(cell["system"], table.get("layers", {}).get(cell["row"]))
        elif cell["metric"] == "clips":
            here = {"row": cell["row"], "column": cell["column"]}
            wanted = [which for which in table.get("clips", []) if here.items() <= which.items()]
            value = self._clips(wanted[0]) if wanted else None
        return None if value is None else Estimate(value, None, None, None)

    def _weights(self, system: str, layer: str | None) -> int | None:
        if layer is None or system not in self._descriptions:
            return None
        description = json.loads(Path(self._descriptions[system]).read_text())
        if layer == "total":
            return description["parameters"]
        return 0 if layer == "input" else description["layers"][layer]

    def _clips(self, which: Mapping) -> float | None:
        """Return the clips of the wanted roles and labels, as a mean over pools."""
        found = [
            sum(row.role in which["roles"] and row.label in which["labels"] for row in rows)
            for rows in map(read_split, self._splits)
        ]
        return sum(found) / len(found) if found else None
