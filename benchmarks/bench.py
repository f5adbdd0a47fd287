"""How fast this project is: against what peers do, and against what the machine can do at best.

    make bench
    .venv/bin/python benchmarks/bench.py [PART ...] [--rounds 5] [--page docs/speed.md]

Prints a table of the targets, each met or not, with the ratio's median over the rounds and its
least and greatest, and a table of all times. With --page both go into a page of the docs, between
its two marks, and a figure into the folder images/ beside it.
"""

import os

for _library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"

import argparse
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path

from speed.contests import Contest, hold
from speed.writing import draw, put_into, targets_table, times_table

#: Modules of `speed`, each with contests of its own.
PARTS = (
    *("archives", "spectra", "autoencoders", "convolutions", "memory", "scoring"),
    *("intervals", "workflow", "devices"),
)


def contests_of(part: str) -> Callable[[], Iterable[Contest]]:
    """Return what makes the contests of a part."""
    return import_module(f"speed.{part}").contests


def main() -> None:
    """Hold the contests and print what came of them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--page", type=Path, help="of the docs, which the tables go into")
    given = parser.parse_args()
    if unknown := set(given.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    outcomes = []
    for part in given.parts or PARTS:
        for contest in contests_of(part)():
            outcomes.append(hold(contest, given.rounds))
            print(times_table(outcomes[-1:]), end="\n\n", flush=True)
    print(targets_table(outcomes))
    if given.page:
        put_into(given.page, f"{targets_table(outcomes)}\n\n{times_table(outcomes)}")
        draw(outcomes, given.page.parent / "images" / f"{given.page.stem}.svg")


if __name__ == "__main__":
    main()
