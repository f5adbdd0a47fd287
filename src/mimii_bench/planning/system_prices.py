"""What a system costs by the rates that come with the library, before anything is planned."""

from __future__ import annotations

from typing import NamedTuple

from mimii_bench.corpus.mimii import SAMPLE_RATE
from mimii_bench.features.build import build_feature
from mimii_bench.leaderboard.catalog import NamedSystem
from mimii_bench.planning.rates import Rates
from mimii_bench.planning.work import TYPICAL_SECONDS, examples, options_of
from mimii_bench.systems.base import system_class
from mimii_bench.util.plugins import load

#: Clips that train, of `TYPICAL_SECONDS` at MIMII's rate: the rates are of such.
CLIPS = 100


class Price(NamedTuple):
    """What a system costs on one core, the making of its features left out.

    Attributes
    ----------
    fit_seconds : float
        Of a whole training on `CLIPS` clips, with all its epochs.
    score_seconds : float
        Of one clip.
    model_bytes : int
    """

    fit_seconds: float
    score_seconds: float
    model_bytes: int


def price_of(system: NamedSystem, rates: Rates) -> Price:
    """Return what a system costs by some rates; of an unknown class, as one in the middle."""
    features = [source["feature"] for source in system.inputs]
    samples = TYPICAL_SECONDS * SAMPLE_RATE
    frames = [build_feature(one, SAMPLE_RATE).frames(samples) for one in features]
    found = system_class(load("systems", system.class_name))
    rate, _ = rates.system(system.class_name, system.options, features)
    seen = examples(options_of(found, system.options), CLIPS, frames)
    return Price(rate.example * seen + rate.clip * CLIPS, rate.score, rate.model_bytes)
