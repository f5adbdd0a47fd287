"""What a run of MIMII Bench prints: a display in a terminal, a line now and then elsewhere.

Snakemake finds it by the name of this package; `logger: [mimii]` in a profile asks for it.
"""

from __future__ import annotations

import logging
import os
import sys
import time

from rich.console import Console
from snakemake_interface_logger_plugins.base import LogHandlerBase

from mimii_bench.util import runs
from snakemake_logger_plugin_mimii.following import Following
from snakemake_logger_plugin_mimii.given_files import check_given_files
from snakemake_logger_plugin_mimii.lines import Lines
from snakemake_logger_plugin_mimii.plain import Plain
from snakemake_logger_plugin_mimii.screen import Screen


class LogHandler(LogHandlerBase):
    """Hands each record of Snakemake's to what shows it."""

    writes_to_stream = True
    writes_to_file = False
    has_filter = False
    has_formatter = False
    needs_rulegraph = False

    def __post_init__(self) -> None:
        """Choose between the display, few lines, and all that Snakemake says.

        Before that, files that Snakemake could not read end the run.
        """
        check_given_files(sys.argv[1:])
        settings = self.common_settings
        stream = sys.stdout if settings.stdout else sys.stderr
        following = Following(time.monotonic)
        talks = settings.verbose or settings.debug_dag or settings.printshellcmds
        if talks or settings.dryrun or settings.quiet:
            brief = settings.dryrun and not talks
            self._shown: Screen | Plain | Lines = Lines(stream, following, brief)
            return
        os.environ[runs.WATCHED] = "1"
        console = Console(file=stream, no_color=settings.nocolor, highlight=False)
        shown = Screen(console, following) if console.is_terminal else Plain(stream, following)
        self._shown = shown

    def emit(self, record: logging.LogRecord) -> None:
        """Show a record."""
        try:
            self._shown.show(record, self.format)
        except Exception:
            self.handleError(record)

    def close(self) -> None:
        """Take the display away."""
        self._shown.close()
        super().close()
