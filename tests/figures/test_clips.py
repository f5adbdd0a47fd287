"""Which clips are drawn."""

from typing import NamedTuple

import pytest

from mimii_bench.figures.clips import DEFAULT, first_of_each
from mimii_bench.util.errors import UserError


class Named(NamedTuple):
    name: str
    label: str


CLIPS = [Named("a", "abnormal"), Named("b", "normal"), Named("c", "abnormal"), Named("d", "normal")]


@pytest.mark.parametrize(
    ("counts", "names"),
    [
        (DEFAULT, "ba"),
        ({"abnormal": 2, "normal": 1}, "acb"),
        ({"normal": 9}, "bd"),
    ],
)
def test_the_first_of_each_label_come_in_the_order_of_the_counts(counts, names):
    chosen = first_of_each(iter(CLIPS), counts, "here")
    assert "".join(clip.name for clip in chosen) == names


def test_a_label_without_clips_is_named():
    with pytest.raises(UserError, match=r"^index\.csv: there is no abnormal clip to draw"):
        first_of_each(CLIPS[1:2], DEFAULT, "index.csv")
