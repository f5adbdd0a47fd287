"""What systems are given: the frames of clips, from feature stores, by input and unit."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import numpy as np

from mimii_bench.corpus.base import Unit
from mimii_bench.features.store import FeatureStore, Frames, build_features, load_clips
from mimii_bench.splits.manifests import SplitRow

#: One mapping per input of the system: unit -> its feature store.
Stores = Sequence[dict[Unit, Frames]]


def stores_by_input(
    paths: Sequence[Path | str], units: Sequence[Unit], features: Sequence[Mapping]
) -> Stores:
    """Arrange a flat list of stores, all units of the first input first, by input and unit.

    Parameters
    ----------
    paths : sequence of path
        The stores: of the frames, or of samples of which they are computed.
    units : sequence of Unit
        Those of each input, in their order.
    features : sequence of mapping
        Class and options of each input's feature.
    """
    groups = [paths[start : start + len(units)] for start in range(0, len(paths), len(units))]
    built = build_features(features, [group[0] for group in groups])
    return [
        dict(zip(units, [Frames(path, feature) for path in group], strict=True))
        for group, feature in zip(groups, built, strict=True)
    ]


def of_units(stores: Stores, units: Collection[Unit]) -> Stores:
    """Return the stores of some units alone."""
    return [{u: source for u, source in by_unit.items() if u in units} for by_unit in stores]


def load_inputs(rows: Sequence[SplitRow], stores: Stores) -> tuple[np.ndarray, ...]:
    """Return the frames of clips of a manifest, one array (clip, frame, bin) per input."""
    return tuple(_load(rows, by_unit) for by_unit in stores)


def _load(rows: Sequence[SplitRow], by_unit: dict[Unit, Frames]) -> np.ndarray:
    units = list(by_unit)
    clips = [(units.index(row.unit), row.clip) for row in rows]
    return load_clips(list(by_unit.values()), clips)


def told_ids(rows: Sequence[SplitRow]) -> dict[tuple[str, str], str]:
    """Return what a system that learns ids is told, by machine and id.

    The id; where a manifest has several machines, whose ids may be called alike, both.

    Parameters
    ----------
    rows : sequence of SplitRow
        All of the manifest.
    """
    several = len({row.machine for row in rows}) > 1
    pairs = {(row.machine, row.id) for row in rows}
    return {pair: "/".join(pair) if several else pair[1] for pair in pairs}


def read_clips(system, rows: Sequence[SplitRow], stores: Stores) -> Iterator[tuple]:
    """Yield the clips of a manifest one at a time, as the system's `score` takes them.

    A system that learns which unit a clip is of (`learns = "id"`) is told it with each clip.
    """
    ids = told_ids(rows)
    with ExitStack() as stack:
        opened = [
            {unit: stack.enter_context(FeatureStore(path)) for unit, path in by_unit.items()}
            for by_unit in stores
        ]
        for row in rows:
            inputs = tuple(by_unit[row.unit].read(row.clip) for by_unit in opened)
            told = (ids[row.machine, row.id],) if system.learns == "id" else ()
            yield (*inputs, *told)
