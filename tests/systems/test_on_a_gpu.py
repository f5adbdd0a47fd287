"""What a GPU computes: the same in every run, and what a processor computes but for rounding.

Skipped where there is none.
"""

import numpy as np
import pytest
import torch

from mimii_bench.systems.dense_autoencoder import DenseAutoencoder
from systems.sounds import hums

#: Of a score, between devices, after a training of few steps; a limit that was chosen.
TOLERANCE = 0.01
needs_a_gpu = pytest.mark.skipif(
    not torch.cuda.is_available(), reason="needs a GPU that torch's CUDA finds"
)


def scores(device):
    """Scores of clips by a model that was fitted on a device."""
    schedule = {"epochs": 2, "batch_size": 16, "learning_rate": 1e-3}
    system = DenseAutoencoder(hidden=[16, 4, 16], **schedule, seed=3, device=device)
    system.fit(hums(4, 7, seed=0))
    found = system.score((clip,) for clip in hums(6, 7, seed=1))
    return np.asarray(found["score"] if isinstance(found, dict) else found)


def differences(one, other):
    """By how much scores differ, as shares of them."""
    return np.abs(one - other) / np.abs(other)


@needs_a_gpu
def test_two_runs_on_a_gpu_give_the_same_bytes():
    assert scores("cuda").tobytes() == scores("cuda").tobytes()


@needs_a_gpu
def test_a_gpu_gives_the_scores_of_a_processor_within_the_tolerance():
    assert differences(scores("cuda"), scores("cpu")).max() < TOLERANCE


def test_two_runs_on_a_processor_give_the_same_bytes():
    assert scores("cpu").tobytes() == scores("cpu").tobytes()


def test_another_model_is_beyond_the_tolerance():
    """What the tolerance is for: it tells rounding from another training."""
    first = scores("cpu")
    with pytest.MonkeyPatch.context() as patch:
        made = DenseAutoencoder.__init__

        def with_another_seed(self, *, seed, **options):
            made(self, seed=seed + 1, **options)

        patch.setattr(DenseAutoencoder, "__init__", with_another_seed)
        other = scores("cpu")
    assert differences(other, first).max() > TOLERANCE
