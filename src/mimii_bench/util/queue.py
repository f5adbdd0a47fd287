"""Jobs that a killed run has left in a Slurm queue.

Nobody ends them: they would go on, and write what the jobs of the next run write.
"""

import shutil
import subprocess
import time
from pathlib import Path

from mimii_bench.util.errors import UserError

#: Seconds that they have to keep a checkpoint and to end.
PATIENCE = 300


def end_leftovers(folder: Path, every: float = 1.0) -> list[str]:
    """Cancel the jobs of this user that a run in a folder has submitted, and wait until they ended.

    Parameters
    ----------
    folder : Path
        In which Snakemake runs, as its only run there.
    every : float
        Seconds between two looks at the queue.

    Returns
    -------
    list of str
        What there is to say of it, a line each: nothing where there are none, or no Slurm.

    Raises
    ------
    UserError
        Where some do not end.
    """
    left = _jobs_of(folder) if shutil.which("squeue") else []
    if not left:
        return []
    subprocess.run(["scancel", *left], check=False)
    end = time.monotonic() + PATIENCE
    while _jobs_of(folder):
        if time.monotonic() > end:
            raise UserError(
                f"jobs {', '.join(_jobs_of(folder))} of a killed run do not end; scancel them, or "
                "wait until their node is back"
            )
        time.sleep(every)
    return [f"{len(left)} jobs that a killed run had left in the queue were cancelled"]


def _jobs_of(folder: Path) -> list[str]:
    """Return the jobs that wait or run, and that Snakemake has submitted from a folder."""
    told = subprocess.run(
        ["squeue", "--me", "--noheader", "--format=%i|%Z|%k"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    found = [line.strip().split("|", 2) for line in told.splitlines() if line.count("|") >= 2]
    # The plugin for Slurm comments each job with the name of its rule or group.
    return [job for job, place, said in found if place == str(folder) and said.startswith("rule_")]
