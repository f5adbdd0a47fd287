"""What systems are given: the frames of clips, from feature stores, by input and unit."""

from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from mimii_bench.corpus.base import Unit
from mimii_bench.features.build import build_features
from mimii_bench.features.store import Computed, FeatureStore, Source, load_clips
from mimii_bench.splits.manifests import Row

#: One mapping per input of the system: unit -> its feature store.
Stores = Sequence[dict[Unit, Source]]


def stores_by_input(
    paths: Sequence[Path | str], units: Sequence[Unit], computed: Sequence[dict | None]
) -> Stores:
    """Arrange a flat list of stores, all units of the first input first, by input and unit.

    Parameters
    ----------
    paths : sequence of path
        The stores.
    units : sequence of Unit
        Those of each input, in their order.
    computed : sequence of dict or None
        For each input the description of the feature to compute of its stores, which then hold
        samples, or None where they hold the frames.
    """
    groups = [paths[start : start + len(units)] for start in range(0, len(paths), len(units))]
    return [
        dict(zip(units, [_source(path, feature) for path in group], strict=True))
        for group, feature in zip(groups, build_features(computed), strict=True)
    ]


def _source(path: Path | str, feature) -> Source:
    return Computed(path, feature) if feature else path


def of_units(stores: Stores, units: Collection[Unit]) -> Stores:
    """Return the stores of some units alone."""
    return [{u: source for u, source in by_unit.items() if u in units} for by_unit in stores]


def load_inputs(rows: Sequence[Row], stores: Stores) -> tuple[np.ndarray, ...]:
    """Return the frames of clips of a manifest, one array (clip, frame, bin) per input."""
    return tuple(_load(rows, by_unit) for by_unit in stores)


def _load(rows: Sequence[Row], by_unit: dict[Unit, Source]) -> np.ndarray:
    units = list(by_unit)
    clips = [(units.index(row.unit), row.clip) for row in rows]
    return load_clips(list(by_unit.values()), clips)


def read_clips(system, rows: Sequence[Row], stores: Stores) -> Iterator[tuple]:
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
