"""Rows of the leaderboard on the few genuine clips with all eight channels.

    .venv/bin/python benchmarks/real_excerpts.py [../shared/data/mimii] [--steps 20] [--rows gmm]

The folder holds FLAC files, `{snr}/{machine}/id_{id}/{label}/`. Each normal clip of a unit is left
out in turn and the others train; of what learns ids, one of each id. Networks stop after so many
steps, embeddings, whose steps cost more, after a tenth of them, of eight clips. Prints the table of
docs/real-excerpts.md.
"""

import argparse
import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import pandas as pd

from mimii_bench.corpus.base import LABELS
from mimii_bench.corpus.mimii import SAMPLE_RATE
from mimii_bench.leaderboard.catalog import NamedSystem, named_systems
from mimii_bench.systems.base import make_system
from mimii_bench.systems.scoring import scores_by_kind
from mimii_bench.util import plugins
from mimii_bench.util.seeds import generator
from real_channels import REPLICATES, ROOT, interval, read

#: Beginnings of names: classifiers of the id, whose steps cost minutes, and what trains on all
#: machines or is of the same cost as another one.
LEFT_OUT = ("giri_", "id_", "embedding_machines", "embedding_arcface", "embedding_softmax")
#: Of an embedding: the clips of a step, and by how much fewer steps it takes.
BATCH, COST = 8, 10


@cache
def frames(folder: Path, feature: str, mix: str) -> list[np.ndarray]:
    """Return a feature, JSON of its class and options, of the clips in a folder."""
    made = plugins.build("features", {"sample_rate": SAMPLE_RATE, **json.loads(feature)})
    return [made.transform(samples) for samples in read(folder, mix)]


def clips(folder: Path, system: NamedSystem) -> list[tuple[np.ndarray, ...]]:
    """Return the inputs of every clip in a folder."""
    inputs = [(json.dumps(one["feature"]), one["mix"]) for one in system.inputs]
    return list(zip(*(frames(folder, feature, mix) for feature, mix in inputs), strict=True))


def options(system: NamedSystem, steps: int) -> dict:
    """Return a system's options, its training cut after `steps` steps."""
    fields = plugins.load("systems", system.class_name).Options.model_fields
    if "max_steps" not in fields:
        return system.options
    if system.learns is None:
        return {**system.options, "max_steps": steps}
    return {**system.options, "max_steps": max(1, steps // COST), "batch_size": BATCH}


def outranked(units: list[Path], system: NamedSystem, steps: int) -> list[dict[str, np.ndarray]]:
    """Return, of each of some units that train together, which abnormal clip outranks which normal.

    By kind of score, (normal, abnormal); ties are .5. The mean of all pairs is the AUC.
    """
    normal, abnormal = ([clips(unit / label, system) for unit in units] for label in LABELS)
    won = [{kind: [] for kind in system.kinds} for _ in units]
    for place in range(min(map(len, normal))):
        training = [(c, u) for u, own in enumerate(normal) for k, c in enumerate(own) if k != place]
        arrays = [np.stack(one) for one in zip(*(clip for clip, _ in training), strict=True)]
        names = [unit.name.removeprefix("id_") for unit in units]
        if system.learns:
            arrays.append(np.array([names[u] for _, u in training]))
        made = make_system(plugins.load("systems", system.class_name), options(system, steps))
        made.fit(*arrays)
        for u, name in enumerate(names):
            told = (name,) if system.learns else ()
            tested = [(*clip, *told) for clip in [normal[u][place], *abnormal[u]]]
            for kind, scores in scores_by_kind(made, iter(tested)).items():
                if kind in won[u]:
                    won[u][kind].append((np.sign(scores[1:] - scores[0]) + 1) / 2)
    return [{kind: np.array(rows) for kind, rows in one.items()} for one in won]


def replicates(unit: Path, won: np.ndarray) -> np.ndarray:
    """Return bootstrap replicates of a unit's AUC; the same clips for every row."""
    rng = generator("real_excerpts", *unit.parts[-3:])
    rows, columns = (rng.multinomial(n, np.full(n, 1 / n), REPLICATES) for n in won.shape)
    return np.einsum("ri,ij,rj->r", rows, won, columns) / won.size


def ranked() -> dict[str, NamedSystem]:
    """Return the systems that can take part: unsupervised ones whose steps are affordable."""
    return {
        name: system
        for name, system in named_systems().items()
        if not system.supervised and not name.startswith(LEFT_OUT)
    }


def rows(folder: Path, names: list[str], steps: int) -> Iterator[dict[str, str]]:
    """Yield a row for each kind of score of some systems: its AUC on both groups of units."""
    machines = sorted((folder / "-6dB").iterdir())
    alone = folder / "0dB/fan/id_00"
    for name in names:
        system = ranked()[name]
        found: dict[Path, dict[str, np.ndarray]] = {}
        for machine in machines:
            units = sorted(machine.glob("id_*"))
            pools = [units] if system.learns else [[unit] for unit in units]
            for pool in pools:
                found |= zip(pool, outranked(pool, system, steps), strict=True)
        other = {} if system.learns else {alone: outranked([alone], system, steps)[0]}
        for kind in system.kinds:
            row = {"row": name if len(system.kinds) == 1 else f"{name}:{kind}"}
            for title, group in (("16 units, -6 dB", found), ("fan 00, 0 dB", other)):
                row[title] = cell({unit: won[kind] for unit, won in group.items()})
            yield row


def cell(won: dict[Path, np.ndarray]) -> str:
    """Return the mean AUC of units and its interval as text; nothing of no units."""
    if not won:
        return ""
    value = np.mean([pairs.mean() for pairs in won.values()])
    draws = np.mean([replicates(unit, pairs) for unit, pairs in won.items()], axis=0)
    return interval(value, draws, "")


def main() -> None:
    """Read the command line and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = ROOT.parent / "shared/data/mimii"
    parser.add_argument("folder", type=Path, nargs="?", default=default)
    parser.add_argument("--steps", type=int, default=20, help="after which networks stop")
    parser.add_argument("--rows", nargs="+", choices=ranked(), default=list(ranked()))
    arguments = parser.parse_args()
    if not (arguments.folder / "-6dB").is_dir():
        parser.error(f"no {arguments.folder / '-6dB'}: see Data in docs/real-fans.md")
    table = pd.DataFrame(list(rows(arguments.folder, arguments.rows, arguments.steps)))
    print(table.to_markdown(index=False, disable_numparse=True))


if __name__ == "__main__":
    main()
