"""How report complex-net's attention is shared between magnitudes and complex channels.

    .venv/bin/python benchmarks/attention_weights.py results/scores/complex_net
    .venv/bin/python benchmarks/attention_weights.py --recordings ../shared/data/mimii/-6dB

The attention is a softmax over eight channels: four of the magnitude branch, four of the complex
one, whose sum is told here; .5 is even. Of a folder of scores, every file `attention_complex.csv`
is a line: one training, its test clips. Of recordings, FLAC files in `{machine}/id_{id}/{label}/`,
the network is trained on the normal ones, a few steps long, with several seeds: are machines
further apart than seeds? Prints the second table of the section on attention in
reports/complex_net/README.md; a quarter of an hour on one core.
"""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import pandas as pd
import soundfile
import torch
import yaml

from mimii_bench.audio.mixes import apply_mix, parse_mix
from mimii_bench.corpus.mimii import SAMPLE_RATE
from mimii_bench.evaluation.scores import read_scores
from mimii_bench.features.build import build_feature
from mimii_bench.systems.id_classifier import IdClassifier

ROOT = Path(__file__).resolve().parents[1]
SPEC = yaml.safe_load((ROOT / "reports/complex_net/report.yaml").read_text())
SYSTEM, KIND = "id_complex_deep_attention", "attention_complex"
#: Not the report's: 24 clips of a machine allow no more, and at 1e-4 as few steps move nothing.
SCHEDULE = {"batch_size": 12, "learning_rate": 0.001, "epochs": 10**6}


def of_scores(folder: Path) -> pd.DataFrame:
    """Return a line for every training below a folder of scores, of its test clips."""
    lines = []
    for path in sorted(folder.rglob(f"{KIND}.csv")):
        clips = read_scores([path]).query("role == 'test'")
        line = {"training": str(path.parent.relative_to(folder))}
        for label, shares in clips.groupby("label", sort=False)["score"]:
            line |= told(label, shares.to_numpy())
        lines.append(line)
    return pd.DataFrame(lines)


def told(label: str, shares: np.ndarray) -> dict[str, str]:
    """Return the mean and deviation of shares (clip,), and how many of them are above half."""
    return {
        f"{label} clips": str(len(shares)),
        f"{label}: mean": f"{shares.mean():.3f}",
        f"{label}: deviation": f"{shares.std():.3f}",
        f"{label}: above .5": f"{(shares > 0.5).mean():.2f}",
    }


def recordings(folder: Path, label: str) -> Iterator[tuple[np.ndarray, str]]:
    """Yield the spectra and the id of every clip of a label, as the system takes them."""
    (source,) = SPEC["systems"][SYSTEM]["inputs"]
    feature, mix = (
        build_feature(SPEC["features"][source["feature"]], SAMPLE_RATE),
        parse_mix(source["mix"]),
    )
    for path in sorted(folder.glob(f"id_*/{label}/*.flac")):
        samples = apply_mix(mix, soundfile.read(path, dtype="int16")[0])
        yield feature.transform(samples), path.parts[-3].removeprefix("id_")


def trained(clips: list[tuple], seed: int, steps: int) -> IdClassifier:
    """Return the report's network, trained for a few steps on normal clips."""
    options = SPEC["systems"][SYSTEM]["options"] | SCHEDULE | {"max_steps": steps}
    spectra, ids = zip(*clips, strict=True)
    return IdClassifier(**options, seed=seed).fit(np.stack(spectra), np.array(ids))


def of_recordings(folder: Path, seeds: int, steps: int) -> pd.DataFrame:
    """Return a line for every machine in a folder: the share after training with each seed."""
    lines = []
    for machine in sorted(path for path in folder.iterdir() if path.is_dir()):
        clips = {label: list(recordings(machine, label)) for label in ("normal", "abnormal")}
        runs = [trained(clips["normal"], seed, steps) for seed in range(seeds)]
        line = {"machine": machine.name, "last loss": means(r.history_[-1].loss for r in runs)}
        for label, own in clips.items():
            line[f"{label} clips"] = str(len(own))
            line[label] = means(run.score(own)[KIND].mean() for run in runs)
        lines.append(line)
    return pd.DataFrame(lines)


def means(numbers: Iterator[float]) -> str:
    """Return one number for each seed, in a cell."""
    return ", ".join(f"{number:.3f}" for number in numbers)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("scores", nargs="?", type=Path, help="a folder of scores")
    parser.add_argument("--recordings", type=Path, help="a folder of recordings, to train on")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--steps", type=int, default=40)
    given = parser.parse_args()
    torch.set_num_threads(1)
    if given.scores:
        print(of_scores(given.scores).to_markdown(index=False, disable_numparse=True))
    if given.recordings:
        found = of_recordings(given.recordings, given.seeds, given.steps)
        print(found.to_markdown(index=False, disable_numparse=True))


if __name__ == "__main__":
    main()
