"""Real workflows in copies of the project: run them, edit them, ask what they would do."""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from filelock import FileLock

from mimii_bench.util.runs import kind_of

ROOT = Path(__file__).parents[2]
FILES = ("Snakefile", "config.yaml")
#: Seconds after which a run hangs.
TIMEOUT = 1200
FOLDERS = ("config", "experiments", "leaderboard", "profiles", "reports", "src", "workflow")


class Plan(str):
    """What a dry run says."""

    def jobs(self, rule: str) -> list[str]:
        """Return what it says of each job of a rule; jobs of a group stand further to the right."""
        found = re.finditer(rf"^( *)rule {rule}:\n((?:\1 .*\n)+)", self, re.MULTILINE)
        return [told[2] for told in found]


class Project:
    """A copy of the project in a folder of its own."""

    timeout = TIMEOUT

    def __init__(self, folder: Path, config: str):
        self.folder = folder
        self.config = config

    @classmethod
    def fresh(cls, folder: Path, config: str = "config/tiny.yaml") -> "Project":
        """Copy what a run needs, without results; `config` is laid over config.yaml."""
        folder.mkdir()
        for part in (*FILES, *FOLDERS):
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy2
            copy(ROOT / part, folder / part)
        return cls(folder, config)

    def clone(self, folder: Path) -> "Project":
        """Copy the project with its results and Snakemake's records, time stamps included."""
        shutil.copytree(self.folder, folder, symlinks=True)
        return Project(folder, self.config)

    @property
    def environment(self) -> dict[str, str]:
        """That of a process which runs the library of this copy."""
        own = {"PYTHONPATH": str(self.folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
        return {**os.environ, **own}

    def command(self, *arguments: str, cores: int = 2) -> list[str]:
        """Return the command line of a Snakemake call in this project."""
        start = [sys.executable, "-m", "snakemake", "--cores", str(cores)]
        return [*start, *arguments, "--configfile", self.config]

    def snakemake(self, *arguments: str, cores: int = 2) -> subprocess.CompletedProcess:
        """Run Snakemake; what it printed, both streams, is in `stdout`."""
        return subprocess.run(
            self.command(*arguments, cores=cores),
            cwd=self.folder,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=self.timeout,
        )

    def run(self, *arguments: str, cores: int = 2) -> str:
        """Run Snakemake and return what it printed; fails when it does."""
        result = self.snakemake(*arguments, cores=cores)
        assert result.returncode == 0, result.stdout[-6000:]
        return result.stdout

    def planned(self, *arguments: str) -> dict[str, int]:
        """Return how many jobs of each rule a run would start, target rules left out."""
        printed = self.run("--dry-run", *arguments)
        # The table of rules is printed twice.
        found = dict(re.findall(r"^(\w+) +(\d+)$", printed, re.MULTILINE))
        targets = ("all", "audio", "features", "figures", "leaderboard_figures", "reports", "total")
        kinds = Counter()
        for rule, n in found.items():
            kinds[kind_of(rule)] += int(n)
        return {kind: n for kind, n in kinds.items() if kind not in targets}

    def plan(self, *arguments: str) -> Plan:
        """Return what a dry run says."""
        return Plan(self.run("--dry-run", "--verbose", *arguments))

    def edit(self, path: str, old: str, new: str) -> None:
        """Replace text that stands exactly once in a file."""
        file = self.folder / path
        text = file.read_text()
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
        file.write_text(text.replace(old, new))

    def read(self, path: str) -> bytes:
        """Return the bytes of a file of the project."""
        return (self.folder / path).read_bytes()


@pytest.fixture(scope="session")
def project_class() -> type[Project]:
    """The class itself, for tests that need a project of another configuration."""
    return Project


@pytest.fixture(scope="session")
def finished(tmp_path_factory) -> Project:
    """A tiny workflow that has run to its end, once for all processes of a test run."""
    own = tmp_path_factory.getbasetemp()
    folder = (own.parent if "PYTEST_XDIST_WORKER" in os.environ else own) / "finished"
    with FileLock(f"{folder}.lock"):
        if not (folder / "results/tables/all.csv").exists():
            Project.fresh(folder).run(cores=1)
    return Project(folder, "config/tiny.yaml")


@pytest.fixture
def clone(finished, tmp_path) -> Project:
    """A copy of the finished workflow, to edit."""
    return finished.clone(tmp_path / "project")
