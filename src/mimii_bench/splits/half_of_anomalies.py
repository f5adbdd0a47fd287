"""Half of the anomalies test: the split of the leaderboard."""

from collections.abc import Iterable
from typing import ClassVar

from mimii_bench.corpus.base import LABELS
from mimii_bench.splits.base import (
    Pool,
    RandomSplit,
    Recordings,
    Roles,
    machine_of,
    names_of,
    of_label,
)
from mimii_bench.util.seeds import stable_seed


class HalfOfAnomalies(RandomSplit):
    """Test on half of each unit's abnormal clips and as many normal ones; train on the others.

    The split of the leaderboard. Which half follows from a hash of the recording's name: it is the
    same at every SNR. The abnormal clips of the other half serve only what learns from labels.
    """

    gives_abnormal: ClassVar[bool] = True

    def roles(self, pool: Pool, recordings: Recordings | None = None) -> Roles:
        """Yield unit, clip and role."""
        names = {label: names_of(pool, label) for label in LABELS}
        for unit, clips in pool.items():
            machine = machine_of(unit)
            tested = (len(names["abnormal"][machine]) + 1) // 2
            for label in LABELS:
                own = {clip.name: clip for clip in of_label(clips, label)}
                for place, name in enumerate(self._ordered(machine, names[label][machine])):
                    if name in own:
                        yield unit, own[name], "test" if place < tested else "train"

    def _ordered(self, machine: tuple[str, str], names: Iterable[str]) -> list[str]:
        start = self.key("half", *machine)
        return sorted(names, key=lambda name: stable_seed(*start, name))
