"""Half of the anomalies test: the split of the leaderboard."""

from mimii_bench.splits.base import Pool, Roles
from mimii_bench.util.seeds import stable_seed


def roles(pool: Pool) -> Roles:
    """Test on half of each unit's abnormal clips and as many normal ones; train on the others.

    The split of the leaderboard. Which half follows from a hash of the recording's name: it is the
    same at every SNR. The abnormal clips of the other half serve only what learns from labels.
    """
    for unit, clips in pool.items():
        by_label = {"normal": [], "abnormal": []}
        for clip in sorted(clips, key=lambda c: stable_seed("half", unit.machine, unit.id, c.name)):
            by_label[clip.label].append(clip)
        tested = (len(by_label["abnormal"]) + 1) // 2
        for of_label in by_label.values():
            for place, clip in enumerate(of_label):
                yield unit, clip, "test" if place < tested else "train"
