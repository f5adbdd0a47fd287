"""How much there is to do in each job: clips, samples, examples that a training sees."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from mimii_bench.corpus.base import Unit
from mimii_bench.features.build import build_feature
from mimii_bench.planning.reserved import TYPICAL_SECONDS
from mimii_bench.reports.published import read_cells
from mimii_bench.splits.base import make_split
from mimii_bench.splits.manifests import SplitRow
from mimii_bench.systems.base import system_class
from mimii_bench.util.options import Options, checked
from mimii_bench.util.plugins import load


class Training(NamedTuple):
    """The work of one training: clips that train, examples in all steps, clips that are scored."""

    fitted: int
    examples: float
    scored: int


class Shape(NamedTuple):
    """Frames of one clip, numbers in a frame, and bytes of a number."""

    frames: int
    bins: int
    bytes: int

    @property
    def size(self) -> int:
        """Bytes of one clip."""
        return self.frames * self.bins * self.bytes


class Works:
    """The amounts of work of a project."""

    def __init__(self, project):
        self._project = project
        self.manifest = cache(self._manifest)
        self.shape = cache(self._shape)
        self.cells = cache(self._cells)

    @property
    def samples(self) -> int:
        """Samples of one recording and channel; typical ones where recordings differ."""
        inventory = self._project.inventory
        return inventory.samples or TYPICAL_SECONDS * inventory.sample_rate

    def clips(self, units: Collection[Unit]) -> int:
        """Return how many clips some units have."""
        return sum(len(self._project.inventory.units[unit]) for unit in units)

    def of_condition(self, machine: str, snr: str | None = None) -> int:
        """Return how many clips a machine has, under one condition or all."""
        units = self._project.inventory.units
        return self.clips([u for u in units if u.machine == machine and snr in (None, u.snr)])

    def training(
        self, protocol: str, system: str, pool: str, given: Mapping | None = None
    ) -> Training:
        """Return the work of one training of a system on a pool, with its or `given` options."""
        trained = self._project.trainings.protocols[protocol].systems[system]
        rows = self.manifest(protocol, pool)
        found = system_class(load("systems", trained.class_name))
        fitted = [row for row in rows if row.role in trained.roles]
        if getattr(found, "learns", None) != "label":
            fitted = [row for row in fitted if row.label == "normal"]
        frames = [self.shape(source["feature"]).frames for source in trained.inputs]
        options = options_of(found, trained.options if given is None else given)
        return Training(len(fitted), examples(options, len(fitted), frames), len(rows))

    def _manifest(self, protocol: str, pool: str) -> list[SplitRow]:
        """Return the manifest of a pool, as far as it is known before recordings are compared."""
        one = self._project.trainings.protocols[protocol]
        units = self._project.inventory.units
        return make_split({unit: units[unit] for unit in one.pools[pool]}, **one.split)

    def _shape(self, feature: str) -> Shape:
        """Return what one clip's frames of a feature are."""
        given = self._project.feature_files.by_name[feature]
        made = build_feature(given, self._project.inventory.sample_rate)
        return Shape(made.frames(self.samples), made.n_bins, made.dtype().itemsize)

    def _cells(self, report: str) -> int:
        """Return how many numbers a report's tables have."""
        published = self._project.reports[report].published
        return len(read_cells(published)) if published else 1


def options_of(found: type, given: Mapping) -> Options | None:
    """Return the options of a system with their defaults; None where its class declares none."""
    declared = getattr(found, "Options", None)
    return checked(declared, given, found.__name__) if declared else None


def examples(options: Options | None, clips: int, frames: Sequence[int]) -> float:
    """Return how many examples the steps of a training see.

    What learns windows of `context` frames has one for each frame that begins a window, all others
    one for each clip. Of several networks of a system, one per alpha, all see theirs. A patience
    that ends a training earlier is not foreseen.

    Parameters
    ----------
    options : Options or None
        Of the system; without a schedule each clip is seen once.
    clips : int
        That train.
    frames : sequence of int
        Of one clip, for each input.

    Examples
    --------
    >>> from mimii_bench.systems.dense_autoencoder import DenseAutoencoder
    >>> options = DenseAutoencoder.Options(epochs=2, batch_size=100, context=5)
    >>> examples(options, clips=10, frames=[313])
    6180.0
    """
    context = getattr(options, "context", None)
    windows = max(1, frames[0] - context + 1) if context and frames else 1
    there = clips * windows * (1 - getattr(options, "validation_fraction", 0.0))
    if not hasattr(options, "epochs") or not there:
        return float(there)
    seen = float(options.epochs * there)
    if options.max_steps:
        seen = min(seen, options.max_steps * min(there, options.examples_per_step(int(there))))
    return seen * len(getattr(options, "alphas", [None]))
