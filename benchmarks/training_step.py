"""One training step of the DCASE autoencoder against peers' loops and its matrix products.

    .venv/bin/python benchmarks/training_step.py [--threads 1]

Two loops stand for peers; in both every window is stored, a DataLoader collects the vectors of a
batch one by one, `torch.optim.Adam` steps, and anomaly detection is on. The first has what
nttcslab/dcase2023_task2_baseline_ae has around it: vectors in double precision, and with each of
them a label, a one-hot section, a file name and an index, which a step looks at for the losses of
source and target domain. The second has the bare vectors. The limit is the time of the step's
matrix products alone (forward, and both of backward), with nothing between them. Same network,
batch, threads and data for all; the median of five rounds that take turns, so that a slow moment
hits all alike.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from itertools import chain, islice, pairwise, repeat

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset

from mimii_bench.systems.dcase_autoencoder import DcaseAutoencoder
from mimii_bench.systems.networks.dcase import BATCH_NORM
from mimii_bench.systems.networks.layers import normalised_layers

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


class Windows(Dataset):
    """Every window in double precision, with what the DCASE baseline tells of it."""

    def __init__(self, vectors: np.ndarray, per_clip: int):
        self._vectors, self._per_clip = vectors.astype(float), per_clip
        self._sections = np.eye(3, dtype=np.float32)[np.zeros(len(vectors), int)]

    def __len__(self) -> int:
        return len(self._vectors)

    def __getitem__(self, index: int) -> tuple:
        name = f"section_00_source_train_normal_{index // self._per_clip:04d}"
        return self._vectors[index], 0, self._sections[index], name, index


def all_windows(frames: np.ndarray) -> np.ndarray:
    """All windows of all clips, each a row."""
    windows = np.lib.stride_tricks.sliding_window_view(frames, CONTEXT, axis=1)
    return np.ascontiguousarray(windows.swapaxes(2, 3)).reshape(-1, CONTEXT * BINS)


def loop(data: Dataset, loss_of: Callable, steps: int) -> float:
    """Seconds per step over a DataLoader of `data`, anomaly detection on."""
    network = nn.Sequential(*normalised_layers(SIZES, linear_output=True, **BATCH_NORM))
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-3)
    loader = DataLoader(data, batch_size=BATCH, shuffle=True, drop_last=True)
    start = time.perf_counter()
    with torch.autograd.set_detect_anomaly(True):
        for batch in islice(chain.from_iterable(repeat(loader)), steps):
            optimiser.zero_grad()
            loss = loss_of(network, batch)
            loss.backward()
            optimiser.step()
            loss.item()
    return (time.perf_counter() - start) / steps


def dcase_loss(network: nn.Module, batch: list) -> torch.Tensor:
    """The loss of a batch as in the DCASE baseline, with those of its two domains."""
    vectors, _, sections, names, _ = batch
    vectors = vectors.float()
    torch.argmax(sections, dim=1)
    target = ["target" in name for name in names]
    source = np.logical_not(target).tolist()
    errors = nn.functional.mse_loss(network(vectors), vectors, reduction="none").mean(1)
    errors[source].sum().item()
    return errors.sum() / len(errors)


def bare_loss(network: nn.Module, batch: list) -> torch.Tensor:
    """The mean squared error of a batch of vectors."""
    return nn.functional.mse_loss(network(batch[0]), batch[0])


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
    vectors = all_windows(frames)
    dcase = Windows(vectors, FRAMES - CONTEXT + 1)
    bare = TensorDataset(torch.from_numpy(vectors))
    runs = {
        "ours": lambda: ours(frames, options.steps),
        "as the DCASE 2023 baseline": lambda: loop(dcase, dcase_loss, options.steps),
        "DataLoader of bare vectors": lambda: loop(bare, bare_loss, options.steps),
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
