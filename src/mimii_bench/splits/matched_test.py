"""The split of the MIMII baseline's released code."""

from mimii_bench.splits.base import Pool, Recordings, Roles, Split


class MatchedTest(Split):
    """Test on all abnormal clips and as many normal ones, the first by name; train on the rest.

    The split of the MIMII baseline's released code. In a corpus that is split already (DCASE),
    the corpus's own parts are the roles.
    """

    def roles(self, pool: Pool, recordings: Recordings | None = None) -> Roles:
        """Yield unit, clip and role."""
        for unit, clips in pool.items():
            normal = [clip for clip in clips if clip.label == "normal"]
            abnormal = [clip for clip in clips if clip.label == "abnormal"]
            for place, clip in enumerate(normal):
                yield unit, clip, clip.part or ("test" if place < len(abnormal) else "train")
            for clip in abnormal:
                yield unit, clip, "test"
