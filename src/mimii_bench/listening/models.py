"""The models of a system, asked again about the clips that are heard."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np

from mimii_bench.corpus.base import Unit
from mimii_bench.features.build import build_feature
from mimii_bench.listening.choosing import ScoredClip
from mimii_bench.listening.hearing import Heard
from mimii_bench.listening.tracing import Trace, scores_of, trace_of
from mimii_bench.systems.base import load_system
from mimii_bench.training.folder import DESCRIPTION, WEIGHTS
from mimii_bench.util import plugins
from mimii_bench.util.checksums import damaged, verify

#: Systems whose `score` is the mean squared error of their reconstruction. Without their modules: a
#: room depends on the code that it names, and runs that of one system.
_SQUARED_ERROR = ("DenseAutoencoder", "DcaseAutoencoder")
#: How far a score that is computed again, perhaps on another processor, may be off.
_TOLERANCE = 0.01


class Models:
    """The models of all pools of a system; one is in memory at a time.

    Parameters
    ----------
    asked : mapping
        As `planning.listening.Listening.asked` returns it.
    """

    def __init__(self, asked: Mapping):
        self._kind, self._inputs, self._class = asked["kind"], asked["inputs"], asked["class"]
        self._folders = {pool["pool"]: Path(pool["models"]) for pool in asked["pools"]}
        self._load = lru_cache(maxsize=1)(self._loaded)
        self._feature = lru_cache(maxsize=None)(self._built)
        self.measure, self.unit = self._words(asked["options"])

    def _words(self, options: Mapping) -> tuple[str, str]:
        """Return what a score is, and its unit; empty where that is not known."""
        if self._class.rpartition(".")[2] not in _SQUARED_ERROR or self._kind != "score":
            return "", ""
        decibels = self._inputs[0]["feature"].get("scale", 10) == 10
        plain = options.get("scaling", "none") == "none"
        return "mean squared error", "dB²" if decibels and plain else ""

    def trace(self, one: ScoredClip, heard: Heard) -> Trace | None:
        """Return the score over time of a clip, once it is found to be the one that was scored.

        Raises
        ------
        UserError
            Where the clip as a whole has another score now.
        """
        system = self._load(one.pool)
        inputs = tuple(
            self._feature(place, heard.sample_rate).transform(heard.mixes[source["mix"]])
            for place, source in enumerate(self._inputs)
        )
        told = _told(system, one.unit)
        (score,) = scores_of(system, self._kind, [(*inputs, *told)])
        if not np.isclose(score, one.score, rtol=_TOLERANCE, atol=_TOLERANCE**2):
            raise damaged(
                self._folders[one.pool] / WEIGHTS,
                f"its score of {one.unit.path}/{one.clip} is {score:.6g}, not {one.score:.6g}",
            )
        return trace_of(system, self._kind, inputs, told, heard.seconds)

    def _built(self, place: int, sample_rate: int):
        return build_feature(self._inputs[place]["feature"], sample_rate)

    def _loaded(self, pool: str):
        weights, description = (self._folders[pool] / name for name in (WEIGHTS, DESCRIPTION))
        verify(weights)
        verify(description)
        return load_system(plugins.load("systems", self._class), weights, description)


def _told(system, unit: Unit) -> tuple[str, ...]:
    """Return the id that a system which learns ids knows a unit by; see `training.inputs`."""
    if system.learns != "id":
        return ()
    return (unit.id if unit.id in system.ids else f"{unit.machine}/{unit.id}",)
