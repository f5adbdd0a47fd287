"""What every script does on its way in and out: threads, its job, errors in one line.

Import it first: NumPy reads the number of threads when it is imported.
"""

import errno
import logging
import os
import sys
import time
import traceback
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

# Cores are used by jobs side by side; sums over several threads would differ from run to run.
for _library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"

from mimii_bench.util import runs  # noqa: E402
from mimii_bench.util.errors import UserError  # noqa: E402

_told: list[str] = []


@contextmanager
def job(names: Mapping) -> Iterator:
    """Run a script's body with its job; an error ends it with one line, in the rule's log as well.

    `names` are the script's `globals()`, in which Snakemake has put the job; a script that is run
    alone has none, and is given that of the file that its command line names (see `_alone`). What
    nobody foresaw leaves its traceback in the log as well. The log tells how far the job is while
    it runs; then the CPU time, and that until here, when all that the script imports is there, as
    start-up.
    """
    startup = time.process_time()
    runs.end_with_run()
    snakemake = names.get("snakemake")
    if snakemake is None:
        from _alone import job_of_command_line

        snakemake = job_of_command_line(names["__file__"])
    _date_back(snakemake.input)
    name = " ".join([runs.kind_of(snakemake.rule), *snakemake.wildcards])
    log = Path(str(snakemake.log))
    _log_into(log)
    try:
        yield snakemake
        done = (
            f"{name}: done in {time.process_time():.2f} s of CPU time, "
            f"{startup:.2f} of them to start up"
        )
        log.write_text("\n".join([done, *_told]) + "\n" + log.read_text())
    except Exception as error:
        line = f"{name}: {_explain(error)}"
        foreseen = isinstance(error, UserError)
        log.write_text(line + "\n" if foreseen else f"{line}\n{traceback.format_exc()}")
        sys.exit(1 if os.environ.get(runs.WATCHED) else line)


def _log_into(path: Path) -> None:
    """Have the library say what it does in a rule's log, and warn on the screen as well."""
    logger = logging.getLogger("mimii_bench")
    logger.setLevel(logging.INFO)
    path.parent.mkdir(parents=True, exist_ok=True)
    file, screen = logging.FileHandler(path, "w"), logging.StreamHandler()
    file.setFormatter(logging.Formatter("%(asctime)s %(message)s", "%H:%M:%S"))
    screen.setLevel(logging.WARNING)
    for handler in (file, screen):
        logger.addHandler(handler)


def _date_back(files: Iterable[str]) -> None:
    """Give files that are dated ahead of the clock its time: Snakemake refuses outputs before them.

    A clock that was set back made them so, or whoever copied them.
    """
    now = time.time()
    for file in files:
        with suppress(OSError):
            if os.stat(file).st_mtime > now:
                os.utime(file)


def tell(lines: Iterable[str]) -> None:
    """Say what the job found, a line each: where the run is watched, and in the rule's log."""
    for line in lines:
        _told.append(line)
        if not os.environ.get(runs.WATCHED):
            print(line, file=sys.stderr, flush=True)


def _explain(error: Exception) -> str:
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        place = error.filename or "results"
        return f"{place}: the disk is full; free space and run again, finished files are kept"
    return f"{type(error).__name__}: {error}"
