"""Histograms hold every clip, curves every point, charts the counts that the tables have."""

import numpy as np
import pytest

from figures.pictures import GAMMA_RULE, bars, lines, scored
from mimii_bench.evaluation.metrics import Sample, measure
from mimii_bench.evaluation.thresholds import GammaThreshold
from mimii_bench.figures.canvas import LABEL_COLOURS
from mimii_bench.figures.scores import (
    ConfusionChart,
    GammaFit,
    Histogram,
    Roc,
    bin_edges,
    gamma_density,
)
from mimii_bench.util.errors import UserError

RNG = np.random.default_rng(0)
NORMAL, ABNORMAL = RNG.gamma(9, 0.1, 300), RNG.gamma(9, 0.14, 80)


def test_the_bars_of_a_histogram_count_every_clip_of_their_label():
    (panel,) = Histogram().draw([scored(NORMAL, ABNORMAL, 1.1)]).axes
    found = bars(panel)
    assert {label: heights.sum() for label, (heights, _) in found.items()} == {
        "normal": 300,
        "abnormal": 80,
    }
    heights, edges = found["abnormal"]
    np.testing.assert_array_equal(edges, found["normal"][1])
    inside = [score for score in ABNORMAL if edges[2] <= score < edges[3]]
    assert heights[2] == len(inside) > 0


def test_labels_have_their_colours():
    (panel,) = Histogram().draw([scored()]).axes
    colours = {p.get_label(): p.get_facecolor() for p in panel.patches if p.get_label()}
    for label, colour in LABEL_COLOURS.items():
        red, green, blue, _ = colours[label]
        assert [red, green, blue] == pytest.approx(
            [int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5)]
        )


def test_shares_sum_to_one_for_each_label():
    (panel,) = Histogram(share=True).draw([scored(NORMAL, ABNORMAL)]).axes
    for heights, _ in bars(panel).values():
        assert heights.sum() == pytest.approx(1)


def test_the_threshold_stands_where_it_is_and_only_where_it_is_wanted():
    (panel,) = Histogram().draw([scored(threshold=2.2)]).axes
    assert lines(panel)["threshold 2.2"][0].tolist() == [2.2, 2.2]
    for figure in (
        Histogram(threshold=False).draw([scored(threshold=2.2)]),
        Histogram().draw([scored(threshold=None)]),
    ):
        assert not figure.axes[0].lines


def test_few_clips_have_few_bars_and_outliers_do_not_make_thousands():
    assert len(bin_edges(np.arange(8.0), 60)) < 8
    heavy = np.append(RNG.normal(size=5000), 1000)
    assert len(bin_edges(heavy, 60)) == 61
    assert bin_edges(heavy, 60)[-1] == 1000


def test_the_gamma_density_integrates_to_one_and_is_the_fitted_one():
    x, density = gamma_density(NORMAL)
    assert np.trapezoid(density, x) == pytest.approx(1, abs=1e-3)
    fit = GammaThreshold(p=0.1).fit(NORMAL)
    mean = np.trapezoid(x * density, x)
    assert mean == pytest.approx(fit.shape_ * fit.scale_, rel=1e-3)
    below = x <= fit.threshold_
    assert np.trapezoid(density[below], x[below]) == pytest.approx(0.9, abs=0.01)


def test_the_gamma_picture_shows_the_clips_the_density_and_the_cutoff():
    cutoff = GammaThreshold(p=0.1).fit(NORMAL).threshold_
    (panel,) = GammaFit().draw([scored(NORMAL, [], cutoff, rule=GAMMA_RULE)]).axes
    heights, edges = bars(panel)["300 clips"]
    assert (heights * np.diff(edges)).sum() == pytest.approx(1)
    drawn = lines(panel)
    assert drawn[f"threshold {cutoff:.3g}"][0].tolist() == [cutoff, cutoff]
    np.testing.assert_array_equal(drawn["fitted gamma density"], gamma_density(NORMAL))


@pytest.mark.parametrize("rule", [None, {"class": "thresholds.FixedThreshold", "value": 1}])
def test_a_threshold_of_no_gamma_fit_is_refused(rule):
    with pytest.raises(UserError, match=r"scores\.GammaFit: the threshold of fan is no"):
        GammaFit().draw([scored(NORMAL, [], rule=rule)])


def test_the_roc_curve_is_that_of_the_metrics_and_names_its_auc():
    part = scored(NORMAL, ABNORMAL, 1.1)
    (panel,) = Roc().draw([part]).axes
    sample = Sample(part.labels, part.scores)
    (name,) = lines(panel)
    fpr, tpr = lines(panel)[name]
    np.testing.assert_array_equal(fpr, sample.roc()[0][0])
    np.testing.assert_array_equal(tpr, sample.roc()[1][0])
    assert np.trapezoid(tpr, fpr) == pytest.approx(measure(sample, "auc")[0])
    assert name == f"fan: AUC {measure(sample, 'auc')[0]:.3f}, dot at 1.1"


def test_the_dot_of_the_threshold_lies_on_its_curve():
    part = scored(NORMAL, ABNORMAL, 1.1)
    (panel,) = Roc().draw([part]).axes
    (dot,) = [line for line in panel.lines if line.get_marker() == "o"]
    place = (dot.get_xdata().item(), dot.get_ydata().item())
    assert place == ((NORMAL > 1.1).mean(), (ABNORMAL > 1.1).mean())
    curve = next(iter(lines(panel).values()))
    assert place in set(zip(*map(np.ndarray.tolist, curve), strict=True))


def test_several_curves_share_a_panel_and_differ_in_colour_and_dashes():
    (panel,) = Roc().draw([scored(title=title, threshold=None) for title in "abc"]).axes
    curves = [line for line in panel.lines if not line.get_label().startswith("_")]
    assert [line.get_label() for line in curves] == [f"{t}: AUC 0.833" for t in "abc"]
    assert len({line.get_color() for line in curves}) == 3
    assert len({str(line.get_linestyle()) for line in curves}) == 3


def test_a_curve_needs_both_labels():
    with pytest.raises(UserError, match=r"scores\.Roc: fan has clips of one label only"):
        Roc().draw([scored(abnormal=())])


def test_the_chart_holds_the_counts_and_the_share_of_each_row():
    (panel,) = ConfusionChart().draw([scored((1, 2, 3), (2.5, 4, 0, 5), 2.2)]).axes
    cells = {tuple(map(int, t.get_position())): t.get_text() for t in panel.texts}
    assert cells == {(0, 0): "2\n67%", (1, 0): "1\n33%", (0, 1): "1\n25%", (1, 1): "3\n75%"}
    np.testing.assert_allclose(panel.images[0].get_array(), [[2 / 3, 1 / 3], [1 / 4, 3 / 4]])
    assert [tick.get_text() for tick in panel.get_yticklabels()] == ["normal", "abnormal"]
    assert panel.get_title() == "fan\nthreshold 2.2"


def test_a_chart_needs_a_threshold():
    with pytest.raises(UserError, match=r"scores\.ConfusionChart: fan has no threshold"):
        ConfusionChart().draw([scored(threshold=None)])


def test_no_bar_lies_across_the_threshold():
    scores = np.array([0.05, 0.06, 0.09, 0.1, 0.3, 0.6])
    for threshold in (0.101, 0.5):
        edges = bin_edges(scores, 60, threshold)
        assert np.isclose(edges, threshold).any()
        assert edges[0] <= scores.min()
        assert edges[-1] >= scores.max() - 1e-12
        counts = np.histogram(scores, edges)[0]
        above = edges[:-1] >= threshold - 1e-12
        assert counts[above].sum() == (scores > threshold).sum()
