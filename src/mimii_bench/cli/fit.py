"""`mimii-bench fit`: a detector from a folder of recordings."""

import click

from mimii_bench.cli.common import (
    device_option,
    limit_threads,
    parsed_options,
    say,
    threads_option,
    tracker,
)
from mimii_bench.detector import DEFAULT_SYSTEM

_EXAMPLES = """
\b
Examples:
  mimii-bench fit recordings/ -o pump.model
  mimii-bench fit recordings/ --system baseline_ae --option epochs=20 -o pump.model
  mimii-bench fit recordings/ --false-alarm-rate 0.01 --rate 8000 -o pump.model
"""


def _rate(context: click.Context, parameter: click.Parameter, text: str) -> int | None:
    if text == "native":
        return None
    if not text.isdecimal() or not 100 <= int(text) <= 1_000_000:
        raise click.BadParameter("write a number of Hz from 100 to 1000000, or native")
    return int(text)


@click.command(epilog=_EXAMPLES)
@click.argument("folder", type=click.Path())
@click.option("-o", "--output", required=True, type=click.Path(), help="The model, a folder.")
@click.option(
    "--system",
    default=DEFAULT_SYSTEM,
    show_default=True,
    help="Which one learns; mimii-bench systems lists them.",
)
@click.option(
    "--option",
    "options",
    multiple=True,
    metavar="KEY=VALUE",
    help="Of the system, in the place of what it is listed with; several times for several.",
)
@click.option("--kind", default="", help="Which of its scores counts, where it has several.")
@click.option(
    "--mix",
    "mixes",
    multiple=True,
    help="What it hears of the channels: mono (their mean), ch0, ch0-ch1. That of the system by "
    "default.",
)
@click.option(
    "--rate",
    default="16000",
    show_default=True,
    callback=_rate,
    metavar="HZ|native",
    help="What it hears, in Hz. Recordings of a higher rate are resampled, those of a lower one "
    "refused.",
)
@click.option(
    "--window",
    type=click.FloatRange(0.1, 3600),
    metavar="SECONDS",
    help="How much is judged at once; by default as long as the shortest recording, up to 10 s.",
)
@click.option(
    "--threshold",
    type=click.Choice(["gamma", "quantile"]),
    help="Rule of the threshold. By default gamma, or quantile for scores that gamma cannot be "
    "fitted to.",
)
@click.option(
    "--false-alarm-rate",
    default=0.05,
    show_default=True,
    type=click.FloatRange(0, 0.5, min_open=True),
    help="Share of normal windows that may be above the threshold.",
)
@click.option(
    "--folds",
    default=5,
    show_default=True,
    type=click.IntRange(2, 100),
    help="Into how many parts the recordings are dealt; each is held out once.",
)
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0, 2**32 - 1))
@device_option
@threads_option
@click.option("--force", is_flag=True, help="Replace a model that is there.")
@click.option("-q", "--quiet", is_flag=True, help="Say only what it ends with.")
def fit(folder: str, output: str, threads: int, force: bool, quiet: bool, **asked) -> None:
    """Make a detector of the recordings below FOLDER.

    They are WAV or FLAC files of a machine that works, of any rate and length. Where FOLDER holds
    the folders normal and abnormal, the recordings are those in these two, and what is measured on
    the abnormal ones is printed with the rest. Supervised systems learn from both.

    The threshold is fitted to normal recordings that were held out. Ends with a table of what was
    learned, and how far to trust it; both stand in README.md in the model too.
    """
    limit_threads(threads)
    from mimii_bench.detector.card import summary, trust
    from mimii_bench.detector.files import check_place, save_detector
    from mimii_bench.detector.fitting import fit_detector
    from mimii_bench.detector.recordings import find

    check_place(output, force)
    tell = (lambda line: None) if quiet else say
    request = _request(threads, **asked)
    request.check_asked()
    found = find(folder)
    if found.remark:
        tell(found.remark)
    detector, learned = fit_detector(found.recordings, request, tracker(quiet), tell)
    save_detector(detector, learned, output)
    _print(output, summary(detector.facts), list(trust(detector.facts)))


def _request(
    threads: int,
    system: str,
    options: tuple[str, ...],
    threshold: str | None,
    device: str,
    **others,
):
    from mimii_bench.detector.fitting import Request
    from mimii_bench.leaderboard.catalog import find_system
    from mimii_bench.training.job import Computing

    return Request(
        find_system(system),
        parsed_options(options),
        rule=threshold,
        computing=Computing(device, threads),
        **others,
    )


def _print(output: str, rows: list[tuple[str, str]], trust: list[str]) -> None:
    from tabulate import tabulate

    click.echo(tabulate([("model", output), *rows], tablefmt="plain", disable_numparse=True))
    click.echo()
    for line in trust:
        click.echo(click.wrap_text(f"- {line}", 88, subsequent_indent="  "))
