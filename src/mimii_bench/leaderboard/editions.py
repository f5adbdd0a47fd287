"""The official score of an edition of DCASE Task 2, for every row of the leaderboard."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from mimii_bench.corpus.base import Unit
from mimii_bench.evaluation.intervals import Distribution, estimate
from mimii_bench.evaluation.official import EDITIONS, OfficialScore, measure_areas, official_score
from mimii_bench.leaderboard.standings import Contender

OFFICIAL = "official"
COLUMNS = (
    *("edition", "system", "machine", "area", "value", "ci_low", "ci_high", "seeds", "sections"),
)


class RankedEdition(NamedTuple):
    """The edition that a corpus is of.

    Attributes
    ----------
    year : int
        A key of `official.EDITIONS`.
    beside : sequence of str
        The paths of the sections of the corpus that are not ranked, and so not in the score.
    baselines : sequence of mapping
        Published numbers of its baselines, as `baselines.printed_baselines` gives them.
    """

    year: int
    beside: Sequence[str] = ()
    baselines: Sequence[Mapping[str, str]] = ()


class OfficialScores(NamedTuple):
    """The official scores of a leaderboard.

    Attributes
    ----------
    edition : RankedEdition
    units : list of Unit
        The sections that they are of.
    of_row : {row: OfficialScore}
        Empty where a section has too few clips for some area.
    lacking : list of str
        The paths of such sections.
    """

    edition: RankedEdition
    units: list[Unit]
    of_row: dict[str, OfficialScore]
    lacking: list[str]


def scored(field: Sequence[Contender], edition: RankedEdition, replicates: int) -> OfficialScores:
    """Return the official score of every row.

    Parameters
    ----------
    field : sequence of Contender
    edition : RankedEdition
    replicates : int
        Of the bootstrap.
    """
    units, of_row, lacking = list(field[0].clips), {}, []
    for one in field:
        areas = {
            unit: measure_areas(clips, edition.year, replicates, (unit.machine, unit.snr))
            for unit, clips in one.clips.items()
        }
        lacking = [unit.path for unit, found in areas.items() if not found]
        if lacking:
            return OfficialScores(edition, units, {}, lacking)
        sections = {(unit.machine, unit.id): found for unit, found in areas.items()}
        of_row[one.name] = official_score(sections, edition.year)
    return OfficialScores(edition, units, of_row, lacking)


def with_official(standing: pd.DataFrame, scores: OfficialScores | None) -> pd.DataFrame:
    """Return leaderboard.csv with the official score of each row, which is empty without one."""
    found = {
        name: estimate(score.value) for name, score in (scores.of_row if scores else {}).items()
    }
    ends = {OFFICIAL: "value", f"{OFFICIAL}_low": "low", f"{OFFICIAL}_high": "high"}
    return standing.assign(
        **{
            column: [getattr(found.get(name), end, None) for name in standing["system"]]
            for column, end in ends.items()
        }
    )


def by_machine(scores: OfficialScores | None) -> pd.DataFrame:
    """Return leaderboard_official.csv: the score, and each area that it is a mean of.

    Of each machine, and, where that is empty, over all.
    """
    rows = _rows(scores) if scores else ()
    return pd.DataFrame(rows, columns=COLUMNS)


def _rows(scores: OfficialScores) -> Iterator[tuple]:
    year = scores.edition.year
    for name, score in scores.of_row.items():
        for machine in ("", *score.machines):
            whole = score.machines[machine] if machine else score.value
            sections = sum(machine in ("", unit.machine) for unit in scores.units)
            for area, number in ({OFFICIAL: whole} | score.areas[machine]).items():
                found = estimate(number)
                numbers = (found.value, found.low, found.high, found.seeds)
                yield year, name, machine, area, *numbers, sections


def section(scores: OfficialScores | None) -> list[str]:
    """Return what leaderboard.md says of the official score, as paragraphs; nothing without one."""
    if scores is None:
        return []
    year, machines = scores.edition.year, sorted({unit.machine for unit in scores.units})
    lines = [f"## Official score of DCASE {year}"]
    if scores.lacking:
        few = scores.lacking[0]
        return [*lines, f"None: {few} has too few test clips, of some domain, for some area."]
    areas = ", ".join(area.name for area in EDITIONS[year].areas)
    lines += [
        f"{EDITIONS[year].mean.capitalize()} mean of {areas} of {len(scores.units)} section(s) of "
        f"{len(machines)} machine(s); pauc up to a false positive rate of .1.",
        _grid(scores.of_row, machines),
    ]
    if scores.edition.beside:
        number, first = len(scores.edition.beside), scores.edition.beside[0]
        lines.append(
            f"Not the score of the whole set: {number} section(s) of the corpus are not ranked, "
            f"e.g. {first}."
        )
    return lines + _published(scores.edition.baselines, machines)


def _grid(of_row: Mapping[str, OfficialScore], machines: Sequence[str]) -> str:
    order = sorted(of_row, key=lambda name: -of_row[name].value.value)
    cells = [
        {"system": name, "all": _shown(of_row[name].value)}
        | {machine: f"{of_row[name].machines[machine].value:.3f}" for machine in machines}
        for name in order
    ]
    return pd.DataFrame(cells).to_markdown(index=False, disable_numparse=True)


def _shown(number: Distribution) -> str:
    found = estimate(number)
    return f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}]"


def _published(rows: Sequence[Mapping[str, str]], machines: Sequence[str]) -> list[str]:
    """Return the official scores that are printed of baselines on just these machines."""
    of_system: dict[str, dict[str, Mapping[str, str]]] = {}
    for row in rows:
        if row["machine"] or row["area"] == OFFICIAL:
            of_system.setdefault(row["system"], {})[row["machine"]] = row
    return [
        f"Published of the same machines: {name}, {float(found['']['published']):.3f} "
        f"({found['']['source']})."
        for name, found in of_system.items()
        if "" in found and {*found} - {""} == {*machines}
    ]
