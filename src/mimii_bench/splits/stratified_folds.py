"""Folds of the normal clips of each unit (report gamma-ae)."""

from typing import Annotated

from pydantic import Field

from mimii_bench.splits.base import Pool, RandomSplit, Recordings, Roles
from mimii_bench.util.seeds import generator


class StratifiedFolds(RandomSplit):
    """Deal each unit's normal clips, shuffled, to folds: one validates, one tests, the rest train.

    All abnormal clips test (report gamma-ae).

    `balanced` deals as MATLAB's cvpartition does with strata: clips are ordered by stratum, at
    random within it, and the n-th of all goes to fold 1 + n mod `folds`, so that the first one
    goes to the second fold.
    """

    class Options(RandomSplit.Options):
        """Into how many parts the clips are dealt."""

        folds: Annotated[int, Field(ge=3, description="Equal parts of each unit's normal clips.")]
        balanced: Annotated[
            bool,
            Field(
                description="Deal on from unit to unit, beginning with the fold that tests, so "
                "that the folds of all units together differ by one clip at most too."
            ),
        ] = False

    def roles(self, pool: Pool, recordings: Recordings | None = None) -> Roles:
        """Yield unit, clip and role."""
        first = 1 if self.options.balanced else 0
        for unit, clips in pool.items():
            normal = [clip for clip in clips if clip.label == "normal"]
            rng = generator(*self.key("stratified_folds", unit.machine, unit.id))
            for place, index in enumerate(rng.permutation(len(normal))):
                role = {0: "validation", 1: "test"}.get(
                    (first + place) % self.options.folds, "train"
                )
                yield unit, normal[index], role
            first += len(normal) if self.options.balanced else 0
            for clip in clips:
                if clip.label == "abnormal":
                    yield unit, clip, "test"
