"""The headline numbers of docs/real-fans.md, on every real clip of two fans."""

import runpy

import numpy as np
import pytest

from mimii_bench.corpus.layout import COUNTS, Unit
from samples import ROOT


@pytest.fixture(scope="module")
def folder(real_recordings):
    """The public table of the real fans, which is never committed."""
    folder = real_recordings / "fan_features"
    if not folder.is_dir():
        pytest.skip("needs the public table of log-mel statistics, ../shared/data/fan_features")
    return folder


@pytest.fixture(scope="module")
def real_fans():
    """The benchmark's functions by name."""
    return runpy.run_path(str(ROOT / "benchmarks/real_fans.py"))


def test_the_split_is_the_baseline_s(real_fans, folder):
    training, test, labels = real_fans["read_vectors"](folder, Unit("fan", "0dB", "00"))
    normal, abnormal = COUNTS["fan", "00"]
    assert training.shape == (normal - abnormal, 64)
    assert test.shape == (2 * abnormal, 64)
    assert labels.sum() == abnormal
    table = real_fans["read_table"](folder, Unit("fan", "0dB", "00"))
    first = table.loc["normal/00000000"].filter(regex="^mean_").to_numpy(float)
    assert test[0] == pytest.approx(10 * first)


@pytest.mark.parametrize(
    ("snr", "id", "neighbours", "level"),
    [
        ("6dB", "00", 0.997, 0.672),
        ("0dB", "00", 0.857, 0.536),
        ("-6dB", "00", 0.679, 0.537),
        ("-6dB", "04", 0.807, 0.544),
    ],
)
def test_neighbours_and_level_have_the_documented_auc(
    real_fans, folder, snr, id, neighbours, level
):
    training, test, labels = real_fans["read_vectors"](folder, Unit("fan", snr, id))
    for detector, expected in (("neighbours", neighbours), ("level", level)):
        scores = real_fans[detector](training, test)
        assert real_fans["auc"](labels, scores) == pytest.approx(expected, abs=1e-3)


def test_the_document_holds_what_the_command_prints(real_fans, folder):
    row = real_fans["result_row"](folder, Unit("fan", "-6dB", "00"))
    printed = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (ROOT / "docs/real-fans.md").read_text().splitlines()
        if line.startswith("|")
    ]
    assert list(row) in printed
    assert list(row.values()) in printed


def test_an_error_over_frames_is_that_of_the_mean_frame_plus_the_variance(real_fans):
    """What the table of pooling rests on, on frames that are at hand."""
    frames = np.random.default_rng(0).normal(3, 2, (50, 4))
    training = np.random.default_rng(1).normal(0, 1, (20, 4))
    over_frames = np.square(frames - training.mean(axis=0)).mean()
    pooled = real_fans["off_centre"](training, frames.mean(axis=0)[None])
    assert pooled.item() + frames.var(axis=0).mean() == pytest.approx(over_frames)
