"""The picture of the order joins just those rows whose difference is not real."""

from itertools import combinations

import numpy as np
import pytest

from mimii_bench.figures.ranks import CriticalDifferences, bars_over
from mimii_bench.util.errors import UserError


def standing(names, supervised="False"):
    return [
        {
            "system": name,
            "supervised": supervised,
            "mean_rank": f"{rank}",
            "rank_low": f"{rank - 0.5}",
            "rank_high": f"{rank + 0.5}",
        }
        for rank, name in enumerate(names, 1)
    ]


def pair(better, worse, real):
    return {"better": better, "worse": worse, "real": real}


def on_bars(figure):
    """The heights of the dots of each bar, and the name at each height."""
    ranks, bars = figure.axes
    names = {label.get_position()[1]: label.get_text() for label in ranks.get_yticklabels()}
    return [[names[height] for height in line.get_ydata()] for line in bars.lines]


def test_two_rows_share_a_bar_just_where_they_are_alike():
    rng = np.random.default_rng(0)
    names = [f"row{k}" for k in range(12)]
    for share in (0.0, 0.3, 0.7, 1.0):
        alike = {two for two in combinations(names, 2) if rng.random() < share}
        found = {two for bar in bars_over(names, alike) for two in combinations(bar, 2)}
        assert found == alike


def test_rows_that_are_all_alike_share_one_bar():
    assert bars_over("abcd", list(combinations("abcd", 2))) == [list("abcd")]


def test_the_picture_joins_what_is_not_real_and_nothing_else():
    pairs = [pair("a", "b", "False"), pair("a", "c", "True"), pair("b", "c", "False")]
    pairs.append(pair("x", "y", "False"))
    rows = [*standing("abc"), *standing("xy", "True")]
    figure = CriticalDifferences().draw([rows, pairs])
    assert on_bars(figure) == [["a", "b"], ["b", "c"], ["x", "y"]]
    ranks, _ = figure.axes
    dots = [line.get_xdata()[0] for line in ranks.lines if line.get_marker() == "o"]
    assert dots == [1, 2, 3, 1, 2]


def test_where_no_pair_is_judged_the_picture_says_so_and_has_no_bar():
    figure = CriticalDifferences().draw([standing("ab"), [pair("a", "b", "")]])
    assert not on_bars(figure)
    assert [text.get_text() for text in figure.axes[1].texts] == ["no pair is judged"]


def test_a_leaderboard_without_rows_is_said():
    with pytest.raises(UserError, match="the leaderboard has no row"):
        CriticalDifferences().draw([[], []])
