"""Score files: `clip,machine,snr,id,label,role,score`, a row per clip, higher = more anomalous."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from mimii_bench.splits.manifests import SplitRow
from mimii_bench.util.errors import UserError
from mimii_bench.util.records import write_rows

COLUMNS = (*SplitRow._fields, "score")


def write_scores(rows: Iterable[SplitRow], scores: np.ndarray, path: Path | str) -> None:
    """Write the clips of a manifest with their scores, to nine significant digits.

    Raises UserError, naming the first clip concerned, when a score is not a finite number.
    """
    rows = list(rows)
    for row, score in zip(rows, scores, strict=True):
        if not np.isfinite(score):
            raise UserError(f"{row.unit.path}/{row.clip}: its score is {score}; is it damaged?")
    write_rows(path, COLUMNS, ((*row, f"{s:.9g}") for row, s in zip(rows, scores, strict=True)))
