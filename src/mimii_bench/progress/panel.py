"""The display of a run in a terminal: how far it is, and what runs now."""

from __future__ import annotations

from rich.console import Group, RenderableType
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from mimii_bench.progress.logs import last_line
from mimii_bench.progress.tally import Running, Tally

#: Jobs that are listed.
_MOST = 12


def duration(seconds: float) -> str:
    """Return a duration as people read it.

    Examples
    --------
    >>> [duration(s) for s in (3.4, 75, 3725)]
    ['0:03', '1:15', '1:02:05']
    """
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def in_words(tally: Tally, now: float) -> str:
    """Return how far a run is: the share of the work, the time that passed, and the time left."""
    share = f"{100 * tally.share(now):.0f} % of the work"
    left = f"about {duration(tally.left(now))} left" if tally.done < tally.jobs else "done"
    return f"{share}, {duration(now - tally.start)} passed, {left}"


def running_words(tally: Tally, now: float) -> str:
    """Return what runs the longest, with the last thing that it said."""
    jobs = _oldest_first(tally)
    if not jobs:
        return "nothing runs"
    job, others = jobs[0], len(jobs) - 1
    said = last_line(job.logs)
    more = f" and {others} more" if others else ""
    return f"{job.name}{more} runs since {duration(now - job.since)}{f': {said}' if said else ''}"


def panel(tally: Tally, now: float) -> RenderableType:
    """Return what is seen of a run: a bar, and a line for each running job.

    Parameters
    ----------
    tally : Tally
    now : float
        The time, as that of the tally's start.
    """
    bar = Table.grid(expand=True, padding=(0, 1))
    bar.add_column(ratio=1)
    bar.add_column(no_wrap=True)
    share = tally.share(now)
    words = f"{tally.done} of {tally.jobs} jobs, {in_words(tally, now)}"
    bar.add_row(ProgressBar(total=1.0, completed=share), Text(words))
    jobs = Table.grid(expand=True, padding=(0, 1))
    jobs.add_column(no_wrap=True, justify="right")
    jobs.add_column(no_wrap=True, overflow="ellipsis", ratio=2)
    jobs.add_column(no_wrap=True, overflow="ellipsis", ratio=3)
    running = _oldest_first(tally)
    for job in running[:_MOST]:
        jobs.add_row(*_row(job, now))
    if len(running) > _MOST:
        jobs.add_row("", Text(f"and {len(running) - _MOST} more", style="dim"), "")
    return Group(bar, jobs)


def _oldest_first(tally: Tally) -> list[Running]:
    return sorted(tally.running.values(), key=lambda job: job.since)


def _row(job: Running, now: float) -> tuple[Text, Text, Text]:
    took = Text(f"{duration(now - job.since)} of {duration(job.expected)}", style="cyan")
    return took, Text(job.name), Text(last_line(job.logs), style="dim")
