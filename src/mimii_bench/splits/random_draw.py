"""Clips drawn from a whole pool (report two-mic-ae, section 3.1)."""

from mimii_bench.splits.base import Pool, Recordings, Roles
from mimii_bench.util.seeds import generator


def roles(pool: Pool, train: int, test: int, recordings: Recordings, apart: bool = True) -> Roles:
    """Draw `test` normal and `test` abnormal clips, and `train` normal ones, from the whole pool.

    Report two-mic-ae, section 3.1. A recording stands in the pool once per SNR: with `apart`, none
    that is tested trains; without, clips are drawn as if they were unrelated. A pool that has too
    few clips gives a quarter of its normal ones to the test.
    """
    rng = generator("random_draw", sorted({unit.machine for unit in pool}))
    clips = [(unit, clip) for unit, clips in pool.items() for clip in clips]
    shuffled = [clips[index] for index in rng.permutation(len(clips))]
    normal = [pair for pair in shuffled if pair[1].label == "normal"]
    abnormal = [pair for pair in shuffled if pair[1].label == "abnormal"]
    if len(normal) < train + test:
        test = min(test, len(normal) // 4)
    tested = normal[:test]
    heard = {recordings[unit, clip.name] for unit, clip in tested}
    rest = [
        (unit, clip)
        for unit, clip in normal[test:]
        if not (apart and recordings[unit, clip.name] in heard)
    ]
    for role, pairs in (("test", [*tested, *abnormal[:test]]), ("train", rest[:train])):
        for unit, clip in pairs:
            yield unit, clip, role
