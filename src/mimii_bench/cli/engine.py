"""The workflow as a process of its own: what it prints goes to a log, its progress to stderr."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from mimii_bench.util.checkout import Checkout
from mimii_bench.util.errors import UserError

_STEPS = re.compile(r"^(\d+) of (\d+) steps \(")
#: What a rule's script says that failed: its job, and why in one line.
_REASON = re.compile(r"^[a-z_]+(?: [^ :]+)*: .+$")


def command_line(checkout: Checkout, folder: Path, cores: int, *targets: str) -> list[str]:
    """Return the command line that runs the workflow in a folder."""
    return [
        *(sys.executable, "-m", "snakemake"),
        *("--snakefile", str(checkout.snakefile)),
        *("--workflow-profile", str(checkout.folder / "profiles/default")),
        *("--directory", str(folder)),
        *("--cores", str(cores)),
        *targets,
    ]


def run_workflow(command: list[str], log: Path) -> None:
    """Run the workflow; a bar on stderr tells how far it is, where somebody looks.

    Ctrl-C and a request to end are handed on: it ends its jobs, and the same command goes on.

    Raises
    ------
    UserError
        It failed: with the reason, and where the log is.
    """
    from tqdm import tqdm

    with log.open("w") as file, tqdm(unit=" jobs", leave=False, disable=None) as bar:
        # In a group of its own: a terminal would interrupt it once, and this process once more.
        started = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            process_group=0,
        )
        try:
            with _ended_by_raising():
                _follow(started.stdout, file, bar)
        except (KeyboardInterrupt, SystemExit):
            os.killpg(started.pid, signal.SIGINT)
            started.wait()
            raise
        status = started.wait()
    if status:
        raise UserError(f"{_reason(log)}; all that was said is in {log}")


@contextmanager
def _ended_by_raising() -> Iterator[None]:
    """Let a request to end raise SystemExit, so that what was started is ended too."""

    def end(*_) -> None:
        raise SystemExit(128 + signal.SIGTERM)

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _follow(lines: TextIO, log: TextIO, bar) -> None:
    for line in lines:
        log.write(line)
        log.flush()
        if match := _STEPS.match(line):
            bar.total = int(match[2])
            bar.update(int(match[1]) - bar.n)


def _reason(log: Path) -> str:
    """Return why the workflow failed: the first line of its log that tells it."""
    lines = [line.strip() for line in log.read_text().splitlines()]
    for number, line in enumerate(lines):
        if line.startswith(("WorkflowError", "LockException")):
            return " ".join(lines[number : number + 2]).partition(":")[2].strip() or line
    return next(filter(_REASON.match, lines), "the workflow failed")
