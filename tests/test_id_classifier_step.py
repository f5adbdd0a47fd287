"""The benchmark of report complex-net's systems: what follows from a step for the whole corpus."""

import runpy
from argparse import Namespace

import numpy as np
import pytest
import torch

from mimii_bench.features.spectrum import ComplexStft
from samples import ROOT


@pytest.fixture(scope="module")
def script():
    """The script's functions by name."""
    return runpy.run_path(str(ROOT / "benchmarks/id_classifier_step.py"))


def test_noise_is_as_the_feature_would_be(script):
    spectra = script["noise"](ComplexStft(sample_rate=16_000), 2)
    assert (spectra.shape, spectra.dtype) == ((2, 313, 513), np.complex64)
    assert np.isfinite(spectra).all()
    for part in (spectra.real, spectra.imag):
        assert part.std() == pytest.approx(1, abs=0.01)


def test_the_whole_corpus_follows_from_a_step(script):
    """3,675 clips of the fan and 13,119 of all machines train 100 epochs; all 18,019 are scored."""
    cost = script["Cost"]("id_complex_deep", "complex", 858_554, 0.1, 0.01, 5, 10**9, 10**6)
    found = list(script["computed"](cost, "cpu").values())
    training, scoring = 13_119 * 100 * 0.1 / 3600, 18_019 * 5 * 0.01 / 3600
    assert found[1:] == ["368", f"{training:.2g}", f"{scoring:.2f}", "4.7"]
    assert list(script["computed"](cost, "cuda").values())[-1] == "1.0"
    (epoch,) = [name for name in script["computed"](cost, "cpu") if "3,675 clips" in name]
    assert epoch.endswith(", s")


def test_a_system_is_measured(script):
    options = Namespace(device="cpu", threads=torch.get_num_threads(), clips=32, steps=1, rounds=1)
    found = script["cost"]("giri_logmel_deep", options)
    assert (found.weights, found.segments, found.clip) == (428_829, 5, 313 * 128 * 4)
    assert 0 < found.scoring < found.training < 1
    assert list(script["measured"](found).values())[:2] == [
        "`giri_logmel_deep`",
        "logmel128, 128 x 64",
    ]
