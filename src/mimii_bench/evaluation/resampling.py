"""A metric of one group of clips: its value, and how chance of clips and of trainings moves it.

Clips are resampled (bootstrap, stratified), trainings are not: of three seeds no resampling says
how far a fourth may lie. What both make of an interval is in `mimii_bench.evaluation.intervals`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import pandas as pd

from mimii_bench.evaluation import metrics
from mimii_bench.evaluation.scales import Counts, limits
from mimii_bench.evaluation.scores import sample_of
from mimii_bench.util.seeds import generator

#: Fewer clips of an id are not resampled by themselves: one alone would never vary.
LEAST_STRATUM = 5
#: Draws of so many strata are kept for the next metric, SNR or system: of 500 clips, 2 MB each.
_STRATA_KEPT = 48
#: And those of so many groups of clips: of 1,000 clips, 16 MB each.
_RESAMPLES_KEPT = 2
#: Replicates that vary by less are those of rounding.
_ROUNDING = 1e-12


@dataclass(frozen=True, eq=False)
class Measured:
    """A metric of one group of clips, under all trainings of one pool.

    Attributes
    ----------
    metric : str
    values : (seed,)
        Of each training, on the observed clips.
    replicates : (replicate,)
        Of their mean, on resampled clips.
    counts : Counts
    fewest : int
        Clips of the smallest stratum that was resampled by itself.
    trained : object
        What the trainings were of: groups that the same models scored say the same.
    optimism : float or None
        By how much the mean number is too good because its threshold was chosen on these clips
        (Efron 1983); None where it was not.
    """

    metric: str
    values: np.ndarray
    replicates: np.ndarray
    counts: Counts
    fewest: int
    trained: object
    optimism: float | None = None

    @property
    def value(self) -> float:
        """The mean over seeds."""
        return float(self.values.mean())

    @cached_property
    def standardised(self) -> np.ndarray:
        """The replicates less their mean, over their standard deviation; 0 where they have none."""
        spread = np.std(self.replicates)
        if spread <= _ROUNDING:
            return np.zeros_like(self.replicates)
        return (self.replicates - self.replicates.mean()) / spread

    @property
    def ends(self) -> tuple[float, float]:
        """The least and the greatest that the metric can be."""
        return metrics.METRICS[self.metric].scale.ends(self.counts)

    def limits(self, quantile: float) -> tuple[float, float]:
        """Return the score interval for the chance of clips alone, so many deviations wide.

        With a threshold that was chosen on these clips it reaches as far from the number less its
        optimism as from the number. The best of many thresholds moves less from resample to
        resample than the number at any of them would.
        """
        scale = metrics.METRICS[self.metric].scale
        if self.optimism is None:
            return limits(self.value, self._variance, self.counts, scale, quantile)
        lows, highs = zip(
            *(
                limits(value, self._variance, self.counts, scale, quantile, least_effect=1.0)
                for value in (self.value, self.value - self.optimism)
            ),
            strict=True,
        )
        return min(lows), max(highs)

    @property
    def _variance(self) -> float | None:
        """A bootstrap of n clips has (n - 1) / n of their variance on average; of one, none."""
        if self.fewest < 2:
            return None
        return float(np.var(self.replicates)) * self.fewest / (self.fewest - 1)


def measure_group(
    scores: pd.DataFrame,
    metric: str,
    replicates: int,
    trained: object,
    thresholds: Mapping[int, float] | None = None,
    refitted: Mapping[int, np.ndarray] | None = None,
    within: np.ndarray | None = None,
) -> Measured:
    """Return the metric of one group of clips from its scores over all seeds.

    The seeds were scored on the same clips, so a replicate draws the same clips for all of them:
    drawn anew for each, their chance would seem to average out.

    Parameters
    ----------
    scores : DataFrame
        Columns machine, id, label, role, score and seed; the same clips in the same order for
        every seed.
    metric : str
        One of `metrics.METRICS`.
    replicates : int
    trained : object
        What the models were trained on.
    thresholds : {seed: float}, optional
        For metrics that need one.
    refitted : {seed: (replicate,)}, optional
        Where the threshold was fitted on clips that are measured: what it is on each resample.
    within : (clip,), optional
        Which clips of a seed the metric is of, where it is of some: all are resampled, so that
        metrics of parts keep what these have in common.
    """
    values, resampled, alarms, optimism = [], [], [], []
    draws = fewest = None
    for seed, run in scores.groupby("seed"):
        threshold = (thresholds or {}).get(seed)
        if draws is None:
            strata = _strata(run)
            draws, fewest = _resampled(strata, replicates), min(map(len, strata.values()))
            draws = draws if within is None else draws[:, within]
        run = run if within is None else run[within]
        values.append(metrics.measure(sample_of(run), metric, threshold)[0])
        again = threshold if refitted is None else refitted[seed]
        resampled.append(metrics.measure(sample_of(run, draws), metric, again))
        if refitted is not None:
            there = metrics.measure(sample_of(run, np.ones_like(draws)), metric, again)
            optimism.append(np.nanmean(resampled[-1] - there))
        alarms.append(0 if threshold is None else np.count_nonzero(run["score"] > threshold))
    labels = run["label"].value_counts()
    counts = Counts(labels.get("normal", 0), labels.get("abnormal", 0), float(np.mean(alarms)))
    of_mean = np.mean(resampled, axis=0)
    # A resample that raises no alarm has no precision: it says nothing of the spread.
    of_mean = of_mean[np.isfinite(of_mean)] if np.isnan(np.mean(values)) else _filled(of_mean)
    too_good = float(np.mean(optimism)) if optimism else None
    return Measured(metric, np.array(values), of_mean, counts, fewest, trained, too_good)


def _filled(replicates: np.ndarray) -> np.ndarray:
    known = replicates[np.isfinite(replicates)]
    return np.where(np.isfinite(replicates), replicates, known.mean() if known.size else 0.0)


def resample(clips: pd.DataFrame, replicates: int) -> np.ndarray:
    """Return how often each clip counts in each replicate (replicate, clip) of a bootstrap.

    Stratified: of the clips of one machine, id, label and role as many are drawn, with
    replacement, as there are; where some id has too few to vary, of all ids together. What is drawn
    follows from these alone, so that groups share the draws of the clips that they share, and the
    clips of one place in their order are drawn as often at every SNR and under every system:
    averages and differences keep what they have in common, as far as such clips are the same
    recording (docs/real-fans.md).
    """
    return _resampled(_strata(clips), replicates)


def _resampled(strata: dict[tuple, np.ndarray], replicates: int) -> np.ndarray:
    places = tuple((stratum, there.tobytes()) for stratum, there in strata.items())
    return _placed(places, replicates)


@lru_cache(_RESAMPLES_KEPT)
def _placed(strata: tuple[tuple[tuple, bytes], ...], replicates: int) -> np.ndarray:
    """Return the draws of all strata (replicate, clip), each in the places of its clips."""
    places = {stratum: np.frombuffer(there, np.intp) for stratum, there in strata}
    draws = np.empty((replicates, sum(map(len, places.values()))))
    for stratum, there in places.items():
        draws[:, there] = _drawn(stratum, len(there), replicates)
    draws.flags.writeable = False
    return draws


@lru_cache(_STRATA_KEPT)
def _drawn(stratum: tuple, clips: int, replicates: int) -> np.ndarray:
    """Return how often each clip of a stratum counts (replicate, clip)."""
    rng = generator("bootstrap", *stratum)
    drawn = rng.multinomial(clips, np.full(clips, 1 / clips), size=replicates)
    return drawn.astype(np.min_scalar_type(clips))


def halves(clips: pd.DataFrame) -> np.ndarray:
    """Return which clips (clip,) are in the first of two halves, drawn at random.

    Within the strata of `resample` and by the same places, so that a recording is in the same half
    at every SNR and under every system. The odd one of a stratum is in the second half.
    """
    first = np.zeros(len(clips), bool)
    for stratum, places in _strata(clips).items():
        order = generator("halves", *stratum).permutation(len(places))
        first[places[order[: len(places) // 2]]] = True
    return first


def _strata(clips: pd.DataFrame) -> dict[tuple, np.ndarray]:
    """Return the places of the clips of each stratum, by what it is of."""
    by_id = clips.groupby(["machine", "id", "label", "role"], sort=False, observed=True).indices
    if min(map(len, by_id.values())) >= LEAST_STRATUM:
        return by_id
    ids = sorted(clips["id"].unique())
    together = clips.groupby(["machine", "label", "role"], sort=False, observed=True).indices
    return {(*stratum, *ids): places for stratum, places in together.items()}
