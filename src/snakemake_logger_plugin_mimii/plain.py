"""A run where there is no terminal: a line now and then, and all that is worth keeping."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TextIO

from snakemake_interface_logger_plugins.common import LogEvent

from mimii_bench.progress import logs
from mimii_bench.progress.pace import Pace
from mimii_bench.progress.panel import in_words, running_words
from snakemake_logger_plugin_mimii.following import Following
from snakemake_logger_plugin_mimii.news import news

#: Seconds between two looks whether a line is due while nothing ends.
_LOOK = 30.0


class Plain:
    """Prints what is worth keeping of a run, and now and then how far it is.

    Parameters
    ----------
    stream : file
    following : Following
    """

    def __init__(self, stream: TextIO, following: Following):
        self._stream, self._following = stream, following
        self._pace, self._over = Pace(), threading.Event()
        self._looks: threading.Thread | None = None

    def show(self, record: logging.LogRecord, text_of: Callable[[logging.LogRecord], str]) -> None:
        """Print what a record says, if it is worth a line."""
        event = getattr(record, "event", None)
        ended = self._following.take(record)
        for line in news(record, ended, text_of):
            self._print(line.text)
        if event == LogEvent.JOB_ERROR:
            for text in logs.end(list(map(str, record.log or ()))):
                self._print(f"  | {text}")
        if event == LogEvent.PROGRESS:
            self._tell_progress(text_of(record))
        if self._following.tally and not self._looks:
            self._looks = threading.Thread(target=self._look, daemon=True)
            self._looks.start()

    def close(self) -> None:
        """Look no longer."""
        self._over.set()

    def _tell_progress(self, text: str) -> None:
        tally, now = self._following.tally, self._following.clock()
        if tally and self._pace.is_due(tally, now):
            self._print(f"{text}: {in_words(tally, now)}")

    def _look(self) -> None:
        """Print a line when nothing has ended for long, so that nobody takes the run for dead."""
        while not self._over.wait(_LOOK):
            tally, now = self._following.tally, self._following.clock()
            if tally and self._pace.is_overdue(tally, now):
                self._pace.told(tally, now)
                self._print(f"{in_words(tally, now)}; {running_words(tally, now)}")

    def _print(self, text: str) -> None:
        self._stream.write(text + "\n")
        self._stream.flush()
