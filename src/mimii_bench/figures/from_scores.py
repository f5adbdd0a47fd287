"""Scores of one training, as the report's tables use them."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from mimii_bench.corpus.base import Unit
from mimii_bench.evaluation.scores import fit_threshold, kinds_in, read_scores
from mimii_bench.util.errors import UserError


class Scored(NamedTuple):
    """Clips with their scores: `labels` (clip,) true for abnormal ones, `scores` (clip,).

    `threshold` is that of the rule `rule`, as in report.yaml; both None where it has none.
    """

    title: str
    labels: np.ndarray
    scores: np.ndarray
    threshold: float | None
    rule: Mapping | None


def read(parts: Iterable[Mapping]) -> list[Scored]:
    """Return the clips of each part.

    Parameters
    ----------
    parts : iterable of mapping
        The `folder` of the scores of one training, the name of the `scores`, the `roles` and
        `units` of the clips to show, a `title` and, perhaps, the rule of a `threshold`, which is
        fitted on all clips of the training as in the tables.

    Raises
    ------
    UserError
        For a score that is not there, and where there is no clip to show.
    """
    return [_read_part(part) for part in parts]


def _read_part(part: Mapping) -> Scored:
    folder = Path(part["folder"])
    names = sorted(kinds_in(folder))
    if part["scores"] not in names:
        raise UserError(f"{folder}: no scores {part['scores']!r}; there are {', '.join(names)}")
    clips = read_scores([folder / f"{part['scores']}.csv"])
    rule = part.get("threshold")
    of_units = clips.set_index(list(Unit._fields)).index.isin([tuple(u) for u in part["units"]])
    shown = clips[clips["role"].isin(part["roles"]).to_numpy() & of_units]
    if not len(shown):
        raise UserError(f"{folder}: no clip of {part['title']} is of {', '.join(part['roles'])}")
    labels = (shown["label"] == "abnormal").to_numpy()
    threshold = fit_threshold(clips, rule)
    return Scored(part["title"], labels, shown["score"].to_numpy(), threshold, rule)
