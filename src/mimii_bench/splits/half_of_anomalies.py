"""Half of the anomalies test: the split of the leaderboard."""

from typing import ClassVar

from mimii_bench.splits.base import Pool, RandomSplit, Recordings, Roles
from mimii_bench.util.seeds import stable_seed


class HalfOfAnomalies(RandomSplit):
    """Test on half of each unit's abnormal clips and as many normal ones; train on the others.

    The split of the leaderboard. Which half follows from a hash of the recording's name: it is the
    same at every SNR. The abnormal clips of the other half serve only what learns from labels.
    """

    gives_abnormal: ClassVar[bool] = True

    def roles(self, pool: Pool, recordings: Recordings | None = None) -> Roles:
        """Yield unit, clip and role."""
        for unit, clips in pool.items():
            start = self.key("half", unit.machine, unit.id)
            by_label = {"normal": [], "abnormal": []}
            for clip in sorted(clips, key=lambda c, start=start: stable_seed(*start, c.name)):
                by_label[clip.label].append(clip)
            tested = (len(by_label["abnormal"]) + 1) // 2
            for of_label in by_label.values():
                for place, clip in enumerate(of_label):
                    yield unit, clip, "test" if place < tested else "train"
