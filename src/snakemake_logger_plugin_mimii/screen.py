"""A run in a terminal: a display that stays at the bottom, and above it what is worth keeping."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

from rich.console import Console
from rich.live import Live
from rich.text import Text
from snakemake_interface_logger_plugins.common import LogEvent

from mimii_bench.progress import logs
from mimii_bench.progress.panel import panel
from snakemake_logger_plugin_mimii.following import Following

#: What Snakemake says of itself and of each round; its own log has it.
_NOISE = re.compile(
    r"(Using (workflow specific )?profile|Assuming unrestricted|Building DAG|Using shell|host:"
    r"|Provided (cores|resources)|Rules claiming more|Conda environments|Singularity containers"
    r"|Select jobs to execute|Execute \d+ jobs|Removing (temporary )?output|Shell command"
    r"|Complete log|Logfile |RuleException|CalledProcessError|\[.*\]$)"
)


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
        event = getattr(record, "event", None)
        ended = self._following.take(record)
        if event == LogEvent.RUN_INFO:
            self._console.print(f"{self._following.jobs} jobs")
        elif event == LogEvent.JOB_FINISHED:
            self._print(logs.told(ended.logs) if ended else [])
        elif event == LogEvent.JOB_ERROR:
            self._fail(record)
        elif event in (None, LogEvent.ERROR):
            self._say(record, text_of(record))
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

    def _fail(self, record: logging.LogRecord) -> None:
        found = [str(log) for log in record.log or ()]
        said = logs.reason(found) or f"{record.rule_name} ended without a word"
        self._print([f"failed: {said}", *(f"  its log: {log}" for log in found[:1])], "bold red")

    def _say(self, record: logging.LogRecord, text: str) -> None:
        if text and text != "None" and not _NOISE.match(text.strip()):
            self._print([text], "red" if record.levelno >= logging.ERROR else "")

    def _print(self, lines: list[str], style: str = "") -> None:
        for line in lines:
            self._console.print(Text(line, style=style), soft_wrap=True)
