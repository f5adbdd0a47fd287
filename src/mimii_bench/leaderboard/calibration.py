"""How well a threshold that is fitted on normal clips for a rate of false alarms keeps its rate."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import pandas as pd

from mimii_bench.corpus.base import Unit
from mimii_bench.evaluation.intervals import Distribution, average, estimate, of_group
from mimii_bench.evaluation.resampling import halves, measure_group
from mimii_bench.evaluation.scores import fit_threshold
from mimii_bench.leaderboard.rules import ThresholdRule
from mimii_bench.leaderboard.standings import Contender
from mimii_bench.util.errors import UserError

#: What is measured at a threshold, by the columns of the table.
_RATES = {"rate": "fpr", "detected": "recall"}
COLUMNS = (
    *("system", "threshold", "fitted_on", "wanted"),
    *(f"{name}{end}" for name in _RATES for end in ("", "_low", "_high")),
    *("fitted_clips", "seeds", "units"),
)
#: Which clips a threshold is fitted on is chosen here, not by their role.
_BOTH = ["train", "test"]


class Kept(NamedTuple):
    """The rates at the thresholds of a row, means over units, and on how few clips one was fitted.

    `rate` and `detected` are None where there is no threshold on some unit.
    """

    rate: Distribution | None
    detected: Distribution | None
    fitted_clips: int


def kept(one: Contender, rule: ThresholdRule, replicates: int) -> Kept:
    """Return the rates of a row at the thresholds that a rule finds on every unit and seed.

    Thresholds are taken for given: the intervals are for the chance of the clips that are measured,
    and the true rate is that of the very thresholds. A unit's seeds have thresholds of their own,
    and their spread counts as that of the trainings.

    Parameters
    ----------
    one : Contender
    rule : ThresholdRule
    replicates : int
        Of the bootstrap.
    """
    found: dict[str, list[Distribution]] = {name: [] for name in _RATES}
    fewest = []
    for unit in one.clips:
        fitted, measured = parts(one, unit, rule.fitted_on)
        fewest.append(min(fitted.groupby("seed").size(), default=0))
        thresholds = _thresholds(fitted, rule)
        if not thresholds:
            continue
        for name, metric in _RATES.items():
            trained = unit.machine, unit.snr
            group = measure_group(measured, metric, replicates, trained, thresholds)
            found[name].append(of_group(group))
    whole = all(len(numbers) == len(one.clips) for numbers in found.values())
    means = {name: average(numbers) if whole else None for name, numbers in found.items()}
    return Kept(means["rate"], means["detected"], min(fewest))


def _thresholds(clips: pd.DataFrame, rule: ThresholdRule) -> dict[int, float]:
    """Return the threshold of each seed; nothing where one cannot be fitted."""
    fitted = {**rule.threshold, "fitted_on": _BOTH}
    try:
        return {seed: fit_threshold(run, fitted) for seed, run in clips.groupby("seed")}
    except UserError:
        # One may ask for scores that a system has not, such as those above 0.
        return {}


def parts(one: Contender, unit: Unit, fitted_on: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the clips that thresholds are fitted on, and those that are measured."""
    clips = one.clips[unit]
    if fitted_on == "training":
        return one.normals[unit], clips
    apart, others = [], []
    for _, run in clips.groupby("seed"):
        first = halves(run) & (run["label"] == "normal").to_numpy()
        apart.append(run[first])
        others.append(run[~first])
    return pd.concat(apart), pd.concat(others)


def calibration(
    field: Sequence[Contender], rules: Sequence[ThresholdRule], replicates: int
) -> pd.DataFrame:
    """Return leaderboard_calibration.csv: each row at each threshold and wanted rate.

    A row without scores of training clips, a fusion of ranks among the test, is no detector that
    could have a threshold, and has none here. Empty where a threshold cannot be fitted.
    """
    return pd.DataFrame(_rows(field, rules, replicates), columns=COLUMNS)


def _rows(
    field: Sequence[Contender], rules: Sequence[ThresholdRule], replicates: int
) -> Iterator[dict]:
    for one in field:
        for rule in rules if one.normals else ():
            found = kept(one, rule, replicates)
            row = {
                "system": one.name,
                "threshold": rule.name,
                "fitted_on": rule.fitted_on,
                "wanted": rule.wanted,
                "fitted_clips": found.fitted_clips,
                "units": len(one.clips),
            }
            for name in _RATES:
                number = getattr(found, name)
                if number is not None:
                    value = estimate(number)
                    row |= {name: value.value, f"{name}_low": value.low, f"{name}_high": value.high}
                    row["seeds"] = value.seeds
            yield row


def section(table: pd.DataFrame) -> list[str]:
    """Return what leaderboard.md says of the thresholds, as paragraphs; nothing without any."""
    if table.empty:
        return []
    fewest = table.groupby("fitted_on")["fitted_clips"].min()
    clips = ", ".join(f"{fewest[name]} ({name})" for name in fewest.index)
    cells: dict[str, dict[str, str]] = {}
    for row in table.to_dict("records"):
        own = cells.setdefault(row["system"], {"system": row["system"]})
        own[f"{row['threshold']}, {row['wanted']:g}"] = _shown(row)
    grid = pd.DataFrame(list(cells.values()))
    return [
        "## False alarms at a threshold",
        "The share of normal test clips above a threshold that was fitted on other normal clips to "
        "let so many pass as its column says, mean over units. Fitted on this many clips at least: "
        f"{clips}. No threshold was chosen by its rate here.",
        grid.to_markdown(index=False, disable_numparse=True),
        *(_held(of_rule, *name) for name, of_rule in table.groupby(["threshold", "wanted"])),
    ]


def _shown(row: dict) -> str:
    if pd.isna(row["rate"]):
        return ""
    return f"{row['rate']:.3f} [{row['rate_low']:.3f}, {row['rate_high']:.3f}]"


def _held(rows: pd.DataFrame, name: str, wanted: float) -> str:
    """Return in how many rows the interval holds the rate that was wanted."""
    there = rows[rows["rate"].notna()]
    above, below = (there["rate_low"] > wanted).sum(), (there["rate_high"] < wanted).sum()
    return (
        f"{name}, {wanted:g}: of {len(there)} rows, the interval lies above the wanted rate in "
        f"{above}, below in {below}."
    )
