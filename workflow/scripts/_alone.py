"""A script run alone, without Snakemake around it, for debugging.

    python workflow/scripts/mix.py results/audio/ch0/fan/-6dB/id_00 --configfile config/tiny.yaml

runs the body of `mix.py` in this process, so that a debugger stops in it, with the job that makes
the named file: its inputs, which must be there, its parameters and its outputs, which are
overwritten. What Snakemake does beside is left out: no job before it, no lock, no records.
"""

import argparse
from pathlib import Path

from snakemake.api import SnakemakeApi
from snakemake.dag import DAG
from snakemake.io import IOCache
from snakemake.iocontainers import Snakemake
from snakemake.jobs import Job
from snakemake.settings.types import ConfigSettings, DAGSettings, ResourceSettings

SNAKEFILE = Path(__file__).resolve().parents[2] / "Snakefile"


def job_of_command_line(script: str) -> Snakemake:
    """Return the job of a script that makes the file which the command line names."""
    parser = argparse.ArgumentParser(
        prog=script, description="Run this script alone, for the job that makes a file."
    )
    parser.add_argument("file", help="what the job makes, e.g. results/audio/ch0/fan/-6dB/id_00")
    parser.add_argument("--configfile", type=Path, action="append", default=[])
    given = parser.parse_args()
    return job_of(Path(script).name, given.file, given.configfile)


def job_of(script: str, file: str, configfiles: list[Path]) -> Snakemake:
    """Return the job of a script that makes `file`, under a configuration laid over config.yaml."""
    with SnakemakeApi() as api:
        workflow = api.workflow(
            resource_settings=ResourceSettings(cores=1),
            config_settings=ConfigSettings(configfiles=configfiles),
            snakefile=SNAKEFILE,
        )
        rules = workflow._workflow.rules
        makers = [rule for rule in rules if _is_of(rule, script) and rule.is_producer(file)]
        if not makers:
            raise SystemExit(f"{script} does not make {file}; name a file or folder that it does")
        return _given(makers[0], file, workflow._workflow)


def _is_of(rule, script: str) -> bool:
    return rule.script is not None and Path(rule.script).name == script


def _given(rule, file: str, workflow) -> Snakemake:
    """Return what Snakemake would put into the script."""
    # Snakemake sets both when it runs.
    workflow.dag_settings, workflow.iocache = DAGSettings(), IOCache(None)
    job = Job(rule, DAG(workflow, rules=[rule]), rule.get_wildcards(file))
    for path in [*job.output, *job.log]:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    return Snakemake(
        *(job.input, job.output, job.params, job.wildcards, job.threads, job.resources, job.log),
        *(workflow.config, rule.name, None),
    )
