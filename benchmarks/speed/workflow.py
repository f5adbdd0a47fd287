"""How much Snakemake computes before the first job: to plan the default run, and all of it.

Both are planned in an empty folder of results, without the real zips.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from speed.contests import Contest, Target, timed

ROOT = Path(__file__).resolve().parents[2]
PLANS = {
    "plan of the default run": (5, [], []),
    "plan of the whole corpus, full budget, all reports, figures and the leaderboard": (
        15,
        ["all", "leaderboard"],
        ["corpus=mimii", "budget=full", "mimii={download: true}"],
    ),
}


def contests() -> Iterator[Contest]:
    """Yield those of dry runs."""
    for name, (seconds, wanted, settings) in PLANS.items():
        with tempfile.TemporaryDirectory() as empty:
            command = [sys.executable, "-m", "snakemake", *wanted, "--dry-run", "--cores", "1"]
            command += ["--config", f"results={empty}", *settings]
            planned = timed(
                lambda c=command: subprocess.run(c, cwd=ROOT, capture_output=True, check=True)
            )
            yield Contest(
                name,
                "CPU s",
                {"snakemake -n": planned},
                [Target("snakemake -n", "", seconds, "at most")],
            )
