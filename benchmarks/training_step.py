"""One training step of the DCASE autoencoder against a peer's loop and against its matrix products.

    .venv/bin/python benchmarks/training_step.py

The peer's loop is that of published baselines: every window is stored, a DataLoader collects the
vectors of a batch one by one, `torch.optim.Adam` steps, and anomaly detection is on. The limit is
the time of the step's matrix products alone (forward, and both of backward), with nothing between
them. Same network, batch, threads and data for all three; the median of five rounds that take
turns, so that a slow moment hits all alike.
"""

import argparse
import statistics
import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from mimii_bench.systems.base import normalised_layers
from mimii_bench.systems.dcase_autoencoder import BATCH_NORM, DcaseAutoencoder

BATCH, FRAMES, BINS, CONTEXT, CLIPS = 256, 313, 128, 5, 8
SIZES = [640, 128, 128, 128, 128, 8, 128, 128, 128, 128, 640]


def clips() -> np.ndarray:
    """Frames (clip, frame, bin) of noise: what is learned takes no time."""
    return np.random.default_rng(0).standard_normal((CLIPS, FRAMES, BINS), dtype=np.float32)


def ours(frames: np.ndarray, steps: int) -> float:
    """Seconds per step of `DcaseAutoencoder.fit`, its covariance pass included in neither."""
    system = DcaseAutoencoder(
        epochs=10**6, batch_size=BATCH, learning_rate=1e-3, max_steps=steps, context=CONTEXT
    )
    training, watched = system._windows((frames,), None)
    start = time.perf_counter()
    system._train(training, watched)
    return (time.perf_counter() - start) / steps


def peer(frames: np.ndarray, steps: int) -> float:
    """Seconds per step of a loop over a DataLoader of single vectors, anomaly detection on."""
    windows = np.lib.stride_tricks.sliding_window_view(frames, CONTEXT, axis=1)
    vectors = torch.from_numpy(windows.swapaxes(2, 3).reshape(-1, CONTEXT * BINS).copy())
    network = nn.Sequential(*normalised_layers(SIZES, linear_output=True, **BATCH_NORM))
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-3)
    loader = DataLoader(TensorDataset(vectors), batch_size=BATCH, shuffle=True, drop_last=True)
    done, start = 0, time.perf_counter()
    with torch.autograd.set_detect_anomaly(True):
        while done < steps:
            for (batch,) in loader:
                optimiser.zero_grad()
                loss = nn.functional.mse_loss(network(batch), batch)
                loss.backward()
                optimiser.step()
                loss.item()
                done += 1
                if done == steps:
                    break
    return (time.perf_counter() - start) / steps


def products(steps: int) -> float:
    """Seconds of the matrix products of one step."""
    layers = [
        (torch.randn(BATCH, wide), torch.randn(wide, narrow), torch.randn(BATCH, narrow))
        for wide, narrow in pairwise(SIZES)
    ]
    start = time.perf_counter()
    for _ in range(steps):
        for place, (inputs, weights, gradient) in enumerate(layers):
            inputs @ weights
            gradient.T @ inputs
            if place:
                gradient @ weights.T
    return (time.perf_counter() - start) / steps


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--steps", type=int, default=200)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    frames = clips()
    runs = {
        "ours": lambda: ours(frames, options.steps),
        "DataLoader, anomaly detection": lambda: peer(frames, options.steps),
        "matrix products alone": lambda: products(options.steps),
    }
    rounds = {name: [] for name in runs}
    for _ in range(5):
        for name, run in runs.items():
            rounds[name].append(run())
    median = {name: statistics.median(times) for name, times in rounds.items()}
    print(f"batch {BATCH}, {options.threads} thread(s), ms a step (and against ours)")
    for name, seconds in median.items():
        print(f"{name:32} {1000 * seconds:8.2f}   {seconds / median['ours']:.2f}")


if __name__ == "__main__":
    main()
