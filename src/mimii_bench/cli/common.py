"""What subcommands share: threads, cores, progress, and options written as key=value."""

import os
import re
import sys
from collections.abc import Iterable

import click

#: What NumPy's and torch's libraries read when they are imported.
_LIBRARIES = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")

threads_option = click.option(
    "--threads",
    default=1,
    show_default=True,
    type=click.IntRange(1, 1024),
    help="Threads to compute with. Scores may differ in their last digits with it.",
)


cores_option = click.option(
    "--cores",
    default=os.cpu_count() or 1,
    show_default="all of this machine",
    type=click.IntRange(min=1),
    help="Jobs side by side.",
)


def _device(context: click.Context, parameter: click.Parameter, text: str) -> str:
    if not re.fullmatch(r"auto|cpu|cuda(:\d{1,3})?", text):
        raise click.BadParameter(f"{text!r}: write auto, cpu, cuda or cuda:N")
    return text


device_option = click.option(
    "--device",
    default="cpu",
    show_default=True,
    callback=_device,
    help="auto, cpu, cuda or cuda:N; classical systems compute on the CPU.",
)


def limit_threads(count: int) -> None:
    """Have the libraries compute with so many threads; before NumPy is imported."""
    for name in _LIBRARIES:
        os.environ[name] = str(count)


def say(line: str) -> None:
    """Write a line to stderr."""
    click.echo(f"mimii-bench: {line}", err=True)


def tracker(quiet: bool):
    """Return what follows an iterable with a bar on stderr; with none where nobody looks."""

    def track(things: Iterable, what: str, count: int) -> Iterable:
        if quiet or not sys.stderr.isatty():
            return things
        from tqdm import tqdm

        return tqdm(things, what, count, leave=False, file=sys.stderr)

    return track


def parsed_options(given: tuple[str, ...]) -> dict:
    """Return options written as key=value, with values as YAML has them.

    Examples
    --------
    >>> parsed_options(("epochs=3", "learning_rate=1e-4", "hidden=[64, 8, 64]"))
    {'epochs': 3, 'learning_rate': 0.0001, 'hidden': [64, 8, 64]}
    """
    found = {}
    for one in given:
        key, equals, text = one.partition("=")
        if not equals or not key:
            raise click.BadParameter(f"{one!r}: write key=value", param_hint="--option")
        found[key] = _value(text)
    return found


def _value(text: str) -> object:
    import yaml

    from mimii_bench.util.documents import parsed_yaml

    try:
        value = parsed_yaml(text)
        # YAML takes 1e-4 for text.
        return float(value) if isinstance(value, str) else value
    except (ValueError, yaml.YAMLError):
        return text
