# The project that the rules ask, and what is said before the first job.

import os
import sys
import threading
from functools import lru_cache
from pathlib import Path

import snakemake
from mimii_bench.planning.configuration import check_files, with_source
from mimii_bench.planning.project import Project
from mimii_bench.pricing.needs import Needs
from mimii_bench.progress.ending import ending
from mimii_bench.progress.expected import expect
from mimii_bench.util import runs
from mimii_bench.util.errors import UserError
from mimii_bench.util.memory import MEMORY
from mimii_bench.util.queue import end_leftovers
from snakemake.exceptions import WorkflowError


def one_line(ask):
    """Return `ask`, with what it raises for the user said in one line."""

    def asked(*given):
        try:
            return ask(*given)
        except UserError as error:
            raise WorkflowError(with_source(str(error), workflow.configfiles)) from None

    return asked


def asked_once(module, name):
    """Have Snakemake ask once what it asks anew for every job and is always answered alike."""
    if hasattr(module, name):
        setattr(module, name, lru_cache(4096)(getattr(module, name)))


# The parameters of functions, and where the paths of scripts lead: a fifth of what Snakemake does
# to plan a run (9.27).
for module in (snakemake.common, snakemake.rules):
    asked_once(module, "get_function_params")
asked_once(snakemake.sourcecache, "parse_uri")

# Snakemake takes the last of two equal keys, without a word.
one_line(check_files)(workflow.configfiles)

# Every job of a cluster plans the run again.
MEMORY.keep_in(".snakemake/plan_memory.json")

# Two levels up from this file, also where another workflow uses this one as a module.
PROJECT = one_line(Project)(Path(str(workflow.current_basedir)).parents[1], config)
PATHS = PROJECT.paths
# What a queue is asked for; on one machine nothing is held against it.
NEEDS = Needs(PROJECT)
# With the defaults, for scripts.
config.update(PROJECT.configuration)

os.environ.update(PROJECT.environment(os.environ))

if workflow.is_main_process:
    # A dry run keeps its records as well, and makes no results.
    one_line(runs.check_writable)(".snakemake", *([] if workflow.dryrun else [PATHS.results]))
runs.take_part(".snakemake", workflow.is_main_process)

if workflow.is_main_process:
    # Also where there is nothing to do, when nothing below is called.
    for line in [*PROJECT.planned_without(), *PROJECT.tables.gaps()]:
        print(line, file=sys.stderr)


wildcard_constraints:
    **one_line(PROJECT.wildcards)(),


def first_outputs():
    """A file of each job that will run; none where another Snakemake keeps them otherwise."""
    try:
        return [job.output[0] for job in workflow.dag.needrun_jobs() if job.output]
    except AttributeError:
        return []


onstart:
    if workflow.local_exec:
        runs.have_jobs()
        # A limit on the jobs that start in a second, for clusters: under it Snakemake looks at all
        # waiting jobs again a second after each look, which takes more time than short jobs.
        workflow.scheduler.job_rate_limiter = None
        # Snakemake's handler of signals takes this lock, perhaps while what it interrupts has it:
        # with one that cannot be taken twice, Ctrl-C then hangs for ever (Snakemake 9.27).
        workflow.scheduler._lock = threading.RLock()
    else:
        for line in one_line(end_leftovers)(Path.cwd()):
            print(line, file=sys.stderr)
    for line in one_line(PROJECT.announcements)():
        print(line, file=sys.stderr)
    at_once = workflow.cores if workflow.local_exec else workflow.nodes
    expect(PROJECT, first_outputs(), at_once)


onsuccess:
    for line in ending(PROJECT):
        print(line, file=sys.stderr)


onerror:
    print("what failed is named above; mend it, and the same command goes on", file=sys.stderr)
