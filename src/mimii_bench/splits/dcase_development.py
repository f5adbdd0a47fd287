"""A split of the sizes of the DCASE 2020 development set."""

from typing import Annotated

from pydantic import Field

from mimii_bench.splits.base import FirstNormalTest


class DcaseDevelopment(FirstNormalTest):
    """Test on all abnormal clips and `test_normal` normal ones of each unit, the first by name.

    The sizes of the DCASE 2020 development set. Which of MIMII's clips it took is not known, its
    numbers being new ([ours]: the first). A unit with fewer than three times as many normal clips
    gives a third of them. In the DCASE set itself, its own parts are the roles.
    """

    class Options(FirstNormalTest.Options):
        """How many clips test."""

        test_normal: Annotated[
            int, Field(ge=1, description="Normal clips of each unit that test, if it has enough.")
        ]

    def held_out(self, normal: int, abnormal: int) -> int:
        """Return `test_normal`, or a third of the normal clips where that is less."""
        return min(self.options.test_normal, normal // 3)
