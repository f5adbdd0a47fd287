"""What the start of a workflow, and of every job in it, must not wait for."""

from samples import ROOT, printed_by

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
    shown = f"import sys\nprint(*{{*{modules!r}}} & {{*sys.modules}})"
    return printed_by(f"{program}\n{shown}").split()


def test_the_package_alone_imports_nothing():
    assert imported("import mimii_bench", "numpy", "yaml", "pydantic", "pathlib") == []


def test_planning_imports_nothing_slow():
    assert imported(PLAN, *SLOW) == []


def test_digests_of_code_import_nothing_but_the_standard_library():
    program = "from mimii_bench.util.source import digest\ndigest('mimii_bench.training.fitting')"
    assert imported(program, "numpy", "yaml", "pydantic", *SLOW) == []
