"""The rules of the workflow as data: what each makes, and of what.

What the files of workflow/rules say to Snakemake, said once more so that a run is known without it;
a test holds both against each other (tests/pricing/test_jobs.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

from mimii_bench.corpus.base import Unit
from mimii_bench.planning.batches import BatchRule
from mimii_bench.planning.plan import units_used


class Rule(NamedTuple):
    """What one rule makes.

    Attributes
    ----------
    name : str
        What it does; rules that do the same to other things share it.
    outputs : tuple of str
        Patterns with wildcards in braces, the first one that of all others' wildcards.
    inputs : callable
        Takes the wildcards of a job, as an object with their names, and returns its files.
    logged : str
        The pattern that names its logs, where it is not the first output.
    constraints : {wildcard: regular expression}
        Its own, beside those of all rules.
    batch : BatchRule or None
        What each job makes, where that is much of a kind.
    """

    name: str
    outputs: tuple[str, ...]
    inputs: Callable[[object], Iterable[str]]
    logged: str = ""
    constraints: Mapping[str, str] = {}
    batch: BatchRule | None = None


def rules_of(project) -> list[Rule]:
    """Return the rules of a project, in the order of the data."""
    return [
        *_corpus(project),
        *_audio(project),
        *_trainings(project),
        *_tables(project),
        *_further(project),
    ]


def named_targets(project) -> dict[str, Callable[[], list[str]]]:
    """Return what the named targets of the Snakefile ask for."""
    paths = project.paths
    return {
        "all": lambda: [paths.all_long, paths.audit, paths.page, *project.kept()],
        "features": project.stores,
        "audio": project.mixes,
        "reports": project.reported,
        "figures": lambda: [*project.drawing.paths(), *project.overview.paths()],
        "leaderboard": lambda: [paths.leaderboard],
        "page": lambda: [paths.page],
    }


def _corpus(project) -> Iterator[Rule]:
    paths, files, batches = project.paths, project.corpus_files, project.batches
    yield Rule("noise_bank", (paths.bank, paths.checksum(paths.bank)), lambda w: ())
    zips = tuple(files.archives("{machine}"))
    yield Rule("simulate", zips, lambda w: [paths.bank], logged="{machine}")
    yield Rule("check_archive", (paths.receipt,), lambda w: ())
    yield from _batched(batches.indexes, lambda rule, w: batches.files_at(rule.members(w)))


def _batched(
    rules: Iterable[BatchRule], inputs: Callable[[BatchRule, object], Iterable[str]]
) -> Iterator[Rule]:
    for one in rules:
        yield Rule(
            one.kind,
            one.outputs,
            partial(inputs, one),
            logged=one.logged,
            constraints=one.constraints,
            batch=one,
        )


def _audio(project) -> Iterator[Rule]:
    paths, files, batches = project.paths, project.corpus_files, project.batches

    def mixed(w) -> list[str]:
        return [paths.index.format(machine=w.machine, snr=w.snr), *_listed(files.files(w))]

    def recordings(rule: BatchRule, w) -> list[str]:
        return _recordings(project, rule.members(w))

    yield Rule("mix", (paths.mix,), mixed)
    yield from _batched(batches.quality, recordings)
    used = project.split_files.quality_of(units_used(project.plan))
    yield Rule("quality_of_all", (paths.quality_of_all,), lambda w: used)
    sounds = batches.mixes_of if project.corpus.keep_mixes else recordings
    yield from _batched(batches.stores, sounds)


def _recordings(project, units: Iterable[Unit]) -> list[str]:
    """Return what jobs read that read the recordings of units."""
    batches, units = project.batches, list(units)
    return [*batches.indexes_of(units), *batches.corpus_of(units)]


def _trainings(project) -> Iterator[Rule]:
    paths, splits, trainings = project.paths, project.split_files, project.trainings
    yield Rule(
        "recordings",
        (paths.recordings, paths.checksum(paths.recordings), paths.recordings_found),
        lambda w: _recordings(project, splits.units(w)),
    )
    yield from _batched(
        project.batches.splits,
        lambda rule, w: splits.read_for(rule.known(w), rule.members(w)),
    )
    yield Rule(
        "fit_and_score",
        (paths.models,),
        lambda w: [*trainings.splits(w), *trainings.stores(w)],
    )
    yield Rule(
        "score",
        (paths.scores,),
        lambda w: [paths.models.format(**vars(w)), *trainings.splits(w), *trainings.stores(w)],
    )


def _tables(project) -> Iterator[Rule]:
    paths, tables = project.paths, project.tables
    yield Rule(
        "report_tables",
        (paths.long, paths.claims, paths.confusion, paths.printed, paths.table_sums),
        lambda w: [
            *_listed(tables.published(w)),
            *tables.scores(w),
            *tables.models(w),
            *tables.splits(w),
        ],
        logged="{report}",
    )
    yield Rule(
        "all_tables",
        (paths.all_long, paths.all_claims, paths.missing, paths.all_sums),
        lambda w: [
            *tables.all_of(paths.long),
            *tables.all_of(paths.claims),
            paths.quality_of_all,
        ],
    )
    yield Rule(
        "audit",
        (paths.audit, paths.audit_sums),
        lambda w: [*tables.audited("published.csv"), *tables.audited("audit.yaml")],
    )


def _further(project) -> Iterator[Rule]:
    paths, ranking = project.paths, project.ranking
    yield Rule(
        "leaderboard",
        (
            *(paths.leaderboard, paths.leaderboard_units, paths.leaderboard_differences),
            *(paths.leaderboard_stability, paths.leaderboard_calibration),
            *(paths.leaderboard_official, paths.leaderboard_times),
            *(paths.leaderboard_page, paths.leaderboard_sums),
        ),
        lambda w: [*ranking.scores(w), *ranking.models(w)],
    )
    yield Rule("listening", (paths.listening,), project.listening.inputs)
    yield Rule("page", (paths.page, paths.page_sums), lambda w: project.page.inputs())
    drawn = (paths.figure, paths.figure_svg, paths.figure_sums)
    yield Rule("figure", drawn, project.drawing.inputs)
    overview = (paths.overview, paths.overview_svg, paths.overview_sums)
    yield Rule("overview", overview, project.overview.inputs)


def _listed(files: str | list) -> list[str]:
    return [files] if isinstance(files, str) else list(files)
