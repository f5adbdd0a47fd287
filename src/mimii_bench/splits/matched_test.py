"""The split of the MIMII baseline's released code."""

from mimii_bench.splits.base import FirstNormalTest


class MatchedTest(FirstNormalTest):
    """Test on all abnormal clips and as many normal ones, the first by name; train on the rest.

    The split of the MIMII baseline's released code. In a corpus that is split already (DCASE),
    the corpus's own parts are the roles.
    """

    def held_out(self, normal: int, abnormal: int) -> int:
        """Return as many as there are abnormal ones."""
        return abnormal
