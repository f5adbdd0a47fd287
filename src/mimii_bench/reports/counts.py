"""Our number for a published count: weights of a network's layers, clips of a split.

report.yaml says for each table which cell is which: `layers` maps rows to layers, `clips` lists the
cells with the roles and labels that they count, of all units or `by` the machine, SNR or id of the
cell.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property

from mimii_bench.evaluation.intervals import Estimate
from mimii_bench.reports.published import Cell, names_place
from mimii_bench.splits.manifests import SplitRow, read_split
from mimii_bench.training.folder import described
from mimii_bench.util.errors import UserError


class CellCounts:
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

    def estimate(self, cell: Cell) -> Estimate | None:
        """Return the count, without interval or seeds; None where report.yaml names none."""
        table = self._tables.get(cell.table, {})
        value = None
        if cell.metric == "parameters":
            value = self._weights(cell.system, table.get("layers", {}).get(cell.row))
        elif cell.metric == "clips":
            said = table.get("clips", [])
            wanted = [which for which in said if names_place(which, cell.row, cell.column)]
            value = self._clips(cell, wanted[0]) if wanted else None
        return None if value is None else Estimate(value)

    def _weights(self, system: str, layer: str | None) -> int | None:
        if layer is None or system not in self._descriptions:
            return None
        total, own = described(self._descriptions[system], "parameters", "layers")
        if layer == "total":
            return total
        layers = {"input": 0, **own}
        if layer not in layers:
            known = ", ".join(layers)
            raise UserError(f"tables.*.layers: {system} has no layer {layer!r}; it has {known}")
        return layers[layer]

    @cached_property
    def _manifests(self) -> list[Counter[SplitRow]]:
        """How many rows of each manifest are the same but for the clip."""
        return [Counter(row._replace(clip="") for row in read_split(path)) for path in self._splits]

    def _clips(self, cell: Cell, which: Mapping) -> float | None:
        """Return the clips of the wanted roles and labels, as a mean over pools.

        By machine, SNR or id: of those that are the cell's, over the pools that hold any. None
        where there is none, and for a cell that names none.
        """
        own = {field: getattr(cell, field) for field in which.get("by", ())}
        found = []
        for manifest in self._manifests:
            rows = [row for row in manifest if all(getattr(row, f) == own[f] for f in own)]
            wanted = [r for r in rows if r.role in which["roles"] and r.label in which["labels"]]
            if rows:
                found.append(sum(manifest[row] for row in wanted))
        return sum(found) / len(found) if found else None
