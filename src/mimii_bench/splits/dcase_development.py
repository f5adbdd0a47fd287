"""A split of the sizes of the DCASE 2020 development set."""

from typing import Annotated

from pydantic import Field

from mimii_bench.splits.base import Pool, Recordings, Roles, Split


class DcaseDevelopment(Split):
    """Test on all abnormal clips and `test_normal` normal ones of each unit, the first by name.

    The sizes of the DCASE 2020 development set. Which of MIMII's clips it took is not known, its
    numbers being new ([ours]: the first). A unit with fewer than three times as many normal clips
    gives a third of them. In the DCASE set itself, its own parts are the roles.
    """

    class Options(Split.Options):
        """How many clips test."""

        test_normal: Annotated[
            int, Field(ge=1, description="Normal clips of each unit that test, if it has enough.")
        ]

    def roles(self, pool: Pool, recordings: Recordings | None = None) -> Roles:
        """Yield unit, clip and role."""
        for unit, clips in pool.items():
            normal = [clip for clip in clips if clip.label == "normal"]
            held_out = min(self.options.test_normal, len(normal) // 3)
            for place, clip in enumerate(normal):
                yield unit, clip, clip.part or ("test" if place < held_out else "train")
            for clip in clips:
                if clip.label == "abnormal":
                    yield unit, clip, "test"
