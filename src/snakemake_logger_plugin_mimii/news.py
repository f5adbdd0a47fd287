"""What of a run is worth a line: what jobs found, what failed, what Snakemake objects to."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import NamedTuple

from snakemake_interface_logger_plugins.common import LogEvent

from mimii_bench.progress import logs
from mimii_bench.progress.tally import Running

#: What Snakemake says of itself and of each round; its own log has it.
_NOISE = re.compile(
    r"(Using (workflow specific )?profile|Assuming unrestricted|Building DAG|Using shell|host:"
    r"|Provided (cores|resources)|Rules claiming more|Conda environments|Singularity containers"
    r"|Select jobs to execute|Execute \d+ jobs|Removing (temporary )?output|Shell command"
    r"|Complete log|Logfile |RuleException|CalledProcessError|\[.*\]$)"
)


class Line(NamedTuple):
    """A line, and what it is: nothing worse than news, a warning's like, or of a failed job."""

    text: str
    is_error: bool = False
    is_failure: bool = False


def news(
    record: logging.LogRecord,
    ended: Running | None,
    text_of: Callable[[logging.LogRecord], str],
) -> list[Line]:
    """Return what a record says that is worth a line.

    Parameters
    ----------
    record : LogRecord
        Of Snakemake.
    ended : Running or None
        The job of which it says that it ended.
    text_of : callable
        Snakemake's own text of a record.
    """
    event = getattr(record, "event", None)
    if event == LogEvent.RUN_INFO:
        return [Line(f"{record.stats['total']} jobs")]
    if event == LogEvent.JOB_FINISHED:
        return [Line(text) for text in (logs.told(ended.logs) if ended else [])]
    if event == LogEvent.JOB_ERROR:
        return _failure(record)
    return _said(record, text_of(record)) if event in (None, LogEvent.ERROR) else []


def _failure(record: logging.LogRecord) -> list[Line]:
    found = [str(log) for log in record.log or ()]
    said = logs.reason(found) or f"{record.rule_name} ended without a word"
    lines = [f"failed: {said}", *(f"  its log: {log}" for log in found[:1])]
    return [Line(line, is_failure=True) for line in lines]


def _said(record: logging.LogRecord, text: str) -> list[Line]:
    if not text or text == "None" or _NOISE.match(text.strip()):
        return []
    return [Line(text, is_error=record.levelno >= logging.ERROR)]
