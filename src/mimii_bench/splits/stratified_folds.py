"""Folds of the normal clips of each unit (report gamma-ae)."""

from mimii_bench.splits.base import Pool, Roles
from mimii_bench.util.seeds import generator


def roles(pool: Pool, folds: int) -> Roles:
    """Deal each unit's normal clips, shuffled, to folds: one validates, one tests, the rest train.

    All abnormal clips test (report gamma-ae).
    """
    for unit, clips in pool.items():
        normal = [clip for clip in clips if clip.label == "normal"]
        order = generator("stratified_folds", unit.machine, unit.id).permutation(len(normal))
        for place, index in enumerate(order):
            role = {0: "validation", 1: "test"}.get(place % folds, "train")
            yield unit, normal[index], role
        for clip in clips:
            if clip.label == "abnormal":
                yield unit, clip, "test"
