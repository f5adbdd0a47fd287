"""A run in lines: what a dry run leaves out."""

import io
import logging

import pytest
from snakemake_interface_logger_plugins.common import LogEvent

from snakemake_logger_plugin_mimii.following import Following
from snakemake_logger_plugin_mimii.lines import Lines


def told(brief, event, text, **about):
    """Return what is printed of a record."""
    stream = io.StringIO()
    record = logging.LogRecord("snakemake", logging.INFO, "", 0, text, (), None)
    record.__dict__.update(about, event=event)
    Lines(stream, Following(lambda: 0.0), brief).show(record, logging.LogRecord.getMessage)
    return stream.getvalue()


@pytest.mark.parametrize(
    "event", [LogEvent.GROUP_INFO, LogEvent.SHELLCMD, LogEvent.WORKFLOW_STARTED]
)
def test_a_dry_run_says_nothing_of_each_job_or_group(event):
    assert told(True, event, "Group job short (jobs in lexicogr. order):") == ""
    assert told(False, event, "Group job short") == "Group job short\n"


def test_a_dry_run_says_its_numbers_and_reasons():
    assert told(True, LogEvent.RUN_INFO, "Job stats: ...", stats={"total": 2}) == "Job stats: ...\n"
    assert told(True, None, "Reasons: ...") == "Reasons: ...\n"
