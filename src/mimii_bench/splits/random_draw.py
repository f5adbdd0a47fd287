"""Clips drawn from a whole pool (report two-mic-ae, section 3.1)."""

from typing import Annotated, ClassVar

from pydantic import Field

from mimii_bench.splits.base import Pool, RandomSplit, Recordings, Roles
from mimii_bench.util.seeds import generator


class RandomDraw(RandomSplit):
    """Draw `test` normal and `test` abnormal clips, and `train` normal ones, from the whole pool.

    Report two-mic-ae, section 3.1. A recording stands in the pool once per SNR: with `apart`, none
    that is tested trains; without, clips are drawn as if they were unrelated. A pool that has too
    few clips gives a quarter of its normal ones to the test.
    """

    compares_recordings: ClassVar[bool] = True

    class Options(RandomSplit.Options):
        """How many clips are drawn."""

        train: Annotated[int, Field(ge=1, description="Normal clips that train, at most.")]
        test: Annotated[int, Field(ge=1, description="Clips of each label that test, at most.")]
        apart: Annotated[
            bool, Field(description="Whether no recording trains that tests at another SNR.")
        ] = True

    def roles(self, pool: Pool, recordings: Recordings | None = None) -> Roles:
        """Yield unit, clip and role; `recordings` must be given."""
        o = self.options
        rng = generator(*self.key("random_draw", sorted({unit.machine for unit in pool})))
        clips = [(unit, clip) for unit, clips in pool.items() for clip in clips]
        shuffled = [clips[index] for index in rng.permutation(len(clips))]
        normal = [pair for pair in shuffled if pair[1].label == "normal"]
        abnormal = [pair for pair in shuffled if pair[1].label == "abnormal"]
        test = o.test if len(normal) >= o.train + o.test else min(o.test, len(normal) // 4)
        tested = normal[:test]
        heard = {recordings[unit, clip.name] for unit, clip in tested}
        rest = [
            (unit, clip)
            for unit, clip in normal[test:]
            if not (o.apart and recordings[unit, clip.name] in heard)
        ]
        for role, pairs in (("test", [*tested, *abnormal[:test]]), ("train", rest[: o.train])):
            for unit, clip in pairs:
                yield unit, clip, role
