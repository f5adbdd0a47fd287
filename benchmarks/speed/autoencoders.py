"""Epochs of autoencoders on one thread, against peers' loops and against their matrix products.

Two loops stand for peers; in both every window is stored, a DataLoader collects the vectors of a
batch one by one, and `torch.optim.Adam` steps under anomaly detection. The first has what
nttcslab/dcase2023_task2_baseline_ae has around it: vectors in double precision, and with each of
them a label, a one-hot section, a file name and an index, which a step looks at for the losses of
source and target domain. The second has the bare vectors. The limit is the time of the matrix
products of a step (forward, and both of backward) with nothing between them. Same network, batch
and data for all.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice, pairwise, repeat

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset, TensorDataset

from mimii_bench.systems.dcase_autoencoder import DcaseAutoencoder
from mimii_bench.systems.dense_autoencoder import DenseAutoencoder
from mimii_bench.systems.networks.dcase import BATCH_NORM
from mimii_bench.systems.networks.layers import normalised_layers
from mimii_bench.systems.two_microphone_autoencoder import TwoMicrophoneAutoencoder
from speed.contests import Contest, Target

FRAMES, CONTEXT, CLIPS, STEPS = 313, 5, 8, 100
DENSE = [320, 64, 64, 8, 64, 64, 320]
DCASE = [640, 128, 128, 128, 128, 8, 128, 128, 128, 128, 640]

#: Work that is done `STEPS` times; returns the milliseconds of one.
Loop = Callable[[], float]


def contests() -> Iterator[Contest]:
    """Yield those of 320 and of 640 inputs, of one and of two microphones."""
    torch.set_num_threads(1)
    yield dense()
    yield dcase()
    yield two_microphones()


def dense() -> Contest:
    """320 inputs, batches of 512: the network of the MIMII baseline."""
    frames = noise(64)
    batch = 512
    system = DenseAutoencoder(epochs=10**6, batch_size=batch, max_steps=STEPS, context=CONTEXT)
    runs = {
        "ours": lambda: ours(system, (frames,)),
        "a DataLoader of bare vectors": bare(dense_network, [all_windows(frames)], batch),
        "the matrix products alone": lambda: products(list(pairwise(DENSE)), batch),
    }
    return _against_both("autoencoder, 320 inputs", runs)


def dcase() -> Contest:
    """640 inputs, batches of 256: the network of the DCASE baseline."""
    frames = noise(128)
    batch = 256
    vectors = all_windows(frames)
    data = Windows(vectors, FRAMES - CONTEXT + 1)
    system = DcaseAutoencoder(epochs=10**6, batch_size=batch, max_steps=STEPS, context=CONTEXT)
    runs = {
        "ours": lambda: ours(system, (frames,)),
        "as the DCASE 2023 baseline": lambda: loop(dcase_network(), data, batch, dcase_loss),
        "a DataLoader of bare vectors": bare(dcase_network, [vectors], batch),
        "the matrix products alone": lambda: products(list(pairwise(DCASE)), batch),
    }
    return _against_both("autoencoder, 640 inputs", runs, "as the DCASE 2023 baseline")


def two_microphones() -> Contest:
    """Twice 640 inputs: one network of report two_mic_ae."""
    inputs = noise(128), noise(128)
    batch = 256
    options = {"hidden": DCASE[1:6], "alphas": [0.5], "context": CONTEXT}
    system = TwoMicrophoneAutoencoder(epochs=10**6, batch_size=batch, max_steps=STEPS, **options)
    windows = [all_windows(frames) for frames in inputs]

    def network() -> nn.Module:
        return system._build(DCASE[0], torch.Generator().manual_seed(0))[0]

    runs = {
        "ours": lambda: ours(system, inputs),
        "a DataLoader of bare vectors": bare(network, windows, batch),
        "the matrix products alone": lambda: products(_two_microphone_layers(network()), batch),
    }
    return _against_both("autoencoder, two microphones", runs)


def _against_both(name: str, runs: dict[str, Loop], peer: str = "") -> Contest:
    peer = peer or "a DataLoader of bare vectors"
    targets = [
        Target(peer, "ours", 3, "at least"),
        Target("ours", "the matrix products alone", 1.5, "at most"),
    ]
    return Contest(name, "ms a step", runs, targets)


def noise(bins: int) -> np.ndarray:
    """Return frames (clip, frame, bin) of noise: what is learned takes no time."""
    return np.random.default_rng(0).standard_normal((CLIPS, FRAMES, bins), dtype=np.float32)


def ours(system: DenseAutoencoder, inputs: Sequence[np.ndarray]) -> float:
    """Train the networks of a system as its `fit` does, without what follows."""
    training, watched = system._windows(inputs, None)
    start = time.process_time()
    if isinstance(system, TwoMicrophoneAutoencoder):
        system.history_ = []
        system._train_one(0.5, training, watched)
    else:
        system._train(training, watched)
    return 1000 * (time.process_time() - start) / STEPS


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
    """Return all windows of all clips, each a row."""
    windows = np.lib.stride_tricks.sliding_window_view(frames, CONTEXT, axis=1)
    return np.ascontiguousarray(windows.swapaxes(2, 3)).reshape(-1, CONTEXT * frames.shape[2])


def bare(network: Callable[[], nn.Module], inputs: Sequence[np.ndarray], batch: int) -> Loop:
    """Return the loop over bare vectors of one input, or of several."""
    data = TensorDataset(*map(torch.from_numpy, inputs))
    return lambda: loop(network(), data, batch, bare_loss)


def loop(
    network: nn.Module, data: Dataset, batch: int, loss_of: Callable, steps: int = STEPS
) -> float:
    """Return the milliseconds of a step over a DataLoader of `data`, anomaly detection on."""
    optimiser = torch.optim.Adam(network.parameters(), lr=1e-3)
    loader = DataLoader(data, batch_size=batch, shuffle=True, drop_last=True)
    start = time.process_time()
    with torch.autograd.set_detect_anomaly(True):
        for given in islice(chain.from_iterable(repeat(loader)), steps):
            optimiser.zero_grad()
            loss = loss_of(network, given)
            loss.backward()
            optimiser.step()
            loss.item()
    return 1000 * (time.process_time() - start) / steps


def dcase_loss(network: nn.Module, batch: list) -> torch.Tensor:
    """Return the loss of a batch as in the DCASE baseline, with those of its two domains."""
    vectors, _, sections, names, _ = batch
    vectors = vectors.float()
    torch.argmax(sections, dim=1)
    target = ["target" in name for name in names]
    source = np.logical_not(target).tolist()
    errors = nn.functional.mse_loss(network(vectors), vectors, reduction="none").mean(1)
    errors[source].sum().item()
    return errors.sum() / len(errors)


def bare_loss(network: nn.Module, batch: list) -> torch.Tensor:
    """Return the mean squared error of a batch of vectors, summed over the inputs."""
    found = network(*batch)
    found = (found,) if isinstance(found, torch.Tensor) else found
    return sum(map(nn.functional.mse_loss, found, batch))


def products(widths: Sequence[tuple[int, int]], batch: int) -> float:
    """Return the milliseconds of the matrix products of one step of dense layers.

    `widths` are those of every layer's input and output. Layers as wide as the first one's input
    see the data, which need no gradient.
    """
    layers = [
        (
            wide != widths[0][0],
            torch.randn(batch, wide),
            torch.randn(wide, narrow),
            torch.randn(batch, narrow),
        )
        for wide, narrow in widths
    ]
    start = time.process_time()
    for _ in range(STEPS):
        for behind_another, inputs, weights, gradient in layers:
            inputs @ weights
            gradient.T @ inputs
            if behind_another:
                gradient @ weights.T
    return 1000 * (time.process_time() - start) / STEPS


def dense_network() -> nn.Module:
    """Return the network of the MIMII baseline."""
    pairs = (layer for wide, narrow in pairwise(DENSE) for layer in _dense(wide, narrow))
    return nn.Sequential(*list(pairs)[:-1])


def _dense(wide: int, narrow: int) -> tuple[nn.Module, nn.Module]:
    return nn.Linear(wide, narrow), nn.ReLU()


def dcase_network() -> nn.Module:
    """Return the network of the DCASE baseline."""
    return nn.Sequential(*normalised_layers(DCASE, linear_output=True, **BATCH_NORM))


def _two_microphone_layers(network: nn.Module) -> list[tuple[int, int]]:
    """Return the widths of every dense layer of a network."""
    linear = [module for module in network.modules() if isinstance(module, nn.Linear)]
    return [(one.in_features, one.out_features) for one in linear]
