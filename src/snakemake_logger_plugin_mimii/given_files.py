"""Files of configuration on the command line, looked at before Snakemake reads them.

Snakemake reads them before any rule: a file in another encoding ends it in a traceback, and a pipe
is waited for without end. A logger is all of ours that is there by then.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from mimii_bench.planning.configuration import check_files
from mimii_bench.util.errors import UserError

_OPTIONS = ("--configfile", "--configfiles")


def files_named(arguments: Sequence[str]) -> list[Path]:
    """Return the files that a command line lays over the configuration.

    Examples
    --------
    >>> [str(path) for path in files_named(["--configfile", "a.yaml", "b.yaml", "-n", "all"])]
    ['a.yaml', 'b.yaml']
    >>> [str(path) for path in files_named(["all", "--configfiles=a.yaml"])]
    ['a.yaml']
    """
    found, inside = [], False
    for argument in arguments:
        option, _, value = argument.partition("=")
        if value and option in _OPTIONS:
            found.append(Path(value))
        elif inside and not argument.startswith("-"):
            found.append(Path(argument))
            continue
        inside = argument in _OPTIONS
    return found


def check_given_files(arguments: Sequence[str]) -> None:
    """End with one line for a file that is no plain YAML; of absent ones Snakemake says so itself.

    An error would be shown with the places of ours that raised it.
    """
    try:
        for file in files_named(arguments):
            with suppress(FileNotFoundError):
                check_files([file])
    except (UserError, OSError) as error:
        sys.exit(str(error))
