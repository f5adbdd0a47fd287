"""From scores of what did not train to thresholds, false alarms and an AUC."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from mimii_bench.detector.description import RuleFacts, TraceFacts, TrialFacts, WindowFacts
from mimii_bench.detector.hearing import Hearing
from mimii_bench.detector.learned import Learned
from mimii_bench.detector.scales import Scales
from mimii_bench.detector.thresholding import Rule, make_rule
from mimii_bench.detector.trial import Held, Trial, part_scores, ranking
from mimii_bench.evaluation.shares import exact_limits
from mimii_bench.util.spreadsheets import in_table


class Measures(NamedTuple):
    """What becomes of a trial: thresholds, what they do on it, and the table of recordings."""

    rule: Rule
    facts: RuleFacts
    windows: list[WindowFacts]
    trace: TraceFacts | None
    trial: TrialFacts
    learned: list[Learned]


def measures_of(
    trial: Trial, scales: Scales, hearing: Hearing, rule: str | None, rate: float
) -> Measures:
    """Return thresholds and what they do.

    Parameters
    ----------
    trial : Trial
    scales : Scales
        At which it was scored.
    hearing : Hearing
    rule : {"gamma", "quantile", None}
    rate : float
        The false-alarm rate that is aimed at.
    """
    windows = [w for held in trial.normal for scored in held.scores.values() for w in scored]
    whole = np.array([window.whole for window in windows])
    parts = {size: np.concatenate([w.parts[size] for w in windows]) for size in scales.parts}
    highest = np.array([window.highest for window in windows])
    wanted = [whole, *parts.values(), *([highest] if scales.piece else [])]
    chosen = make_rule(rule, rate, wanted)
    seconds = hearing.window / hearing.front_end.sample_rate

    def facts(kind: type, frames: int, scores: np.ndarray, **more) -> WindowFacts:
        share = frames / (scales.whole or 1) if scales.whole else 1.0
        return kind(
            frames=max(frames, 1),
            seconds=share * seconds,
            threshold=chosen.threshold(scores),
            scores=len(scores),
            **more,
        )

    found = [facts(WindowFacts, scales.whole, whole)]
    found += [facts(WindowFacts, size, scores) for size, scores in parts.items()]
    trace = facts(TraceFacts, scales.piece, highest, hop=scales.hop) if scales.piece else None
    what = "windows" if trial.held_out == "recordings" else "windows of held-out stretches"
    told = RuleFacts(
        name=chosen.name,
        false_alarm_rate=rate,
        fitted_on=f"{len(whole)} held-out normal {what} in {trial.folds} folds",
        remark=chosen.remark,
    )
    normal, abnormal = (part_scores(held, rate) for held in (trial.normal, trial.abnormal))
    return Measures(
        chosen,
        told,
        found,
        trace,
        _trial_facts(trial, normal, abnormal, found[0].threshold),
        [*_rows(trial.normal, normal), *_rows(trial.abnormal, abnormal)],
    )


def _trial_facts(
    trial: Trial,
    normal: Sequence[dict[int, float]],
    abnormal: Sequence[dict[int, float]],
    threshold: float,
) -> TrialFacts:
    alarms = sum(_mean(scores) > threshold for scores in normal)
    more = {}
    if abnormal:
        area = ranking(normal, abnormal)
        more = {
            "auc": area.value,
            "auc_low": area.low,
            "auc_high": area.high,
            "detected": sum(_mean(scores) > threshold for scores in abnormal),
        }
    return TrialFacts(
        folds=trial.folds,
        held_out=trial.held_out,
        normal=len(normal),
        abnormal=len(abnormal),
        false_alarms=alarms,
        # No lower limit would hold: a system of all recordings alarms less than those of folds.
        false_alarm_bound=exact_limits(alarms, len(normal), coverage=0.9)[1],
        **more,
    )


def _mean(scores: dict[int, float]) -> float:
    return float(np.mean(list(scores.values())))


def _rows(held: Sequence[Held], scores: Sequence[dict[int, float]]) -> list[Learned]:
    return [_row(one, own) for one, own in zip(held, scores, strict=True)]


def _row(one: Held, scores: dict[int, float]) -> Learned:
    material, header = one.part.material, one.part.material.header
    return Learned(
        in_table(one.part.name),
        material.label,
        str(next(iter(scores))) if len(scores) == 1 else "",
        round(header.seconds, 3),
        header.sample_rate,
        header.channels,
        float(f"{_mean(scores):.6g}"),
        material.digest,
        material.remark,
    )
