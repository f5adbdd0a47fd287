"""Do intervals and verdicts hold their level? Simulated scores whose true numbers are known.

    .venv/bin/python benchmarks/interval_coverage.py [table ...] [--rounds N] [--rng N]

Prints the tables of docs/statistics.md: intervals, partial, thresholds, prediction, differences,
every, choice, ranks, leaderboards, calibrations; all of them where none is named. Everything is
computed by the project's own functions; beside it stands what the plain percentile bootstrap of
clips and seeds gives, which it was before. With the default of 400 rounds all take two hours of one
core; a share of .95 then has a standard error of .011.

Scores of normal clips are normal, those of abnormal ones a distance higher that gives the AUC; a
training has a distance of its own ("seed deviation", in AUC), and a noise of its own on each clip,
a fifth of the variance unless said.
"""

import argparse
import os
from collections.abc import Callable, Iterator, Mapping

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import pandas as pd
from scipy.stats import norm

from mimii_bench.corpus.base import Unit
from mimii_bench.evaluation.intervals import (
    Distribution,
    Printed,
    average,
    interval,
    of_group,
    predicted,
)
from mimii_bench.evaluation.metrics import METRICS, Sample, measure
from mimii_bench.evaluation.resampling import measure_group, resample
from mimii_bench.evaluation.scores import fit_threshold, refit_threshold
from mimii_bench.leaderboard import standings
from mimii_bench.leaderboard.calibration import kept, parts
from mimii_bench.leaderboard.rules import ThresholdRule
from mimii_bench.leaderboard.standings import Contender
from mimii_bench.reports.claims import decide

AUCS = (0.5, 0.6, 0.75, 0.9, 0.98, 0.995)
CLIPS = ((8, 8), (24, 8), (100, 100), (407, 407))
#: Of the score's variance, what every training says of a clip alike.
COMMON = 0.8
REPLICATES = 200
YOUDEN = {"class": "thresholds.YoudenThreshold", "fitted_on": ["test"]}


# Simulated systems.


def distance_of(auc: float) -> float:
    """Return how far apart two unit normals are that have an AUC."""
    return float(np.sqrt(2) * norm.ppf(auc))


def auc_of(distance: np.ndarray | float) -> np.ndarray | float:
    """Return the AUC of two unit normals so far apart."""
    return norm.cdf(distance / np.sqrt(2))


def slope_of(auc: float) -> float:
    """Return how much an AUC grows with the distance."""
    return float(norm.pdf(norm.ppf(auc)) / np.sqrt(2))


class System:
    """A detector of a known AUC, whose trainings differ.

    Parameters
    ----------
    auc : float
        At the mean distance.
    deviation : float
        Standard deviation of a training's AUC, to first order.
    common : float
        Share of the noise that all trainings have in common.
    """

    def __init__(self, auc: float, deviation: float = 0.0, common: float = COMMON):
        self.distance, self.spread = distance_of(auc), deviation / slope_of(auc)
        self.common = common

    @property
    def expected(self) -> float:
        """The AUC of the mean training, exactly."""
        return float(norm.cdf(self.distance / np.sqrt(2 + self.spread**2)))

    def score(
        self, clips: pd.DataFrame, seeds: int, rng: np.random.Generator, trained: int | None = None
    ) -> pd.DataFrame:
        """Return the scored clips of so many trainings; those of one `trained` are the same."""
        shifts = rng if trained is None else np.random.default_rng(trained)
        distances = shifts.normal(self.distance, self.spread, seeds)
        noise = rng.normal(size=(seeds, len(clips)))
        shared = np.sqrt(self.common) * clips["nature"].to_numpy()
        lifted = np.outer(distances, clips["label"] == "abnormal")
        scores = shared + np.sqrt(1 - self.common) * noise + lifted
        runs = [clips.assign(score=run, seed=seed) for seed, run in enumerate(scores)]
        return pd.concat(runs, ignore_index=True)


def draw_clips(normal: int, abnormal: int, rng: np.random.Generator, **names: str) -> pd.DataFrame:
    """Return clips of one unit, each with what all trainings hear of it (`nature`)."""
    labels = ["normal"] * normal + ["abnormal"] * abnormal
    place = {"machine": "fan", "snr": "0dB", "id": "00", **names}
    nature = rng.normal(size=len(labels))
    clip = [f"{number:05}" for number in range(len(labels))]
    return pd.DataFrame({"clip": clip, "label": labels, "role": "test", "nature": nature, **place})


def number_of(
    scores: pd.DataFrame, metric: str = "auc", trained: object = 0, **more
) -> Distribution:
    """Return the project's number for scored clips."""
    return of_group(measure_group(scores, metric, REPLICATES, trained, **more))


def percentile(scores: pd.DataFrame, metric: str, rng: np.random.Generator, **more) -> tuple:
    """Return the percentile interval of a bootstrap over clips and seeds."""
    runs = [run for _, run in scores.groupby("seed")]
    draws = resample(runs[0], REPLICATES)
    labels = (runs[0]["label"] == "abnormal").to_numpy()
    found = np.array([measure(Sample(labels, r["score"], draws), metric, **more) for r in runs])
    chosen = rng.integers(len(runs), size=(len(runs), REPLICATES))
    return tuple(np.nanquantile(np.take_along_axis(found, chosen, 0).mean(axis=0), [0.025, 0.975]))


def share(held: list[bool]) -> str:
    """Return how often something held, to three digits."""
    return f"{np.mean(held):.3f}"


# The tables: each yields rows.


def intervals(rounds: int, rng: np.random.Generator) -> Iterator[Mapping]:
    """Coverage of the interval of an AUC, ours and the percentile one in parentheses."""
    for clips in CLIPS:
        for seeds, deviation in ((1, 0.0), (3, 0.0), (3, 0.03)):
            row = {"clips": "/".join(map(str, clips)), "seeds": seeds, "deviation": deviation}
            for auc in AUCS:
                system = System(auc, min(deviation, (1 - auc) / 3))
                held = [[], []]
                for _ in range(rounds):
                    scores = system.score(draw_clips(*clips, rng), seeds, rng)
                    for kind, (low, high) in enumerate(
                        (interval(number_of(scores)), percentile(scores, "auc", rng))
                    ):
                        held[kind].append(low <= system.expected <= high)
                row[str(auc)] = f"{share(held[0])} ({share(held[1])})"
            yield row


def partial(rounds: int, rng: np.random.Generator) -> Iterator[Mapping]:
    """Coverage of the intervals of partial AUCs, ours and the percentile ones."""
    many = np.arange(0.5, 20_000) / 20_000
    for metric in ("pauc_mcclish", "pauc_trapz", "pauc_topk"):
        for clips in CLIPS[1:]:
            row = {"metric": metric, "clips": "/".join(map(str, clips))}
            for auc in AUCS:
                distance = distance_of(auc)
                area = norm.sf(norm.isf(0.1 * many) - distance).mean()
                least, most = METRICS[metric].scale.ends(number_counts(clips))
                true = least + area * (most - least)
                held = [[], []]
                for _ in range(rounds):
                    scores = System(auc).score(draw_clips(*clips, rng), 1, rng)
                    for kind, (low, high) in enumerate(
                        (interval(number_of(scores, metric)), percentile(scores, metric, rng))
                    ):
                        held[kind].append(low <= true <= high)
                row[str(auc)] = f"{share(held[0])} ({share(held[1])})"
            yield row


def number_counts(clips: tuple[int, int]):
    """Return the counts of normal and abnormal clips as scales take them."""
    from mimii_bench.evaluation.scales import Counts

    return Counts(*clips)


def thresholds(rounds: int, rng: np.random.Generator) -> Iterator[Mapping]:
    """Coverage of rates at a given threshold, and at Youden's on the same clips (AUC .6 to .98).

    The true rates are those at the threshold that is best for all clips.
    """
    for how in ("given", "Youden"):
        for clips in CLIPS:
            for auc in (0.6, 0.75, 0.9, 0.98):
                row = {"threshold": how, "clips": "/".join(map(str, clips)), "AUC": auc}
                yield row | _rates(how, clips, auc, rounds, rng)


RATES = ("accuracy", "precision", "recall", "fpr", "f1")


def _rates(
    how: str, clips: tuple[int, int], auc: float, rounds: int, rng: np.random.Generator
) -> dict[str, str]:
    cut = distance_of(auc) / 2
    hit, alarm = norm.sf(cut - distance_of(auc)), norm.sf(cut)
    tp, fp = clips[1] * hit, clips[0] * alarm
    true = {
        "accuracy": (tp + clips[0] - fp) / sum(clips),
        "precision": tp / (tp + fp),
        "recall": hit,
        "fpr": alarm,
        "f1": 2 * tp / (tp + fp + clips[1]),
    }
    held = {metric: [[], []] for metric in RATES}
    for _ in range(rounds):
        scores = System(auc).score(draw_clips(*clips, rng), 1, rng)
        at, again = cut, None
        if how == "Youden":
            at = fit_threshold(scores, YOUDEN)
            again = {0: refit_threshold(scores, YOUDEN, resample(scores, REPLICATES))}
        for metric in RATES:
            number = number_of(scores, metric, thresholds={0: at}, refitted=again)
            if np.isnan(number.value):
                continue
            before = percentile(scores, metric, rng, threshold=at)
            for kind, (low, high) in enumerate((interval(number), before)):
                held[metric][kind].append(low <= true[metric] <= high)
    return {metric: f"{share(a)} ({share(b)})" for metric, (a, b) in held.items()}


def prediction(rounds: int, rng: np.random.Generator) -> Iterator[Mapping]:
    """How often the same system `differs`, and one that is better by .02, .03 or .05.

    In parentheses: what a test of this level has that knows how far trainings and clips spread. The
    same system "before": where the printed number lies outside the percentile interval of ours.
    """
    settings = [
        (0.75, (407, 407), False, common, deviation)
        for common, deviation in ((1.0, 0.0), (1.0, 0.002), (1.0, 0.005), (1.0, 0.01))
    ]
    settings += [
        (0.75, (407, 407), False, COMMON, deviation) for deviation in (0.005, 0.01, 0.03, 0.06)
    ]
    settings += [(0.75, (100, 267), True, COMMON, deviation) for deviation in (0.005, 0.03, 0.06)]
    settings += [(0.72, (200, 200), True, COMMON, deviation) for deviation in (0.005, 0.03)]
    settings += [(0.95, (407, 407), False, 1.0, 0.005), (0.99, (100, 267), True, COMMON, 0.002)]
    for auc, clips, drawn, common, deviation in settings:
        row = {
            "AUC": auc,
            "clips": "/".join(map(str, clips)),
            "test": "another draw" if drawn else "same",
        }
        row |= {"deviation": deviation, "noise of a training": f"{1 - common:.1f}"}
        for gain in (0.0, 0.02, 0.03, 0.05):
            if auc + gain < 1:
                ours = System(auc, deviation, common)
                other = System(auc + gain, deviation, common)
                found, gaps, before = zip(
                    *(_printed_differs(ours, other, clips, drawn, rng) for _ in range(rounds)),
                    strict=True,
                )
                if not gain:
                    row["before"] = share(before)
                spread = np.std(gaps)
                bound = norm.sf(1.96 - gain / spread) if spread > 1e-9 else float(gain > 0)
                row[f"+{gain}" if gain else "the same"] = share(found) + (
                    f" ({bound:.2f})" if gain else ""
                )
        yield row


def _printed_differs(
    ours: System, other: System, clips: tuple[int, int], drawn: bool, rng: np.random.Generator
) -> tuple[bool, float, bool]:
    """Return whether a printed number of four digits lies outside, and how far from ours it is.

    And whether it lies outside the percentile interval.
    """
    mine = draw_clips(*clips, rng)
    theirs = draw_clips(*clips, rng) if drawn else mine
    scores = ours.score(mine, 3, rng)
    number = number_of(scores)
    published = round(number_of(other.score(theirs, 1, rng)).value, 4)
    low, high = predicted(number, Printed(drawn, 1, 0.00005))
    least, most = percentile(scores, "auc", rng)
    outside = not least <= published <= most
    return not low <= published <= high, published - number.value, outside


def differences(rounds: int, rng: np.random.Generator) -> Iterator[Mapping]:
    """How often two equally good systems are told apart, and how often a better one is found.

    AUC .8, 100 + 100 clips of each of three ids that one model scores.
    """
    for seeds, deviation in ((1, 0.0), (1, 0.02), (3, 0.0), (3, 0.02), (3, 0.04), (5, 0.02)):
        row = {"seeds": seeds, "deviation": deviation}
        for gain in (0.0, 0.05):
            wrong = [[], []]
            for _ in range(rounds):
                ours, theirs, before = _two_systems(seeds, deviation, gain, rng)
                low, high = interval(ours - theirs)
                wrong[0].append(low > 0 or high < 0)
                wrong[1].append(before[0] > 0 or before[1] < 0)
            row[f"+{gain}" if gain else "equal"] = f"{share(wrong[0])} ({share(wrong[1])})"
        yield row


def _two_systems(
    seeds: int, deviation: float, gain: float, rng: np.random.Generator
) -> tuple[Distribution, Distribution, tuple]:
    units = [draw_clips(100, 100, rng, id=id) for id in ("00", "02", "04")]
    found, replicates = [], []
    chosen = rng.integers(seeds, size=(seeds, REPLICATES))
    for auc in (0.8 + gain, 0.8):
        trained = int(rng.integers(1 << 31))
        runs = [System(auc, deviation).score(unit, seeds, rng, trained) for unit in units]
        found.append(average([number_of(run) for run in runs]))
        replicates.append(np.mean([_with_seeds(run, chosen) for run in runs], axis=0))
    return *found, tuple(np.quantile(replicates[0] - replicates[1], [0.025, 0.975]))


def _with_seeds(scores: pd.DataFrame, chosen: np.ndarray) -> np.ndarray:
    """Return bootstrap replicates of the mean AUC over clips and chosen seeds."""
    runs = [run for _, run in scores.groupby("seed")]
    draws = resample(runs[0], REPLICATES)
    labels = (runs[0]["label"] == "abnormal").to_numpy()
    found = np.array([measure(Sample(labels, run["score"], draws), "auc") for run in runs])
    return np.take_along_axis(found, chosen, axis=0).mean(axis=0)


class Cells:
    """Numbers that a claim asks for: cells by their id, of which each has its scores."""

    spec: Mapping = {"units": {}, "pool": ["machine"], "tables": {}}

    def __init__(self, numbers: Mapping[str, Callable[[int | None], Distribution]]):
        self._numbers = numbers

    def distribution(self, cell, half: int | None = None) -> Distribution:
        """Return the number of a cell, of one half of its clips where that is asked for."""
        return self._numbers[cell.id](half)


def every(rounds: int, rng: np.random.Generator) -> Iterator[Mapping]:
    """Verdicts on "every cell is above .5", of 100 + 100 clips a cell, and those of before.

    All cells truly above by one standard error; one at .5 and the others far above; all far above.
    Before, the interval was that of the bootstrap's least cell.
    """
    error = 0.0405
    for cells in (1, 8, 32):
        for name, aucs in {
            "all above by one standard error": [0.5 + error] * cells,
            "one at .5, the others at .8": [0.5] + [0.8] * (cells - 1),
            "all at .8": [0.8] * cells,
        }.items():
            found = [_every_verdicts(aucs, rng) for _ in range(max(rounds // 2, 20))]
            row = {"cells": cells, "truth": name}
            for kind, when in enumerate(("", ", before")):
                for verdict in ("supported", "contradicted"):
                    row[verdict + when] = share([one[kind].startswith(verdict) for one in found])
            yield row


def _every_verdicts(aucs: list[float], rng: np.random.Generator) -> tuple[str, str]:
    numbers = {}
    for place, auc in enumerate(aucs):
        clips = draw_clips(100, 100, rng, id=f"{place:02}")
        number = number_of(System(auc).score(clips, 1, rng), trained=place)
        numbers[f"{place:02}"] = lambda half, number=number: number
    claim = {"claim": "c", "every": {"id": list(numbers)}, "greater": [{"metric": "auc"}, 0.5]}
    least = np.min([group.replicates for of in numbers.values() for _, group in of(None).terms], 0)
    low, high = np.quantile(least, [0.025, 0.975])
    before = "supported" if low > 0.5 else "contradicted" if high < 0.5 else "inconclusive"
    return decide(claim, Cells(numbers), Cells(numbers))[0].verdict, before


def choice(rounds: int, rng: np.random.Generator) -> Iterator[Mapping]:
    """The best of 4 or 12 variants that are as good as the baseline (AUC .75, 200 + 200 clips)."""
    from mimii_bench.evaluation.resampling import halves

    for variants in (4, 12):
        for gain in (0.0, 0.05):
            found = [[], []]
            for _ in range(max(rounds // 2, 20)):
                clips = draw_clips(200, 200, rng)
                first = halves(clips)
                numbers = {}
                for place in range(variants + 1):
                    auc = 0.75 + gain * (place > 0)
                    scores = System(auc, common=0.9).score(clips, 1, rng)
                    parts = {None: scores, 0: scores[first], 1: scores[~first]}
                    parts = {half: number_of(part) for half, part in parts.items()}
                    numbers[f"{place:02}"] = parts.__getitem__
                best, baseline = [*numbers][1:], next(iter(numbers))
                claim = {
                    "claim": "c",
                    "greater": [{"metric": "auc", "id": best}, {"metric": "auc", "id": baseline}],
                }
                for kind, one in enumerate(decide(claim, Cells(numbers), Cells(numbers))):
                    found[kind].append(one.verdict.startswith("supported"))
            row = {"variants": variants, "truly better by": gain}
            yield row | {"chosen on the test": share(found[0]), "on one half": share(found[1])}


def ranks(rounds: int, rng: np.random.Generator) -> Iterator[Mapping]:
    """How often the mean rank of each of eight rows lies in its interval.

    AUC .66 to .96, 12 units, 3 seeds of deviation .02; the mean rank that is expected with so many
    clips, and the one of the true AUCs.
    """
    units = [Unit(machine, snr, "00") for machine in "abcd" for snr in ("-6dB", "0dB", "6dB")]
    aucs = np.linspace(0.66, 0.96, 8)
    names = [f"{auc:.3f}" for auc in aucs]
    for clips in (4, 20, 100):
        found = []
        for _ in range(max(rounds // 4, 20)):
            field = _field(aucs, names, units, clips, rng)
            measured = standings.measure(field, "auc", REPLICATES)
            found.append(standings.mean_ranks(measured, names, units))
        values = np.array([[one.value for one in ranks] for ranks in found])
        for truth, expected in (
            ("expected", values.mean(axis=0)),
            ("of the true AUCs", np.arange(8.0, 0, -1)),
        ):
            held = [
                [one.low <= true <= one.high for one, true in zip(ranks, expected, strict=True)]
                for ranks in found
            ]
            row = {"clips of a label": clips, "mean rank": truth}
            yield row | dict(zip(names, (f"{h:.2f}" for h in np.mean(held, axis=0)), strict=True))


def leaderboards(rounds: int, rng: np.random.Generator) -> Iterator[Mapping]:
    """How many leaderboards of 18 rows have a pair that is called real, Holm's p below .05.

    12 units; all rows are as good (AUC .76), or nine have .98: then how many of such pairs are.
    """
    units = [Unit(machine, snr, "00") for machine in "abcd" for snr in ("-6dB", "0dB", "6dB")]
    names = [f"{place:02}" for place in range(18)]
    for clips, seeds in ((4, 1), (4, 3), (50, 3)):
        row = {"clips of a label": clips, "seeds": seeds}
        for name, better in (("all as good: with a real pair", 0.76), ("nine better: pairs", 0.98)):
            aucs = np.repeat([0.76, better], 9)
            found = []
            for _ in range(max(rounds // 10, 5)):
                field = _field(aucs, names, units, clips, rng, seeds)
                measured = standings.measure(field, "auc", REPLICATES)
                (pairs,) = standings.differences(measured, [names], units)
                real = [pair.p_holm < standings.LEVEL for pair in pairs]
                apart = [(int(p.better) < 9) != (int(p.worse) < 9) for p in pairs]
                found.append(any(real) if better == 0.76 else np.mean(np.array(real)[apart]))
            row[name] = share(found)
        yield row


def _field(aucs, names, units, clips, rng, seeds=3) -> list[Contender]:
    drawn = {u: draw_clips(clips, clips, rng, machine=u.machine, snr=u.snr) for u in units}
    return [
        Contender(
            name,
            name,
            False,
            {
                unit: System(auc, 0.02, 0.7).score(of_unit, seeds, rng)
                for unit, of_unit in drawn.items()
            },
        )
        for auc, name in zip(aucs, names, strict=True)
    ]


def calibrations(rounds: int, rng: np.random.Generator) -> Iterator[Mapping]:
    """How often the interval of false alarms holds the true rate at the thresholds.

    Mean over four units. The thresholds are quantiles of normal clips: of those that trained, four
    times as many as are in the test, or of half of the test.
    """
    for fitted_on in ("training", "apart"):
        for seeds in (1, 3):
            for normal in (8, 24, 100):
                row = {"fitted on": fitted_on, "seeds": str(seeds), "normal clips": str(normal)}
                for wanted in (0.05, 0.1):
                    rule = ThresholdRule("quantile", QUANTILE | {"p": wanted}, fitted_on, wanted)
                    found = [_alarms(rule, normal, seeds, rng) for _ in range(rounds)]
                    row[f"{wanted}: coverage"] = share([held for held, *_ in found])
                    row[f"{wanted}: true rate"] = share([true for _, true, _ in found])
                    row[f"{wanted}: width"] = share([width for *_, width in found])
                yield row


QUANTILE = {"class": "thresholds.QuantileThreshold"}


def _alarms(
    rule: ThresholdRule, normal: int, seeds: int, rng: np.random.Generator
) -> tuple[bool, float, float]:
    """Return whether an interval held, the true rate at its thresholds, and how wide it was."""
    system, tested, trained, true = System(0.9), {}, {}, []
    for number in range(4):
        unit = Unit("fan", "0dB", f"{number:02}")
        names = unit._asdict()
        tested[unit] = system.score(draw_clips(normal, normal, rng, **names), seeds, rng)
        trained[unit] = system.score(draw_clips(4 * normal, 0, rng, **names), seeds, rng)
        trained[unit]["role"] = "train"
    one = Contender("one", "one", False, tested, trained)
    for unit in tested:
        fitted, _ = parts(one, unit, rule.fitted_on)
        rule_of = {**rule.threshold, "fitted_on": ["train", "test"]}
        true += [norm.sf(fit_threshold(run, rule_of)) for _, run in fitted.groupby("seed")]
    low, high = interval(kept(one, rule, REPLICATES).rate)
    return low <= np.mean(true) <= high, float(np.mean(true)), high - low


TABLES = {
    one.__name__: one
    for one in (
        intervals,
        partial,
        thresholds,
        prediction,
        differences,
        every,
        choice,
        ranks,
        leaderboards,
        calibrations,
    )
}


def main() -> None:
    """Print the tables that are asked for."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("tables", nargs="*", choices=[[], *TABLES], default=list(TABLES))
    parser.add_argument("--rounds", type=int, default=400)
    parser.add_argument("--rng", type=int, default=0)
    asked = parser.parse_args()
    for name in asked.tables:
        rows = list(TABLES[name](asked.rounds, np.random.default_rng(asked.rng)))
        print(f"\n{TABLES[name].__doc__}\n")
        print(pd.DataFrame(rows).to_markdown(index=False, disable_numparse=True), flush=True)


if __name__ == "__main__":
    main()
