"""From a project to its bill: which rates hold, and where they are from."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from tqdm import tqdm

from mimii_bench.pricing.bill import Accountant, Bill
from mimii_bench.pricing.jobs import Job, Jobs, lies_there
from mimii_bench.pricing.learning import learned
from mimii_bench.pricing.rates import Rates


def price(project, targets: Sequence[str], cores: int, rest: bool = False) -> Bill:
    """Return what a run needs.

    Parameters
    ----------
    project : Project
    targets : sequence of str
        Named ones, or files.
    cores : int
        Jobs side by side.
    rest : bool
        Whether what lies there already is done.

    Raises
    ------
    UserError
        For a target that there is not.
    """
    whole = Jobs(project)
    files = [file for target in targets for file in whole.files_of(target)]
    rates, source = rates_of(project, whole.of(files))
    jobs = Jobs(project, lies_there) if rest else whole
    return Accountant(project, jobs, rates, cores).bill(files, source)


def rates_of(project, jobs: Sequence[Job] = ()) -> tuple[Rates, str]:
    """Return the rates that hold for a project, and where they are from.

    Parameters
    ----------
    project : Project
    jobs : sequence of Job
        Those of them that ran here correct the rates.
    """
    kept = kept_rates(project)
    measured = Rates.read(kept) if kept.exists() else Rates.shipped()
    found = learned(project, measured, jobs)
    if not found.jobs:
        return measured, measured.machine
    corrected = f"corrected by {found.jobs} finished jobs of {project.paths.results}"
    return found.rates, f"{measured.machine}; {corrected}"


def kept_rates(project) -> Path:
    """Return where the rates of this machine are kept."""
    return Path(project.paths.results, "rates.yaml")


def measure(project) -> None:
    """Time this machine on the features and systems of a project, and keep the rates.

    Numbers are computed in one thread, as jobs do by default.
    """
    # Not at the top: torch takes longer to import than a plan does.
    from mimii_bench.pricing import calibration
    from mimii_bench.pricing.work import Works

    found = calibration.measured(project, Works(project))
    bar = tqdm(found, desc="timing this machine", unit=" systems", leave=False)
    with calibration.one_thread():
        passed, used = time.perf_counter(), time.process_time()
        timed = list(bar)
        wall = (time.perf_counter() - passed) / (time.process_time() - used)
    rates = Rates.shipped().with_measured(timed, wall)
    rates.write(kept_rates(project))
