"""Which runs of a workflow are alive in a folder, and jobs that end with the run they belong to.

A process is known by its host, its number and the moment it was started, which the kernel counts
from boot: numbers are given again, and clocks are set.
"""

import atexit
import os
import shutil
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from mimii_bench.util.errors import UserError

#: Holds the run that a job belongs to, where both are on one machine.
VARIABLE = "MIMII_BENCH_RUN"
#: Set where a display shows what jobs log: they then write nothing over it.
WATCHED = "MIMII_BENCH_WATCHED"
#: Between what a rule does and its number, where several rules do the same to other things.
SEPARATOR = "__"


def kind_of(rule: str) -> str:
    """Return what a rule does, whatever it does it to.

    Examples
    --------
    >>> kind_of("feature_store__2"), kind_of("score")
    ('feature_store', 'score')
    """
    return rule.partition(SEPARATOR)[0]


def this_run() -> str:
    """Return the name of this process."""
    return f"{os.uname().nodename}.{os.getpid()}.{_started(os.getpid())}"


def is_alive(run: str) -> bool:
    """Tell whether the process of this name lives; of another host nobody knows, and it may."""
    host, pid, started = run.rsplit(".", 2)
    return host != os.uname().nodename or _started(int(pid)) == started


def enter(records: Path | str) -> bool:
    """Note that this process runs in a folder, until it ends.

    Parameters
    ----------
    records : path
        Snakemake's own folder there. What a run locks in it is given free where no run is alive
        that could have locked it: one that was killed does not do it itself.

    Returns
    -------
    bool
        Whether locks of a dead run were given free.
    """
    folder, locks = Path(records, "runs"), Path(records, "locks")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        others = os.listdir(folder)
        own = folder / this_run()
        own.touch()
    except OSError:
        # `check_writable` says of what a run needs.
        return False
    atexit.register(own.unlink, missing_ok=True)
    others = [run for run in others if run != own.name]
    if not others or any(map(is_alive, others)):
        return False
    for run in others:
        (folder / run).unlink(missing_ok=True)
    held = locks.is_dir() and any(locks.iterdir())
    shutil.rmtree(locks, ignore_errors=True)
    return held


def check_writable(*folders: Path | str) -> None:
    """Find out whether a run may write in folders, those to be made as well.

    Raises
    ------
    UserError
        Naming the first folder in which it may not.
    """
    for folder in map(Path, folders):
        there = next(place for place in (folder, *folder.absolute().parents) if place.exists())
        if not there.is_dir():
            raise UserError(f"{there}: is no folder; move it away")
        if not os.access(there, os.W_OK | os.X_OK):
            raise UserError(
                f"{there}: may not be written here; give it back the right to be, or run in a copy"
            )


def take_part(records: Path | str, leads: bool) -> None:
    """Begin a process of a run: `enter` one that leads it, and have others end with it."""
    if not leads:
        end_with_run()
    elif enter(records):
        print("A run that was killed had locked this folder; it is free again.", file=sys.stderr)


def have_jobs() -> None:
    """Have the processes that this one starts belong to it."""
    os.environ[VARIABLE] = this_run()


def end_with_run(every: float = 0.5, end: Callable[[], object] = lambda: os._exit(1)) -> None:
    """End this process soon after the run that it belongs to, if it belongs to one.

    A run that is killed cannot end its jobs, and a later run may be told to make the same files.
    """
    run = os.environ.get(VARIABLE, "")
    if run:
        threading.Thread(target=_watch, args=(run, every, end), daemon=True).start()


def _watch(run: str, every: float, end: Callable[[], object]) -> None:
    while is_alive(run):
        time.sleep(every)
    end()


def _started(pid: int) -> str | None:
    """Return when a process was started, in ticks since boot; None of one that is dead."""
    with suppress(FileNotFoundError, ProcessLookupError):
        # The name of the program stands in parentheses and may hold anything.
        state, *rest = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        return None if state in "ZX" else rest[18]
    return None
