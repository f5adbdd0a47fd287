"""The files of the leaderboard: standings, units, differences, stability, times, a page."""

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from mimii_bench.corpus.base import Unit
from mimii_bench.evaluation.intervals import estimate
from mimii_bench.evaluation.scores import read_scores
from mimii_bench.leaderboard import editions, standings
from mimii_bench.leaderboard.calibration import calibration
from mimii_bench.leaderboard.calibration import section as calibration_section
from mimii_bench.leaderboard.editions import RankedEdition
from mimii_bench.leaderboard.rules import FUSION, Fusion, ThresholdRule
from mimii_bench.leaderboard.standings import Contender, Measured
from mimii_bench.training.folder import DESCRIPTION, WEIGHTS, described
from mimii_bench.util.atomic import replacing
from mimii_bench.util.checksums import verify
from mimii_bench.util.errors import UserError

#: The partial AUC that the page shows.
PAUC = "pauc_mcclish"
#: Among which rows the order of two sets of seeds is compared.
ALL_ROWS, SEEDED_ROWS = "all rows", "rows that depend on the seed"
#: Of what clips a row learns, by the fields of a unit in which the units of its pools agree.
SCOPES = {
    ("machine", "snr", "id"): "of the unit",
    ("machine", "snr"): "of all ids at the SNR",
    ("machine", "id"): "of the id at all SNRs",
    ("machine",): "of all ids at all SNRs",
    ("snr",): "of all machines at the SNR",
}


class RankedScore(NamedTuple):
    """A kind of score of an entry, which has a row of its own.

    Attributes
    ----------
    name, entry, kind : str
        What the row is called, whose score it is, and the name of its files.
    supervised : bool
        Whether abnormal clips train.
    pool : sequence of str
        The fields in which the units agree that train together.
    folders : {unit: [folder of each seed]}
        The scores, by the unit that is ranked. A file may hold a whole pool, and all roles.
    model : path
        The folder of one of its models.
    """

    name: str
    entry: str
    kind: str
    supervised: bool
    pool: Sequence[str]
    folders: Mapping[Unit, Sequence[str]]
    model: str


def write_tables(
    rows: Sequence[Mapping],
    fusions: Sequence[Mapping],
    thresholds: Sequence[Sequence],
    times_of: Mapping[str, Sequence[str]],
    told: Mapping,
    edition: Mapping,
    replicates: int,
    paths: Mapping[str, str],
) -> None:
    """Rank the rows, and write all files of the leaderboard.

    Parameters
    ----------
    rows : sequence of mapping
        The fields of each `RankedScore`; its `folders` as pairs of the fields of a unit and the
        folder of each seed.
    fusions : sequence of mapping
        The fields of each `Fusion` that is named.
    thresholds : sequence of sequence
        The fields of each `ThresholdRule`.
    times_of : {entry: [file of each job]}
    told : mapping
        What is said of it: `corpus`, its name; `split`, the rule of the split; `left_out`, why
        others are not ranked.
    edition : mapping
        The fields of the `RankedEdition` that the corpus is of; empty for other corpora.
    replicates : int
        Of the bootstrap.
    paths : {name: file}
        `standing`, `units`, `differences`, `stability`, `calibration`, `official`, `times` and
        `page`.
    """
    ranked = [
        RankedScore(**row | {"folders": {Unit(*unit): seeds for unit, seeds in row["folders"]}})
        for row in rows
    ]
    named = [Fusion(**one) for one in fusions]
    field = contenders(ranked, named)
    measured = {m: standings.measure(field, m, replicates) for m in standings.measurable(field[0])}
    scores = editions.scored(field, RankedEdition(**edition), replicates) if edition else None
    order = editions.with_official(standing(field, measured, ranked, told["corpus"], named), scores)
    pairs, steady = compared(field, measured["auc"]), stability(field)
    write(order, paths["standing"])
    write(by_unit(measured), paths["units"])
    write(pairs, paths["differences"])
    write(steady, paths["stability"])
    rules = [ThresholdRule(*one) for one in thresholds]
    alarms = calibration(field, rules, replicates)
    write(alarms, paths["calibration"])
    write(editions.by_machine(scores), paths["official"])
    write(times(times_of), paths["times"])
    with replacing(paths["page"]) as part:
        further = [*calibration_section(alarms), *editions.section(scores)]
        part.write_text(page(order, pairs, steady, told["left_out"], told["split"], further))


def contenders(rows: Sequence[RankedScore], fusions: Sequence[Fusion] = ()) -> list[Contender]:
    """Read the scores of every row; add the fusion of all that are not supervised, and those named.

    Raises
    ------
    UserError
        For a file that is not there, or holds no test clip of a unit, or other ones than the first
        row has; and for a fusion that cannot be made.
    """
    found = [_contender(row) for row in rows]
    for one in found[1:]:
        _check_same(found[0], one)
    unsupervised = [one for one in found if not one.supervised]
    fused = [standings.fuse(FUSION, unsupervised)] if unsupervised else []
    by_name = {one.name: one for one in found}
    fuse = {"ranks": standings.fuse, "standardised": standings.fuse_standardised}
    for one in fusions:
        fused.append(fuse[one.scores](one.name, [by_name[row] for row in one.rows]))
    return [*found, *fused]


def _contender(row: RankedScore) -> Contender:
    """Return a row with the scored test clips and normal training clips of every unit."""
    pools = {folders: _read(row, folders) for folders in set(map(tuple, row.folders.values()))}
    tested, trained = {}, {}
    for unit, folders in row.folders.items():
        scores = pools[tuple(folders)]
        mine = scores[(scores[list(Unit._fields)] == list(unit)).all(axis=1)]
        tested[unit] = mine[mine["role"] == "test"].reset_index(drop=True)
        normal = (mine["role"] == "train") & (mine["label"] == "normal")
        trained[unit] = mine[normal].reset_index(drop=True)
        if tested[unit].empty:
            raise UserError(f"{folders[0]}/{row.kind}.csv: no test clip of {unit.path}")
    return Contender(row.name, row.entry, row.supervised, tested, trained)


def _read(row: RankedScore, folders: Sequence[str]) -> pd.DataFrame:
    try:
        return read_scores([f"{folder}/{row.kind}.csv" for folder in folders])
    except FileNotFoundError as error:
        raise UserError(
            f"{row.entry}: no score {row.kind!r}, which leaderboard.yaml ranks by "
            f"({error.filename})"
        ) from error


def _check_same(first: Contender, other: Contender) -> None:
    """Ranks and differences are of the same clips, row by row."""
    columns = ["clip", "label", "seed"]
    for part, what in (("clips", "test"), ("normals", "normal training")):
        for unit, clips in getattr(first, part).items():
            if not clips[columns].equals(getattr(other, part)[unit][columns]):
                raise UserError(
                    f"{other.name}: {unit.path}: other {what} clips than {first.name} has"
                )


def standing(
    field: Sequence[Contender],
    measured: Mapping[str, Measured],
    rows: Sequence[RankedScore],
    corpus: str,
    fusions: Sequence[Fusion] = (),
) -> pd.DataFrame:
    """Return leaderboard.csv: unsupervised rows, best mean rank first, then supervised ones."""
    units = list(field[0].clips)
    parts = [
        standings.ranked(measured, names, units).assign(supervised=supervised)
        for supervised in (False, True)
        if (names := _names(field, supervised))
    ]
    table = pd.concat(parts, ignore_index=True)
    facts = {row.name: _facts(row) for row in rows}
    every = [row.name for row in rows if not row.supervised]
    fused = [_fusion_facts(one.name, one.rows, rows, facts) for one in fusions]
    if every:
        fused.append(_fusion_facts(FUSION, every, rows, facts, "all unsupervised rows"))
    known = pd.DataFrame([*facts.values(), *fused])
    table = table.merge(known, on="system", how="left").assign(corpus=corpus)
    front = ["rank", "system", "supervised", "learns_from", "mean_rank", "rank_low", "rank_high"]
    return table[[*front, *(name for name in table.columns if name not in front)]]


def _facts(row: RankedScore) -> dict:
    """Return what the trained models of a row's first unit and seed weigh."""
    folder = Path(row.model)
    (parameters,) = described(folder / DESCRIPTION, "parameters")
    verify(folder / WEIGHTS)
    labels = "normal and abnormal" if row.supervised else "normal"
    return {
        "system": row.name,
        "learns_from": f"{labels} clips {SCOPES.get(tuple(row.pool), 'of several machines')}",
        "parameters": parameters,
        "model_bytes": (folder / WEIGHTS).stat().st_size,
    }


def _fusion_facts(
    name: str,
    fused: Sequence[str],
    rows: Sequence[RankedScore],
    facts: Mapping[str, dict],
    called: str = "",
) -> dict:
    """A fusion needs every model once, whatever number of scores it gives."""
    models = {row.entry: facts[row.name] for row in rows if row.name in fused}.values()
    return {
        "system": name,
        "learns_from": f"the scores of {called or ', '.join(fused)}",
        "parameters": sum(fact["parameters"] for fact in models),
        "model_bytes": sum(fact["model_bytes"] for fact in models),
    }


def by_unit(measured: Mapping[str, Measured]) -> pd.DataFrame:
    """Return leaderboard_units.csv: every row's every metric on every unit, with its interval."""
    return pd.DataFrame(
        [
            {"system": name, **unit._asdict(), "metric": metric, **estimate(found)._asdict()}
            for metric, of_metric in measured.items()
            for (name, unit), found in of_metric.items()
        ]
    ).rename(columns={"low": "ci_low", "high": "ci_high"})


def compared(field: Sequence[Contender], measured: Measured) -> pd.DataFrame:
    """Return leaderboard_differences.csv: every pair of rows of the same kind.

    Where a pair is not judged, interval, p and `real` are empty.
    """
    kinds = (False, True)
    families = [_names(field, supervised) for supervised in kinds]
    by_kind = standings.differences(measured, families, list(field[0].clips))
    found = [
        one._asdict() | {"supervised": supervised, "real": _is_real(one)}
        for supervised, family in zip(kinds, by_kind, strict=True)
        for one in family
    ]
    return pd.DataFrame(found, columns=[*standings.Difference._fields, "supervised", "real"])


def _is_real(difference: standings.Difference) -> bool | None:
    return None if math.isnan(difference.p) else difference.p_holm < standings.LEVEL


def _names(field: Sequence[Contender], supervised: bool) -> list[str]:
    return [one.name for one in field if one.supervised == supervised]


def stability(field: Sequence[Contender]) -> pd.DataFrame:
    """Return leaderboard_stability.csv: how the order depends on the seeds, for rows of each kind.

    Once `among` all rows and once among those alone that depend on the seed: rows that do not are
    the same with any seeds, and alone would make the order look stable.
    """
    found = []
    for supervised in (False, True):
        rows = [one for one in field if one.supervised == supervised]
        seeded = [one for one in rows if standings.depends_on_seed(one)]
        found += [
            (supervised, among, len(some), standings.stability(some))
            for among, some in ((ALL_ROWS, rows), (SEEDED_ROWS, seeded))
            if rows
        ]
    return pd.DataFrame(found, columns=["supervised", "among", "rows", "rank_correlation"])


def times(files: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Return leaderboard_times.csv: what a training, and the score of a clip, took on average.

    Parameters
    ----------
    files : {entry: [path]}
        The times.csv of its trainings: `pool,seed,fit_seconds,score_seconds`.

    Raises
    ------
    UserError
        For a file that is not as it was written.
    """
    for path in [path for paths in files.values() for path in paths]:
        verify(path)
    found = {entry: pd.concat(map(pd.read_csv, paths)) for entry, paths in files.items() if paths}
    return pd.DataFrame(
        [
            {
                "system": entry,
                "trainings": len(table),
                "fit_seconds": table["fit_seconds"].mean(),
                "score_seconds": table["score_seconds"].mean(),
            }
            for entry, table in found.items()
        ]
    )


def write(table: pd.DataFrame, path: Path | str) -> None:
    """Write a table, numbers to six decimals."""
    with replacing(path) as part:
        table.to_csv(part, index=False, lineterminator="\n", float_format="%.6f")


def page(
    table: pd.DataFrame,
    pairs: pd.DataFrame,
    stability: pd.DataFrame,
    left_out: Sequence[str],
    split: str,
    further: Sequence[str] = (),
) -> str:
    """Return the leaderboard as Markdown, with what may be said of its order, and who is absent.

    `split` is the rule of the split, `further` paragraphs that stand behind the rows.
    """
    corpus, units, seeds = table.iloc[0][["corpus", "units", "seeds"]]
    lines = [
        "# Leaderboard",
        f"{units} units of the {corpus} corpus, {seeds} seeds, 95 % intervals. {split} Nothing is "
        "chosen on the test.",
    ]
    if corpus == "simulated":
        lines.append("**Simulated recordings: this order says nothing about real machines.**")
    for supervised, title in ((False, "Unsupervised"), (True, "Supervised (learn from anomalies)")):
        part = table[table["supervised"] == supervised]
        if len(part):
            of_kind = stability[stability["supervised"] == supervised]
            lines += [f"## {title}", _grid(part, pairs), _verdict(part, pairs), _steady(of_kind)]
    lines += [*further, *(f"Left out: {reason}." for reason in left_out)]
    return "\n\n".join(lines) + "\n"


def _grid(table: pd.DataFrame, pairs: pd.DataFrame) -> str:
    first = table.iloc[0]["system"]
    beaten = set(pairs[pairs["real"].eq(True) & (pairs["better"] == first)]["worse"])
    cells = [
        {
            "": row["rank"],
            "system": row["system"],
            "mean rank": _with_interval(row, "mean_rank", "rank_low", "rank_high", 1),
            "AUC": _with_interval(row, "auc", "auc_low", "auc_high", 3),
            "pAUC (McClish)": "" if math.isnan(row[PAUC]) else f"{row[PAUC]:.3f}",
            "surely below the first": "yes" if row["system"] in beaten else "",
            "parameters": f"{row['parameters']:,}",
            "learns from": row["learns_from"],
        }
        for _, row in table.iterrows()
    ]
    return pd.DataFrame(cells).to_markdown(index=False, disable_numparse=True)


def _with_interval(row: pd.Series, value: str, low: str, high: str, digits: int) -> str:
    return f"{row[value]:.{digits}f} [{row[low]:.{digits}f}, {row[high]:.{digits}f}]"


def _verdict(table: pd.DataFrame, pairs: pd.DataFrame) -> str:
    """Return how many pairs differ, or why that cannot be said."""
    mine = pairs[pairs["better"].isin(table["system"])]
    judged = mine[mine["real"].notna()]
    if not len(mine):
        return "One row has none to be compared with."
    if not len(judged):
        return (
            "Which rows differ is not said, and intervals are not to be trusted: that takes at "
            f"least {standings.LEAST_TO_JUDGE} normal and {standings.LEAST_TO_JUDGE} abnormal test "
            "clips in every unit."
        )
    return (
        f"Of {len(judged)} pairs, {int(judged['real'].sum())} differ in mean AUC "
        f"(paired, p < {standings.LEVEL} after Holm)."
    )


def _steady(stability: pd.DataFrame) -> str:
    """Return how the order of one kind of rows depends on the seeds."""
    parts = [
        f"{row['rank_correlation']:.3f} among {row['among']} ({row['rows']})"
        for _, row in stability.iterrows()
        if not math.isnan(row["rank_correlation"])
    ]
    if not parts:
        return "How the order depends on the seeds is not said: that takes two seeds and two rows."
    return f"Rank correlation of the mean ranks between two sets of seeds: {', '.join(parts)}."
