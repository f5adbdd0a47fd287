"""`mimii-bench score`: verdicts on recordings."""

import math
import os
import sys
from collections.abc import Iterator

import click

from mimii_bench.cli.common import device_option, limit_threads, say, threads_option, tracker

#: As grep's: something was found, nothing was, or something could not be looked at.
FOUND, NONE, TROUBLE = 0, 1, 2

_EXAMPLES = """
\b
Examples:
  mimii-bench score pump.model today.wav
  mimii-bench score pump.model recordings/ --format csv > scores.csv
  mimii-bench score pump.model today.wav --plot today.html
  ffmpeg -i today.mp3 -f wav - | mimii-bench score pump.model -
  mimii-bench score pump.model --watch incoming/ --format json
  if mimii-bench score -q pump.model today.wav; then echo "look at the pump"; fi
"""


def _page(context: click.Context, parameter: click.Parameter, path: str | None) -> str | None:
    """Refuse to write a page over anything but a page."""
    if path and os.path.exists(path):
        with open(path, "rb") as file:
            if not file.read(15).upper().startswith(b"<!DOCTYPE HTML"):
                raise click.BadParameter(f"{path} exists and is no page; name another file")
    return path


def _finite(context: click.Context, parameter: click.Parameter, value: float | None):
    if value is not None and not math.isfinite(value):
        raise click.BadParameter("write a finite number")
    return value


@click.command(epilog=_EXAMPLES)
@click.argument("model", type=click.Path())
@click.argument(
    "recordings", nargs=-1, type=click.Path(allow_dash=True), metavar="[FILE|FOLDER]..."
)
@click.option(
    "--format",
    "form",
    default="table",
    show_default=True,
    type=click.Choice(["table", "json", "csv"]),
    help="json is one object a line; it has the score of each window too.",
)
@click.option(
    "--plot",
    type=click.Path(dir_okay=False),
    callback=_page,
    help="A page (HTML) of spectrograms with scores.",
)
@click.option("--watch", type=click.Path(), help="Score what arrives in this folder, until Ctrl-C.")
@click.option(
    "--threshold",
    type=float,
    callback=_finite,
    help="In the place of the model's, of whole windows; shorter recordings keep theirs.",
)
@click.option(
    "--any",
    "any_window",
    is_flag=True,
    help="One window above the threshold makes a long recording anomalous. Otherwise more must be "
    "than a normal recording would have.",
)
@device_option
@threads_option
@click.option("-q", "--quiet", is_flag=True, help="Print nothing; the exit status tells.")
@click.pass_context
def score(context: click.Context, **asked) -> None:
    """Tell of recordings whether they are normal, by a MODEL that mimii-bench fit made.

    Of a folder, all WAV and FLAC files below it are scored; - is standard input. What is longer
    than the model's window is scored in windows.

    Exit status, as grep's: 0 if a recording is anomalous, 1 if none is, 2 if one could not be
    scored (the others are).
    """
    limit_threads(asked.pop("threads"))
    context.exit(_score(**asked))


def _score(
    model: str,
    recordings: tuple[str, ...],
    form: str,
    plot: str | None,
    watch: str | None,
    threshold: float | None,
    any_window: bool,
    device: str,
    quiet: bool,
) -> int:
    if not recordings and not watch:
        raise click.UsageError("name recordings or a folder, - for standard input, or --watch")
    if "" in recordings:
        raise click.UsageError("a recording's name is empty; is a variable of the shell not set?")
    if plot and watch:
        raise click.UsageError("--plot is of recordings that are there, --watch of those to come")
    from mimii_bench.cli.printing import printer
    from mimii_bench.detector.files import load_detector
    from mimii_bench.detector.scoring import Judge
    from mimii_bench.detector.watching import Watch

    judge = Judge(load_detector(model, device), threshold, any_window)
    out = printer("none" if quiet else form, follows=bool(watch))
    session = _Session(judge, out, plot)
    given = list(_sources(recordings, session))
    for path, name in tracker(quiet)(given, "recordings", len(given)):
        session.score(path, name)
    if watch:
        for path in _until_interrupted(Watch(watch)):
            session.score(*path)
    out.end()
    session.write_plot()
    return session.status


class _Session:
    """Scores recordings one after the other; one that cannot be is told, and the next comes."""

    def __init__(self, judge, out, plot: str | None):
        self._judge, self._out, self._plot = judge, out, plot
        self._pictures = None
        if plot:
            from mimii_bench.detector.plots import Pictures

            self._pictures = Pictures(judge.detector)
        self._found = self._trouble = False

    @property
    def status(self) -> int:
        """The exit status."""
        return TROUBLE if self._trouble else FOUND if self._found else NONE

    def trouble(self, line: object) -> None:
        """Say what could not be scored."""
        say(str(line))
        self._trouble = True

    def score(self, path: str, name: str) -> None:
        """Score one recording and print the verdict."""
        from mimii_bench.util.errors import UserError

        seen = self._pictures.begin() if self._pictures else None
        try:
            verdict = self._judge.file(path, name, seen)
        except UserError as error:
            self.trouble(error)
            return
        self._found |= verdict.anomalous
        self._out.add(verdict)
        if self._pictures:
            self._pictures.end(verdict)

    def write_plot(self) -> None:
        """Write the page, where one is asked for."""
        if self._pictures:
            self._pictures.write(self._plot)


def _sources(given: tuple[str, ...], session: _Session) -> Iterator[tuple[str, str]]:
    """Yield the path and name of every recording that is asked for."""
    from pathlib import Path

    from mimii_bench.detector.recordings import find
    from mimii_bench.util.errors import UserError

    for one in given:
        if not Path(one).is_dir():
            yield one, "" if one == "-" else one
            continue
        try:
            found = find(one, labelled=False)
        except UserError as error:
            session.trouble(error)
            continue
        if found.remark:
            say(f"{one}: {found.remark}")
        yield from ((str(recording.path), str(recording.path)) for recording in found.recordings)


def _until_interrupted(watch) -> Iterator[tuple[str, str]]:
    say(f"watching {watch.folder}; Ctrl-C ends")
    try:
        yield from ((str(path), str(path)) for path in watch)
    except KeyboardInterrupt:
        sys.stderr.write("\n")
