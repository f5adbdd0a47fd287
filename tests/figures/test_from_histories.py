"""Losses are read network by network, as a training wrote them."""

import math

import numpy as np

from mimii_bench.figures.from_histories import read
from mimii_bench.systems.learning.loop import Epoch
from mimii_bench.systems.two_microphone_autoencoder import AlphaEpoch
from mimii_bench.util.records import write_sealed


def part(folder, epochs, title="ae"):
    path = folder / f"{title}.csv"
    write_sealed(path, epochs[0]._fields, epochs)
    return {"title": title, "history": str(path)}


def test_one_network_has_no_name(tmp_path):
    epochs = [Epoch(1, 4.0, 5.0), Epoch(2, 2.0, 3.0)]
    ((network,),) = read([part(tmp_path, epochs)])
    assert (network.title, network.name) == ("ae", "")
    np.testing.assert_array_equal(network.epoch, [1, 2])
    np.testing.assert_array_equal(network.loss, [4, 2])
    np.testing.assert_array_equal(network.validation_loss, [5, 3])


def test_without_validation_clips_there_is_no_validation_loss(tmp_path):
    ((network,),) = read([part(tmp_path, [Epoch(1, 4.0, math.nan)])])
    assert np.isnan(network.validation_loss).all()
    assert network.loss.tolist() == [4.0]


def test_networks_of_one_training_are_told_apart_by_what_else_the_file_has(tmp_path):
    epochs = [AlphaEpoch(a, e, a * e, math.nan) for e in (1, 2) for a in (0.1, 2.0)]
    (networks,) = read([part(tmp_path, epochs)])
    assert [network.name for network in networks] == ["alpha 0.1", "alpha 2.0"]
    np.testing.assert_allclose(networks[0].loss, [0.1, 0.2])
    np.testing.assert_allclose(networks[1].loss, [2, 4])


def test_parts_keep_their_order(tmp_path):
    parts = [part(tmp_path, [Epoch(1, 1.0, 1.0)], title) for title in ("vae", "ae")]
    assert [networks[0].title for networks in read(parts)] == ["vae", "ae"]
