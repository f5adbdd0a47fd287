"""What takes part in the leaderboard, and what its tables are made of."""

from dataclasses import asdict

from mimii_bench.corpus.base import Unit
from mimii_bench.leaderboard.baselines import BASELINES, printed_baselines
from mimii_bench.leaderboard.entries import (
    Entry,
    check_entries,
    check_ids,
    check_units,
    chosen,
    rankable,
    rows_of,
    split_of,
    taking_part,
)
from mimii_bench.leaderboard.fusions import fusions_of
from mimii_bench.planning.protocols import LEADERBOARD
from mimii_bench.splits.base import rule_of
from mimii_bench.training.folder import TIMES
from mimii_bench.training.sample_rates import check_feature_rate, check_system_rate
from mimii_bench.util.errors import UserError


class Ranking:
    """Units and systems of the leaderboard of a project.

    Attributes
    ----------
    units : list of Unit
        Those on which all can be ranked, or on which those that are ranked train too.
    entries : list of Entry
        Who can be ranked on all of them.
    fusions : list of Fusion
        Those all of whose rows are ranked.
    left_out : list of str
        Why others are not.
    """

    def __init__(self, project):
        self._project = project
        self._ids = project.configuration["leaderboard"]["ids"]
        self.units, self._unrankable = rankable(project.inventory, self._ids)
        asked, unasked = chosen(project.entered, project.configuration["leaderboard"]["rows"])
        entered, others = self._of_this_rate(asked)
        self.entries, absent = taking_part(entered, project.inventory, self.units, self._ids)
        self._absent = unasked + others + absent
        self.fusions, self._unfused = fusions_of(project.named_fusions, self.entries)

    def _of_this_rate(self, entered: list[Entry]) -> tuple[list[Entry], list[str]]:
        """Return who is for the sample rate of the recordings, and why others are not."""
        rate, features = self._project.inventory.sample_rate, self._project.feature_files
        found, reasons = [], []
        for entry in entered:
            try:
                check_system_rate(entry.class_name, entry.options, rate)
                for given in features.described(entry.inputs):
                    check_feature_rate(given, rate)
            except UserError as error:
                reasons.append(f"{entry.name}: {error}")
            else:
                found.append(entry)
        return found, reasons

    @property
    def split(self) -> str:
        """The rule of the split under which all meet."""
        return rule_of(split_of(self._project.inventory))

    @property
    def edition(self) -> dict:
        """The edition of DCASE whose official score is printed; nothing for other corpora.

        The fields of `RankedEdition`.
        """
        year = self._project.corpus.description.edition
        if year is None:
            return {}
        ranked = {unit for unit in self.units if unit.id in self._ids}
        beside = [unit.path for unit in self._project.inventory.units if unit not in ranked]
        printed = printed_baselines(self._project.root / BASELINES, year)
        return {"year": year, "beside": beside, "baselines": printed}

    @property
    def left_out(self) -> list[str]:
        """Why units and systems are not ranked."""
        return self._unrankable + self._absent + self._unfused

    def scores(self, wildcards=None) -> list[str]:
        """Return the score folders of all jobs; raises UserError where there is nothing to rank."""
        check_ids(self._project.inventory, self._ids)
        check_units(self.units, self._ids, self._unrankable)
        check_entries(self.entries, self._absent)
        return self._project.trainings.scores(LEADERBOARD)

    def models(self, wildcards=None) -> list[str]:
        """Return the model folders of all jobs."""
        return self._project.trainings.models(LEADERBOARD)

    def times(self, wildcards=None) -> dict[str, list[str]]:
        """Return the files that tell how long trainings took, by system."""
        pattern = f"{self._project.paths.models}/{TIMES}"
        trainings = self._project.trainings
        return {
            entry.name: [
                pattern.format(protocol=LEADERBOARD, system=entry.name, job=job)
                for job in trainings.of_system(LEADERBOARD, entry.name)
            ]
            for entry in self.entries
        }

    def rows(self, wildcards=None) -> list[dict]:
        """Return what every row of the leaderboard is made of, as its tables take it.

        Nothing where no unit can be ranked, which `scores` says.
        """
        if not any(unit.id in self._ids for unit in self.units):
            return []
        return [
            {
                "name": name,
                "entry": entry.name,
                "kind": kind,
                "supervised": entry.supervised,
                "pool": [field for field in Unit._fields if field in entry.pool],
                "folders": self._of_units(entry, self._project.paths.scores),
                "model": self._of_units(entry, self._project.paths.models)[0][1][0],
            }
            for name, entry, kind in rows_of(self.entries)
        ]

    def fused(self, wildcards=None) -> list[dict]:
        """Return the fields of every `Fusion` that is ranked."""
        return [asdict(one) for one in self.fusions]

    def thresholds(self, wildcards=None) -> list[list]:
        """Return the fields of every `ThresholdRule`."""
        return [list(rule) for rule in self._project.threshold_rules]

    def _of_units(self, entry: Entry, pattern: str) -> list[tuple[tuple, list[str]]]:
        """Return each ranked unit, and the folder of every seed's training on its pool."""
        trained = self._project.trainings.trained(pattern, LEADERBOARD, entry.name)
        return [(tuple(unit), trained[pool]) for pool, unit in self._ranked(entry)]

    def _ranked(self, entry: Entry) -> list[tuple[str, Unit]]:
        pools = self._project.trainings.protocols[LEADERBOARD].systems[entry.name].pools
        return [
            (pool, unit) for pool, units in pools.items() for unit in units if unit.id in self._ids
        ]
