"""One training of one system on one pool: what a training job does between its files."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mimii_bench.corpus.layout import Unit
from mimii_bench.evaluation.scores import write_scores
from mimii_bench.features.store import (
    FeatureStore,
    Frames,
    FrameSource,
    build_features,
    load_clips,
)
from mimii_bench.splits.manifests import SplitRow
from mimii_bench.util.atomic import replacing
from mimii_bench.util.records import write_rows

#: One mapping per input of the system: unit -> its feature store.
Stores = Sequence[dict[Unit, FrameSource]]


def stores_by_input(
    paths: Sequence[Path | str], units: Sequence[Unit], features: Sequence | None = None
) -> Stores:
    """Arrange a flat list of stores, all units of the first input first, by input and unit.

    `features` has for each input the feature to compute of its stores, which hold samples, or
    None where they hold the frames.
    """
    groups = [paths[start : start + len(units)] for start in range(0, len(paths), len(units))]
    features = features or [None] * len(groups)
    return [
        dict(zip(units, [_source(path, feature) for path in group], strict=True))
        for group, feature in zip(groups, features, strict=True)
    ]


def _source(path: Path | str, feature) -> FrameSource:
    return Frames(path, feature) if feature else path


def read_pools(
    pools: Mapping[str, Sequence[tuple]],
    paths: Sequence[Path | str],
    computed: Sequence[dict | None],
) -> tuple[dict[str, list[Unit]], Stores]:
    """Return the units of each pool by its path, and the stores of all of them.

    `pools` has the fields of each unit, `paths` the stores as `stores_by_input` takes them, and
    `computed` for each input the description of the feature to compute of its stores, or None.
    """
    by_path = {path: [Unit(*fields) for fields in units] for path, units in pools.items()}
    units = [unit for pool in by_path.values() for unit in pool]
    return by_path, stores_by_input(paths, units, build_features(computed, paths[:: len(units)]))


def of_units(stores: Stores, units: Collection[Unit]) -> Stores:
    """Return the stores of some units alone."""
    return [{u: source for u, source in by_unit.items() if u in units} for by_unit in stores]


class Outputs(NamedTuple):
    """What a training writes; `scores` is a folder with one CSV per kind of score."""

    weights: Path | str
    description: Path | str
    history: Path | str
    scores: Path | str


def run(
    system, rows: Sequence[SplitRow], stores: Stores, roles: Collection[str], outputs: Outputs
) -> None:
    """Fit `system`, score every clip of the manifest, and write all that comes of it."""
    fit(system, rows, stores, roles)
    with replacing(outputs.scores) as folder:
        for name, scores in score(system, rows, stores).items():
            write_scores(rows, scores, Path(folder, f"{name}.csv"))
    write_rows(outputs.history, system.history_[0]._fields, system.history_)
    system.save(outputs.weights, outputs.description)


def fit(
    system, rows: Sequence[SplitRow], stores: Stores, roles: Collection[str] = ("train",)
) -> None:
    """Fit `system` on the clips of a manifest that have one of the `roles`.

    Abnormal ones train only what learns the label. Validation clips, unless they are among these,
    watch the loss. A system that learns a column of the manifest (`learns`) is given it as targets,
    and validation clips end in theirs.
    """
    usable = [row for row in rows if row.label == "normal" or system.learns == "label"]
    training = [row for row in usable if row.role in roles]
    validation = [row for row in usable if row.role == "validation" and row.role not in roles]
    watched = (*_inputs(validation, stores), *_targets(system, validation)) if validation else None
    system.fit(*_inputs(training, stores), *_targets(system, training), validation=watched)


def score(system, rows: Sequence[SplitRow], stores: Stores) -> dict[str, np.ndarray]:
    """Return every score of every clip of a manifest; the clips are read one at a time."""
    return system.score(read_clips(system, rows, stores))


def read_clips(system, rows: Sequence[SplitRow], stores: Stores) -> Iterator[tuple]:
    """Yield the clips of a manifest one at a time, as the system's `score` takes them.

    A system that learns which unit a clip is of (`learns = "id"`) is told it with each clip.
    """
    with ExitStack() as stack:
        opened = [
            {unit: stack.enter_context(FeatureStore(path)) for unit, path in by_unit.items()}
            for by_unit in stores
        ]
        for row in rows:
            inputs = tuple(by_unit[row.unit].read(row.clip) for by_unit in opened)
            yield (*inputs, row.id) if system.learns == "id" else inputs


def _inputs(rows: Sequence[SplitRow], stores: Stores) -> tuple[np.ndarray, ...]:
    return tuple(_load(rows, by_unit) for by_unit in stores)


def _targets(system, rows: Sequence[SplitRow]) -> tuple[np.ndarray, ...]:
    return (np.array([getattr(row, system.learns) for row in rows]),) if system.learns else ()


def _load(rows: Sequence[SplitRow], by_unit: dict[Unit, FrameSource]) -> np.ndarray:
    units = list(by_unit)
    clips = [(units.index(row.unit), row.clip) for row in rows]
    return load_clips(list(by_unit.values()), clips)
