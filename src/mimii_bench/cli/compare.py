"""`mimii-bench compare`: which system to take for one's own recordings."""

from __future__ import annotations

from pathlib import Path

import click

from mimii_bench.cli.common import cores_option, say

_UNJUDGED = (
    "with so few recordings it is not said which differences are real: that takes four normal and "
    "four abnormal ones of each machine that test, so eight abnormal ones in all"
)


@click.command(
    epilog="""\b
Examples:
  mimii-bench compare recordings/pump
  mimii-bench compare recordings --budget demo -o quick
  mimii-bench compare --corpus gears.yaml --cores 8 --format csv > systems.csv
  mimii-bench compare recordings/pump --dry-run"""
)
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option(
    "--corpus",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A YAML file that describes the recordings, in the place of FOLDER.",
)
@click.option(
    "-o",
    "--output",
    default="mimii-bench-compare",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where all goes that is computed; the same command goes on with what is there.",
)
@click.option(
    "--budget",
    default="full",
    show_default=True,
    type=click.Choice(["demo", "full"]),
    help="full: all epochs; demo: a few hundred steps, which only shows that it works.",
)
@click.option(
    "--seeds",
    default=3,
    show_default=True,
    type=click.IntRange(1, 1000),
    help="Trainings of each model.",
)
@cores_option
@click.option("--dry-run", "-n", is_flag=True, help="Tell what would be compared, and stop.")
@click.option("--format", "form", default="table", type=click.Choice(["table", "json", "csv"]))
def compare(folder, corpus, output, budget, seeds, cores, dry_run, form) -> None:
    """Rank all systems on the recordings in FOLDER, and tell what each costs.

    FOLDER holds normal/ and abnormal/, or a folder with these for each machine, or
    MACHINE/id_ID/normal and so on as MIMII and DCASE have them; WAV or FLAC, of any rate, length
    and number of channels, but all of one rate and number. Half of the abnormal recordings and as
    many normal ones test, the other normal ones train: it takes two abnormal and three normal
    ones of each machine at least, and twenty of each to tell much.

    It is the leaderboard of the project, on your recordings alone. What cannot run on them is
    left out and named. The best system of a kind comes first; those that are surely worse say so.
    """
    from mimii_bench.cli.engine import command_line, run_workflow
    from mimii_bench.pricing import comparison
    from mimii_bench.pricing.bill_tables import duration
    from mimii_bench.util.checkout import find_checkout

    if (folder is None) == (corpus is None):
        raise click.UsageError("name FOLDER, or --corpus with the description of one")
    if folder is not None:
        for note in comparison.describe(folder, output):
            say(note)
    comparison.configure(output, corpus or output / comparison.DESCRIPTION, budget, seeds)
    checkout = find_checkout()
    found = comparison.plan_comparison(output.absolute(), checkout, cores)
    for reason in found.left_out:
        say(f"left out: {reason}")
    told = f"{len(found.systems)} systems on {', '.join(found.units)}; about "
    say(f"{told}{duration(found.seconds)} on {cores} core{'s' * (cores != 1)}")
    if not dry_run:
        command = command_line(checkout, found.folder, cores, found.target)
        run_workflow(command, output / "compare.log")
        offers = comparison.offers(found.folder, found.target)
        click.echo(_shown(offers, form))
        if not all(one.judged for one in offers):
            say(_UNJUDGED)


def _shown(offers, form: str) -> str:
    from mimii_bench.cli.tables import as_csv, as_json, as_table

    if form == "table":
        parts = [[one for one in offers if one.supervised is kind] for kind in (False, True)]
        return "\n\n".join(
            as_table([_row(one) for one in part], right=("rank", "fit", "score", "model"))
            for part in parts
            if part
        )
    rows = [one._asdict() for one in offers]
    return as_json(rows) if form == "json" else as_csv(rows)


def _row(offer) -> dict[str, str]:
    from mimii_bench.cli.tables import costs

    return {
        "rank": offer.rank,
        "system": offer.system,
        "AUC": f"{offer.auc:.3f} [{offer.auc_low:.3f}, {offer.auc_high:.3f}]",
        "surely below": offer.surely_below if offer.judged else "?",
        "learns from": offer.learns_from,
        **costs(offer.fit_seconds, offer.score_seconds, offer.model_bytes),
    }
