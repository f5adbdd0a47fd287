"""A run in lines, as Snakemake itself prints them."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import TextIO

from snakemake_interface_logger_plugins.common import LogEvent

from mimii_bench.progress.panel import in_words
from snakemake_logger_plugin_mimii.following import Following

#: Of a dry run, what is said of each job and of Snakemake itself.
_DETAILS = {
    *(LogEvent.JOB_INFO, LogEvent.GROUP_INFO, LogEvent.SHELLCMD, LogEvent.WORKFLOW_STARTED),
}
_DETAIL = re.compile("Would remove temporary output")
_ABOVE = "(check individual jobs above for details)"


class Lines:
    """Prints each record as it is formatted.

    Parameters
    ----------
    stream : file
    following : Following
    brief : bool
        Leave out what is said of each job: of a dry run its numbers by rule, and the reasons.
    """

    def __init__(self, stream: TextIO, following: Following, brief: bool):
        self._stream, self._following, self._brief = stream, following, brief
        self._table = ""

    def show(self, record: logging.LogRecord, text_of: Callable[[logging.LogRecord], str]) -> None:
        """Print a record."""
        self._following.take(record)
        text = text_of(record)
        if not text or text == "None" or (self._brief and self._is_detail(record, text)):
            return
        if self._brief:
            text = text.replace(_ABOVE, "(with --verbose each job is listed)")
        if self._following.tally and getattr(record, "event", None) == LogEvent.PROGRESS:
            text += f": {in_words(self._following.tally, self._following.clock())}"
        self._stream.write(text + "\n")
        self._stream.flush()

    def _is_detail(self, record: logging.LogRecord, text: str) -> bool:
        event = getattr(record, "event", None)
        if event == LogEvent.RUN_INFO:
            # A dry run prints the table of jobs twice.
            again, self._table = text == self._table, text
            return again
        return event in _DETAILS or bool(_DETAIL.match(text))

    def close(self) -> None:
        """Do nothing: all is printed."""
