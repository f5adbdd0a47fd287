"""When a log without a display says how far a run is."""

from __future__ import annotations

from mimii_bench.progress.tally import Tally

#: A line when so much of the work was done since the last one, or so many seconds have passed.
_SHARE, _SECONDS = 0.05, 60.0
#: Seconds without a line, when nothing ends that could be told.
_SILENCE = 600.0


class Pace:
    """Remembers when the last line was, and how far the run was then."""

    def __init__(self) -> None:
        self._share, self._when = 0.0, 0.0

    def is_due(self, tally: Tally, now: float) -> bool:
        """Tell whether a job that has just ended is worth a line, and note that it gets one."""
        due = (
            tally.share(now) - self._share >= _SHARE
            or self._since(tally, now) >= _SECONDS
            or tally.done == tally.jobs
        )
        if due:
            self.told(tally, now)
        return due

    def is_overdue(self, tally: Tally, now: float) -> bool:
        """Tell whether there was no line for long."""
        return self._since(tally, now) >= _SILENCE

    def told(self, tally: Tally, now: float) -> None:
        """Note that there was a line."""
        self._share, self._when = tally.share(now), now

    def _since(self, tally: Tally, now: float) -> float:
        return now - max(self._when, tally.start)
