"""What the systems of report complex_net cost: time for an example, and memory.

    .venv/bin/python benchmarks/id_classifier_step.py [--device cuda] [--steps 3] [--rounds 3]

Each system, as report.yaml has it, is trained on noise for one step and for some more; the
difference is the time of the steps. On the CPU it is CPU time, which other work on the machine
changes less than the clock, on CUDA the clock; of the rounds the quickest one counts. What follows
from it for the whole corpus at -6 dB is computed, not run. Memory is the peak of a process of its
own: resident without the spectra, to which those of the training clips come, or on CUDA allocated
on the GPU.
"""

import argparse
import os
import resource
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import torch
import yaml

from mimii_bench.corpus.mimii import COUNTS, IDS, SAMPLE_RATE, SAMPLES
from mimii_bench.features.build import build_feature
from mimii_bench.systems.id_classifier import IdClassifier
from mimii_bench.systems.learning.segments import segment_starts

ROOT = Path(__file__).resolve().parents[1]
SPEC = yaml.safe_load((ROOT / "reports/complex_net/report.yaml").read_text())


class Cost(NamedTuple):
    """Of one system: seconds a segment, segments a clip, bytes beside the spectra and of a clip."""

    system: str
    input: str
    weights: int
    training: float
    scoring: float
    segments: int
    memory: int
    clip: int


def noise(feature: object, clips: int) -> np.ndarray:
    """Return spectra (clip, frame, bin) of noise, filled in place: a copy would be a peak."""
    spectra = np.empty((clips, feature.frames(SAMPLES), feature.n_bins), feature.dtype)
    rng = np.random.default_rng(0)
    for clip in spectra.view(np.float32):
        rng.standard_normal(dtype=np.float32, out=clip)
    return spectra


def seconds(work: Callable[[], object], device: str) -> float:
    """Return the time of `work`, which ends when its numbers are known."""
    clock = time.perf_counter if device == "cuda" else time.process_time
    start = clock()
    work()
    return clock() - start


def cost(name: str, options: argparse.Namespace) -> Cost:
    """Measure one system in this process."""
    torch.set_num_threads(options.threads)
    spec = SPEC["systems"][name]
    feature = build_feature(SPEC["features"][spec["inputs"][0]["feature"]], SAMPLE_RATE)
    spectra = noise(feature, options.clips)
    ids = np.resize(IDS, options.clips)

    def trained(steps: int) -> IdClassifier:
        schedule = spec["options"] | {"epochs": 10**6, "max_steps": steps}
        return IdClassifier(**schedule, device=options.device).fit(spectra, ids)

    # The first training also loads what later ones have; on CUDA that takes seconds.
    system = trained(1)
    rounds = [
        [seconds(lambda n=n: trained(n), options.device) for n in (1, 1 + options.steps)]
        for _ in range(options.rounds)
    ]
    once, more = np.min(rounds, axis=0)
    clips = list(zip(spectra[:4], ids[:4], strict=True))
    times = [seconds(lambda: system.score(clips), options.device) for _ in range(options.rounds)]
    segments = len(segment_starts(spectra.shape[1], spec["options"]["frames"]))
    return Cost(
        name,
        f"{spec['inputs'][0]['feature']}, {feature.n_bins} x {spec['options']['frames']}",
        system.parameters,
        (more - once) / (options.steps * spec["options"]["batch_size"]),
        min(times) / (len(clips) * segments),
        segments,
        peak(options.device, spectra.nbytes),
        spectra[0].nbytes,
    )


def peak(device: str, spectra: int) -> int:
    """Return the most bytes that this process has held, its spectra left out."""
    if device == "cuda":
        return torch.cuda.max_memory_allocated()
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - spectra


def measured(found: Cost) -> dict[str, str]:
    """Return a line of the table of what was measured."""
    return {
        "system": f"`{found.system}`",
        "input": found.input,
        "weights": f"{found.weights:,}",
        "training, ms a segment": f"{1e3 * found.training:.2g}",
        "scoring, ms a segment": f"{1e3 * found.scoring:.2g}",
        "memory beside the spectra, GB": f"{found.memory / 1e9:.2f}",
    }


def computed(found: Cost, device: str) -> dict[str, str]:
    """Return a line of the table of what follows for the whole corpus at one SNR."""
    fan = training_clips(["fan"])
    training, scoring = hours(found)
    # On CUDA the spectra stay where the CPU is.
    spectra = 0 if device == "cuda" else fan * found.clip
    return {
        "system": f"`{found.system}`",
        f"an epoch of the fan, {fan:,} clips, s": f"{fan * found.training:.3g}",
        f"{epochs(found)} epochs of 4 machines, h": f"{training:.2g}",
        "scoring, h": f"{scoring:.2f}",
        "memory, fan, GB": f"{(found.memory + spectra) / 1e9:.1f}",
    }


def hours(found: Cost) -> tuple[float, float]:
    """Return how long training takes on all machines, and scoring all clips of one SNR."""
    steps = training_clips(SPEC["units"]["machine"]) * epochs(found)
    scored = sum(map(sum, COUNTS.values())) * found.segments
    return steps * found.training / 3600, scored * found.scoring / 3600


def epochs(found: Cost) -> int:
    """Return how many epochs report.yaml gives a system."""
    return SPEC["systems"][found.system]["options"]["epochs"]


def training_clips(machines: Sequence[str]) -> int:
    """Return how many clips of the public set train at one SNR."""
    test = SPEC["split"]["test_normal"]
    return sum(normal - test for (machine, _), (normal, _) in COUNTS.items() if machine in machines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--systems", nargs="+", choices=SPEC["systems"], default=SPEC["systems"])
    parser.add_argument("--steps", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--clips", type=int, default=64, help="a multiple of the batch size")
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    load = os.getloadavg()[0]
    found = []
    for name in options.systems:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
            found.append(alone.submit(cost, name, options).result())
    for rows in (map(measured, found), (computed(one, options.device) for one in found)):
        print(pd.DataFrame(rows).to_markdown(index=False, disable_numparse=True), end="\n\n")
    training, scoring = map(sum, zip(*map(hours, found), strict=True))
    print(
        f"All together: {training:.0f} h of training, {scoring:.1f} h of scoring, for one seed.\n"
    )
    print(
        f"{options.device}, {options.threads} thread(s), torch {torch.__version__}; "
        f"load before {load:.1f}, after {os.getloadavg()[0]:.1f}"
    )


if __name__ == "__main__":
    main()
