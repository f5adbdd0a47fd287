"""The standings with what each system costs: from the leaderboard's files, for one who chooses."""

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from mimii_bench.leaderboard.row_names import entry_of
from mimii_bench.util.records import read_rows


class Offer(NamedTuple):
    """A row of the leaderboard, and what it costs.

    Attributes
    ----------
    rank : int
        Among those of its kind.
    system : str
    supervised : bool
    auc, auc_low, auc_high : float
        Mean over the units, and its 95 % interval.
    surely_below : str
        The first of its kind, where the row's mean AUC is surely lower; else nothing.
    judged : bool
        Whether there are recordings enough to say so.
    fit_seconds, score_seconds : float or None
        Of one training and of one clip, on this machine; of the fusion nothing is known.
    parameters, model_bytes, seeds, units : int
    learns_from : str
    corpus : str
        `own`, unless the recordings are known to be published ones.
    """

    rank: int
    system: str
    supervised: bool
    auc: float
    auc_low: float
    auc_high: float
    surely_below: str
    judged: bool
    fit_seconds: float | None
    score_seconds: float | None
    parameters: int
    model_bytes: int
    seeds: int
    units: int
    learns_from: str
    corpus: str


def read_offers(standing: Path, differences: Path, times: Path) -> list[Offer]:
    """Return the rows of a leaderboard, unsupervised ones first, the best first.

    Parameters
    ----------
    standing, differences, times : path
        Its CSVs.
    """
    rows, spent = read_rows(standing), {row["system"]: row for row in read_rows(times)}
    first: dict[str, str] = {}
    for row in rows:
        first.setdefault(row["supervised"], row["system"])
    pairs = read_rows(differences)
    beaten = {(row["worse"], row["better"]) for row in pairs if row["real"] == "True"}
    unjudged = {row["supervised"] for row in pairs if not row["real"]}
    return [
        _offer(row, first[row["supervised"]], beaten, row["supervised"] not in unjudged, spent)
        for row in rows
    ]


def _offer(row: Mapping, first: str, beaten: set, judged: bool, spent: Mapping) -> Offer:
    cost = spent.get(entry_of(row["system"]), {})
    return Offer(
        rank=int(row["rank"]),
        system=row["system"],
        supervised=row["supervised"] == "True",
        auc=float(row["auc"]),
        auc_low=float(row["auc_low"]),
        auc_high=float(row["auc_high"]),
        surely_below=first if (row["system"], first) in beaten else "",
        judged=judged,
        fit_seconds=float(cost["fit_seconds"]) if cost else None,
        score_seconds=float(cost["score_seconds"]) if cost else None,
        parameters=int(row["parameters"]),
        model_bytes=int(row["model_bytes"]),
        seeds=int(row["seeds"]),
        units=int(row["units"]),
        learns_from=row["learns_from"],
        corpus=row["corpus"],
    )
