"""How busy a GPU is kept, and how fast frames reach it; nothing where there is none.

By the clock: what a device does takes no CPU time.
"""

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch

from mimii_bench.features.store import load_clips
from mimii_bench.features.writing import build_store
from mimii_bench.systems.dcase_autoencoder import DcaseAutoencoder
from mimii_bench.systems.learning import loop
from mimii_bench.systems.learning.windows import windows_of
from speed.autoencoders import CONTEXT, noise
from speed.contests import Contest, Run, Target
from speed.recordings import clip, wav

STEPS, BATCH, CLIPS = 300, 256, 64


def contests() -> Iterator[Contest]:
    """Yield those of the first GPU."""
    if torch.cuda.is_available():
        yield from contests_on(torch.device("cuda"))
    else:
        print("no GPU that torch finds: nothing of one is measured", file=sys.stderr)


def contests_on(device: torch.device) -> Iterator[Contest]:
    """Yield those of a device: training with and without what is around its steps, and stores."""
    frames = noise(128)
    yield Contest(
        f"training on {device}, 640 inputs",
        "ms a step",
        {
            "ours": waited(lambda: train(device, frames), device, 1000 / STEPS),
            "its steps alone": waited(lambda: steps(device, frames), device, 1000 / STEPS),
        },
        [Target("its steps alone", "ours", 0.8, "at least")],
    )
    with tempfile.TemporaryDirectory() as name:
        store, plain = write_frames(Path(name))
        clips = [(0, f"normal/{number:08d}") for number in range(CLIPS)]
        runs = {
            "ours": lambda: windows_of([load_clips([store], clips)], CONTEXT, device),
            "a memory map": lambda: torch.from_numpy(np.load(plain, mmap_mode="c")).to(
                device, copy=True
            ),
        }
        yield Contest(
            f"a feature store to {device}",
            "ms a clip",
            {name: waited(run, device, 1000 / CLIPS) for name, run in runs.items()},
            [Target("ours", "a memory map", 1.1, "at most")],
        )


def waited(work: Callable[[], object], device: torch.device, scale: float) -> Run:
    """Return a run that does `work`, and returns `scale` times the seconds until it is done."""

    def run() -> float:
        start = time.perf_counter()
        work()
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        return scale * (time.perf_counter() - start)

    return run


def new_system(device: torch.device) -> DcaseAutoencoder:
    """Return what is trained for `STEPS` steps."""
    schedule = {"epochs": 10**6, "batch_size": BATCH, "max_steps": STEPS}
    return DcaseAutoencoder(context=CONTEXT, **schedule, device=str(device))


def train(device: torch.device, frames: np.ndarray) -> None:
    """Train as `fit` does, without what follows."""
    system = new_system(device)
    system._train(*system._windows((frames,), None))


def steps(device: torch.device, frames: np.ndarray) -> None:
    """Take the same steps on one batch, which lies on the device from the first on."""
    system = new_system(device)
    training, _ = system._windows((frames,), None)
    [batch] = training.take(torch.arange(BATCH))
    batch = batch.to(device)
    system._net = system._build(system._inputs, torch.Generator()).to(device)
    optimiser, learn = loop.Adam(system._net.parameters(), system.options), system._learning()
    for _ in range(STEPS):
        optimiser.zero_grad()
        learn(1.0, batch)
        optimiser.step(1e-3)


def write_frames(folder: Path) -> tuple[Path, Path]:
    """Write log-mel frames of clips as a store, and as a plain array."""
    audio = folder / "audio" / "normal"
    audio.mkdir(parents=True)
    sound = wav((32768 * clip()[:, None]).astype(np.int16))
    for number in range(CLIPS):
        (audio / f"{number:08d}.wav").write_bytes(sound)
    build_store({"class": "logmel.LogMel", "n_mels": 128}, audio.parent, folder / "store.h5")
    frames = load_clips([folder / "store.h5"], [(0, f"normal/{n:08d}") for n in range(CLIPS)])
    np.save(folder / "frames.npy", frames)
    return folder / "store.h5", folder / "frames.npy"
