"""What every script does on its way in and out: threads, the library's path, errors in one line.

Import it first: NumPy reads the number of threads when it is imported, and what a job needs to
start up, imports above all, is counted from here on.
"""

import builtins
import errno
import os
import sys
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

#: Seconds of CPU time that imports have taken so far, with what came before this module.
_startup = time.process_time()
_import = builtins.__import__


def _timed_import(*args, **kwargs):
    """Import as ever, and add to `_startup` how long that took with all it imports in turn."""
    global _startup
    builtins.__import__ = _import
    start = time.process_time()
    try:
        return _import(*args, **kwargs)
    finally:
        _startup += time.process_time() - start
        builtins.__import__ = _timed_import


builtins.__import__ = _timed_import

# Cores are used by jobs side by side; sums over several threads would differ from run to run.
for _library in ("OMP", "OPENBLAS", "MKL"):
    os.environ[f"{_library}_NUM_THREADS"] = "1"
sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "src"))

from mimii_bench.errors import UserError  # noqa: E402


@contextmanager
def job(snakemake) -> Iterator[None]:
    """Run a script's body; an error ends it with one line on stderr and in the rule's log.

    What nobody foresaw leaves its traceback in the log as well.
    """
    name = " ".join([snakemake.rule, *snakemake.wildcards])
    log = Path(str(snakemake.log))
    try:
        yield
        log.write_text(
            f"{name}: done in {time.process_time():.2f} s of CPU time, "
            f"{_startup:.2f} of them to start up\n"
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
