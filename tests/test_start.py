"""What the start of a workflow, and of every job in it, must not wait for."""

import subprocess
import sys

from samples import ROOT

#: A part of each, since what is loaded lazily has a name before it is: they take .3 to 2 s.
SLOW = (
    *("torch._C", "sklearn.base", "librosa.core", "scipy.signal._signaltools", "scipy.stats"),
    *("pandas.core", "matplotlib.figure", "soundfile", "pyroomacoustics", "snakemake.workflow"),
)
PLAN = f"""
from pathlib import Path
from mimii_bench.planning.project import Project
project = Project(Path({str(ROOT)!r}), {{}})
project.wildcards(), project.stores(), project.announcements()
"""


def imported(program, *modules):
    """Which of some modules a fresh process has imported after a program."""
    code = f"{program}\nimport sys\nprint(*{{*{modules!r}}} & {{*sys.modules}})"
    environment = {"PYTHONPATH": str(ROOT / "src"), "OMP_NUM_THREADS": "1"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_the_package_alone_imports_nothing():
    assert imported("import mimii_bench", "numpy", "yaml", "pydantic", "pathlib") == []


def test_planning_imports_nothing_slow():
    assert imported(PLAN, *SLOW) == []


def test_digests_of_code_import_nothing_but_the_standard_library():
    program = "from mimii_bench.util.source import digest\ndigest('mimii_bench.training.fitting')"
    assert imported(program, "numpy", "yaml", "pydantic", *SLOW) == []
