"""Split manifests: which clips and which knowledge of recordings each is made of."""

from collections.abc import Iterable

from mimii_bench.corpus.base import Unit
from mimii_bench.planning.paths import Paths
from mimii_bench.planning.trainings import Trainings
from mimii_bench.splits.base import load_split


class SplitFiles:
    """The manifests of the pools of all protocols."""

    #: Of which channel recordings are compared.
    MIX = "ch0"

    def __init__(self, trainings: Trainings, paths: Paths):
        self._trainings, self._paths = trainings, paths

    def units(self, wildcards) -> list[Unit]:
        """Return the units of a pool."""
        return list(self._trainings.protocols[wildcards.protocol].pools[wildcards.pool])

    def split(self, wildcards) -> dict:
        """Return the scheme of a protocol's split, and its options."""
        return dict(self._trainings.protocols[wildcards.protocol].split)

    def index(self, unit: Unit) -> str:
        """Return the clip index that a unit stands in."""
        return self._paths.index.format(**unit._asdict())

    def indexes(self, wildcards) -> list[str]:
        """Return the clip indexes of a pool, each once."""
        return sorted(set(map(self.index, self.units(wildcards))))

    def listed(self, wildcards) -> list[tuple]:
        """Return the units of a pool, each with the clip index that it stands in."""
        return [(tuple(unit), self.index(unit)) for unit in self.units(wildcards)]

    def quality(self, wildcards) -> list[str]:
        """Return the table of the quality of each unit of a pool, in their order."""
        return self.quality_of(self.units(wildcards))

    def quality_of(self, units: Iterable[Unit]) -> list[str]:
        """Return the table of the quality of each of some units, in their order."""
        return [self._paths.quality.format(**unit._asdict()) for unit in units]

    def recordings(self, wildcards) -> str | list:
        """Return what a split that compares recordings must know of a pool; nothing for others."""
        if not load_split(self.split(wildcards)["scheme"]).compares_recordings:
            return []
        place = {"protocol": wildcards.protocol, "pool": wildcards.pool}
        return self._paths.recordings.format(**place)

    def audio(self, wildcards) -> list[str]:
        """Return the samples of which recordings of a pool are compared."""
        units = self.units(wildcards)
        return [self._paths.mix.format(mix=self.MIX, **unit._asdict()) for unit in units]
