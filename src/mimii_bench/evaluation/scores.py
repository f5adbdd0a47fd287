"""Score files: `clip,machine,snr,id,label,role,score`, a row per clip, higher = more anomalous.

Written by a training, verified when they are read, and turned into what metrics and thresholds
take.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mimii_bench.corpus.base import LABELS, Unit
from mimii_bench.evaluation.metrics import Sample
from mimii_bench.splits import manifests
from mimii_bench.splits.manifests import ROLES, SplitRow
from mimii_bench.util import plugins
from mimii_bench.util.checksums import Sums, add_to_sums, damaged, verify
from mimii_bench.util.errors import UserError
from mimii_bench.util.records import read_sealed, write_rows

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = (*manifests.COLUMNS, "score")
#: On the clips of which roles a threshold is fitted, unless its rule says so.
FITTED_ON = ["train"]
#: What names a clip within a file.
_CLIP = ["clip", *Unit._fields]


def write_scores(rows: Iterable[SplitRow], scores: np.ndarray, path: Path | str) -> None:
    """Write the clips of a manifest with their scores, in the fewest digits that read back exactly.

    Cross-entropies of what a network is sure of, and scores near 1, differ in late digits only:
    rounded, they would be ties. The checksum goes into the `SHA256SUMS` of the folder.

    Parameters
    ----------
    rows : iterable of SplitRow
        The clips, as in the split manifest.
    scores : (clip,)
    path : path

    Raises
    ------
    UserError
        Naming the first clip whose score is not a finite number.
    """
    rows = list(rows)
    for row, score in zip(rows, scores, strict=True):
        if not np.isfinite(score):
            raise UserError(f"{row.unit.path}/{row.clip}: its score is {score}; is it damaged?")
    numbers = (repr(float(score)) for score in scores)
    clips = (row[: len(manifests.COLUMNS)] for row in rows)
    write_rows(path, COLUMNS, ((*clip, text) for clip, text in zip(clips, numbers, strict=True)))
    add_to_sums(path)


def kinds_in(folder: Path | str) -> set[str]:
    """Return the kinds of score that a training wrote into a folder.

    Raises
    ------
    UserError
        For a file that is missing, or that none wrote.
    """
    names = {path.name for path in Path(folder).glob("*.csv")}
    Sums.of_folder(folder).check_names(names)
    return {Path(name).stem for name in names}


def check_clips(path: Path | str, rows: Sequence[SplitRow]) -> None:
    """Raise UserError unless a file holds the scores of the clips of a manifest, as written.

    Without pandas, for who hands files on.
    """
    clips = manifests.COLUMNS
    found = [tuple(row[field] for field in clips) for row in read_sealed(path, COLUMNS)]
    if found != [row[: len(clips)] for row in rows]:
        raise damaged(path, f"it scores {len(found)} clips, not the {len(rows)} of its manifest")


def read_scores(paths: Sequence[Path | str]) -> pd.DataFrame:
    """Return the clips of score files, one file per seed.

    Parameters
    ----------
    paths : sequence of path
        Scores of the same clips, by systems that were trained with one seed each.

    Returns
    -------
    DataFrame
        The columns of a file, and `seed`, the number of the file.

    Raises
    ------
    UserError
        Naming the file and line, where a file is not what this module writes: other columns, an
        unknown label or role, a score that is no finite number, a clip that stands twice, no clip,
        other clips than in the first file, or anything that its checksum does not know.
    """
    # Not at the top: trainings write scores, and pandas takes longer to import than they do.
    import pandas as pd

    tables = [_read(path) for path in paths]
    clips = list(COLUMNS[:-1])
    for path, table in zip(paths, tables, strict=True):
        if not table[clips].equals(tables[0][clips]):
            raise damaged(path, f"other clips than in {paths[0]}")
    numbered = (table.assign(seed=seed) for seed, table in enumerate(tables))
    return pd.concat(numbered, ignore_index=True)


def _read(path: Path | str) -> pd.DataFrame:
    """Return the verified rows of one file."""
    import pandas as pd

    try:
        with Path(path).open() as file:
            if file.readline().rstrip("\n") != ",".join(COLUMNS):
                raise damaged(path, f"line 1: columns must be {','.join(COLUMNS)}")
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (pd.errors.ParserError, UnicodeDecodeError) as error:
        raise damaged(path, " ".join(str(error).split())) from error
    if table.empty:
        raise damaged(path, "it holds no score")
    numbers = pd.to_numeric(table["score"], errors="coerce")
    # Of a field too many in every row pandas makes the names of the rows.
    if not isinstance(table.index, pd.RangeIndex):
        raise UserError(f"{path}: rows have more fields than columns; delete it and run again")
    faults = {
        "label": ~table["label"].isin(LABELS),
        "role": ~table["role"].isin(ROLES),
        "score": ~np.isfinite(numbers),
    }
    for column, wrong in faults.items():
        if wrong.any():
            line, value = _first(wrong), table[column][wrong.to_numpy().argmax()]
            raise damaged(path, f"line {line}: {column} {value!r} is not allowed")
    repeated = table.duplicated(_CLIP)
    if repeated.any():
        raise damaged(path, f"line {_first(repeated)}: the clip stands twice")
    verify(path)
    return table.assign(score=numbers)


def _first(wrong: pd.Series) -> int:
    """Return the line of the first row that is wrong; the header is line 1."""
    return int(wrong.to_numpy().argmax()) + 2


def sample_of(clips: pd.DataFrame, draws: np.ndarray | None = None) -> Sample:
    """Return the clips of a table as the metrics take them."""
    labels = (clips["label"] == "abnormal").to_numpy()
    return Sample(labels, clips["score"].to_numpy(), draws)


def fit_threshold(scores: pd.DataFrame, rule: Mapping | None) -> float | None:
    """Return the threshold that a rule finds on the clips of one training.

    Parameters
    ----------
    scores : DataFrame
        The clips, as `read_scores` gives them.
    rule : mapping or None
        A class of `mimii_bench.evaluation`, its options, and the roles of the clips that it is
        fitted on (`fitted_on`, the training clips unless said). Without a rule there is no
        threshold: None.
    """
    if rule is None:
        return None
    threshold = _built(rule)
    sample = sample_of(scores[scores["role"].isin(fitted_on(rule))])
    return threshold.fit(sample.scores, sample.labels).threshold_


def fitted_on(rule: Mapping) -> list[str]:
    """Return the roles of the clips that a rule's threshold is fitted on."""
    return rule.get("fitted_on", FITTED_ON)


def refit_threshold(scores: pd.DataFrame, rule: Mapping, draws: np.ndarray) -> np.ndarray:
    """Return the thresholds that a rule finds on resamples of the clips that it is fitted on.

    Parameters
    ----------
    scores : DataFrame
        The clips that the rule is fitted on, of one training.
    rule : mapping
        As for `fit_threshold`.
    draws : (replicate, clip)
        How often each clip counts.

    Returns
    -------
    (replicate,)
        That of all clips where the rule finds none on a resample.
    """
    sample = sample_of(scores)
    return _built(rule).refit(sample.scores, sample.labels, draws)


def _built(rule: Mapping):
    return plugins.build("evaluation", {k: v for k, v in rule.items() if k != "fitted_on"})
