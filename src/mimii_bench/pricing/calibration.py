"""Rates of this machine: a few steps of each system and a few clips of each feature, timed.

CPU time of one thread, not the clock's, so that other work on the machine counts as little as it
can. What is computed on is noise: a step takes as long on it as on recordings.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits

from mimii_bench.audio.wav import write_float
from mimii_bench.features.writing import build_store
from mimii_bench.planning.trainings import Protocol, TrainedSystem
from mimii_bench.pricing.rates import FeatureRate, SystemRate, network_options
from mimii_bench.pricing.work import Shape, examples, options_of
from mimii_bench.systems.base import make_system, system_class
from mimii_bench.util.plugins import load

#: Clips of noise; enough for a batch of windows, for two labels and for two ids.
CLIPS = 8
#: Seconds that the steps of a system should take.
ENOUGH = 0.5
#: And at most so many.
MOST_STEPS = 60


def features_rates(features: Mapping[str, Mapping], samples: int, rate: int) -> list[FeatureRate]:
    """Return how long features take, one for each class.

    Parameters
    ----------
    features : {name: description}
    samples, rate : int
        Of a recording, the rate in Hz.
    """
    found: dict[str, list[float]] = {}
    with tempfile.TemporaryDirectory() as folder:
        audio = Path(folder, "audio", "normal")
        audio.mkdir(parents=True)
        for number in range(CLIPS):
            noise = np.random.default_rng(number).normal(0, 0.1, samples).astype(np.float32)
            write_float(audio / f"{number:08d}.wav", noise, rate)
        for given in features.values():
            store = Path(folder, "store.h5")
            seconds = _cpu(lambda g=given, s=store: build_store(g, audio.parent, s))
            found.setdefault(given["class"], []).append(seconds / CLIPS)
    return [FeatureRate(name, float(np.mean(times)), samples) for name, times in found.items()]


def systems_to_time(protocols: Sequence[Protocol], features: Mapping) -> dict[str, TrainedSystem]:
    """Return one system of each kind that protocols train: {protocol/system: it}."""
    found: dict[str, tuple[str, TrainedSystem]] = {}
    for protocol in protocols:
        for name, system in protocol.systems.items():
            inputs = [features[source["feature"]] for source in system.inputs]
            kind = repr([system.class_name, network_options(system.options), inputs])
            found.setdefault(kind, (f"{protocol.name}/{name}", system))
    return dict(found.values())


def system_rate(
    trained: TrainedSystem, features: Sequence[Mapping], shapes: Sequence[Shape]
) -> SystemRate:
    """Return how long a system takes to learn and to score, and how large its model is.

    Parameters
    ----------
    trained : TrainedSystem
    features : sequence of mapping
        Class and options of each input's feature.
    shapes : sequence of Shape
        Of one clip of each input.
    """
    inputs, targets = _noise(shapes), _targets(trained)
    frames = [shape.frames for shape in shapes]

    def fit(steps: int):
        options = _limited(trained, steps)
        system = make_system(load("systems", trained.class_name), options, seed=0)
        return system, _cpu(lambda: system.fit(*inputs, *targets))

    def seen(steps: int) -> float:
        found = system_class(load("systems", trained.class_name))
        return examples(options_of(found, _limited(trained, steps)), CLIPS, frames)

    # What torch does once for a process is not of the first step.
    fit(1)
    _, first = fit(1)
    steps = int(np.clip(ENOUGH / max(first, 1e-4), 2, MOST_STEPS))
    system, longer = fit(steps)
    more = seen(steps) - seen(1)
    each = max(0.0, longer - first) / more if more > 0 else 0.0
    around = max(0.0, first - each * seen(1)) / CLIPS if more > 0 else first / CLIPS
    clips = _clips(inputs, targets, system.learns)
    scoring = _cpu(lambda: system.score(iter(clips))) / len(clips)
    return SystemRate(
        trained.class_name,
        network_options(trained.options),
        [dict(feature) for feature in features],
        example=each,
        clip=around,
        score=scoring,
        model_bytes=_size(system),
    )


def _cpu(run: Callable[[], object]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start


def _limited(trained: TrainedSystem, steps: int) -> dict:
    if "max_steps" not in trained.options:
        return dict(trained.options)
    return {**trained.options, "max_steps": steps}


def _noise(shapes: Sequence[Shape]) -> list[np.ndarray]:
    rng = np.random.default_rng(0)
    return [
        rng.normal(-30, 10, (CLIPS, shape.frames, shape.bins)).astype(
            np.complex64 if shape.bytes == 8 else np.float32
        )
        for shape in shapes
    ]


def _targets(trained: TrainedSystem) -> list[np.ndarray]:
    learns = getattr(load("systems", trained.class_name), "learns", None)
    names = {"id": ["00", "02"], "label": ["normal", "abnormal"]}.get(learns)
    return [np.array([names[number % 2] for number in range(CLIPS)])] if names else []


def _clips(inputs: Sequence[np.ndarray], targets: Sequence[np.ndarray], learns: str | None):
    return [
        (*(x[number] for x in inputs), *([targets[0][number]] if learns == "id" else []))
        for number in range(4)
    ]


def _size(system) -> int:
    """Return the bytes of a saved model."""
    with tempfile.TemporaryDirectory() as folder:
        files = Path(folder, "model.safetensors"), Path(folder, "model.json")
        system.save(*files)
        return sum(file.stat().st_size for file in files)


def measured(project, works) -> Iterator[FeatureRate | SystemRate]:
    """Yield the rate of every feature and system that a project's protocols have, one by one."""
    features = project.feature_files.by_name
    protocols = list(project.trainings.protocols.values())
    used = {source["feature"] for one in protocols for source, _ in one.inputs}
    of_used = {name: features[name] for name in sorted(used)}
    yield from features_rates(of_used, works.samples, project.inventory.sample_rate)
    for trained in systems_to_time(protocols, features).values():
        names = [source["feature"] for source in trained.inputs]
        yield system_rate(trained, [features[n] for n in names], [works.shape(n) for n in names])


@contextmanager
def one_thread() -> Iterator[None]:
    """Have torch and NumPy compute in one thread."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        with threadpool_limits(1):
            yield
    finally:
        torch.set_num_threads(before)
