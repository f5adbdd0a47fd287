"""One training of one system on one pool: what a training job does between its files."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from mimii_bench.corpus.layout import Unit
from mimii_bench.features.store import FeatureStore, load_clips
from mimii_bench.splits import Row

#: One mapping per input of the system: unit -> its feature store.
Stores = Sequence[dict[Unit, Path]]


def stores_by_input(paths: Sequence[Path | str], units: Sequence[Unit]) -> Stores:
    """Arrange a flat list of stores, all units of the first input first, by input and unit."""
    groups = [paths[start : start + len(units)] for start in range(0, len(paths), len(units))]
    return [dict(zip(units, group, strict=True)) for group in groups]


def fit(system, rows: Sequence[Row], stores: Stores) -> None:
    """Fit `system` on the training clips of a manifest; its validation clips watch the loss."""
    training, validation = (
        [row for row in rows if row.role == role] for role in ("train", "validation")
    )
    watched = tuple(_load(validation, by_unit) for by_unit in stores) if validation else None
    system.fit(*(_load(training, by_unit) for by_unit in stores), validation=watched)


def score(system, rows: Sequence[Row], stores: Stores) -> dict[str, np.ndarray]:
    """Return every score of every clip of a manifest; the clips are read one at a time."""
    with ExitStack() as stack:
        opened = [
            {unit: stack.enter_context(FeatureStore(path)) for unit, path in by_unit.items()}
            for by_unit in stores
        ]
        return system.score(_clips(rows, opened))


def _load(rows: Sequence[Row], by_unit: dict[Unit, Path]) -> np.ndarray:
    units = list(by_unit)
    clips = [(units.index(row.unit), row.clip) for row in rows]
    return load_clips(list(by_unit.values()), clips)


def _clips(
    rows: Sequence[Row], opened: list[dict[Unit, FeatureStore]]
) -> Iterator[tuple[np.ndarray, ...]]:
    for row in rows:
        yield tuple(by_unit[row.unit].read(row.clip) for by_unit in opened)
