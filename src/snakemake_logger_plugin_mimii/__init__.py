"""What a run of MIMII Bench prints: a display in a terminal, Snakemake's own lines elsewhere.

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
from snakemake_logger_plugin_mimii.screen import Screen


class LogHandler(LogHandlerBase):
    """Hands each record of Snakemake's to what shows it."""

    writes_to_stream = True
    writes_to_file = False
    has_filter = False
    has_formatter = False
    needs_rulegraph = False

    def __post_init__(self) -> None:
        """Choose between the display and lines, before which a run says what it cannot read."""
        check_given_files(sys.argv[1:])
        settings = self.common_settings
        stream = sys.stdout if settings.stdout else sys.stderr
        console = Console(file=stream, no_color=settings.nocolor, highlight=False)
        following = Following(time.monotonic)
        talks = settings.verbose or settings.debug_dag or settings.printshellcmds
        if console.is_terminal and not (talks or settings.dryrun or settings.quiet):
            os.environ[runs.WATCHED] = "1"
            self._shown: Screen | Lines = Screen(console, following)
        else:
            self._shown = Lines(stream, following, brief=settings.dryrun and not talks)

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
