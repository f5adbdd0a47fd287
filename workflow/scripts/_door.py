"""What every script does on its way in and out: threads, the library's path, errors in one line.

Import it first: NumPy reads the number of threads when it is imported.
"""

import errno
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

# Cores are used by jobs side by side; sums over several threads would differ from run to run.
for _library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

from mimii_bench.util.errors import UserError  # noqa: E402


@contextmanager
def job(snakemake) -> Iterator[Callable[[], None]]:
    """Run a script's body; an error ends it with one line on stderr and in the rule's log.

    What nobody foresaw leaves its traceback in the log as well. The body calls what it is given
    when it has imported all that it needs: the log tells the CPU time until then as start-up.
    """
    startup = 0.0

    def started() -> None:
        nonlocal startup
        startup = time.process_time()

    name = " ".join([snakemake.rule, *snakemake.wildcards])
    log = Path(str(snakemake.log))
    try:
        yield started
        log.write_text(
            f"{name}: done in {time.process_time():.2f} s of CPU time, "
            f"{startup:.2f} of them to start up\n"
        )
    except Exception as error:
        line = f"{name}: {_explain(error)}"
        foreseen = isinstance(error, UserError)
        log.write_text(line + "\n" if foreseen else f"{line}\n{traceback.format_exc()}")
        sys.exit(line)


def use_threads(number: int) -> None:
    """Let torch, if the job has imported it, compute with so many threads."""
    if torch := sys.modules.get("torch"):
        torch.set_num_threads(number)


def _explain(error: Exception) -> str:
    if isinstance(error, UserError):
        return str(error)
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        place = error.filename or "results"
        return f"{place}: the disk is full; free space and run again, finished files are kept"
    return f"{type(error).__name__}: {error}"
