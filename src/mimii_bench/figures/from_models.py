"""Trained systems with clips that they were tested on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from mimii_bench.corpus.base import Unit
from mimii_bench.features.store import Frames
from mimii_bench.figures.clips import DEFAULT, first_of_each
from mimii_bench.figures.from_stores import SpectrumScale, read_scale, source_of
from mimii_bench.splits.manifests import SplitRow, read_split
from mimii_bench.systems.base import load_system
from mimii_bench.training.inputs import read_clips
from mimii_bench.util import plugins
from mimii_bench.util.checksums import verify


class Trained(NamedTuple):
    """A system, and test clips of one unit: their manifest rows, and where each input is read."""

    title: str
    system: object
    rows: list[SplitRow]
    stores: Sequence[Frames]

    @property
    def labels(self) -> np.ndarray:
        """Labels of the clips, of shape (clip,)."""
        return np.array([row.label for row in self.rows])

    def scale(self) -> SpectrumScale:
        """Return what the axes of the first input mean."""
        return read_scale(self.stores[0])

    def clips(self) -> Iterator[tuple]:
        """Yield the clips one at a time, as the system's `score` takes them."""
        stores = [{self.rows[0].unit: store} for store in self.stores]
        return read_clips(self.system, self.rows, stores)


def read(parts: Iterable[Mapping]) -> list[Trained]:
    """Return the system of each part with the test clips that it names.

    Parameters
    ----------
    parts : iterable of mapping
        The system's `class` and its files `weights` and `description`; `split`, the manifest of
        its pool; `machine`, `snr` and `id` of a unit; of each input the unit's store (`stores`)
        and the description of its feature (`features`); `title`; and perhaps `clips`, how many of
        each label.
    """
    return [_read_part(part) for part in parts]


def _read_part(part: Mapping) -> Trained:
    found = plugins.load("systems", part["class"])
    for file in (part["weights"], part["description"]):
        verify(file)
    system = load_system(found, part["weights"], part["description"])
    unit = Unit(*(part[field] for field in Unit._fields))
    rows = (row for row in read_split(part["split"]) if row.unit == unit and row.role == "test")
    by_name = sorted(rows, key=lambda row: row.clip)
    chosen = first_of_each(by_name, part.get("clips", DEFAULT), part["split"])
    stores = [source_of(*pair) for pair in zip(part["stores"], part["features"], strict=True)]
    return Trained(part["title"], system, chosen, stores)
