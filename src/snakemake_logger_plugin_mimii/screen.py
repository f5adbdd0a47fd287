"""A run in a terminal: a display that stays at the bottom, and above it what is worth keeping."""

from __future__ import annotations

import logging
from collections.abc import Callable

from rich.console import Console
from rich.live import Live
from rich.text import Text

from mimii_bench.progress.panel import panel
from snakemake_logger_plugin_mimii.following import Following
from snakemake_logger_plugin_mimii.news import Line, news


class Screen:
    """Shows a run.

    Parameters
    ----------
    console : Console
    following : Following
    """

    def __init__(self, console: Console, following: Following):
        self._console, self._following = console, following
        self._live: Live | None = None

    def show(self, record: logging.LogRecord, text_of: Callable[[logging.LogRecord], str]) -> None:
        """Show a record."""
        ended = self._following.take(record)
        for line in news(record, ended, text_of):
            self._console.print(Text(line.text, style=_style(line)), soft_wrap=True)
        if self._following.tally and not self._live:
            self._begin()

    def close(self) -> None:
        """Take the display away; what was printed above it stays."""
        if self._live:
            self._live.stop()

    def _begin(self) -> None:
        tally, clock = self._following.tally, self._following.clock
        self._live = Live(
            console=self._console,
            get_renderable=lambda: panel(tally, clock()),
            refresh_per_second=4,
            transient=True,
        )
        self._live.start()


def _style(line: Line) -> str:
    if line.is_failure:
        return "bold red"
    return "red" if line.is_error else ""
