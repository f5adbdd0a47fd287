"""Published numbers to the right, ours upwards; a diagonal for genuine recordings alone."""

import pytest

from mimii_bench.figures.published import PublishedAndReproduced, paired
from mimii_bench.util.errors import UserError


def row(corpus="simulated", metric="auc", published="0.9", reproduced="0.7"):
    given = {"report": "mine", "metric": metric, "published": published, "corpus": corpus}
    return given | {"reproduced": reproduced, "ci_low": "0.6", "ci_high": "0.8"}


def test_only_shares_that_were_printed_and_reproduced_are_paired():
    rows = [row(), row(metric="clips"), row(published=""), row(reproduced="")]
    assert paired(rows) == rows[:1]


@pytest.mark.parametrize(("corpus", "diagonals"), [("simulated", 0), ("mimii", 1)])
def test_simulated_numbers_have_no_line_of_equality(corpus, diagonals):
    (panel,) = PublishedAndReproduced().draw([[row(corpus)], []]).axes
    lines = [tuple(map(tuple, line.get_data())) for line in panel.lines]
    assert ((0.9, 0.9), (0.6, 0.8)) in lines
    assert ((0.9,), (0.7,)) in lines
    assert lines.count(((0, 1), (0, 1))) == diagonals
    assert ("simulated" in panel.get_ylabel()) is (corpus == "simulated")


def test_nothing_to_pair_is_said():
    with pytest.raises(UserError, match="no printed number was reproduced"):
        PublishedAndReproduced().draw([[row(published="")]])
