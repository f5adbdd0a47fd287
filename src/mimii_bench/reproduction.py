"""Our number for a published cell: the cell names units, a system and a metric; scores give it."""

from collections.abc import Mapping, Sequence
from itertools import product

from mimii_bench.corpus.layout import IDS, MACHINES, SNRS, Unit
from mimii_bench.evaluation import Distribution, Estimate, average, evaluate_unit, read_scores

_FIELDS = {"machine": MACHINES, "snr": SNRS, "id": IDS}


class Reproduction:
    """The scores of one report, answering its cells.

    Parameters
    ----------
    score_files : {system: [[file of each seed] of each pool]}
    replicates : int
        Bootstrap replicates of every interval.
    """

    def __init__(self, score_files: Mapping[str, Sequence[Sequence[str]]], replicates: int):
        self._replicates = replicates
        self._scores = {}
        for system, pools in score_files.items():
            for files in pools:
                for key, rows in read_scores(files).groupby(["machine", "snr", "id"]):
                    self._scores[system, Unit(*key)] = rows
        self._known: dict[tuple, Distribution] = {}

    def __call__(self, cell: Mapping[str, str]) -> Estimate | None:
        """Return our estimate, None unless every unit that the cell covers was scored.

        An empty machine, SNR or id means the mean over all of them.
        """
        wanted = [[cell[f]] if cell[f] else every for f, every in _FIELDS.items()]
        units = [Unit(*values) for values in product(*wanted)]
        if any((cell["system"], unit) not in self._scores for unit in units):
            return None
        return average([self._unit(cell["system"], unit, cell["metric"]) for unit in units])

    def _unit(self, system: str, unit: Unit, metric: str) -> Distribution:
        key = (system, unit, metric)
        if key not in self._known:
            self._known[key] = evaluate_unit(
                self._scores[system, unit], metric, self._replicates, (system, *unit, metric)
            )
        return self._known[key]
