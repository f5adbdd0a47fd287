"""Shares of clips: a mean and a span for each part and label, and the mean as a number."""

import numpy as np
import pytest
from matplotlib.colors import to_hex

from mimii_bench.figures.canvas import LABEL_COLOURS, write
from mimii_bench.figures.from_scores import Scored
from mimii_bench.figures.shares import Shares, summary

LABELS = np.repeat([False, True], 50)


def scored(title, middle, seed=0):
    shares = np.random.default_rng(seed).normal(middle, 0.02, 100) + 0.1 * LABELS
    return Scored(title, LABELS, shares, 0.5, None)


def test_a_summary_is_the_mean_and_the_middle_nine_tenths():
    shares = np.linspace(0, 1, 101)
    assert summary(shares) == pytest.approx((0.5, 0.05, 0.95))


def test_every_part_has_a_row_with_its_means_in_the_colours_of_the_labels():
    parts = [scored("fan", 0.6), scored("pump", 0.3, seed=1)]
    panel = Shares(label="weight").draw(parts).axes[0]
    assert [text.get_text() for text in panel.get_yticklabels()] == ["fan", "pump"]
    assert panel.get_xlabel() == "weight"
    dots = [line for line in panel.lines if line.get_marker() == "o"]
    told = {text.get_text(): to_hex(text.get_color()).upper() for text in panel.texts}
    for place, part in enumerate(parts):
        for number, label in enumerate(LABEL_COLOURS):
            mean = part.scores[part.labels == (label == "abnormal")].mean()
            dot = dots[2 * place + number]
            assert dot.get_xdata()[0] == pytest.approx(mean)
            assert abs(dot.get_ydata()[0] + place) < 0.5
            assert told[f"{mean:.3f}"] == LABEL_COLOURS[label]
    names = [text.get_text() for text in panel.get_legend().texts]
    assert names == ["normal", "abnormal"]


def test_a_part_without_a_label_has_no_line_of_it():
    only = Scored("fan", LABELS[:50], np.full(50, 0.4), None, None)
    panel = Shares(even=0.25).draw([only]).axes[0]
    assert [text.get_text() for text in panel.texts] == ["0.400"]
    assert panel.lines[0].get_xdata()[0] == 0.25


def test_it_is_drawn_the_same_every_time(tmp_path):
    for name in ("a.png", "b.png"):
        write(
            Shares(), [scored("fan", 0.6), scored("pump", 0.3)], tmp_path / name, caption="caption"
        )
    assert (tmp_path / "a.png").read_bytes() == (tmp_path / "b.png").read_bytes()
