"""What is said at the end of a run: where the results are, and how to go on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mimii_bench.util.errors import UserError
from mimii_bench.util.records import read_rows


def ending(project) -> list[str]:
    """Return three lines: what to open, what was computed, and what is missing; of what is there.

    Parameters
    ----------
    project : Project
        Of a run that has ended well.
    """
    return [*_opened(project), *_computed(project), *_missing(project)]


def _opened(project) -> Iterator[str]:
    paths = project.paths
    if Path(paths.page).exists():
        yield f"all results on one page, for a browser: {paths.page}"
    elif Path(paths.leaderboard_page).exists():
        yield f"the leaderboard: {paths.leaderboard_page}"


def _computed(project) -> Iterator[str]:
    table = project.paths.all_long
    rows = _rows(table)
    if rows is not None:
        corpus = "simulated recordings" if project.corpus.simulated else project.corpus.name
        printed, ours = (
            sum(bool(row.get(column)) for row in rows) for column in ("published", "reproduced")
        )
        yield f"{printed} printed numbers, and {ours} of ours of {corpus}: {table}"


def _missing(project) -> Iterator[str]:
    table = project.paths.missing
    rows = _rows(table)
    if rows is not None:
        what = f"{len(rows)} could not be computed" if rows else "nothing is missing"
        yield f"{what}: {table}; the figures: snakemake --cores 2 figures"


def _rows(table: str) -> list[dict[str, str]] | None:
    """Return the rows of a table; None where there is none that can be read.

    A run that makes nothing of it ends well over a table that somebody has altered.
    """
    try:
        return read_rows(table)
    except (OSError, UserError):
        return None
