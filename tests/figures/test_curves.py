"""Losses are drawn as the history file has them."""

import math

import numpy as np

from figures.pictures import lines
from mimii_bench.figures import from_histories
from mimii_bench.figures.curves import Losses
from mimii_bench.systems.learning.loop import Epoch
from mimii_bench.systems.two_microphone_autoencoder import AlphaEpoch
from mimii_bench.util.records import write_sealed


def read(folder, epochs):
    path = folder / "history.csv"
    write_sealed(path, epochs[0]._fields, epochs)
    return from_histories.read([{"title": "ae", "history": path}])


def test_training_and_validation_losses_are_those_of_the_file(tmp_path):
    epochs = [Epoch(1, 4.0, 5.0), Epoch(2, 2.0, 3.0), Epoch(3, 1.0, 2.5)]
    (panel,) = Losses().draw(read(tmp_path, epochs)).axes
    drawn = lines(panel)
    np.testing.assert_array_equal(drawn["training"], ([1, 2, 3], [4, 2, 1]))
    np.testing.assert_array_equal(drawn["validation"], ([1, 2, 3], [5, 3, 2.5]))
    assert panel.get_title() == "ae"
    assert panel.get_yscale() == "linear"


def test_what_no_clip_watched_is_not_drawn(tmp_path):
    (panel,) = Losses(log=True).draw(read(tmp_path, [Epoch(1, 4.0, math.nan)])).axes
    assert set(lines(panel)) == {"training"}
    assert panel.get_yscale() == "log"


def test_networks_that_were_trained_together_have_a_colour_each(tmp_path):
    epochs = [AlphaEpoch(a, e, a * e, math.nan) for a in (0.1, 2.0) for e in (1, 2)]
    (panel,) = Losses().draw(read(tmp_path, epochs)).axes
    drawn = lines(panel)
    np.testing.assert_allclose(drawn["alpha 0.1, training"], ([1, 2], [0.1, 0.2]))
    np.testing.assert_allclose(drawn["alpha 2.0, training"], ([1, 2], [2, 4]))
    assert len({line.get_color() for line in panel.lines}) == 2


def test_more_networks_than_colours_are_all_drawn(tmp_path):
    epochs = [AlphaEpoch(float(a), 1, 1.0, math.nan) for a in range(10)]
    (panel,) = Losses().draw(read(tmp_path, epochs)).axes
    assert len(lines(panel)) == 10


def test_one_epoch_has_one_tick(tmp_path):
    figure = Losses().draw(read(tmp_path, [Epoch(1, 4.0, 5.0)]))
    figure.draw_without_rendering()
    low, high = figure.axes[0].get_xlim()
    assert [tick for tick in figure.axes[0].get_xticks() if low <= tick <= high] == [1]
