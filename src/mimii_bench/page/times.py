"""When a run was, how long it took, and where the time went: the only part that differs by run."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from mimii_bench.page.words import duration
from mimii_bench.util.errors import UserError


class Took(NamedTuple):
    """What a rule, or all of them, took.

    `seconds` of its jobs one after the other, `cpu` seconds of a processor, `memory` in MB of the
    largest job.
    """

    rule: str
    jobs: int
    seconds: float
    cpu: float
    memory: float


def section(benchmarks: Path) -> dict | None:
    """Return when the jobs ran and how long, by rule, the longest first; None without any.

    Parameters
    ----------
    benchmarks : path
        The folder of what Snakemake measured: `{rule}/{job}.tsv`.
    """
    jobs = list(_jobs(benchmarks))
    if not jobs:
        return None
    began = min(ended - one.seconds for ended, one in jobs)
    ended = max(ended for ended, _ in jobs)
    rules = _by_rule([one for _, one in jobs])
    total = sum(one.seconds for one in rules)
    return {
        "began": _date(began),
        "ended": _date(ended),
        "lasted": duration(_covered([(end - one.seconds, end) for end, one in jobs])),
        "jobs": len(jobs),
        "worked": duration(total),
        "rules": [one._asdict() | {"share": one.seconds / total if total else 0} for one in rules],
    }


def _jobs(benchmarks: Path) -> Iterator[tuple[float, Took]]:
    """Yield when each job ended, in seconds, and what it took."""
    for path in sorted(benchmarks.rglob("*.tsv")):
        lines = [line.split("\t") for line in path.read_text().splitlines()]
        if len(lines) < 2 or len(lines[0]) != len(lines[1]):
            raise UserError(f"{path}: no times of a job; delete it")
        row = dict(zip(*lines[:2], strict=True))
        rule = path.relative_to(benchmarks).with_suffix("").parts[0]
        numbers = (_number(row.get(key, "")) for key in ("s", "cpu_time", "max_rss"))
        yield path.stat().st_mtime, Took(rule, 1, *numbers)


def _covered(spans: list[tuple[float, float]]) -> float:
    """Return for how long any of some spans lasted: pauses between reruns are no part of a run.

    Examples
    --------
    >>> _covered([(0, 10), (5, 12), (100, 101)])
    13.0
    """
    total, reached = 0.0, float("-inf")
    for begin, end in sorted(spans):
        total += max(end - max(begin, reached), 0)
        reached = max(reached, end)
    return total


def _number(text: str) -> float:
    """Jobs that end at once have `NA` for what was not measured, or `-`."""
    try:
        return float(text)
    except ValueError:
        return 0.0


def _by_rule(jobs: list[Took]) -> list[Took]:
    found: dict[str, list[Took]] = {}
    for job in jobs:
        found.setdefault(job.rule, []).append(job)
    rules = [
        Took(
            rule,
            len(own),
            sum(one.seconds for one in own),
            sum(one.cpu for one in own),
            max(one.memory for one in own),
        )
        for rule, own in found.items()
    ]
    return sorted(rules, key=lambda one: (-one.seconds, one.rule))


def _date(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M UTC")
