"""`mimii-bench why`: what one number of all.csv stands on."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from mimii_bench.cli.configured import configuration_options, configured_project


@click.command()
@click.argument("row", required=False)
@click.option("--line", type=int, help="The row in this line of all.csv, in place of ROW.")
@configuration_options
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
def why(row, line, configfiles, keys, form) -> None:
    """Show what one number of all.csv stands on, and prove it.

    ROW is report/table/row/column, as the first columns of all.csv have them, or beginnings of
    these that only one row has. Every file on the way is held against its checksum and against the
    code and configuration of now, and the number is computed anew from the scores.

    \b
    Exit status: 0 proven, 1 a link is missing or changed, 2 wrong use.

    \b
    Examples:
      mimii-bench why "mimii_baseline/readme/fan id_00/6dB"
      mimii-bench why mimii/readme/fan\\ id_02/-6 --configfile config/tiny.yaml
      mimii-bench why --line 3 --format json
    """
    from mimii_bench.provenance.chain import chain_of
    from mimii_bench.provenance.lookup import find, line_of
    from mimii_bench.util.errors import UserError
    from mimii_bench.util.records import read_rows

    if (row is None) == (line is None):
        raise UserError("why: give either ROW, as report/table/row/column, or --line")
    project = configured_project(configfiles, keys)
    path = Path(project.paths.all_long)
    if not path.exists():
        raise UserError(f"{path}: there is no such file; run the workflow first: snakemake")
    rows = read_rows(path)
    found = chain_of(project, rows, find(rows, row) if line is None else line_of(rows, line))
    if form == "json":
        import json

        print(json.dumps(found.plain(), indent=2))
    else:
        from mimii_bench.provenance.chain_text import in_words

        print(in_words(found))
    sys.exit(0 if found.is_proven else 1)
