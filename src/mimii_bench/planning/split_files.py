"""Split manifests: which clips and which knowledge of recordings each is made of."""

from collections.abc import Iterable
from types import SimpleNamespace

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

    def of_pools(self, wildcards, pools: Iterable[str]) -> list[dict]:
        """Return what the manifest of each pool is made of: units as `listed`, and files."""
        found = [SimpleNamespace(protocol=wildcards.protocol, pool=pool) for pool in pools]
        return [
            {
                "units": self.listed(one),
                "recordings": self.recordings(one),
                "quality": self.quality(one),
            }
            for one in found
        ]

    def read_for(self, wildcards, pools: Iterable[str]) -> list[str]:
        """Return all files that the manifests of pools are made of, each once."""
        found: dict[str, None] = {}
        for one in self.of_pools(wildcards, pools):
            compared = [one["recordings"]] if one["recordings"] else []
            files = [index for _, index in one["units"]] + compared + one["quality"]
            found |= dict.fromkeys(files)
        return list(found)

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
