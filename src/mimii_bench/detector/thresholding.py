"""Thresholds by a named rule, on scores of normal windows that did not train."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from mimii_bench.evaluation.thresholds import GammaThreshold, QuantileThreshold
from mimii_bench.util.errors import UserError

RULES = {"gamma": GammaThreshold, "quantile": QuantileThreshold}


class Rule(NamedTuple):
    """How thresholds are found, and at which false-alarm rate."""

    name: Literal["gamma", "quantile"]
    false_alarm_rate: float
    remark: str = ""

    def threshold(self, scores: np.ndarray) -> float:
        """Return the threshold for normal scores (window,)."""
        return RULES[self.name](p=self.false_alarm_rate).fit(scores).threshold_


def make_rule(name: str | None, rate: float, scores: Sequence[np.ndarray]) -> Rule:
    """Return the rule of that name, or the one that scores allow.

    Parameters
    ----------
    name : {"gamma", "quantile", None}
        None for gamma, or, where a score is not above 0, which no gamma distribution has, quantile.
    rate : float
        Share of normal windows that may be above the threshold.
    scores : sequence of ndarray
        All that thresholds are wanted for.

    Raises
    ------
    UserError
        For gamma where scores are not above 0.
    """
    positive = all((one > 0).all() for one in scores)
    if name == "gamma" and not positive:
        raise UserError(
            "--threshold gamma: this system has scores that are not above 0; write "
            "--threshold quantile"
        )
    if name is None and not positive:
        return Rule("quantile", rate, "its scores are not above 0, which gamma needs")
    return Rule(name or "gamma", rate)
