"""`mimii-bench plan`: what a run will need, before it starts."""

from __future__ import annotations

import sys

import click

from mimii_bench.cli.common import cores_option
from mimii_bench.cli.configured import configuration_options, configured_project
from mimii_bench.util.errors import UserError


@click.command()
@configuration_options
@click.option(
    "--target",
    "targets",
    multiple=True,
    default=("all",),
    show_default=True,
    help="What is to be made: all, features, audio, figures, leaderboard, or a file of a run.",
)
@cores_option
@click.option("--rest", is_flag=True, help="Count what lies there already as done.")
@click.option(
    "--measure",
    is_flag=True,
    help="Time this machine first, a few steps of every system: two minutes. It is kept for later "
    "plans of the same results.",
)
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table")
def plan(configfiles, keys, targets, cores, rest, measure, form) -> None:
    """Tell what a run will need: jobs, hours, disk, memory, in all and for each report.

    The numbers are of a run from nothing, with --rest of what is missing. Hours go by rates: those
    of earlier runs in the same results, else those that --measure kept, else those that come with
    the command; the last line says which.

    \b
    Examples:
      mimii-bench plan
      mimii-bench plan --configfile config/mimii.yaml --cores 16
      mimii-bench plan --config budget=full --config 'reports=[ims_cnn]'
      mimii-bench plan --target leaderboard --format json
    """
    from mimii_bench.pricing import bill as billing
    from mimii_bench.pricing import forecast

    project = configured_project(configfiles, keys)
    try:
        told = project.announcements()
    except UserError as error:
        # Such as a download that the disk is too small for: all the more is the plan of use.
        told = [str(error)]
    for line in told:
        print(line, file=sys.stderr)
    if measure:
        forecast.measure(project)
    found: billing.Bill = forecast.price(project, targets, cores, rest)
    if form == "json":
        import json

        print(json.dumps(found.plain(), indent=2))
    else:
        from mimii_bench.pricing.bill_tables import in_tables

        print(in_tables(found))
