"""The parts of a set that is split already."""

from mimii_bench.splits.base import Pool, Recordings, Roles, Split
from mimii_bench.util.errors import UserError


class GivenParts(Split):
    """Train and test on the parts that the set itself has (DCASE).

    The split of the leaderboard on such a set.
    """

    def roles(self, pool: Pool, recordings: Recordings | None = None) -> Roles:
        """Yield unit, clip and role."""
        for unit, clips in pool.items():
            for clip in clips:
                if not clip.part:
                    raise UserError(
                        f"{unit.path}/{clip.name}: its set has no parts for training and testing; "
                        "choose another split"
                    )
                yield unit, clip, clip.part
