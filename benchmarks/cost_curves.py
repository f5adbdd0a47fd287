"""Time and memory of the stages for 1, 2, 4 and 16 times as many clips.

    .venv/bin/python benchmarks/cost_curves.py [--clips 64] [--figure docs/images/cost_curves.png]

Stubs of 10 s in a zip, so many normal and abnormal clips of one unit: to a mix (ingest), to log-mel
frames of 64 bands (features), one epoch of MIMII's dense autoencoder on all of them (training), and
their scores by it (scoring). Each in a process of its own, as its rule has it: CPU seconds, and its
memory at its peak. Prints a table in Markdown.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from _stubs import ROOT, high_water
from mimii_bench.audio.mixes import parse_mix
from mimii_bench.audio.unit import write_mix
from mimii_bench.corpus.base import Unit
from mimii_bench.corpus.simulate.archives import make_archives
from mimii_bench.corpus.simulate.bank import make_bank
from mimii_bench.corpus.simulate.description import simulation
from mimii_bench.corpus.sources import open_source
from mimii_bench.features.writing import build_store
from mimii_bench.splits.manifests import SplitRow
from mimii_bench.training.inputs import load_inputs, read_clips, stores_by_input
from mimii_bench.util.seeds import stable_seed

TIMES = (1, 2, 4, 16)
UNIT = Unit("slider", "0dB", "00")
LOGMEL = {
    "class": "logmel.LogMel",
    "n_mels": 64,
    "n_fft": 1024,
    "hop": 512,
    "padding": "constant",
}
WEIGHTS, DESCRIPTION = "weights.safetensors", "model.json"


class Cost(NamedTuple):
    """What a process took: CPU seconds, and MB at its peak."""

    seconds: float
    memory: float


def source(folder: Path):
    """Where the zip of the clips is read from."""
    return open_source(simulation(10.0), folder, UNIT.machine, UNIT.snr)


def rows(folder: Path) -> list[SplitRow]:
    """All clips, as a manifest that has them train."""
    return [SplitRow(clip.name, *UNIT, clip.label, "train") for clip in source(folder).clips()]


def ingest(folder: Path) -> None:
    """From the zip to one channel."""
    found = source(folder)
    write_mix(found, found.clips(), parse_mix("ch0"), folder / "audio")


def features(folder: Path) -> None:
    """From one channel to frames."""
    build_store(LOGMEL, folder / "audio", folder / "store.h5", sealed=True)


def training(folder: Path) -> None:
    """One epoch."""
    from mimii_bench.systems.dense_autoencoder import DenseAutoencoder

    seed = stable_seed("cost curves")
    system = DenseAutoencoder(epochs=1, batch_size=512, learning_rate=1e-3, seed=seed)
    system.fit(*load_inputs(rows(folder), stores(folder)))
    system.save(folder / WEIGHTS, folder / DESCRIPTION)


def scoring(folder: Path) -> None:
    """The scores of all clips."""
    from mimii_bench.systems.dense_autoencoder import DenseAutoencoder

    system = DenseAutoencoder.load(folder / WEIGHTS, folder / DESCRIPTION)
    system.score(read_clips(system, rows(folder), stores(folder)))


def stores(folder: Path):
    """The store of the clips, as systems read it."""
    return stores_by_input([folder / "store.h5"], [UNIT], [LOGMEL])


STAGES: dict[str, Callable[[Path], None]] = {
    one.__name__: one for one in (ingest, features, training, scoring)
}


def cost_of(stage: str, folder: Path) -> Cost:
    """Run a stage in a process of its own."""
    child = subprocess.run(
        [sys.executable, __file__, "--stage", stage, "--folder", str(folder)],
        env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Cost(*map(float, child.stdout.split()))


def measured(clips: int, folder: Path) -> dict[str, list[Cost]]:
    """The costs of every stage, for so many clips and their multiples."""
    if not (folder / "bank.h5").exists():
        make_bank(folder / "bank.h5", 0)
    found: dict[str, list[Cost]] = {stage: [] for stage in STAGES}
    for times in TIMES:
        place = folder / str(times)
        shutil.rmtree(place, ignore_errors=True)
        count = clips * times // 2
        archive = source(place).place
        archive.parent.mkdir(parents=True)
        make_archives(
            folder / "bank.h5", UNIT.machine, {UNIT.snr: archive}, [UNIT.id], count, count, 0, 10.0
        )
        for stage, costs in found.items():
            costs.append(cost_of(stage, place))
        shutil.rmtree(place)
    return found


def draw(found: dict[str, list[Cost]], clips: int, path: Path) -> None:
    """Draw time and memory over the number of clips."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    counts = [clips * times for times in TIMES]
    figure, panels = pyplot.subplots(1, 2, figsize=(8, 3.2), layout="constrained")
    for panel, field, label in zip(
        panels, Cost._fields, ("CPU time in s", "memory at its peak in MB"), strict=True
    ):
        for stage, costs in found.items():
            panel.plot(counts, [getattr(cost, field) for cost in costs], "o-", label=stage)
        panel.set(xlabel="clips of 10 s", ylabel=label, xlim=(0, None), ylim=(0, None))
        panel.spines[["top", "right"]].set_visible(False)
    panels[0].legend(frameon=False)
    path.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=150, metadata={"Software": None})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clips", type=int, default=64, help="the least number of them")
    parser.add_argument("--figure", type=Path, help="where to draw the curves")
    parser.add_argument("--folder", type=Path, default=ROOT / "results/benchmarks/cost_curves")
    parser.add_argument("--stage", choices=STAGES, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.stage:
        STAGES[asked.stage](asked.folder)
        print(time.process_time(), high_water())
        return
    asked.folder.mkdir(parents=True, exist_ok=True)
    found = measured(asked.clips, asked.folder)
    print(f"| stage | {' | '.join(f'{asked.clips * times} clips' for times in TIMES)} |")
    print(f"|---|{'---|' * len(TIMES)}")
    for stage, costs in found.items():
        cells = [f"{cost.seconds:.1f} s, {cost.memory:.0f} MB" for cost in costs]
        print(f"| {stage} | {' | '.join(cells)} |")
    if asked.figure:
        draw(found, asked.clips, asked.figure)


if __name__ == "__main__":
    main()
