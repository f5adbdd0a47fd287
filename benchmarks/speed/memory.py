"""By how much the peak memory of a training grows with its clips, in processes of its own.

The peer is the loop of `autoencoders`: all windows stored, in double precision, as the DCASE
baseline has them.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import torch

from mimii_bench.systems.dcase_autoencoder import DcaseAutoencoder
from speed import autoencoders
from speed.contests import Contest, Run, Target

FEW, MANY, BINS, BATCH, CONTEXT = 200, 600, 128, 256, 5


def contests() -> Iterator[Contest]:
    """Yield one: ours with two lengths of windows, and the peer's."""
    runs = {
        "ours": peak_of(ours, CONTEXT),
        "ours, windows of twice the frames": peak_of(ours, 2 * CONTEXT),
        "every window stored, in double precision": peak_of(peer, CONTEXT),
    }
    targets = [
        Target("ours", "every window stored, in double precision", 0.25, "at most"),
        Target("ours, windows of twice the frames", "ours", 1.1, "at most"),
    ]
    yield Contest("memory that a clip takes in a training", "kB a clip", runs, targets)


def peak_of(train: Callable[[np.ndarray, int], None], context: int) -> Run:
    """Return a run that trains in a process of its own."""

    def run() -> float:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
            return alone.submit(_growth, train, context).result()

    return run


def _growth(train: Callable[[np.ndarray, int], None], context: int) -> float:
    """Return the kB by which the peak of this process grows with a clip beyond the first."""
    torch.set_num_threads(1)
    peaks = []
    for clips in (FEW, MANY):
        frames = np.empty((clips, autoencoders.FRAMES, BINS), np.float32)
        np.random.default_rng(0).standard_normal(dtype=np.float32, out=frames)
        train(frames, context)
        peaks.append(_peak())
    return (peaks[1] - peaks[0]) / (MANY - FEW)


def _peak() -> int:
    """Return the kB that this process has held at most; `getrusage` would count its parent's."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0])


def ours(frames: np.ndarray, context: int) -> None:
    """Train the DCASE autoencoder for some steps, its covariance included."""
    options = {"epochs": 10**6, "batch_size": BATCH, "max_steps": 20, "context": context}
    DcaseAutoencoder(**options).fit(frames)


def peer(frames: np.ndarray, context: int) -> None:
    """Train the same network as the peer does."""
    windows = autoencoders.Windows(autoencoders.all_windows(frames), 1)
    autoencoders.loop(autoencoders.dcase_network(), windows, BATCH, autoencoders.dcase_loss, 20)
