"""The workflow as a process of its own: what it prints goes to a log, its progress to stderr."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from mimii_bench.util.checkout import Checkout
from mimii_bench.util.errors import UserError

_STEPS = re.compile(r"^(\d+) of (\d+) steps \(")
#: Seconds between two looks at the log.
_PAUSE = 0.2
#: Seconds that the workflow has to end when it is asked to.
_PATIENCE = 20
#: What the log says of a job that failed: which, and why in one line.
_FAILED = "failed: "


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

    with log.open("w") as file:
        # In a group of its own: a terminal would interrupt it once, and this process once more.
        started = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            process_group=0,
        )
    try:
        with (
            _ended_by_raising(),
            log.open() as lines,
            tqdm(unit=" jobs", leave=False, disable=None) as bar,
        ):
            status = _follow(started, lines, bar)
    except (KeyboardInterrupt, SystemExit):
        _end(started)
        raise
    if status:
        raise UserError(f"{_reason(log)}; all that was said is in {log}")


def _end(started: subprocess.Popen) -> None:
    """End a process and its jobs: as Ctrl-C does, and by force where that is not heard.

    What a shell starts in the background ignores interrupts, and so does what that starts.
    """
    for request in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(started.pid, request)
        with suppress(subprocess.TimeoutExpired):
            started.wait(_PATIENCE)
            return


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


def _follow(started: subprocess.Popen, lines: TextIO, bar) -> int:
    """Return the status of a process when it ends; until then, tell how far it says it is."""
    while True:
        status = started.poll()
        for line in lines:
            if match := _STEPS.match(line):
                bar.total = int(match[2])
                bar.update(int(match[1]) - bar.n)
        if status is not None:
            return status
        time.sleep(_PAUSE)


def _reason(log: Path) -> str:
    """Return why the workflow failed: the first line of its log that tells it."""
    lines = [line.strip() for line in log.read_text().splitlines()]
    for number, line in enumerate(lines):
        if line.startswith(("WorkflowError", "LockException")):
            return " ".join(lines[number : number + 2]).partition(":")[2].strip() or line
    failed = (line.removeprefix(_FAILED) for line in lines if line.startswith(_FAILED))
    return next(failed, "the workflow failed")
