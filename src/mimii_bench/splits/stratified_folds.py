"""Folds of the normal clips of each unit (report gamma-ae)."""

from typing import Annotated

from pydantic import Field

from mimii_bench.splits.base import (
    Pool,
    RandomSplit,
    Recordings,
    Roles,
    machine_of,
    names_of,
    of_label,
)
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
        dealt = self._dealt(pool)
        for unit, clips in pool.items():
            normal = {clip.name: clip for clip in of_label(clips, "normal")}
            for name, role in dealt[machine_of(unit)].items():
                if name in normal:
                    yield unit, normal[name], role
            for clip in of_label(clips, "abnormal"):
                yield unit, clip, "test"

    def _dealt(self, pool: Pool) -> dict[tuple[str, str], dict[str, str]]:
        """Return the role of every normal recording, by machine and name."""
        first = 1 if self.options.balanced else 0
        dealt = {}
        for machine, names in names_of(pool, "normal").items():
            order = generator(*self.key("stratified_folds", *machine)).permutation(len(names))
            folds = ((first + place) % self.options.folds for place in range(len(names)))
            roles = ({0: "validation", 1: "test"}.get(fold, "train") for fold in folds)
            dealt[machine] = {names[index]: role for index, role in zip(order, roles, strict=True)}
            first += len(names) if self.options.balanced else 0
        return dealt
